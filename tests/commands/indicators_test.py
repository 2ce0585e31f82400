"""`candor indicators`: what there is, everything about one, what is covered and what is not."""
import json
import shutil
import unittest

from harness import ROOT, CommandTest, record

REFERENCE = ROOT / "docs" / "reference" / "indicators.md"


class Indicators(CommandTest):
    def indicators(self, *arguments, code=0):
        done = self.candor("indicators", *arguments, data=False)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def ok(self, *arguments):
        done = self.candor(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def as_json(self, *arguments):
        return json.loads(self.indicators(*arguments, "--json").stdout)

    def test_list_is_filtered_and_both_forms_agree(self):
        everything = self.as_json("list")
        names = [row["name"] for row in everything]
        self.assertEqual(names, sorted(set(names)))
        self.assertGreater(len(names), 200)
        chosen = self.as_json("list", "--category", "deletion", "--workload", "office")
        self.assertTrue(chosen)
        self.assertEqual(chosen, [row for row in everything
                                  if (row["category"], row["workload"]) == ("deletion", "office")])
        text = self.indicators("list", "--category", "deletion", "--workload", "office").stdout.decode()
        self.assertEqual([line.split()[0] for line in text.splitlines()], [row["name"] for row in chosen])
        for row, line in zip(chosen, text.splitlines()):
            self.assertIn(f" {row['maturity']} ", line)
            self.assertIn(f" {row['intrusion']} ", line)

    def test_list_refuses_what_there_is_not(self):
        self.assertIn(b"known are", self.indicators("list", "--workload", "offic", code=1).stderr)
        self.assertIn(b"exfiltration", self.indicators("list", "--category", "theft", code=1).stderr)

    def test_show_says_everything(self):
        shown = self.as_json("show", "sharepoint_download")
        self.assertEqual(shown["title"], "Download from SharePoint")
        self.assertEqual((shown["category"], shown["stage"], shown["workload"], shown["maturity"], shown["intrusion"]),
                         ("collection", "collection", "office", "test", 1))
        self.assertEqual(shown["operations"], ["FileDownloaded"])
        self.assertEqual(shown["techniques"], ["T1213.002"])
        self.assertEqual(shown["feeds"][0]["record_types"], [6])
        self.assertEqual(shown["feeds"][0]["licence"], "any")
        self.assertEqual(shown["thresholds"]["all"]["medium"], 300)
        self.assertIn("Purview", shown["thresholds"]["all"]["reason"])
        self.assertIn("Quarter-end reporting", shown["false_positives"])
        self.assertTrue(shown["rule"]["detection"].startswith("detection:\n  selection:\n"))
        self.assertTrue(shown["rule"]["detection"].endswith("condition: selection and not onedrive and not failed\n"))
        self.assertTrue(shown["rule"]["file"].endswith("indicators/office/sharepoint_download.yml"))
        self.assertEqual({example["matches"] for example in shown["examples"]}, {True, False})
        self.assertEqual(shown["examples"][0]["about"], "A file of a team site is downloaded")
        self.assertEqual(json.loads(shown["examples"][0]["record"])["Operation"], "FileDownloaded")
        text = self.indicators("show", "sharepoint_download").stdout.decode()
        for piece in ("Download from SharePoint", "FileDownloaded", "attack.t1213.002", "low 100, medium 300, high 600",
                      "    event.action: FileDownloaded", "A file is only opened"):
            self.assertIn(piece, text)

    def test_show_names_the_near_one(self):
        refused = self.indicators("show", "sharepoint_downlod", code=1)
        self.assertIn(b"did you mean `sharepoint_download`?", refused.stderr)

    def test_coverage_adds_up(self):
        everything = self.as_json("list")
        covered = self.as_json("coverage")
        self.assertEqual(covered["indicators"], {"all": len(everything), "left": len(everything)})
        for group in ("categories", "workloads"):
            self.assertEqual(sum(row["all"] for row in covered[group].values()), len(everything))
        self.assertEqual(covered["lost"], [])
        for technique, counted in covered["techniques"].items():
            self.assertEqual(counted["all"], sum(technique in row["techniques"] for row in everything), technique)
        self.assertTrue(any("business applications" in spot for spot in covered["cannot_show"]))

    def test_coverage_without_a_licence_is_literal(self):
        left = self.as_json("coverage", "--without", "e5")
        lost = set(left["lost"])
        self.assertTrue(lost)
        for row in self.as_json("list"):
            licences = {feed["licence"] for feed in self.as_json("show", row["name"])["feeds"]} \
                if row["name"] in lost or row["name"] == "sharepoint_download" else {"any"}
            self.assertEqual(row["name"] in lost, licences == {"e5"}, row["name"])
        both = self.as_json("coverage", "--without", "e5", "--without", "defender")
        self.assertLess(both["indicators"]["left"], left["indicators"]["left"])
        self.assertEqual(both["without"], ["e5", "defender"])
        self.assertIn(b"remain without e5", self.indicators("coverage", "--without", "e5").stdout)
        self.indicators("coverage", "--without", "any", code=1)

    def test_health_tells_what_is_fed_and_what_cannot_match(self):
        lines = [record(number, UserId=f"p{number % 12}@example.com") for number in range(24)]
        self.ok("ingest", self.write_lines("a.ndjson", lines))
        told = json.loads(self.ok("indicators", "health", "--json").stdout)
        self.assertTrue(told["counted_since"])
        rows = {row["name"]: row for row in told["indicators"]}
        self.assertEqual(set(rows), {row["name"] for row in self.as_json("list")})
        download = rows["sharepoint_download"]
        self.assertEqual((download["state"], download["matched"]), ("alive", True))
        self.assertEqual(download["feeds"][0]["sources"], ["files"])
        self.assertGreater(download["feeds"][0]["created_p50_seconds"], 0)
        self.assertIsNone(download["hit_days"], "March is over: in the last 30 days nobody did")
        self.assertEqual((rows["usb_copy"]["state"], rows["usb_copy"]["matched"]), ("never", False))
        self.assertEqual(rows["aws_bucket_deleted"]["state"], "never")
        text = self.ok("indicators", "health").stdout.decode()
        self.assertRegex(text, r"\A\d+ indicators: \d+ fed, 0 with a silent source, \d+ that cannot match here\n")
        self.assertNotIn("example.com", text)

    def test_every_technique_of_insiders_is_covered_or_says_why_not(self):
        insiders = self.as_json("coverage")["insider_techniques"]
        self.assertEqual(insiders["licence"], "Apache-2.0")
        names = {row["name"] for row in self.as_json("list")}
        frequent = [row["id"] for row in insiders["techniques"] if row["frequency"] == "frequent"]
        self.assertEqual(frequent, ["T1052", "T1078", "T1213", "T1565", "T1565.001"])
        for row in insiders["techniques"]:
            self.assertTrue(set(row["indicators"]) <= names)
            self.assertEqual(bool(row["indicators"]), "why" not in row, row["id"])
            self.assertTrue(row["indicators"] or row["why"], row["id"])

    def test_a_technique_that_nothing_explains_is_a_fault(self):
        content = self.folder / "content"
        shutil.copytree(ROOT / "content", content)
        file = content / "insider_techniques.yml"
        text = file.read_text()
        file.write_text(text.replace("    why: buying or selling access happens outside the organisation's systems\n", ""))
        done = self.candor("--content", content, "content", "check", data=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"content.unexplained_technique", done.stdout + done.stderr)
        file.write_text(text.replace("frequency: moderate", "frequency: often", 1))
        refused = self.candor("--content", content, "indicators", "coverage", data=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(b"indicators.bad_techniques", refused.stderr)

    def test_the_reference_page_is_what_the_command_prints(self):
        made = self.indicators("coverage", "--markdown").stdout.decode()
        self.assertTrue(made == REFERENCE.read_text(),
                        "docs/reference/indicators.md is out of date: "
                        "./build/candor indicators coverage --markdown > docs/reference/indicators.md")
        for name in (row["name"] for row in self.as_json("list")):
            self.assertIn(f"\n#### {name}\n", made)


if __name__ == "__main__":
    unittest.main()
