"""`candor case`, and uploads through the real server."""
import http.client
import json
import re
import unittest
import urllib.parse

from harness import CommandTest

PASSWORD = "several words for this test"
HOSTILE = "<script>alert(1)</script> \u202efdp.exe =1+1 \x1b[31m"


class Cases(CommandTest):
    def serve_demo(self):
        process = self.start("serve", "--demo", "--demo-people", "60", "--demo-days", "40", "--port", "0", "--web",
                             self.folder)
        greeting = ""
        for line in process.stdout:
            greeting += line.decode()
            if "organisation is ready" in greeting:
                self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", greeting)[1])
                return re.search(r"one-time password (\S+)", greeting)[1]
        self.fail(f"the demo did not get ready: {process.stderr.read().decode()}")

    def call(self, method, path, body=None, headers=None, raw=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.addCleanup(connection.close)
        sent = {"X-Candor-Request": "1", "Cookie": getattr(self, "cookie", "")}
        data = raw
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body), "application/json"
        connection.request(method, "/api/v1" + path, data, {**sent, **(headers or {})})
        answer = connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.read()

    def sign_in(self, one_time):
        self.assertEqual(self.call("POST", "/session", {"user": "admin", "password": one_time})[0], 200)
        change = {"password": one_time, "new_password": PASSWORD}
        self.assertEqual(self.call("PUT", "/session/password", change)[0], 200)

    def upload(self, case, name, raw, **more):
        headers = {"Content-Type": "application/octet-stream", "X-Candor-File-Name": urllib.parse.quote(name, safe="")}
        return self.call("POST", f"/cases/{case}/evidence", raw=raw, headers={**headers, **more})

    def rows(self, *arguments):
        done = self.candor("case", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn(b"\x1b", done.stdout)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_none_yet(self):
        self.assertEqual(self.rows("list"), [])
        done = self.candor("case", "show", "1")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cases.not_found", done.stderr)
        self.assertNotEqual(self.candor("case", "show", "0").returncode, 0)
        self.assertNotEqual(self.candor("case", "list", "--state", "gone").returncode, 0)
        log = self.candor("audit", "export").stdout.decode()
        self.assertEqual(log.count('"action":"cases.viewed"'), 1)

    def test_one_that_was_worked(self):
        self.sign_in(self.serve_demo())
        alert = json.loads(self.call("GET", "/alerts?limit=1")[1])["alerts"][0]
        status, answer = self.call("POST", "/cases",
                                   {"alert_id": alert["id"], "title": HOSTILE, "reason": "more files than ever"})
        self.assertEqual(status, 201, answer)
        case = json.loads(answer)["id"]
        self.assertEqual(self.call("POST", f"/cases/{case}/notes", {"text": "a note for members"})[0], 201)

        # Larger than any other request of a session may be; nobody else's is read at all.
        large = bytes(range(256)) * (25 << 12)
        self.assertEqual(self.upload(case, "disk.img", large)[0], 201)
        self.assertEqual(self.call("GET", f"/cases/{case}/evidence/1/file")[1], large)
        self.assertEqual(self.upload(case, "disk.img", large + b"x")[0], 413)
        self.assertEqual(self.upload(case, "disk.img", large, Cookie="candor_session=" + "0" * 64)[0], 401)
        self.assertEqual(self.call("POST", f"/cases/{case}/notes", {"text": "x" * (70 << 10)})[0], 413)

        # Linked to another: on the machine there is a number of them, and no way from one person to the other.
        alerts = json.loads(self.call("GET", "/alerts?limit=50")[1])["alerts"]
        other = next(one for one in alerts if one["person"] != alert["person"])
        second = json.loads(self.call("POST", "/cases", {"alert_id": other["id"], "title": "The other",
                                                         "reason": "more files than ever"})[1])["id"]
        status, answer = self.call("POST", f"/cases/{case}/links", {"case_id": second, "kind": "colluding",
                                                                    "reason": "plantedword of both"})
        self.assertEqual(status, 201, answer)
        rows = self.rows("list", "--state", "open")
        self.assertEqual([(row["links"], row["erased_on"]) for row in rows], [(1, None), (1, None)])
        row = next(one for one in rows if one["number"] == 1)
        self.assertEqual(row["title"], HOSTILE)
        self.assertEqual(row["person"], alert["person"]["pseudonym"])
        self.assertEqual(self.rows("list", "--state", "closed"), [])
        shown, = self.rows("show", "1")
        self.assertEqual(shown["alerts"], [{"id": alert["id"], "status": "confirmed"}])
        self.assertEqual(shown["counts"], {"notes": 1, "tasks": 0, "open_tasks": 0, "evidence": 1})
        self.assertEqual([line["act"] for line in shown["history"]], ["opened", "note_added", "evidence_added",
                                                                      "linked"])
        for inside in ("a note for members", "plantedword", second, other["person"]["pseudonym"]):
            self.assertNotIn(inside, json.dumps(shown))
        log = [json.loads(line) for line in self.candor("audit", "export").stdout.splitlines()]
        added, = [line for line in log if line.get("action") == "case.evidence_added"]
        self.assertEqual(json.loads(added["details"])["sha256"], shown["history"][2]["text"].split()[1])
        viewed = [line for line in log if line.get("action") == "case.viewed"]
        self.assertTrue(viewed[-1]["viewer"].startswith("local/"))


if __name__ == "__main__":
    unittest.main()
