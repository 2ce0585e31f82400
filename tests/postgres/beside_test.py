"""Two `candor serve` on one PostgreSQL: one holds the timelines, one is beside it. Runs within tools/with_postgres."""
import http.client
import json
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from serve_test import PASSWORD, OnPostgres  # noqa: E402


class Browser:
    """Asks one process, and keeps its cookie; may take the cookie along to another one."""

    def __init__(self, port, address="127.0.0.1", cookie=""):
        self.port = port
        self.address = address
        self.cookie = cookie

    def at(self, port):
        return Browser(port, self.address, self.cookie)

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120, source_address=(self.address, 0))
        try:
            sent = {"X-Candor-Request": "1", "Cookie": self.cookie, **(headers or {})}
            if body is not None and not isinstance(body, bytes):
                body = json.dumps(body)
                sent["Content-Type"] = "application/json"
            connection.request(method, "/api/v1" + path if path[:8] != "/metrics" else path, body, sent)
            answer = connection.getresponse()
            if answer.getheader("Set-Cookie"):
                self.cookie = answer.getheader("Set-Cookie").split(";")[0]
            return answer.status, answer.read()
        finally:
            connection.close()

    def read(self, path):
        status, body = self.call("GET", path)
        if status != 200:
            raise AssertionError(f"{path}: {status} {body.decode()}")
        return json.loads(body)


class TwoProcesses(OnPostgres):
    def ready(self, process, word):
        said = ""
        for line in process.stdout:
            said += line.decode()
            if word in said:
                return int(re.search(r"http://127\.0\.0\.1:(\d+)/", said)[1]), said
        self.fail(f"serve did not start: {process.stderr.read().decode()}")

    def serve_holder(self, *more, word="Ctrl-C"):
        process = self.start("serve", "--web", self.folder, "--store", self.store, *more)
        port, said = self.ready(process, word)
        return process, port, said

    def folder_beside(self, name="beside"):
        """A data folder that has the holder's keys and nothing else."""
        beside = self.folder / name
        beside.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", self.data / "keys", beside / "keys"], check=True)
        return beside

    def serve_beside(self, holder, data=None, **more):
        process = self.start("serve", "--port", "0", "--web", self.folder, "--store", self.store, "--holder",
                             f"http://127.0.0.1:{holder}", data=data or self.folder_beside(), **more)
        port, _ = self.ready(process, "Ctrl-C")
        return process, port

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(120), 0, process.stderr.read().decode())


