"""deploy/fetch_management_activity.py against a stand-in for the Management Activity API."""
import gzip
import http.server
import json
import os
import subprocess
import sys
import threading
import unittest
import urllib.parse

from harness import ROOT, CommandTest, record

TENANT = "22222222-2222-4222-8222-222222222222"


class Api(http.server.BaseHTTPRequestHandler):
    """Two pages of listing, one blob each; tells to wait once; a subscription can be started once."""

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, **headers):
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        state, body = self.server.state, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if "/oauth2/" in self.path:
            state["sign_in"] = urllib.parse.parse_qs(body.decode())
            return self.answer(200, {"access_token": "t0ken"})
        state["started"].append(self.path)
        return self.answer(400 if state["started_before"] else 200, {"error": {"code": "AF20024"}})

    def do_GET(self):
        state = self.server.state
        if self.headers.get("Authorization") != "Bearer t0ken":
            return self.answer(401, {})
        here = f"http://127.0.0.1:{self.server.server_port}"
        if "/subscriptions/content" in self.path:
            if state["busy"]:
                state["busy"] -= 1
                return self.answer(429, {}, Retry_After="0")
            if "page=2" in self.path:
                return self.answer(200, [{"contentUri": state["second"] or here + "/blob/2"}])
            return self.answer(200, [{"contentUri": here + "/blob/1"}], NextPageUri=here + self.path + "&page=2")
        return self.answer(200, [record(1), record(2)] if self.path.endswith("1") else [record(3)])


class Fetch(CommandTest):
    def setUp(self):
        super().setUp()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
        self.server.state = {"started": [], "started_before": False, "busy": 0, "second": "", "sign_in": None}
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.inbox = self.folder / "inbox"
        self.inbox.mkdir()

    def fetch(self, *more):
        address = f"http://127.0.0.1:{self.server.server_port}"
        return subprocess.run(
            [sys.executable, ROOT / "deploy" / "fetch_management_activity.py", "--folder", self.inbox, "--content-type",
             "Audit.SharePoint", *more], capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "CANDOR_LOGIN_URL": address, "CANDOR_ACTIVITY_URL": address, "CANDOR_TENANT_ID": TENANT,
                 "CANDOR_CLIENT_ID": "an-application", "CANDOR_CLIENT_SECRET": "s3cret"})

    def test_every_page_becomes_one_whole_file(self):
        self.server.state.update(started_before=True, busy=1)
        done = self.fetch()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("s3cret", done.stdout + done.stderr)
        self.assertEqual(len(self.server.state["started"]), 1)
        self.assertEqual(self.server.state["sign_in"]["grant_type"], ["client_credentials"])
        files = list(self.inbox.iterdir())
        self.assertEqual(len(files), 1)
        self.assertFalse(files[0].name.startswith("."))
        self.assertEqual(len(gzip.open(files[0], "rt").readlines()), 3)
        self.assertEqual(self.ingest(self.inbox)["stored"], 3)

    def test_windows_are_no_longer_than_the_api_allows(self):
        done = self.fetch("--hours", "50")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("9 records", done.stdout)  # three listings of two pages

    def test_content_at_another_address_gets_no_token(self):
        self.server.state["second"] = "http://localhost.example/blob"
        done = self.fetch()
        self.assertEqual(done.returncode, 1)
        self.assertIn("another address", done.stderr)
        self.assertEqual(list(self.inbox.iterdir()), [], "half a file is none")

    def test_wrong_use(self):
        self.inbox.rmdir()
        self.assertEqual(self.fetch().returncode, 2)


if __name__ == "__main__":
    unittest.main()
