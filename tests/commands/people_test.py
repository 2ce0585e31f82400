"""Directories on the command line: imports, looks, decisions, and what alerts make of them."""
import json
import unittest

from harness import ROOT, CommandTest, record

HEADER = "userPrincipalName,displayName,mail,id,department,usageLocation,manager,userType,employeeType\n"
ADA = "Ada.Kelm@example.com,Ada Kelm,ada@example.com,a1,Sales,DE,ben@example.com,Member,Employee\n"
BEN = "ben@example.com,Ben Orr,,b1,Legal,FR,,Member,Contractor\n"
NAMES = ["kelm", "Kelm", "ada@", "Ben Orr", "ben@example.com"]


def downloads(account, first, count, day=25):
    return [record(first + n, UserId=account, CreationTime=f"2026-03-{day}T{9 + n // 60:02d}:{n % 60:02d}:00",
                   Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint", DeviceName="LT-1",
                   ObjectId=f"C:\\data\\plan-{first + n}.docx", TargetFilePath=f"E:\\plan-{first + n}.docx",
                   FileExtension="docx", FileSize=20000, DestinationLocationType=3) for n in range(count)]


class People(CommandTest):
    def people(self, *arguments, code=0, **more):
        done = self.candor("people", *arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode() + done.stdout.decode())
        return done

    def imported(self, rows, *arguments, code=0, name="users.csv"):
        path = self.write(name, HEADER + rows)
        return json.loads(self.people("import", path, "--json", *arguments, code=code).stdout)

    def show(self, person, *arguments):
        return json.loads(self.people("show", person, "--json", *arguments).stdout)

    def test_a_dry_run_tells_and_the_import_does_the_same_once(self):
        path = self.write("users.csv", HEADER + ADA + BEN)
        dry = self.people("import", path, "--dry-run").stdout.decode()
        self.assertIn("2 new", dry)
        self.assertIn("nothing was stored", dry)
        self.assertRegex(dry, r"new +Anon-\w{4}-\w{4}-\w{4}  .*users\.csv:2")
        self.assertEqual(json.loads(self.people("list", "--json").stdout)["total"], 0)
        self.assertEqual(self.imported(ADA + BEN)["new"], 2)
        again = self.imported(ADA + BEN)
        self.assertEqual((again["unchanged"], again["changes"]), (2, []))
        for text in [dry, json.dumps(again), self.people("list").stdout.decode()]:
            for name in NAMES:
                self.assertNotIn(name, text)

    def test_facts_with_their_days_as_known_then(self):
        self.imported(ADA + BEN, "--known-since", "2026-03-02T08:00:00Z")
        later = self.imported(ADA.replace("Sales", "Finance") + BEN, "--known-since", "2026-03-09T08:00:00Z")
        self.assertEqual([change["what"] for change in later["changes"]], ["department"])
        for arguments, department in [(["--at", "2026-03-08"], "Sales"), (["--at", "2026-03-09"], "Finance"),
                                      (["--at", "2026-03-09", "--known", "2026-03-05"], "Sales"),
                                      (["--at", "2026-03-09", "--known", "2026-03-09"], "Finance")]:
            look = self.show("ada.kelm@EXAMPLE.com", *arguments)
            self.assertEqual(look["directory"]["department"], department, arguments)
        ben = self.show("Ben Orr")
        self.assertEqual(ben["directory"]["employee_type"], "contractor")
        self.assertEqual(look["directory"]["manager"], ben["pseudonym"])
        self.assertEqual(self.show(ben["pseudonym"])["pseudonym"], ben["pseudonym"])
        for name in NAMES:
            self.assertNotIn(name, json.dumps(look))
        self.assertIn("further notice", self.people("show", "b1").stdout.decode())

    def test_names_need_a_reason_and_leave_a_line(self):
        self.imported(ADA + BEN)
        done = self.people("show", "a1", "--reason", "short", code=1)
        self.assertIn("10 characters", done.stderr.decode())
        look = self.show("a1", "--reason", "Ada Kelm asked what we hold")
        self.assertIn("Ada Kelm", look["name"])
        done = self.candor("audit", "export")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        log = done.stdout.decode()
        self.assertIn("person.named", log)
        self.assertIn("people.imported", log)
        self.assertNotIn("Kelm", log)

    def test_who_is_missing_has_left_unless_too_many(self):
        rows = [f"p{n}@example.com,P {n},,id{n},Sales,DE,,Member,\n" for n in range(20)]
        self.imported("".join(rows), "--known-since", "2026-03-02T08:00:00Z")
        path = self.write("less.csv", HEADER + "".join(rows[5:]))
        done = self.people("import", path, "--known-since", "2026-03-09T08:00:00Z", code=1)
        self.assertIn("5 of 20 people", done.stderr.decode())
        self.assertIn("--most-ended", done.stderr.decode())
        summary = json.loads(self.people("import", path, "--most-ended", 25, "--known-since", "2026-03-09T08:00:00Z",
                                         "--json").stdout)
        self.assertEqual(summary["left"], 5)
        look = self.show("id0", "--at", "2026-03-20")
        self.assertTrue(look["has_left"])
        self.assertEqual([fact["valid_to"] for fact in look["facts"]], ["2026-03-08"])

    def test_bad_rows_are_named_without_their_values(self):
        path = self.write("users.csv", HEADER + ADA + ",No Account,,,,,,,\n" + BEN.replace("b1", "b1,x,y"))
        done = self.people("import", path, code=2)
        text = done.stderr.decode()
        self.assertIn("users.csv:3", text)
        self.assertIn("users.csv:4", text)
        self.assertNotIn("No Account", text)
        self.assertNotIn("ben@", text)
        for arguments, message in [(["--format", "xlsx"], "--format takes"), (["--map", "x"], "Column=Field"),
                                   (["--map", "id=nothing_known"], "is not a field"), (["--source", "a b"], "--source")]:
            done = self.people("import", path, *arguments, code=1)
            self.assertIn(message, done.stderr.decode())

    def test_ldif_and_graph_pages_name_the_same_people(self):
        self.imported(ADA + BEN)
        ldif = ("dn: cn=Ada\nobjectClass: user\nuserPrincipalName: ada.kelm@example.com\nmail: ada@example.com\n"
                "entryUUID: a1\ndisplayName: Ada Kelm\ndepartment: Sales\nc: DE\nmanager: cn=Ben\n\n"
                "dn: cn=Ben\nobjectClass: user\nuserPrincipalName: ben@example.com\nentryUUID: b1\n"
                "displayName: Ben Orr\ndepartment: Legal\nc: FR\nemployeeType: Contractor\n")
        summary = json.loads(self.people("import", self.write("people.ldif", ldif), "--json").stdout)
        self.assertEqual((summary["unchanged"], summary["changed"]), (2, 0), summary["changes"])
        page = {"value": [{"id": "a1", "userPrincipalName": "ada.kelm@example.com", "displayName": "Ada Kelm",
                           "mail": "ada@example.com", "department": "Sales", "usageLocation": "DE",
                           "manager": {"id": "b1"}}], "@odata.nextLink": "https://graph.example/2"}
        last = {"value": [{"id": "b1", "userPrincipalName": "ben@example.com", "displayName": "Ben Orr",
                           "department": "Legal", "usageLocation": "FR", "employeeType": "Contractor"}]}
        first = self.write("1.json", json.dumps(page))
        done = self.people("import", first, code=1)
        self.assertIn("next page", done.stderr.decode())
        summary = json.loads(self.people("import", first, self.write("2.json", json.dumps(last)), "--json").stdout)
        self.assertEqual((summary["unchanged"], summary["changed"]), (2, 0), summary["changes"])

    def test_accounts_of_one_person_are_assessed_as_one_and_decisions_change_it(self):
        self.of_invented_people()
        done = self.candor("policy", "apply", ROOT / "content" / "policies")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.imported(ADA + BEN)
        done = self.candor("hr", "import", self.write(
            "hr.csv", "EmailAddress,ResignationDate,LastWorkingDate\nada@example.com,2026-03-20,2026-03-31\n"))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.ingest(self.write_lines("a.jsonl", downloads("adm.ada@example.com", 0, 400)))

        def alerts():
            done = self.candor("alerts", "export", "--canonical", "--as-of", "2026-04-15")
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            return [json.loads(line) for line in done.stdout.splitlines()]

        self.assertNotIn("departing-users", [alert["policy"] for alert in alerts()], "nobody knows whose it is")
        waiting = json.loads(self.people("unresolved", "--json").stdout)
        self.assertEqual(waiting["total"], 1)
        self.assertIsNone(waiting["accounts"][0]["name"])
        named = json.loads(self.people("unresolved", "--json", "--reason", "to find the owner").stdout)
        self.assertEqual(named["accounts"][0]["name"], "adm.ada@example.com")
        self.people("link", "adm.ada@example.com", "a1", "--reason", "an administrator's account")
        self.assertEqual(json.loads(self.people("unresolved", "--json").stdout)["total"], 0)
        self.assertIn("departing-users", [alert["policy"] for alert in alerts()])
        self.people("link", "adm.ada@example.com", "b1", "--from", "2026-03-21")
        self.assertNotIn("departing-users", [alert["policy"] for alert in alerts()])
        self.people("unlink", "adm.ada@example.com", "--from", "2026-03-21")
        self.assertIn("departing-users", [alert["policy"] for alert in alerts()])
        done = self.people("unlink", "nobody@example.com", code=1)
        self.assertNotIn("nobody@", done.stderr.decode())
        self.people("link", "x@example.com", "who@example.com", code=1)

    def test_the_simulated_directory(self):
        simulated = self.folder / "simulated"
        done = self.candor("simulate", "--people", "30", "--days", "3", "--seed", "5", "--out", simulated, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        summary = json.loads(self.people("import", simulated / "directory.csv", "--json").stdout)
        self.assertGreaterEqual(summary["new"], 30)
        self.assertEqual((summary["rejected"], summary["diagnostics"]), ({}, []))
        self.ingest(simulated / "audit")
        self.assertEqual(json.loads(self.people("unresolved", "--json").stdout)["total"], 0)


if __name__ == "__main__":
    unittest.main()