class Beside(TwoProcesses):
    def test_a_day_at_the_second_process(self):
        demo = ("--demo", "--demo-people", "40", "--demo-days", "30")
        holder, at_holder, said = self.serve_holder(*demo, "--port", "0", word="organisation is ready")
        one_time = re.search(r"one-time password (\S+)", said)[1]
        beside, at_beside = self.serve_beside(at_holder)

        # Sign in there, from an address of one's own; the session is one of both.
        viewer = Browser(at_beside, "127.0.0.7")
        self.assertEqual(viewer.call("POST", "/session", {"user": "admin", "password": one_time})[0], 200)
        change = {"password": one_time, "new_password": PASSWORD}
        self.assertEqual(viewer.call("PUT", "/session/password", change)[0], 200)
        self.assertEqual(viewer.read("/session")["user"], "admin")
        self.assertEqual(viewer.at(at_holder).read("/session")["user"], "admin")
        self.assertEqual(viewer.read("/status")["process"], "beside")
        self.assertEqual(viewer.at(at_holder).read("/status")["process"], "holder")
        self.assertGreater(viewer.read("/status")["activities"], 0)

        # The queue is read here, an alert from the holder; what is decided is seen at both at once.
        queue = viewer.read("/alerts?limit=50")
        self.assertEqual(queue["total"], viewer.at(at_holder).read("/alerts?limit=50")["total"])
        waiting = [one["id"] for one in queue["alerts"] if one["status"] == "needs_review"]
        alert = viewer.read(f"/alerts/{waiting[0]}")
        self.assertTrue(viewer.read(f"/alerts/{waiting[0]}/activities")["activities"])
        decision = {"reason": "expected", "note": "seen beside", "evidence_until": alert["evidence_until"]}
        # Another site cannot have it changed by the cookie alone, here as there.
        for headers in ({"X-Candor-Request": "0"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(viewer.call("POST", f"/alerts/{waiting[0]}/dismiss", decision, headers)[0], 403)
        status, answer = viewer.call("POST", f"/alerts/{waiting[0]}/dismiss", decision)
        self.assertEqual(status, 200, answer)
        for port in (at_beside, at_holder):
            shown = {one["id"]: one["status"] for one in viewer.at(port).read("/alerts?limit=200")["alerts"]}
            self.assertEqual(shown[waiting[0]], "dismissed")

        # An upload of 10 MB goes through, and comes back from the records.
        case = {"alert_id": waiting[1], "title": "Two processes", "reason": "looked at with care"}
        status, answer = viewer.call("POST", "/cases", case)
        self.assertEqual(status, 201, answer)
        case_id = json.loads(answer)["id"]
        content = bytes(range(256)) * (10 * 4096 - 1)
        status, answer = viewer.call("POST", f"/cases/{case_id}/evidence", content,
                                     {"Content-Type": "application/octet-stream", "X-Candor-File-Name": "a.bin"})
        self.assertEqual(status, 201, answer)
        status, answer = viewer.call("GET", f"/cases/{case_id}/evidence/1/file")
        self.assertEqual((status, answer == content), (200, True))

        # Nobody is believed who says to be beside the holder.
        forged = {"X-Candor-Beside": f"1700000000000000.{'0' * 32}.203.0.113.9.{'0' * 64}"}
        self.assertEqual(viewer.at(at_holder).call("GET", "/alerts", headers=forged)[0], 403)
        forged["X-Forwarded-For"] = "203.0.113.9"
        wrong = {"user": "admin", "password": "a wrong one"}
        self.assertEqual(Browser(at_beside, "127.0.0.8").call("POST", "/session", wrong, forged)[0], 401)

        # The holder away: records go on, what needs it says so, and it comes back by itself.
        holder.kill()
        holder.wait()
        status, answer = viewer.call("GET", f"/alerts/{waiting[1]}")
        self.assertEqual(status, 503, answer)
        self.assertIn("api.holder_away", answer.decode())
        self.assertIn(f"127.0.0.1:{at_holder}", answer.decode())
        self.assertEqual(viewer.call("POST", f"/alerts/{waiting[2]}/dismiss", decision)[0], 503)
        self.assertEqual(viewer.read("/alerts?limit=50")["total"], queue["total"])
        self.assertEqual(viewer.read(f"/cases/{case_id}")["title"], "Two processes")
        self.assertTrue(viewer.read("/audit?limit=5")["lines"])
        alone = viewer.read("/status")
        self.assertIsNone(alone["activities"])
        self.assertIn("cannot be asked", alone["holder_away"])
        again = Browser(at_beside, "127.0.0.9")
        self.assertEqual(again.call("POST", "/session", {"user": "admin", "password": PASSWORD})[0], 200)
        self.assertIn(b'candor_process{process="beside"} 1', viewer.call("GET", "/metrics")[1])
        holder, _, _ = self.serve_holder(*demo, "--port", str(at_holder), word="organisation is ready")
        self.wait_until(lambda: viewer.call("GET", f"/alerts/{waiting[1]}")[0] == 200)
        decision["evidence_until"] = viewer.read(f"/alerts/{waiting[2]}")["evidence_until"]
        status, answer = viewer.call("POST", f"/alerts/{waiting[2]}/dismiss", decision)
        self.assertEqual(status, 200, answer)
        self.assertIsNone(viewer.read("/status")["holder_away"])

        # Who signed in where is told truthfully, and the chain that both wrote holds.
        sessions = viewer.read("/sessions")["sessions"]
        self.assertEqual({one["address"] for one in sessions}, {"127.0.0.7", "127.0.0.9"})
        self.assertEqual(viewer.at(at_holder).read("/sessions")["sessions"], sessions)
        actions = {one["action"] for one in viewer.read("/audit?limit=200")["lines"]}
        self.assertLessEqual({"session.started", "session.failed", "alert.dismissed", "case.opened"}, actions)
        self.assertTrue(viewer.read("/audit/verification")["whole"])
        self.stop(beside)
        self.stop(holder)
        verified = self.candor("audit", "verify")
        self.assertEqual(verified.returncode, 0, verified.stdout.decode() + verified.stderr.decode())

    def test_sign_out_at_one_is_sign_out_at_both(self):
        holder, at_holder, said = self.serve_holder("--port", "0")
        one_time = re.search(r"one-time password (\S+)", said)[1]
        _, at_beside = self.serve_beside(at_holder)
        viewer = Browser(at_holder)
        self.assertEqual(viewer.call("POST", "/session", {"user": "admin", "password": one_time})[0], 200)
        self.assertEqual(viewer.at(at_beside).read("/session")["user"], "admin")
        self.assertEqual(viewer.at(at_beside).call("DELETE", "/session")[0], 204)
        self.assertEqual(viewer.call("GET", "/session")[0], 401)
        # Failures are counted together, wherever they come.
        codes = [Browser(port).call("POST", "/session", {"user": "admin", "password": "wrong"})[0]
                 for port in (at_holder, at_beside) * 6]
        self.assertIn(429, codes)
        self.assertEqual(codes[-2:], [429, 429])
        self.stop(holder)


class Refusals(TwoProcesses):
    def refused_beside(self, code, *more, data=None, holder="http://127.0.0.1:9"):
        return self.refused(code, "serve", "--port", "0", "--holder", holder, *more, data=data)

    def test_what_cannot_be_beside_says_why(self):
        holder, at_holder, _ = self.serve_holder("--port", "0")
        url = f"http://127.0.0.1:{at_holder}"
        beside = self.folder_beside()
        to_store = ("--store", self.store)
        self.refused_beside("store.no_server", data=beside, holder=url)
        self.refused_beside("api.bad_holder", *to_store, data=beside, holder="http://192.0.2.1:8710")
        self.refused_beside("api.bad_holder", *to_store, data=beside, holder="https://127.0.0.1/api")
        self.refused_beside("app.folder_in_use", *to_store, data=self.data, holder=url)
        self.refused_beside("app.no_master_key", *to_store, data=self.folder / "empty", holder=url)
        other_keys = self.folder / "other_keys"
        self.assertEqual(self.candor("viewer", "list", data=other_keys).returncode, 0)
        self.refused_beside("app.has_timelines", *to_store, data=other_keys, holder=url)
        subprocess.run(["rm", "-r", other_keys / "timeline"], check=True)
        (other_keys / "records.db").unlink()
        self.refused_beside("app.other_keys", *to_store, data=other_keys, holder=url)
        content = self.folder / "content"
        subprocess.run(["cp", "-a", pathlib.Path(__file__).resolve().parents[2] / "content", content], check=True)
        (content / "roles.yml").write_text((content / "roles.yml").read_text() + "\n# another\n")
        self.refused_beside("app.other_content", *to_store, "--content", content, data=beside, holder=url)
        self.refused_beside("app.other_cookies", *to_store, "--behind-proxy", data=beside, holder=url)
        # It opens for nothing else, and serves when all fits.
        self.refused("app.beside_folder", "viewer", "list", data=beside)
        self.refused("app.beside_folder", "serve", "--port", "0", data=beside)
        self.tell("update migrations set number = 999999 where number = 525", self.name)
        self.refused_beside("store.newer_version", *to_store, data=beside, holder=url)
        self.tell("delete from migrations where number = 999999", self.name)
        self.refused_beside("store.older_version", *to_store, data=beside, holder=url)
        self.stop(holder)

    def test_a_database_without_records(self):
        self.assertEqual(self.candor("viewer", "list", data=self.folder / "own").returncode, 0)
        beside = self.folder / "beside"
        beside.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", self.folder / "own" / "keys", beside / "keys"], check=True)
        self.refused_beside("store.no_records", "--store", self.store, data=beside)
        self.assertEqual(self.tell("select count(*) from pg_tables where schemaname = 'public'", self.name), "0")

    def test_a_holder_of_another_installation_is_none(self):
        holder, at_holder, said = self.serve_holder("--port", "0")
        one_time = re.search(r"one-time password (\S+)", said)[1]
        stranger = self.start("serve", "--port", "0", "--web", self.folder, data=self.folder / "another")
        at_stranger, _ = self.ready(stranger, "Ctrl-C")
        process, at_beside = self.serve_beside(at_stranger)
        viewer = Browser(at_beside)
        self.assertEqual(viewer.call("POST", "/session", {"user": "admin", "password": one_time})[0], 200)
        change = {"password": one_time, "new_password": PASSWORD}
        self.assertEqual(viewer.call("PUT", "/session/password", change)[0], 200)
        status, answer = viewer.call("GET", "/settings")
        self.assertEqual(status, 503)
        self.assertIn("not the process that holds the timelines of these records", answer.decode())
        self.stop(process)
        self.stop(holder)

    def test_it_ends_when_the_holder_has_other_rights(self):
        holder, at_holder, _ = self.serve_holder("--port", "0")
        process, _ = self.serve_beside(at_holder)
        self.stop(holder)
        content = self.folder / "content"
        subprocess.run(["cp", "-a", pathlib.Path(__file__).resolve().parents[2] / "content", content], check=True)
        (content / "roles.yml").write_text((content / "roles.yml").read_text() + "\n# another\n")
        holder, _, _ = self.serve_holder("--port", str(at_holder), "--content", content)
        self.assertEqual(process.wait(60), 1)
        self.assertIn("app.other_content", process.stderr.read().decode())
        self.stop(holder)


if __name__ == "__main__":
    unittest.main()
