"""`candor serve --store postgresql://...` as a person uses it. Runs within tools/with_postgres."""
import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "commands"))
from harness import ROOT, CommandTest, record  # noqa: E402

EXPORT = ("alerts", "export", "--canonical")
PASSWORD = "several words for this test"
PLACE = os.environ.get("CANDOR_TEST_STORE", "")
PORT = os.environ.get("CANDOR_TEST_STORE_PORT", "")


@unittest.skipUnless(PLACE, "no server: tools/with_postgres starts one")
class OnPostgres(CommandTest):
    def setUp(self):
        super().setUp()
        self.name = "serve_" + secrets.token_hex(6)
        # A role that may do nothing but own its database, and needs its password.
        self.password = secrets.token_hex(12)
        self.tell(f"create role {self.name} login password '{self.password}'")
        self.tell(f"create database {self.name} owner {self.name}")
        self.addCleanup(self.drop)
        self.store = f"postgresql://{self.name}@127.0.0.1:{PORT}/{self.name}"
        before = os.environ.pop("CANDOR_STORE", None)
        self.addCleanup(lambda: os.environ.update({"CANDOR_STORE": before} if before else {}))
        os.environ["PGPASSWORD"] = self.password
        self.addCleanup(os.environ.pop, "PGPASSWORD", None)

    def tell(self, sql, database="postgres"):
        url = PLACE.replace("{}", database).replace("user=candor", "user=postgres")
        done = subprocess.run(["psql", url, "-qAtc", sql], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def drop(self):
        self.tell(f"drop database {self.name} with (force)")
        self.tell(f"drop role {self.name}")

    def cut(self):
        self.tell(f"select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '{self.name}'")

    def serve_empty(self, data):
        process = self.start("serve", "--port", "0", "--web", self.folder, "--store", self.store, data=data)
        for line in process.stdout:
            if b"Ctrl-C" in line:
                return process
        self.fail(f"serve did not start: {process.stderr.read().decode()}")

    def serve_demo(self):
        process = self.start("serve", "--demo", "--demo-people", "40", "--demo-days", "30", "--port", "0", "--web",
                             self.folder)
        greeting = ""
        for line in process.stdout:
            greeting += line.decode()
            if "organisation is ready" in greeting:
                self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", greeting)[1])
                return process, greeting
        self.fail(f"the demo did not get ready: {process.stderr.read().decode()}")

    def call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.addCleanup(connection.close)
        headers = {"X-Candor-Request": "1", "Cookie": getattr(self, "cookie", ""), "Content-Type": "application/json"}
        connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = answer.getheader("Set-Cookie").split(";")[0]
        return answer.status, answer.read().decode()

    def refused(self, code, *arguments, data=None):
        """The error text of a command that fails with this id."""
        done = self.candor(*arguments, data=data)
        text = done.stderr.decode()
        self.assertEqual(done.returncode, 1, text)
        self.assertIn(f"[{code}]", text)
        self.assertNotIn(self.password, text)
        return text


class Serve(OnPostgres):
    def test_killed_started_again_signed_in_and_read(self):
        process = self.start("serve", "--demo", "--demo-people", "40", "--demo-days", "30", "--port", "0", "--web",
                             self.folder, "--store", self.store)
        for line in process.stdout:
            if b"Ctrl-C" in line:
                break
        self.assertNotIn(self.password.encode(), pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes())
        self.wait_until(lambda: (self.data / "timeline" / "raw" / "00000001.log").exists())
        process.kill()
        process.wait()
        # The folder remembers where its records are.
        self.assertEqual((self.data / "records.url").read_text(), self.store + "\n")
        process, greeting = self.serve_demo()
        one_time = re.search(r"one-time password (\S+)", greeting)[1]  # nobody has used the one before
        self.assertFalse((self.data / "records.db").exists())
        self.assertEqual(self.call("POST", "/session", {"user": "admin", "password": one_time})[0], 200)
        change = {"password": one_time, "new_password": PASSWORD}
        self.assertEqual(self.call("PUT", "/session/password", change)[0], 200)
        status, answer = self.call("GET", "/alerts?limit=5")
        self.assertEqual(status, 200, answer)
        alerts = json.loads(answer)["alerts"]
        self.assertTrue(alerts)
        status, receipt = self.call("GET", f"/alerts/{alerts[0]['id']}")
        self.assertEqual(status, 200, receipt)
        comment = {"text": "seen \u0000 and \u2603"}
        self.assertIn(self.call("POST", f"/alerts/{alerts[0]['id']}/comments", comment)[0], (200, 201, 400))
        stored = int(self.tell("select count(*) from alerts", self.name))
        self.assertGreaterEqual(stored, len(alerts))
        # A server that goes away for a moment is no reason to start Candor again.
        self.cut()
        status, again = self.call("GET", "/alerts?limit=5")
        self.assertEqual(status, 200, again)
        self.assertEqual([one["id"] for one in json.loads(again)["alerts"]], [one["id"] for one in alerts])
        self.tell(f"alter database {self.name} allow_connections false")
        self.cut()
        status, away = self.call("GET", "/alerts?limit=5")
        self.assertEqual(status, 503, away)
        self.assertNotIn(self.name, away)
        self.tell(f"alter database {self.name} allow_connections true")
        self.wait_until(lambda: self.call("GET", "/alerts?limit=5")[0] == 200)  # who writes asks again after a second
        verified = self.candor("audit", "verify")
        self.assertEqual(verified.returncode, 0, verified.stdout.decode() + verified.stderr.decode())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(120), 0, process.stderr.read().decode())  # after its beat

    def test_a_second_process_is_refused_while_the_first_has_the_timelines(self):
        process = self.serve_empty(self.data)
        other = self.folder / "other"
        other.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", self.data / "keys", other / "keys"], check=True)
        begin = time.monotonic()
        self.refused("store.held", "serve", "--port", "0", "--store", self.store, data=other)
        self.assertLess(time.monotonic() - begin, 30)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(120), 0, process.stderr.read().decode())  # after its beat
        done = self.candor(*EXPORT, "--store", self.store, data=other)
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_what_a_running_one_is_told_is_meant_for_its_records(self):
        self.serve_empty(self.data)
        self.refused("store.other_place", *EXPORT, "--store", self.store + "_other")
        self.refused("app.usage", *EXPORT, "--store", self.store.replace("@", f":{self.password}@"))
        self.assertEqual(self.candor(*EXPORT, "--store", self.store).returncode, 0)

    def test_who_lost_the_timelines_to_another_stops(self):
        process = self.serve_empty(self.data)
        other = self.folder / "other"
        other.mkdir(mode=0o700)
        subprocess.run(["cp", "-a", self.data / "keys", other / "keys"], check=True)
        process.send_signal(signal.SIGSTOP)
        self.cut()
        second = self.serve_empty(other)
        process.send_signal(signal.SIGCONT)
        self.assertEqual(process.wait(60), 1)
        self.assertIn("store.held", process.stderr.read().decode())
        self.assertIsNone(second.poll())


