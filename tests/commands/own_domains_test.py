"""While own domains are not known: what is not certain is not judged, and they are proposed, ready to be imported."""
import json
import unittest

from harness import CommandTest, record

PEOPLE = [("ada@example.com", {}), ("Ben@Example.com", {}), ("cy@example.onmicrosoft.com", {}),
          ("dee@gmail.com", {}), ("guest@visitor.example", {"UserType": 10}), ("x_home.example#EXT#@example.com", {}),
          ("e@-b.example", {}), ("f@[x].example", {}), ("svc@prod.outlook.com", {})]
PROPOSED = [{"domain": "example.com", "accounts": 2}, {"domain": "example.onmicrosoft.com", "accounts": 1}]
DIRECTORY = """userPrincipalName,displayName,mail,id,userType
ada@example.onmicrosoft.com,Ada Kelm,ada@example.com,a1,Member
ben@example.com,Ben Orr,ben@example.com,b1,Member
x_visitor.example#EXT#@example.onmicrosoft.com,X,x@visitor.example,g1,Guest
"""


class OwnDomains(CommandTest):
    def records(self):
        return self.write_lines("a.jsonl", [record(n, UserId=name, **more) for n, (name, more) in enumerate(PEOPLE)])

    def run_ok(self, *arguments, **more):
        done = self.candor(*arguments, **more)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def paste(self, text):
        """Runs the block that a command printed, as a shell would."""
        command, block = text[text.index("candor organisation import -"):].split(" <<'END'\n")
        self.assertTrue(block.endswith("\nEND\n"))
        arguments = command.split()[1:]
        self.assertEqual(arguments[arguments.index("--data") + 1], str(self.data))
        self.run_ok(*arguments, stdin=block.removesuffix("END\n").encode(), data=False)

    def domains(self):
        sections = json.loads(self.run_ok("organisation", "show", "--json"))["sections"]
        return {fact["attributes"]["domain"] for fact in sections["own_domains"]["facts"]}

    def test_ingest_proposes_the_domains_of_people_until_they_are_known(self):
        text = self.run_ok("ingest", self.records())
        self.assertEqual(text.count("own_domains:"), 1)
        self.assertIn("  - example.com  # 2 accounts\n  - example.onmicrosoft.com  # 1 account\nEND\n", text)
        self.assertNotIn("ada", text.lower())
        self.assertEqual(json.loads(self.run_ok("ingest", "--json", self.records()))["own_domains_seen"], PROPOSED)
        self.paste(text)
        self.assertEqual(self.domains(), {"example.com", "example.onmicrosoft.com"})
        self.assertNotIn("own_domains", self.run_ok("ingest", self.records()))
        self.assertIsNone(json.loads(self.run_ok("ingest", "--json", self.records()))["own_domains_seen"])

    def test_the_import_of_people_proposes_those_of_members(self):
        file = self.write("users.csv", DIRECTORY)
        self.assertEqual(json.loads(self.run_ok("people", "import", file, "--json"))["own_domains_seen"], PROPOSED)
        text = self.run_ok("people", "import", file)
        self.assertNotIn("visitor.example", text)
        self.paste(text)
        self.assertEqual(self.domains(), {"example.com", "example.onmicrosoft.com"})
        self.assertNotIn("own_domains", self.run_ok("people", "import", file))
        self.assertIsNone(json.loads(self.run_ok("people", "import", file, "--json"))["own_domains_seen"])

    def test_uploads_to_places_nobody_has_placed_match_once_own_domains_are_known(self):
        def upload(number, host):
            return record(number, Operation="FileUploadedToCloud", RecordType=63, Workload="Endpoint", TargetDomain=host,
                          ObjectId="C:\\plan.docx", FileExtension="docx")
        hosts = ["dropspace.example"] * 3 + ["files.example.com"] * 2 + ["gmail.com"]
        self.run_ok("ingest", self.write_lines("u.jsonl", [upload(n, host) for n, host in enumerate(hosts)]))

        def matched():
            rows = [json.loads(line) for line in self.run_ok("ledger", "--json").splitlines()]
            rows = [row for row in rows if row["indicator"] == "cloud_upload"]
            contents = {row["content"] for row in rows}  # the organisation's facts are part of it
            return sorted(sum(row["matched"] for row in rows if row["content"] == each) for each in contents)
        self.assertEqual(matched(), [1])
        self.run_ok("organisation", "import", self.write("w.yml", "own_domains: [example.com]\n"))
        self.assertEqual(matched(), [1, 4])


if __name__ == "__main__":
    unittest.main()
