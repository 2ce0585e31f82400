"""A served folder with an invented organisation in it, and somebody who is signed in."""
import contextlib
import http.client
import json
import re
import shutil

from harness import ROOT, CommandTest

PASSWORD = "several words for this test"


class ServedDemoTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)

    def serve_demo(self):
        """Gives the process and, where the folder is new, the one-time password of `admin`."""
        process = self.start("--content", self.content, "serve", "--demo", "--demo-people", "60", "--demo-days", "40",
                             "--port", "0", "--web", self.folder)
        greeting = ""
        for line in process.stdout:
            greeting += line.decode()
            if "organisation is ready" in greeting:
                self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", greeting)[1])
                one_time = re.search(r"one-time password (\S+)", greeting)
                return process, one_time and one_time[1]
        self.fail(f"the demo did not get ready: {process.stderr.read().decode()}")

    def sign_in(self, one_time):
        self.call("POST", "/session", {"user": "admin", "password": one_time})
        self.call("PUT", "/session/password", {"password": one_time, "new_password": PASSWORD})

    def call(self, method, path, body=None, status=200):
        sent = {"X-Candor-Request": "1", "Cookie": getattr(self, "cookie", "")}
        if body is not None:
            sent["Content-Type"] = "application/json"
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body), sent)
            answer = connection.getresponse()
            if answer.getheader("Set-Cookie"):
                self.cookie = answer.getheader("Set-Cookie").split(";")[0]
            text = answer.read()
        self.assertEqual(answer.status, status, text)
        return json.loads(text) if text else None

    def listed(self, *arguments):
        """Messages of the outbox."""
        done = self.candor("--content", self.content, "mail", "list", "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)