class Refusals(OnPostgres):
    def test_no_password_on_the_command_line(self):
        url = self.store.replace("@", f":{self.password}@")
        self.assertIn("PGPASSWORD", self.refused("app.usage", *EXPORT, "--store", url))
        self.assertFalse((self.data / "records.url").exists())

    def test_a_password_in_the_environment_is_not_written_down(self):
        del os.environ["PGPASSWORD"]
        os.environ["CANDOR_STORE"] = self.store.replace("@", f":{self.password}@")
        self.addCleanup(os.environ.pop, "CANDOR_STORE", None)
        done = self.candor(*EXPORT)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual((self.data / "records.url").read_text(), self.store + "\n")
        self.assertEqual((self.data / "records.url").stat().st_mode & 0o077, 0)

    def test_a_wrong_password_names_the_place_alone(self):
        os.environ["PGPASSWORD"] = "wrong-" + self.password
        self.assertIn("127.0.0.1", self.refused("store.unavailable", *EXPORT, "--store", self.store))

    def test_another_machine_must_prove_its_name(self):
        away = "postgresql://candor@192.0.2.1/candor"
        self.assertIn("verify-full", self.refused("store.no_tls", *EXPORT, "--store", away))
        self.refused("store.no_tls", *EXPORT, "--store", away + "?sslmode=require")
        self.refused("store.bad_url", *EXPORT, "--store", "mysql://x/y")

    def test_records_stay_where_they_are(self):
        self.ingest(self.write_lines("a.jsonl", [record(1)]))
        self.refused("store.other_place", *EXPORT, "--store", self.store)
        served = self.folder / "served"
        self.assertEqual(self.candor(*EXPORT, "--store", self.store, data=served).returncode, 0)
        self.refused("store.other_place", *EXPORT, "--store", self.store + "_other", data=served)

    def test_the_keys_belong_to_the_records(self):
        self.assertEqual(self.candor(*EXPORT, "--store", self.store).returncode, 0)
        self.refused("app.other_keys", *EXPORT, "--store", self.store, data=self.folder / "other")
        (self.data / "keys" / "master.key").unlink()
        self.refused("base.key_missing", *EXPORT)


