"""`candor attest`: a signed statement of what was on, off, evaluated and looked at, checked without Candor's data."""
import hashlib
import json
import subprocess
import unittest

from harness import record
from switches_test import NAME, SwitchTest, day, today

HEADER = "userPrincipalName,displayName,mail,id,department,usageLocation,manager,userType,employeeType\n"


class Attest(SwitchTest):
    def attested(self, *arguments):
        return self.run_candor("attest", "--country", "DE", "--from", day(-5), "--to", day(), *arguments).stdout

    def test_off_is_signed_to_be_never_evaluated(self):
        people = self.write("people.csv", HEADER + "Ada.Kelm@example.com,Ada Kelm,,a1,Sales,DE,,Member,Employee\n"
                            + "ben@example.com,Ben Orr,,b1,Legal,FR,,Member,Employee\n")
        self.run_candor("people", "import", people, "--known-since", day(-30) + "T00:00:00Z")
        self.set(NAME, "off", "--country", "DE", "--from", day(-20), "--agreement", "Works agreement 7")
        rows = [today(n, -1) for n in range(4)] + [today(10 + n, -1, UserId="ben@example.com") for n in range(3)]
        self.take(self.write_lines("a.jsonl", rows))
        file = self.attested()
        statement = json.loads(file)["statement"]
        one = next(one for one in statement["indicators"] if one["name"] == NAME)
        self.assertEqual((one["offered"], one["evaluated"], one["matched"]), (4, 0, 0))
        self.assertEqual(one["days"], [{"from": day(-5), "to": day(), "on": False}])
        self.assertEqual(one["decisions"][0]["agreement"], "Works agreement 7")
        self.assertTrue(statement["off_means_off"])
        self.assertTrue(statement["audit_log"]["whole"])
        self.assertEqual(statement["whole_installation"]["audit_lines_by_action"]["attestation.made"], 1)
        for name in (b"kelm", b"Kelm", b"ben@"):
            self.assertNotIn(name, file)
        key = self.run_candor("audit", "key").stdout.decode().strip()
        path = self.write("attestation.json", file)
        said = self.candor("attest", "verify", path, "--key", key, data=False)
        self.assertEqual(said.returncode, 0, said.stderr.decode())
        self.assertIn(f"  {NAME} (evaluated 0)\n", said.stdout.decode())
        self.assertIn("nothing that was off was evaluated", said.stdout.decode())
        changed = self.write("changed.json", file.replace(b'"evaluated":0', b'"evaluated":1', 1))
        refused = self.candor("attest", "verify", changed, "--key", key, data=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(b"access.bad_statement", refused.stderr)

    def test_as_pdf_with_the_hash_of_the_signed_file(self):
        self.set(NAME, "off", "--country", "DE", "--from", day(-20), "--agreement", "BV 7 über Größen")
        self.take(self.write_lines("a.jsonl", [today(n, -1) for n in range(4)]))
        for language, title in (("en", "Attestation: what was evaluated"), ("de", "Bescheinigung: was ausgewertet wurde")):
            pdf = self.folder / (language + ".pdf")
            file = self.attested("--pdf", pdf, "--language", language)
            text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode()
            self.assertIn(title, text)
            self.assertIn(hashlib.sha256(file).hexdigest(), text)
            self.assertIn("BV 7 über Größen", text)
            self.assertIn("candor attest verify", text)
        refused = self.run_candor("attest", "--country", "DE", "--from", day(-5), "--pdf", self.folder / "no" / "x.pdf", code=1)
        self.assertIn(b"cannot be written", refused.stderr)

    def test_faults_name_the_remedy(self):
        self.take(self.write_lines("a.jsonl", [record(1)]))
        for arguments, expected in ((("--country", "Germany", "--from", day()), b"two capital letters"),
                                    (("--country", "DE", "--from", "soon"), b"YYYY-MM-DD"),
                                    (("--country", "DE", "--from", day(), "--to", day(3)), b"not after today")):
            self.assertIn(expected, self.run_candor("attest", *arguments, code=1).stderr)


if __name__ == "__main__":
    unittest.main()
