"""content/settings.yml: its faults, what follows from it, and the webhook that is told of silent sources."""
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import threading
import time
import unittest

from harness import ROOT, CommandTest, record

KEY = "a key of the receiver"
HIDDEN = "T0-hidden-token"


class Receiver(http.server.ThreadingHTTPServer):
    """Takes posts; answers with `status`."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.requests, self.elsewhere = 200, [], 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self):
        return f"http://127.0.0.1:{self.server_port}/hooks/{HIDDEN}"

    def taken(self):
        return [(one["event"], one["source"]) for one in self.requests]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/elsewhere":
            self.server.elsewhere += 1
        self.send_response(self.server.status)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()
        if self.server.status == 200:
            self.server.requests.append({**json.loads(body), "body": body, "headers": self.headers, "path": self.path})

    do_GET = do_POST

    def log_message(self, *_):
        pass


class SettingsTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)
        self.write("web/index.html", "<!doctype html>")  # else serve says that there are no pages
        self.port = None

    def settings(self, text):
        (self.content / "settings.yml").write_text(text)

    def viewer_with_password(self, user, role):
        """A viewer with a password of his own, as the command line reads it."""
        made = self.run_candor("viewer", "add", user, "--role", role).stdout.decode()
        first = re.search(rf"one-time password of {user}: (\S+)", made).group(1)
        process = self.serve()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "X-Candor-Request": "1"}
        link.request("POST", "/api/v1/session", json.dumps({"user": user, "password": first}), headers)
        answer = link.getresponse()
        answer.read()
        headers["Cookie"] = answer.getheader("Set-Cookie").split(";")[0]
        link.request("PUT", "/api/v1/session/password",
                     json.dumps({"password": first, "new_password": "correct horse battery"}), headers)
        answer = link.getresponse()
        self.assertEqual(answer.status, 200, answer.read())
        link.close()
        process.terminate()
        process.wait()
        return b"correct horse battery\n"

    def run_candor(self, *arguments, **more):
        return self.candor("--content", self.content, *arguments, **more)

    def serve(self, *more):
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        process = self.start("--content", self.content, "serve", "--port", "0", "--web", self.folder / "web", *more,
                             env={**environment, "CANDOR_WEBHOOK_SECRET": KEY})
        for line in process.stdout:
            if b"Candor is at" in line:
                self.port = int(line.rsplit(b":", 1)[1].strip(b"/\n"))
            if b"Ctrl-C" in line:
                return process
        self.fail(f"serve did not start: {process.stderr.read().decode()}")

    def stop(self, process):
        """Gives what it said on standard error."""
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err.decode())
        self.assertNotIn(HIDDEN, out.decode() + err.decode())
        self.assertNotIn(KEY, out.decode() + err.decode())
        return err.decode()

    def create(self, source):
        done = self.candor("token", "create", "--source", source)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode().strip()

    def ask(self, method, path, body=None, headers=None):
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def post(self, token, *numbers, padding=0):
        body = "".join(json.dumps(record(n)) + "\n" for n in numbers) + " " * padding
        return self.ask("POST", "/api/v1/records", body.encode(),
                        {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"})[0]


class Settings(SettingsTest):
    def test_every_fault_and_nothing_runs(self):
        self.settings("retention:\n  raw_day: 5\nsilence: {webhook: 'ftp://" + HIDDEN + "'}\nfeed: {settle_seconds: 0}\n")
        for command in (["content", "check"], ["ingest", self.write_lines("a.jsonl", [record(1)])]):
            done = self.run_candor(*command)
            error = done.stderr.decode()
            self.assertEqual(done.returncode, 1, command)
            for expected in ("settings.yml:2:3  error settings.unknown_key", "did you mean `raw_days`?",
                             "settings.yml:3:20  error settings.bad_address",
                             "settings.yml:4:24  error settings.bad_number"):
                self.assertIn(expected, error)
            self.assertNotIn(HIDDEN, error)
        self.assertIn("app.bad_settings", error)
        self.settings("retention: {raw_days: 10}\n")
        self.assertEqual(self.run_candor("content", "check").returncode, 0)

    def test_other_settings_make_nothing_again(self):
        log = self.write_lines("a.jsonl", [record(1)])
        self.assertEqual(self.run_candor("ingest", log).returncode, 0)

        def version():
            with sqlite3.connect(self.data / "records.db") as db:
                return db.execute("select content from ledger_current").fetchall()
        before = version()
        self.settings("feed: {record_megabytes: 1}\n")
        self.assertEqual(self.run_candor("ingest", log).returncode, 0)
        self.assertEqual(version(), before)

    def test_changes_wait_for_a_second_person_and_outlive_a_restart(self):
        self.settings("retention: {activity_days: 60}\nsilence: {webhook: https://hooks.example.com/T0-hidden-token}\n")
        self.run_candor("ingest", self.write_lines("a.jsonl", [record(1)]))  # real people

        def told(*arguments, code=0, **more):
            done = self.run_candor("settings", *arguments, **more)
            self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
            return (done.stdout if code == 0 else done.stderr).decode()

        why = ("--reason", "agreed in the works council")
        listed = told("list")
        self.assertRegex(listed, r"retention.activity_days +60 +settings.yml:1")
        self.assertRegex(listed, r"silence.webhook +set +settings.yml:2")
        self.assertNotIn(HIDDEN, listed + told("list", "--json"))
        self.assertIn("waits for a second person (change 1)", told("set", "retention.activity_days", "40", *why))
        self.assertIn("whole number from 1 to 3650", told("set", "retention.activity_days", "4000", *why, code=1))
        self.assertIn("settings.yml only", told("set", "oidc.issuer", "https://a.example", *why, code=1))
        self.assertIn("app.second_person", told("approve", "retention.activity_days", "1", *why, code=1))
        password = self.viewer_with_password("berta", "privacy_officer")
        self.assertIn("agreed", told("approve", "retention.activity_days", "1", *why, "--viewer", "berta",
                                     stdin=password))
        self.assertRegex(told("list"), r"retention.activity_days +40 +change 1 of ")
        self.assertIn('"activity_days":40', self.run_candor("retention", "show", "--json").stdout.decode()
                      .replace(" ", ""))
        changes = json.loads(told("changes", "--json"))
        self.assertEqual([(one["number"], one["value"], one["decision"]) for one in changes], [(1, "40", "agreed")])
        log = self.run_candor("audit", "export").stdout.decode()
        self.assertIn("setting.asked", log)
        self.assertIn("setting.approved", log)
        self.settings("retention: {activity_days: 60, raw_days: 50}\n")
        self.assertIn("together with what was changed", told("list", code=1))

    def test_feeds_are_read_by_them_unless_the_command_line_says_otherwise(self):
        self.settings("feed: {record_megabytes: 1}\n")
        for more, expected in (([], 413), (["--record-megabytes", "3"], 200)):
            process = self.serve(*more)
            self.assertEqual(self.post(self.create("m365"), 1, padding=2 << 20), expected)
            self.stop(process)
        inbox = self.folder / "inbox"
        inbox.mkdir()
        self.settings("feed: {settle_seconds: 86400, listing_only: true}\n")
        process = self.serve("--follow", inbox, "--settle", "1", "--no-listing-only")
        (inbox / "a.json").write_text(json.dumps([record(2)]))
        self.wait_until(lambda: self.status()["activities"] == 2)
        self.stop(process)


class Silence(SettingsTest):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        self.settings(f"silence: {{webhook: '{self.receiver.address()}'}}\n")

    def fall_silent(self, source):
        """As if it had sent every ten minutes for days, and last two hours ago."""
        now = int(time.time() * 1e6)
        hour = now // 3_600_000_000
        with contextlib.closing(sqlite3.connect(self.data / "records.db", timeout=30)) as db, db:
            db.execute("insert into sources values (?, 'requests', ?, ?, null) on conflict (source) do update set "
                       "last_received = excluded.last_received", (source, now - 7_200_000_000, now - 7_200_000_000))
            for day in range(1, 6):
                db.execute("insert into source_hours values (?, ?, 'pause', ?) on conflict do nothing",
                           (source, hour - 24 * day, 600_000_000))

    def wait_for(self, *expected):
        self.wait_until(lambda: len(self.receiver.requests) >= len(expected), 40)
        self.assertEqual(self.receiver.taken(), list(expected))
        return self.receiver.requests[-1]

    def test_each_change_is_told_once(self):
        process = self.serve()
        token = self.create("m365")
        self.assertEqual(self.post(token, 1), 200)
        self.fall_silent("m365")
        told = self.wait_for(("source.silent", "m365"))
        self.assertEqual(told["path"], f"/hooks/{HIDDEN}")
        self.assertEqual(set(json.loads(told["body"])),
                         {"event", "source", "silent_since", "last_record", "limit_seconds", "at"})
        self.assertEqual((told["limit_seconds"], told["silent_since"]), (900, told["last_record"]))
        self.assertEqual(told["headers"]["Content-Type"], "application/json")
        self.assertEqual(told["headers"]["Candor-Signature"],
                         "sha256=" + hmac.new(KEY.encode(), told["body"], hashlib.sha256).hexdigest())
        shown = (self.ask("GET", "/metrics")[1] + self.candor("sources", "--json").stdout).decode()
        self.assertNotIn(HIDDEN, shown)
        self.assertEqual(self.stop(process), "")

        process = self.serve()
        self.fall_silent("z-badges")  # told after all that may be left to tell of m365
        self.wait_for(("source.silent", "m365"), ("source.silent", "z-badges"))
        self.assertEqual(self.post(token, 2), 200)
        spoke = self.wait_for(("source.silent", "m365"), ("source.silent", "z-badges"), ("source.speaks", "m365"))
        self.assertEqual(spoke["silent_since"], told["silent_since"])
        self.assertGreater(spoke["last_record"], told["last_record"])
        self.stop(process)
        for file in self.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(HIDDEN.encode(), file.read_bytes(), file)

    def test_what_is_not_taken_is_told_after_a_restart(self):
        self.receiver.status = 302
        process = self.serve()
        self.create("m365")
        self.fall_silent("m365")
        self.assertIn(b"the webhook answered 302; it is tried again [outbox.webhook_failed]", process.stderr.readline())
        self.stop(process)
        self.assertEqual(self.receiver.elsewhere, 0, "redirects are not followed")
        self.receiver.status = 200
        process = self.serve()
        self.wait_for(("source.silent", "m365"))
        self.stop(process)

    def test_a_receiver_that_hangs_holds_nothing_up(self):
        with socket.create_server(("127.0.0.1", 0)) as hanging:
            hanging.settimeout(40)
            self.settings(f"silence: {{webhook: 'http://127.0.0.1:{hanging.getsockname()[1]}/{HIDDEN}'}}\n")
            process = self.serve()
            token = self.create("m365")
            self.fall_silent("m365")
            with hanging.accept()[0]:
                self.assertEqual(self.post(token, 1), 200)
                begun = time.monotonic()
                self.stop(process)
                self.assertLess(time.monotonic() - begun, 10, "it need not wait for the time limit of a post")


if __name__ == "__main__":
    unittest.main()
