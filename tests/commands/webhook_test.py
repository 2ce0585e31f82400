"""Webhooks: told of decisions by `candor serve`, to a real HTTP server."""
import hashlib
import hmac
import http.server
import json
import os
import threading
import unittest

from served_demo import ServedDemoTest

SECRET = "a key of the receiver"
HIDDEN = "T0-hidden-token"


class Receiver(http.server.ThreadingHTTPServer):
    """Takes posts; answers with `status`."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.requests = 200, []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, host="127.0.0.1"):
        return f"http://{host}:{self.server_port}/{HIDDEN}"

    def taken(self):
        return [json.loads(body)["event"] for status, _, body in self.requests if status == 200]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.server.status, self.headers, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class WebhookTest(ServedDemoTest):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)

    def set(self, **more):
        row = {"name": "soc-1", "url": self.receiver.url(), "events": ["alert.confirmed", "case.opened", "case.closed"],
               "secret_file": "secret", "allow_private": True, **more}
        (self.content / "secret").write_text(SECRET + "\n")
        (self.content / "settings.yml").write_text("webhooks: " + json.dumps([row]) + "\n")

    def serve_signed_in(self):
        process, one_time = self.serve_demo()
        if one_time:
            self.sign_in(one_time)
        return process

    def open_case(self):
        alerts = self.call("GET", "/alerts?status=needs_review&limit=1")["alerts"]
        return self.call("POST", "/cases", {"alert_id": alerts[0]["id"], "title": "A title nobody is told",
                                            "reason": "a reason nobody is told"}, 201)

    def retry(self, row):
        done = self.candor("--content", self.content, "mail", "retry", row["id"])
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def test_told_once_signed_and_by_pseudonym(self):
        self.set()
        process = self.serve_signed_in()
        self.receiver.status = 503
        case = self.open_case()
        self.wait_until(lambda: self.receiver.requests)
        self.wait_until(lambda: self.listed()[0]["answer"] == "answered 503")
        waiting = self.listed("--state", "waiting")[0]
        self.assertEqual((waiting["kind"], waiting["channel"]), ("case.opened", "webhook"))
        self.receiver.status = 200
        self.retry(waiting)
        self.wait_until(lambda: self.receiver.taken() == ["case.opened"])
        _, headers, body = self.receiver.requests[-1]
        told = json.loads(body)
        self.assertEqual(told["object"], {"kind": "case", "id": case["id"]})
        self.assertEqual(told["person"], case["person"]["pseudonym"])
        self.assertEqual(told["viewer"], "admin")
        self.assertNotIn(b"nobody is told", body)
        stamp = headers["X-Candor-Timestamp"]
        expected = hmac.new(SECRET.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-Candor-Signature"], "sha256=" + expected)
        self.assertEqual({one["X-Candor-Delivery"] for _, one, _ in self.receiver.requests}, {waiting["id"]})
        # What is refused for good is a dead letter at once.
        self.receiver.status = 422
        self.call("POST", f"/cases/{case['id']}/close", {"resolution": "benign", "action": "none", "text": "fine",
                                                         "alerts_seen": case["alerts_seen"]})
        self.wait_until(lambda: self.listed("--state", "failed"))
        self.assertEqual(self.listed("--state", "failed")[0]["kind"], "case.closed")
        process.terminate()
        self.assertEqual(process.wait(30), 0)
        said = process.stderr.read().decode()
        self.assertIn("candor: webhooks:", said)
        self.assertNotIn(HIDDEN, said)
        self.assertNotIn(SECRET, said)
        # A restart tells nothing twice.
        self.receiver.status, before = 200, len(self.receiver.requests)
        self.serve_signed_in()
        self.retry(self.listed("--state", "failed")[0])
        self.wait_until(lambda: len(self.receiver.requests) > before)
        self.assertEqual(self.receiver.taken(), ["case.opened", "case.closed"])

    def test_private_addresses_are_refused_under_any_name(self):
        self.set(allow_private=False, url=self.receiver.url("localhost"), secret_file="")
        self.serve_signed_in()
        self.open_case()
        self.wait_until(lambda: self.listed() and self.listed()[0]["answer"])
        self.assertIn("private address", self.listed()[0]["answer"])
        self.assertEqual(self.receiver.requests, [])

    def test_faults_of_the_settings(self):
        self.set(events=["case.close"])
        done = self.candor("--content", self.content, "content", "check", data=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"settings.unknown_event", done.stdout + done.stderr)
        self.assertIn(b"did you mean `case.closed`?", done.stdout + done.stderr)
        self.set(secret_file="nowhere")
        done = self.candor("--content", self.content, "serve", "--port", "0")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"app.bad_webhook_secret", done.stderr)
        self.assertNotIn(HIDDEN.encode(), done.stdout + done.stderr)
        os.environ["CANDOR_WEBHOOK_SECRET_SOC_1"] = "bad\x01secret"
        self.addCleanup(os.environ.pop, "CANDOR_WEBHOOK_SECRET_SOC_1", None)
        done = self.candor("--content", self.content, "serve", "--port", "0")
        self.assertIn(b"app.bad_webhook_secret", done.stderr)


if __name__ == "__main__":
    unittest.main()
