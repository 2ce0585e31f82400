"""What viewers may do and whom they see, on the command line: roles, units, priority groups, and who agrees."""
import json

from harness import record
from settings_test import SettingsTest

HEADER = "userPrincipalName,displayName,id,department,usageLocation\n"
WHY = ("--reason", "agreed with the works council")
UNITS = """units:
  - {id: france, name: France, where: [{country: FR}]}
  - {id: germany, name: Germany, where: [{country: DE}], except: [{department: Board}]}
"""


class ViewerChanges(SettingsTest):
    def setUp(self):
        super().setUp()
        (self.content / "units.yml").write_text(UNITS)

    def told(self, *arguments, code=0, **more):
        done = self.run_candor(*arguments, **more)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return (done.stdout if code == 0 else done.stderr).decode()

    def staff(self, german, french):
        rows = [f"d{n}@example.com,D {n},d{n},Sales,DE\n" for n in range(german)]
        rows += [f"f{n}@example.com,F {n},f{n},Sales,FR\n" for n in range(french)]
        return self.write("people.csv", HEADER + "".join(rows))

    def test_units_are_listed_with_few_people_as_few(self):
        self.told("people", "import", self.staff(12, 3))
        listed = self.told("viewer", "units")
        self.assertRegex(listed, r"france +France +fewer than 10 people +country: FR\n")
        self.assertRegex(listed, r"germany +Germany +12 people +country: DE - except department: Board\n")
        self.told("people", "import", self.staff(12, 11))
        self.assertRegex(self.told("viewer", "units"), r"france +France +11 people")

    def test_a_priority_group_is_seen_by_its_reviewers_only(self):
        (self.content / "units.yml").write_text(UNITS + "priority_groups:\n"
                                                "  - {id: board, name: Board, where: [{department: Board}]}\n")
        self.told("people", "import", self.staff(12, 3))
        listed = self.told("viewer", "units")
        self.assertRegex(listed, r"board +Board +fewer than 10 people +department: Board\n +nobody reviews it")
        self.told("viewer", "add", "ann", "--role", "analyst")
        self.assertIn("access.unknown_group", self.told("viewer", "review", "ann", "--group", "germany", *WHY, code=1))
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))  # real people
        self.assertIn("waits for a second person", self.told("viewer", "review", "ann", "--group", "board", *WHY))
        self.assertIn("from analyst, sees everybody to analyst, sees everybody, reviews board",
                      self.told("viewer", "changes"))
        self.assertNotIn("reviewed by", self.told("viewer", "units"))
        self.told("viewer", "decide", "2", "--withdraw", *WHY)
        told = self.told("viewer", "list")
        self.assertNotIn("reviewing", told)

    def test_a_fault_is_told_with_its_place_and_shows_nobody(self):
        self.told("people", "import", self.staff(12, 3))
        (self.content / "units.yml").write_text(UNITS.replace("country: DE", "contry: DE"))
        error = self.told("content", "check", code=1)
        self.assertIn("units.yml:3:5  error units.unknown_attribute", error)
        self.assertIn("did you mean `country`?", error)
        listed = self.told("viewer", "units")
        self.assertNotIn("germany", listed)
        self.assertIn("france", listed)
        (self.content / "units.yml").unlink()
        self.assertEqual(self.told("viewer", "units"), "")
        # There, and not to be read: it may say whom only reviewers see.
        (self.content / "units.yml").symlink_to(self.content / "units.yml")
        self.assertIn("units.unreadable", self.told("content", "check", code=1))
        self.assertIn("units.yml was not understood", self.told("viewer", "units"))

    def test_seeing_less_holds_at_once_and_more_waits(self):
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))  # real people
        self.told("viewer", "add", "ann", "--role", "analyst")
        self.assertEqual(self.told("viewer", "limit", "ann", "--unit", "germany", "--unit", "france", *WHY),
                         "ann: analyst, sees france, germany from now on\n")
        self.assertIn("limited to france, germany", self.told("viewer", "list"))
        self.assertIn("access.unknown_unit", self.told("viewer", "limit", "ann", "--unit", "spain", *WHY, code=1))
        self.assertIn("access.unknown_user", self.told("viewer", "limit", "ben", "--unit", "france", *WHY, code=1))
        self.assertIn("change 3 waits for a second person", self.told("viewer", "unlimit", "ann", *WHY))
        self.assertIn("limited to france, germany", self.told("viewer", "list"))
        self.assertIn("app.second_person", self.told("viewer", "decide", "3", *WHY, code=1))
        password = self.viewer_with_password("berta", "admin")
        decide = ("viewer", "decide", "3", *WHY, "--viewer", "berta")
        self.assertIn("access.wrong_credentials", self.told(*decide, code=1, stdin=b"wrong\n"))
        self.assertIn("ann: analyst, sees everybody from now on", self.told(*decide, stdin=password))
        self.assertNotIn("limited to", self.told("viewer", "list"))
        self.assertRegex(self.told("viewer", "changes"), r"   3 .* ann: from analyst, sees france, germany to analyst, sees everybody; .*; "
                                                          r"agreed by berta")
        lines = [json.loads(line) for line in self.told("audit", "export").splitlines()]
        actions = [line["action"] for line in lines if line.get("action", "").startswith("viewer.change")]
        self.assertEqual(actions, ["viewer.change_asked"] * 4 + ["viewer.change_approved"])

    def test_a_role_is_given_by_two_as_soon_as_there_are_two(self):
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))  # real people
        password = self.viewer_with_password("ann", "admin")
        self.assertRegex(self.told("viewer", "changes"), "not_needed, nobody was there who could agree")
        waits = self.told("viewer", "add", "berta", "--role", "analyst")
        self.assertIn("one-time password of berta", waits)
        self.assertIn("change 2 waits for a second person: candor viewer decide 2", waits)
        self.assertRegex(self.told("viewer", "list"), r"berta +no role")
        decided = self.told("viewer", "decide", "2", *WHY, "--viewer", "ann", stdin=password)
        self.assertIn("berta: analyst, sees everybody from now on", decided)
        self.assertIn("access.unknown_role", self.told("viewer", "set-role", "berta", "king", *WHY, code=1))
        self.assertIn("change 3 waits", self.told("viewer", "set-role", "berta", "admin", *WHY))
        self.assertIn("withdrawn", self.told("viewer", "decide", "3", "--withdraw", *WHY))
        self.assertIn("berta: no role", self.told("viewer", "set-role", "berta", "none", *WHY))

    def test_roles_of_the_organisation_s_own(self):
        file = self.content / "roles.yml"
        shipped = file.read_text()
        file.write_text(shipped + "  regional_analyst: [alerts.read, alerts.comment]\n")
        self.assertEqual(self.told("viewer", "roles").splitlines()[-1], "regional_analyst alerts.read alerts.comment")
        self.told("viewer", "add", "ann", "--role", "regional_analyst")
        self.told("viewer", "limit", "ann", "--unit", "france", *WHY)
        self.assertRegex(self.told("viewer", "list"), r"ann +regional_analyst .* limited to france\n")
        file.write_text(shipped + "  watcher: [audit.read, alerts.decide]\n")
        line = len(shipped.splitlines()) + 1
        for command in (("viewer", "roles"), ("content", "check")):
            error = self.told(*command, code=1)
            self.assertIn(f"roles.yml:{line}:3: the role `watcher` holds `audit.read` and `alerts.decide`", error)
            self.assertIn("combined_duties", error)

    def test_over_invented_people_nobody_has_to_agree(self):
        self.of_invented_people()
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))
        self.told("viewer", "add", "ann", "--role", "analyst")
        self.told("viewer", "limit", "ann", "--unit", "germany", *WHY)
        self.assertIn("ann: analyst, sees everybody", self.told("viewer", "unlimit", "ann", *WHY))


if __name__ == "__main__":
    import unittest
    unittest.main()
