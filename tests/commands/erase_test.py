"""`candor people erase`: one person goes whole, is kept away, and the proof of it stands on its own."""
import datetime
import http.client
import json
import re
import shutil
import sqlite3
import subprocess
import unittest

from harness import CANDOR, ROOT, CommandTest, record
from policy_test import RESIGNATION, theft

PASSWORD = "several words for this test"
WHY = ("--reason", "asked for under Article 17")
WHO = "ada.kelm@example.com"
PLANTED = "zanzibarquill"  # in a name, a file name, and all that is written in a case
HEADER = "userPrincipalName,displayName,mail,id,department,usageLocation,manager,userType,employeeType\n"


def utc(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")


class WithPages(CommandTest):
    """For what the command line has no act for."""

    def serve_signed_in(self):
        process = self.start("serve", "--port", "0", "--web", self.folder)
        text = ""
        for line in process.stdout:
            text += line.decode()
            if "Ctrl-C" in text:
                break
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", text)[1])
        one_time = re.search(r"one-time password:? (?:of \S+ )?(\S+)", text)[1]
        self.cookie = ""
        self.assertEqual(self.call("POST", "/session", {"user": "admin", "password": one_time})[0], 200, text)
        change = {"password": one_time, "new_password": PASSWORD}
        self.assertEqual(self.call("PUT", "/session/password", change)[0], 200)
        return process

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"X-Candor-Request": "1", "Cookie": self.cookie, "Content-Type": "application/json"}
        connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def done(self, *arguments, code=0, **more):
        done = self.candor(*arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return (done.stdout if code == 0 else done.stderr).decode()


class Erase(WithPages):
    def prepare(self):
        self.of_invented_people()
        self.rows = theft()
        for row in self.rows[:5]:
            row["SourceFileName"] = f"{PLANTED}.docx"
        people = self.write("people.csv", HEADER
                            + f"Ada.Kelm@example.com,Ada {PLANTED},,a1,Sales,DE,,Member,Employee\n"
                            + "ben.orr@example.com,Ben Orr,,b1,Legal,DE,Ada.Kelm@example.com,Member,Employee\n")
        self.done("people", "import", people)
        self.done("policy", "apply", ROOT / "content" / "policies")
        self.done("hr", "import", self.write("hr.csv", RESIGNATION))
        self.file = self.write_lines("a.jsonl", self.rows)
        self.others = sum(row["UserId"] == "ben.orr@example.com" for row in self.rows)
        self.assertEqual(self.ingest(self.file)["stored"], len(self.rows))

    def erase(self, *arguments, who=WHO, **more):
        return self.done("people", "erase", who, *WHY, *arguments, **more)

    def pseudonym(self):
        return json.loads(self.done("people", "show", WHO, "--json"))["pseudonym"]

    def rows_of(self, sql, *parameters):
        with sqlite3.connect(next(self.data.glob("*.db"))) as database:
            rows = database.execute(sql, parameters).fetchall()
        database.close()
        return [row[0] for row in rows]

    def waiting_alerts(self):
        return self.rows_of("select alert_id from alerts where status = 'needs_review'")

    def person_of(self, alert):
        return self.rows_of("select person_hex from alerts where alert_id = ?", alert)[0]

    def close_alerts(self):
        """As if somebody had dismissed them one by one."""
        with sqlite3.connect(next(self.data.glob("*.db"))) as database:
            database.execute("update alerts set status = 'dismissed'")
        database.close()

    def bytes_of_folder(self):
        return {str(path): path.read_bytes() for path in self.data.rglob("*") if path.is_file()}

    def find_in_files(self, word):
        found = []
        for path, content in self.bytes_of_folder().items():
            for form in (word.encode(), word.encode("utf-16-le")):
                if form.lower() in content.lower():
                    found.append(path)
        return found

    def test_dry_run_counts_and_changes_nothing(self):
        self.prepare()
        self.close_alerts()
        alerts = self.done("alerts", "export", "--canonical", "--as-of", "2026-04-15")
        said = self.erase("--dry-run")
        self.assertIn("would be removed", said)
        counted = json.loads(self.erase("--dry-run", "--json"))
        self.assertEqual(counted["found"]["activities"], len(self.rows) - self.others)
        self.assertEqual(counted["found"]["raw_records"], len(self.rows) - self.others)
        self.assertEqual(counted["found"]["manager_entries"], 1)
        self.assertEqual((counted["first_activity"], counted["last_activity"]), ("2026-03-25", "2026-03-26"))
        self.assertEqual(self.status()["activities"], len(self.rows))
        self.assertEqual(self.done("alerts", "export", "--canonical", "--as-of", "2026-04-15"), alerts)
        self.assertIn("nobody was erased", self.done("people", "erasures"))
        self.assertEqual(self.ingest(self.file)["repeats"], len(self.rows))
        self.assertIn("person.erasure_counted", self.done("audit", "export"))

    def test_the_whole_story(self):
        self.prepare()
        self.assertIn("open alert", self.erase(code=1))
        process = self.serve_signed_in()
        alerts = self.call("GET", "/alerts?limit=50")[1]["alerts"]
        alert = alerts[0]["id"]
        person = self.person_of(alert)
        case = self.call("POST", "/cases", {"alert_id": alert, "title": f"About {PLANTED}", "reason": "for this test"})
        self.assertEqual(case[0], 201, case)
        case = case[1]["id"]
        # Short ones and long ones, so that they lie in pages of every kind.
        for size in range(30):
            note = {"text": f"I spoke with {PLANTED}. " * (1 + size * size // 4)}
            self.assertEqual(self.call("POST", f"/cases/{case}/notes", note)[0], 201)
        # What a case confirms raises the person's scores under other policies.
        self.wait_until(self.waiting_alerts)
        for other in self.waiting_alerts():  # the queue shows one row a person
            added = {"alert_id": other, "reason": "belongs to it as well"}
            answer = self.call("POST", f"/cases/{case}/alerts", added)
            self.assertIn(answer[0], (200, 201), answer)
        refused = self.erase(code=1)  # the served folder takes the command
        self.assertIn("open case 1: close it", refused)
        self.assertIn("app.erasure_held", refused)
        self.done("people", "hold", WHO, "--reason", "a court asks for it")
        seen = self.call("GET", f"/cases/{case}")[1]["alerts_seen"]
        closed = self.call("POST", f"/cases/{case}/close",
                           {"resolution": "benign", "action": "none", "text": f"{PLANTED} explained it",
                            "alerts_seen": seen})
        self.assertIn(closed[0], (200, 204), closed)
        self.assertIn("legal hold 1", self.erase(code=1))
        self.done("people", "release", WHO, "--reason", "the court is done")
        pseudonym = self.pseudonym()
        self.assertEqual(self.call("GET", f"/people/{person}")[0], 200)
        self.assertTrue(self.find_in_files(PLANTED), "a search that finds it while it is there")

        said = self.erase()
        self.assertIn("nothing is left", said)
        self.assertNotIn("ada.kelm", said.lower())
        # Served or not, no page breaks.
        self.assertEqual(self.call("GET", f"/alerts/{alert}")[0], 404)
        status, stub = self.call("GET", f"/cases/{case}")
        self.assertEqual(status, 200)
        self.assertTrue(stub["title"].startswith("Erased on "), stub)
        self.assertEqual(stub["title"], f"Erased on {stub['erased_on']}")
        self.assertEqual(self.call("GET", "/cases")[0], 200)
        self.assertEqual(self.call("GET", "/alerts")[1]["alerts"], [])
        self.assertEqual(self.call("GET", "/people")[0], 200)
        self.assertEqual(self.call("POST", f"/cases/{case}/reopen", {"reason": "to look again"})[0], 409)
        self.assertEqual(self.call("GET", f"/people/{person}")[0], 404)
        self.assertEqual(self.call("GET", f"/people/{person}/scoring")[0], 404)
        for word in (PLANTED, "ada.kelm@", "plan-77"):
            self.assertEqual(self.find_in_files(word), [], "while it is served")
        process.terminate()
        process.wait()
        for word in (PLANTED, "ada.kelm@", "plan-77"):
            self.assertEqual(self.find_in_files(word), [], "afterwards")
        self.assertEqual(self.status()["activities"], self.others)

        # Delivered again, told again, made again: nobody comes back.
        summary = self.ingest(self.file)
        self.assertEqual(summary["stored"], 0)
        self.assertEqual(summary["rejected"], {"erased": len(self.rows) - self.others})
        self.assertIn("erased", self.done("sources"))
        hr = json.loads(self.done("hr", "import", self.folder / "hr.csv", "--json"))
        self.assertEqual((hr["erased"], hr["added"]), (1, 0))
        directory = json.loads(self.done("people", "import", self.folder / "people.csv", "--json"))
        self.assertEqual((directory["erased"], directory["left"]), (1, 0))
        self.done("rebuild")
        self.assertEqual(self.status()["activities"], self.others)
        self.assertIn("app.unknown_person", self.done("people", "show", WHO, code=1))
        lines = [json.loads(line) for line in self.done("people", "export", WHO, *WHY).splitlines()]
        self.assertEqual([next(iter(line)) for line in lines], ["erasure", "lines"])
        self.assertEqual(lines[0]["pseudonym"], pseudonym)
        self.assertIn("was erased already", self.erase(), "asked for again")

        # A new employment is somebody new.
        again = self.write_lines("later.jsonl", [record(9999, CreationTime=utc(2))])
        self.assertEqual(self.ingest(again)["stored"], 1)
        self.assertNotEqual(self.pseudonym(), pseudonym)
        lines = [json.loads(line) for line in self.done("people", "export", WHO, *WHY).splitlines()]
        kinds = [next(iter(line)) for line in lines]
        self.assertEqual([kinds.count("activity"), kinds.count("alert"), kinds.count("erasure")], [1, 0, 1])

        # The proof.
        key = self.done("audit", "key").strip()
        proof = self.done("people", "erasures", "--proof", "1")
        statement = json.loads(proof)["statement"]
        self.assertEqual(statement["pseudonym"], pseudonym)
        self.assertEqual(statement["left"], {})
        removed = {one["kind"]: one for one in statement["removed"]}
        self.assertEqual(removed["activities"]["count"], len(self.rows) - self.others)
        self.assertEqual(removed["activities"]["from"], "2026-03-25")
        self.assertEqual(removed["case_notes"]["count"], 30)
        self.assertNotIn("kelm", proof.lower())
        file = self.write("proof.json", proof)
        said = self.done("people", "erasures", "verify", file, "--key", key, data=False)
        self.assertIn("nothing was left of it", said)
        changed = self.write("changed.json", proof.replace('"count":30', '"count":29', 1))
        self.assertIn("access.bad_statement",
                      self.done("people", "erasures", "verify", changed, "--key", key, data=False, code=1))
        log = self.done("audit", "export")
        self.assertIn("person.erased", log)
        self.assertIn("asked for under Article 17", log)
        self.assertEqual(self.candor("audit", "verify").returncode, 0)

    def test_a_restored_backup_loses_them_again(self):
        self.prepare()
        self.close_alerts()
        backup = self.folder / "backup"
        shutil.copytree(self.data, backup)
        self.erase()
        shown = self.done("people", "erasures", "--export", "list.json")
        self.assertIn("keep it with your backups", shown)
        listed = (self.folder / "list.json").read_text()
        self.assertNotIn("kelm", listed.lower())
        for by_file in (True, False):
            restored = self.folder / f"restored-{by_file}"
            shutil.copytree(backup, restored)
            self.data = restored
            if by_file:
                shutil.copy(self.folder / "list.json", restored / "erasures.json")
            else:
                self.assertIn("1 erasures", self.done("people", "erasures", "--apply", "list.json"))
                self.assertIn("0 erasures", self.done("people", "erasures", "--apply", "list.json"))
            self.assertEqual(self.status()["activities"], self.others)
            self.assertFalse((restored / "erasures.json").exists())
            self.assertEqual(self.ingest(self.file)["rejected"], {"erased": len(self.rows) - self.others})
            self.assertIn("app.unknown_person", self.done("people", "show", WHO, code=1))
            self.assertEqual(self.find_in_files(PLANTED), [])
        bad = self.write("bad.json", listed.replace('"last_day":', '"last_day":1', 1))
        self.assertIn("access.bad_statement", self.done("people", "erasures", "--apply", bad, code=1))

    def test_a_backup_is_put_back_without_them(self):
        self.prepare()
        self.close_alerts()
        self.done("backup", "make", "one.backup")
        self.erase()
        self.done("people", "erasures", "--export", "list.json")
        for name, given in (("without", ()), ("with", ("--erasures", "list.json"))):
            new = self.folder / name
            new.mkdir(mode=0o700)
            shutil.copytree(self.data / "keys", new / "keys")
            done = self.candor("backup", "restore", "one.backup", *given, data=new)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            there = json.loads(self.candor("ingest", "--status", "--json", data=new).stdout)["activities"]
            self.assertEqual(there, self.others if given else len(self.rows))
            self.assertEqual("people erasures --apply" in done.stderr.decode(), not given)

    def test_nothing_of_somebody_on_legal_hold_goes(self):
        self.prepare()
        self.close_alerts()
        over = ("retention", "run", "--dry-run", "--json", "--as-of", utc(95)[:10])
        self.assertEqual(json.loads(self.done(*over))["activities"], len(self.rows))
        self.done("people", "hold", "ben.orr@example.com", "--reason", "a court asks for it")
        self.assertEqual(json.loads(self.done(*over))["activities"], len(self.rows) - self.others)
        self.assertIn("a court asks for it", self.done("people", "holds"))
        self.assertIn("legal hold 1", self.erase(who="ben.orr@example.com", code=1))
        self.erase()
        self.done("people", "release", "ben.orr@example.com", "--reason", "the court is done")
        self.assertIn("cases.no_hold",
                      self.done("people", "release", "ben.orr@example.com", "--reason", "asked for once more", code=1))
        self.assertEqual(json.loads(self.done(*over))["activities"], self.others)

    def test_killed_at_any_moment_the_next_start_ends_it(self):
        self.prepare()
        self.close_alerts()
        whole = self.folder / "whole"
        shutil.copytree(self.data, whole)
        for wait in (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0):
            self.data = self.folder / f"killed-{wait}"
            shutil.copytree(whole, self.data)
            process = subprocess.Popen([str(CANDOR), "people", "erase", WHO, *WHY, "--data", str(self.data)],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=wait)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            there = self.status()["activities"]
            self.assertIn(there, (len(self.rows), self.others), "all of it or nothing")
            if there == len(self.rows):
                self.erase()
            self.assertIn(" done ", self.done("people", "erasures"))
            self.assertEqual(self.find_in_files(PLANTED), [])
            self.assertEqual(self.status()["activities"], self.others)


class OfRealPeople(WithPages):
    def test_nobody_erases_a_real_person_alone(self):
        file = self.write_lines("a.jsonl", [record(1), record(2, UserId="ben.orr@example.com")])
        self.ingest(file)
        act = ("people", "erase", WHO, *WHY)
        self.assertIn("app.second_person", self.done(*act, code=1))
        self.assertEqual(self.status()["activities"], 2)
        self.done(*act, "--dry-run")
        process = self.serve_signed_in()
        process.terminate()
        process.wait()
        self.assertIn("access.wrong_credentials", self.done(*act, "--viewer", "admin", stdin=b"guess it is\n", code=1))
        self.assertEqual(self.status()["activities"], 2)
        self.done(*act, "--viewer", "admin", stdin=PASSWORD.encode() + b"\n")
        self.assertEqual(self.status()["activities"], 1)
        self.assertIn("agreed by admin", self.done("people", "erasures"))
        statement = json.loads(self.done("people", "erasures", "--proof", "1"))["statement"]
        self.assertEqual((statement["people"], statement["agreed_by"]), ("real", "admin"))
        self.assertEqual(self.ingest(file)["rejected"], {"erased": 1})


if __name__ == "__main__":
    unittest.main()