class Copy(OnPostgres):
    def test_an_installation_moves_to_the_server(self):
        self.of_invented_people()
        self.ingest(self.write_lines("a.jsonl", [record(n) for n in range(50)]))
        before = self.candor(*EXPORT, "--as-of", "2026-03-20")
        self.assertEqual(before.returncode, 0, before.stderr.decode())
        self.refused("app.usage", "store", "copy")
        served = self.serve()
        self.refused("app.folder_in_use", "store", "copy", "--store", self.store)
        served.send_signal(signal.SIGINT)
        served.wait(30)
        done = self.candor("store", "copy", "--json", "--store", self.store)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        summary = json.loads(done.stdout)
        self.assertGreater(summary["rows"], 30)
        for table in summary["tables"]:
            there = int(self.tell(f"select count(*) from {table['table']}", self.name))
            self.assertEqual(there, table["rows"] + (table["table"] == "record_keys"), table["table"])
        after = self.candor(*EXPORT, "--as-of", "2026-03-20")
        self.assertEqual(after.stdout, before.stdout, after.stderr.decode())
        self.assertEqual(self.status()["activities"], 50)
        verified = self.candor("audit", "verify")
        self.assertEqual(verified.returncode, 0, verified.stdout.decode() + verified.stderr.decode())
        self.refused("app.other_keys", *EXPORT, "--store", self.store, data=self.folder / "other")
        self.refused("store.other_place", "store", "copy", "--store", self.store)


class Same(OnPostgres):
    def test_both_stores_give_the_same_alerts(self):
        """Byte for byte: one organisation, once in the folder and once on the server."""
        made = self.folder / "made"
        done = self.candor("simulate", "--people", "60", "--days", "45", "--out", made, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        seen = []
        for data, store in ((self.folder / "file", []), (self.folder / "server", ["--store", self.store])):
            for arguments in (("organisation", "import", made / "organisation.yml", *store),
                              ("people", "import", made / "directory.csv"), ("hr", "import", made / "hr.csv"),
                              ("policy", "apply", ROOT / "content" / "policies"), ("ingest", made / "audit")):
                done = self.candor(*arguments, data=data, timeout=300)
                self.assertEqual(done.returncode, 0, f"{arguments[0]}: {done.stderr.decode()}")
            exported = self.candor(*EXPORT, "--as-of", "2026-02-19", data=data)
            self.assertEqual(exported.returncode, 0, exported.stderr.decode())
            ledger = self.candor("ledger", "--json", data=data)
            self.assertEqual(ledger.returncode, 0, ledger.stderr.decode())
            seen.append((exported.stdout, ledger.stdout))
        self.assertGreater(len(seen[0][0].splitlines()), 3)
        self.assertEqual(seen[0], seen[1])


if __name__ == "__main__":
    unittest.main()
