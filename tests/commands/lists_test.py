"""Lists over a data folder: asked for by file, agreed to by a second person, taken up, undone."""
import json
import unittest

from harness import INVENTED, CommandTest, record

WHY = ("--reason", "told by purchasing")
GROUPS = """groups:
  - name: engineering_drawings
    title: Engineering drawings
    file_types: [dwg]
  - {name: rivals, domains: [rival.example, '**.rival.example']}
"""
EXCLUSION = """exclusions:
  - name: menus
    reason: everybody reads them
    indicators: [sharepoint_download]
    paths: [Shared Documents/Menu]
"""


class Lists(CommandTest):
    def run_candor(self, *arguments, code=0, **more):
        done = self.candor(*arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def lists(self, *arguments, **more):
        return self.run_candor("lists", *arguments, **more)

    def entries(self, name):
        return {one["name"]: one for one in json.loads(self.lists("show", name, "--json").stdout)}

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return self.folder / name

    def test_what_differs_comes_first_and_the_same_again_is_nothing(self):
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))
        file = self.write("groups.yml", GROUPS)
        shown = self.lists("apply", "groups", file, "--dry-run").stdout.decode()
        self.assertIn("added    rivals", shown)
        self.assertIn("changed  engineering_drawings", shown)
        self.assertIn("nothing is stored: 2 entries differ", shown)
        self.assertEqual(json.loads(self.lists("changes", "groups", "--json").stdout), [])
        self.lists("apply", "groups", file, code=1)  # without a reason
        # Over real people a second person must agree.
        waits = json.loads(self.lists("apply", "groups", file, *WHY, "--json").stdout)
        self.assertEqual(waits["decision"], "waits")
        self.assertNotIn("rivals", self.entries("groups"))
        failed = self.lists("approve", "groups", "1", *WHY, code=1).stderr.decode()
        self.assertIn("app.second_person", failed)
        self.lists("withdraw", "groups", "1", *WHY)

    def test_faults_have_their_line_and_nothing_is_stored(self):
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))
        bad = self.write("domains.csv", "domain,stance\na.example,allowed\nb.example,perhaps\n")
        failed = self.lists("apply", "domains", bad, *WHY, code=2)
        self.assertIn("domains.csv:3", failed.stderr.decode())
        self.assertEqual(self.entries("domains"), {})
        self.lists("show", "nonsense", code=1)
        self.lists("remove", "groups", "nobody", *WHY, code=2)

    def test_a_holiday_needs_nobody_else(self):
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))
        self.lists("apply", "holidays", self.write("h.csv", "country,date,name\nDE,2026-12-25,Christmas\n"), *WHY)
        self.assertEqual([one["entry"]["name"] for one in self.entries("holidays").values()], ["Christmas"])
        self.lists("undo", "holidays", "1", *WHY)
        self.assertEqual(self.entries("holidays"), {})

    def left_out(self):
        exclusions = json.loads(self.run_candor("exclusions", "--json").stdout)
        return sorted(one["name"] for one in exclusions if one["left_out"])

    def test_an_exclusion_is_taken_up_and_undone(self):
        menu = {"OrganizationId": INVENTED, "SourceRelativeUrl": "Shared Documents/Menu"}
        rows = [record(n, OrganizationId=INVENTED) for n in range(3)] + [record(n, **menu) for n in range(10, 14)]
        self.run_candor("ingest", self.write_lines("a.jsonl", rows))
        exported = self.lists("export", "exclusions").stdout.decode()
        same = self.lists("apply", "exclusions", self.write("same.yml", exported), *WHY).stdout.decode()
        self.assertEqual(same, "0 entries differ, 2 are so already\n")
        self.assertEqual(self.left_out(), [])
        done = json.loads(self.lists("apply", "exclusions", self.write("e.yml", EXCLUSION), *WHY, "--json").stdout)
        self.assertEqual(done["decision"], "not_needed")
        self.assertEqual(self.left_out(), ["menus"])  # the folder was opened again by it
        self.assertEqual(self.entries("exclusions")["menus"]["said_in"], "change 1")
        self.assertIn("already", self.lists("take-up").stdout.decode())
        # A group that something names is not taken out.
        self.lists("apply", "groups", self.write("g.yml", GROUPS), *WHY)
        uses = EXCLUSION.replace("paths: [Shared Documents/Menu]", "groups: [rivals]").replace("menus", "to_rivals")
        self.lists("apply", "exclusions", self.write("u.yml", uses), *WHY)
        refused = self.lists("remove", "groups", "rivals", *WHY, code=2).stderr.decode()
        self.assertIn("rivals", refused)
        self.lists("undo", "exclusions", "1", *WHY)
        self.assertEqual(self.left_out(), [])
        self.assertIn("takes change 1 back", self.lists("changes", "exclusions").stdout.decode())

    def test_many_entries(self):
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))
        rows = "".join(f"d{n}.example,unallowed\n" for n in range(100_000))
        waits = json.loads(self.lists("apply", "domains", self.write("many.csv", "domain,stance\n" + rows), *WHY,
                                      "--json").stdout)
        self.assertEqual((waits["entries_set"], waits["decision"]), (100_000, "waits"))


if __name__ == "__main__":
    unittest.main()
