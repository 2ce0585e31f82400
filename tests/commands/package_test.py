"""An investigation package: made over HTTP, checked by `candor package verify` and by plain tools."""
import hashlib
import io
import json
import subprocess
import unittest
import zipfile

import case_test
from case_test import HOSTILE


class Package(case_test.Cases):
    # Only what is below, not what the class above tests.
    test_none_yet = test_one_that_was_worked = None

    def package_of_a_case(self):
        self.sign_in(self.serve_demo())
        alert = json.loads(self.call("GET", "/alerts?limit=1")[1])["alerts"][0]
        case = json.loads(self.call("POST", "/cases", {"alert_id": alert["id"], "title": HOSTILE,
                                                       "reason": "more files than ever"})[1])["id"]
        self.assertEqual(self.call("POST", f"/cases/{case}/notes", {"text": "a note for members"})[0], 201)
        self.assertEqual(self.upload(case, "list.csv", b"=1+1\r\n")[0], 201)
        asked = {"kind": "investigation_package", "from": alert["first_day"], "until": alert["last_day"],
                 "reason": "the public prosecutor asks", "milder": "they have no access to Candor"}
        status, answer = self.call("POST", f"/cases/{case}/requests", asked)
        self.assertEqual(status, 201, answer)
        self.assertEqual(json.loads(answer)["state"], "approved", "the people are invented ones")
        status, answer = self.call("GET", "/requests/1/package")
        self.assertEqual(status, 200, answer[:300])
        return alert, answer

    def test_what_a_search_for_content_is_about(self):
        alert, _ = self.package_of_a_case()
        case = json.loads(self.call("GET", "/cases?limit=1")[1])["cases"][0]
        asked = {"kind": "content", "from": alert["first_day"], "until": alert["last_day"],
                 "reason": "what is in these files decides it", "milder": "their names say nothing of it"}
        status, answer = self.call("POST", f"/alerts/{alert['id']}/requests", asked)
        self.assertEqual(status, 400, answer)
        self.assertIn("ask for it there", json.loads(answer)["message"])
        status, answer = self.call("POST", f"/cases/{case['id']}/requests", asked)
        self.assertEqual(status, 201, answer)
        number = json.loads(answer)["number"]
        self.assertEqual(self.call("GET", f"/requests/{number}/package")[0], 404)
        self.assertEqual(self.call("GET", "/requests/1/content-sheet")[0], 404, "that was for a package")

        status, answer = self.call("GET", f"/requests/{number}/content-sheet")
        self.assertEqual(status, 200, answer)
        sheet = json.loads(answer)
        self.assertEqual(sheet["custodian"], alert["person"]["pseudonym"])
        self.assertEqual((sheet["from"], sheet["until"], sheet["case"]),
                         (alert["first_day"], alert["last_day"], case["number"]))
        self.assertIn(f"date>={alert['first_day']}", sheet["query"])
        self.assertTrue(sheet["files"] or sheet["sites"] or sheet["destinations"] or sheet["devices"], sheet)
        for name in sheet["files"]:
            self.assertIn(name.replace('"', " "), sheet["query"])
        # Whose mailbox it is, only who lifted the name may hand on.
        self.assertEqual(self.call("POST", f"/alerts/{alert['id']}/lift", {"reason": "for the search"})[0], 201)
        lifted = json.loads(self.call("GET", f"/requests/{number}/content-sheet")[1])
        self.assertNotEqual(lifted["custodian"], sheet["custodian"])
        self.assertIn("content_sheet.made", self.candor("audit", "export").stdout.decode())

        withdrawn = self.call("POST", f"/requests/{number}/withdraw", {"reason": "it is not needed any more"})
        self.assertEqual(withdrawn[0], 200, withdrawn)
        self.assertEqual(self.call("GET", f"/requests/{number}/content-sheet")[0], 409)

    def test_it_holds_the_case_and_verifies(self):
        alert, answer = self.package_of_a_case()
        file = self.write("package.zip", answer)
        key = self.candor("audit", "key").stdout.decode().strip()
        done = self.candor("package", "verify", file, "--key", key, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn(b"none missing, changed or added", done.stdout)

        archive = zipfile.ZipFile(io.BytesIO(answer))
        self.assertIsNone(archive.testzip())
        names = set(archive.namelist())
        for name in ("README.txt", "case.json", "history.json", "notes.json", "tasks.json", "evidence.json",
                     "evidence/1.bin", "audit.csv", "hold.json", f"alerts/{alert['id']}.json",
                     f"alerts/{alert['id']}-activities.csv", "activities.csv", "manifest.json", "SHA256SUMS"):
            self.assertIn(name, names)
        self.assertEqual(json.loads(archive.read("case.json"))["title"], HOSTILE)
        self.assertIn("a note for members", archive.read("notes.json").decode())
        self.assertEqual(archive.read("evidence/1.bin"), b"=1+1\r\n")
        self.assertIn("case.opened", archive.read("audit.csv").decode())
        self.assertIn(alert["id"], archive.read("audit.csv").decode())
        sheet = json.loads(archive.read("hold.json"))
        self.assertEqual(sheet["custodian"], alert["person"]["pseudonym"])
        self.assertIn(f"date>={alert['first_day']}", sheet["query"])
        self.assertGreater(len(archive.read(f"alerts/{alert['id']}-activities.csv").splitlines()), 1)

        # Without Candor.
        folder = self.folder / "unpacked"
        archive.extractall(folder)
        sums = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
        self.assertEqual(sums.returncode, 0, sums.stdout.decode() + sums.stderr.decode())
        signed = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in",
                                 "manifest.message", "-sigfile", "manifest.sig"], cwd=folder, capture_output=True,
                                check=False)
        self.assertEqual(signed.returncode, 0, signed.stdout.decode() + signed.stderr.decode())
        self.assertIn(hashlib.sha256(archive.read("case.json")).hexdigest(), (folder / "manifest.message").read_text())

        # What was changed, and what was added.
        for change in ("case.json", "extra.txt"):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as other:
                for name in names | {change}:
                    other.writestr(name, b"other" if name == change else archive.read(name))
            done = self.candor("package", "verify", self.write("other.zip", out.getvalue()), "--key", key, data=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(change.encode(), done.stderr)

        row, = [json.loads(line) for line in
                self.candor("request", "list", "--kind", "investigation_package").stdout.splitlines()]
        self.assertEqual(row["state"], "approved")
        self.assertEqual(row["person"], alert["person"]["pseudonym"])

    def test_what_is_no_package(self):
        file = self.write("none.zip", b"PK\x03\x04 nothing")
        done = self.candor("package", "verify", file, "--key", "0" * 64, data=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"ZIP", done.stderr)
        self.assertEqual(self.candor("package", "verify", self.folder / "gone", "--key", "0", data=False).returncode, 1)


if __name__ == "__main__":
    unittest.main()
