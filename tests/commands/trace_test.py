"""Where a content went: a planted chain, traced over HTTP through the real server and by `candor case trace`."""
import datetime
import io
import json
import unittest
import zipfile

import case_test
from case_test import HOSTILE
from harness import record

SITE = "https://example.sharepoint.example/sites/deals/"
DOCUMENT = SITE + "Shared Documents/deal.docx"
HASH, PACKED = "a" * 64, "b" * 64
HOME = "C:\\Users\\ada.kelm\\Documents\\"
ADA, BEN, CAT = "ada.kelm@example.com", "ben.ott@example.com", "cat.ull@example.com"
ARCHIVE = "=1+1 holiday <script>x</script>.zip"  # a file name may hold these on some systems


class Trace(case_test.Cases):
    # Only what is below, not what the class above tests.
    test_none_yet = test_one_that_was_worked = None

    def on_device(self, number, hour, operation, name, sha, **more):
        return self.at(number, hour, Operation=operation, Workload="Endpoint", RecordType=63, ObjectId=HOME + name,
                       SourceFileName=name, DeviceName="lap-1", Sha256=sha, SiteUrl=None, SourceRelativeUrl=None, **more)

    def at(self, number, hour, **changes):
        time = f"{self.day}T{hour:02d}:00:{number:02d}"
        made = record(900_000 + number, CreationTime=time, UserId=ADA, UserKey=ADA)
        made.update(changes)
        return {key: value for key, value in made.items() if value is not None}

    def mail(self, number, hour, who, to, attachment):
        return self.at(number, hour, Operation="Send", Workload="Exchange", RecordType=2, UserId=who, UserKey=who,
                       MailboxOwnerUPN=who, ObjectId=None, ItemType=None, SiteUrl=None, SourceFileName=None,
                       SourceFileExtension=None, SourceRelativeUrl=None,
                       recipientList=[{"Address": to, "Name": "x"}],
                       Item={"Attachments": f"{attachment} (48211b)", "InternetMessageId": f"<{number}@example.com>",
                             "Subject": "as agreed"})

    def chain(self):
        """Downloaded, renamed, packed, onto a stick; mailed to a second person, who passes it on. And a namesake."""
        stick = {"Manufacturer": "SanDisk", "Model": "Ultra", "SerialNumber": "S1"}
        return [
            self.at(1, 1, ObjectId=DOCUMENT, SiteUrl=SITE, SourceFileName="deal.docx"),
            self.on_device(2, 2, "FileRenamed", "deal.docx", HASH, TargetFilePath=HOME + "trip.docx"),
            self.on_device(3, 3, "FileArchived", "trip.docx", HASH, TargetFilePath=HOME + ARCHIVE),
            self.on_device(4, 4, "ArchiveCreated", ARCHIVE, PACKED),
            self.on_device(5, 5, "FileCopiedToRemovableMedia", ARCHIVE, PACKED, TargetFilePath="E:\\" + ARCHIVE,
                           RemovableMediaDeviceAttributes=stick),
            self.mail(6, 6, ADA, BEN, ARCHIVE),
            self.mail(7, 7, BEN, "buyer@rival.example", ARCHIVE),
            # Another file of that name, on the device of somebody who has nothing to do with it.
            self.on_device(8, 8, "FileRead", "deal.docx", "c" * 64) | {"UserId": CAT, "UserKey": CAT,
                                                                      "DeviceName": "lap-2"},
        ]

    def run_trace(self, number):
        self.assertEqual(self.call("POST", f"/requests/{number}/trace")[0], 202)
        found = {}

        def done():
            found.update(json.loads(self.call("GET", f"/requests/{number}/trace")[1]))
            return found["state"] != "running"
        self.wait_until(done, 60)
        self.assertEqual(found["state"], "done", found)
        return found["result"]

    def ask(self, case, kind, start, **more):
        wanted = {"kind": "data_trace", "start_kind": kind, "start": start, "from": self.day, "until": self.day,
                  "reason": "a partner was offered the deal", "milder": "an alert shows one person's part of it", **more}
        status, answer = self.call("POST", f"/cases/{case}/requests", wanted)
        self.assertEqual(status, 201, answer)
        asked = json.loads(answer)
        self.assertEqual(asked["state"], "approved", "the people are invented ones")
        return asked["number"]

    def test_a_planted_chain(self):
        self.sign_in(self.serve_demo())
        alert = json.loads(self.call("GET", "/alerts?limit=1")[1])["alerts"][0]
        last = datetime.date.fromisoformat(alert["last_day"])
        self.day = min(last, datetime.date.today() - datetime.timedelta(days=1)).isoformat()
        self.of_invented_people()
        self.ingest(self.write_lines("chain.jsonl", self.chain()))
        case = json.loads(self.call("POST", "/cases", {"alert_id": alert["id"], "title": HOSTILE,
                                                       "reason": "more files than ever"})[1])["id"]
        number = self.ask(case, "document", DOCUMENT)
        # Whom records name becomes somebody with the next assessment.
        result = {}
        self.wait_until(lambda: result.update(self.run_trace(number)) or len(result["steps"]) == 7, 60)

        steps = result["steps"]
        self.assertEqual([one["act"] for one in steps],
                         ["downloaded", "renamed", "archived", "made", "to_medium", "mailed", "mailed"])
        self.assertEqual([one["from"] for one in steps], [None, 1, 2, 3, 4, 5, 6])
        self.assertEqual([one["tie"] for one in steps],
                         ["none", "same_name", "renamed", "archived", "same_hash", "same_name", "handed_over"])
        self.assertEqual(steps[4]["place"], "SanDisk Ultra")
        self.assertEqual(steps[5]["given_to"], [steps[6]["person"]])
        self.assertEqual([(one["by"], one["place"]) for one in result["places"]],
                         [("to_medium", "SanDisk Ultra"), ("mailed", "rival.example")])
        self.assertEqual(sum(1 for one in result["people"] if one["first"]), 2)
        self.assertEqual([one["name"] for one in result["name_only"]], ["deal.docx"], "by chance, and not followed")
        self.assertTrue(result["read_all"])
        everything = json.dumps(result)
        for name in ("ada.kelm", "ben.ott", "cat.ull", "buyer@"):
            self.assertNotIn(name, everything)

        # By the bytes of the document the device's steps are certain, and the download only likely.
        by_hash = self.run_trace(self.ask(case, "hash", HASH))
        self.assertEqual([one["strength"] for one in by_hash["steps"]],
                         ["likely", "start", "start", "certain", "certain", "likely", "likely"])
        # Backward from where it went.
        back = self.run_trace(self.ask(case, "domain", "rival.example"))
        self.assertEqual(len(back["steps"]), 1, "who was given it is told forward only: their own name for it is newer")

        status, sheet = self.call("GET", f"/requests/{number}/trace.csv")
        self.assertEqual(status, 200)
        self.assertIn(b",'" + ARCHIVE.encode(), sheet)
        self.assertNotIn(b"," + ARCHIVE.encode(), sheet)
        self.assertEqual(len(sheet.splitlines()), 1 + 7 + 1)

        status, kept = self.call("POST", f"/requests/{number}/trace/keep")
        self.assertEqual(status, 201, kept)
        snapshot = json.loads(self.call("GET", f"/cases/{case}/evidence/1/file")[1])
        self.assertEqual(len(snapshot["result"]["steps"]), 7)
        asked = {"kind": "investigation_package", "from": self.day, "until": self.day,
                 "reason": "the public prosecutor asks", "milder": "they have no access to Candor"}
        package = json.loads(self.call("POST", f"/cases/{case}/requests", asked)[1])["number"]
        archive = zipfile.ZipFile(io.BytesIO(self.call("GET", f"/requests/{package}/package")[1]))
        self.assertEqual(json.loads(archive.read("evidence/1.bin")), snapshot)

        done = self.candor("case", "trace", "1", "--request", str(number))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        told = json.loads(done.stdout)
        self.assertEqual(told["result"]["steps"], steps)
        self.assertEqual(told["start"], {"kind": "document", "text": DOCUMENT})
        self.assertTrue(done.stdout.isascii())
        for arguments in (("1", "--request", str(package)), ("2", "--request", str(number)), ("1", "--request", "99")):
            self.assertEqual(self.candor("case", "trace", *arguments).returncode, 1, arguments)
        log = self.candor("audit", "export").stdout.decode()
        for action in ("request.asked", "trace.run", "trace.viewed", "trace.exported", "trace.kept"):
            self.assertIn(f'"action":"{action}"', log)
        self.assertNotIn("deal.docx", log)


if __name__ == "__main__":
    unittest.main()
