"""Mail against a real server: what `candor mail` says, and what `candor serve` sends out of the outbox."""
import json
import os
import shutil
import signal
import sqlite3
import unittest

import mail_server
from harness import ROOT, CommandTest


@unittest.skipUnless(mail_server.is_there(), "NO MAIL SERVER HERE: exim4-daemon-light is not installed (tools/packages.txt)")
class MailTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)
        os.environ["CANDOR_MAIL_PASSWORD"] = mail_server.PASSWORD
        self.addCleanup(os.environ.pop, "CANDOR_MAIL_PASSWORD", None)

    def server(self, **more):
        server = mail_server.MailServer(self.folder / f"exim{len(list(self.folder.iterdir()))}", **more)
        self.addCleanup(server.stop)
        return server

    def set(self, text):
        (self.content / "settings.yml").write_text(text)

    def mail(self, *arguments, code=0):
        done = self.candor("--content", self.content, "mail", *arguments)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return (done.stdout + done.stderr).decode()

    # --- candor mail check

    def test_check_signs_in_and_sends_a_test_mail(self):
        server = self.server().start()
        self.set(server.settings(from_name="Candor – Übung", reply_to="dpo@example.com"))
        self.assertIn("takes user and password", self.mail("check"))
        self.assertEqual(server.mails(), [])
        self.assertIn("took a test mail", self.mail("check", "--to", "admin@example.com"))
        self.wait_until(server.mails)
        mail = server.mails()[0]
        self.assertEqual(mail["subject"], "Candor: test mail")
        self.assertEqual(mail["to"], "admin@example.com")
        self.assertEqual(mail["from"].addresses[0].display_name, "Candor – Übung")
        self.assertEqual(mail["reply-to"], "dpo@example.com")
        self.assertEqual(mail["auto-submitted"], "auto-generated")
        self.assertEqual([part.get_content_type() for part in mail.iter_parts()], ["text/plain", "text/html"])
        self.assertEqual(mail.defects, [])
        # It crossed the network encrypted, and signed in.
        self.assertIn("P=esmtpsa", server.log())

    def test_check_says_what_is_wrong(self):
        server = self.server().start()
        self.set("")
        self.assertIn("app.mail_off", self.mail("check", code=1))
        self.set(server.settings())
        self.assertIn("app.usage", self.mail("check", "--to", "a@b c", code=1))
        self.assertIn("550", self.mail("check", "--to", "x@refused.example.com", code=1))
        os.environ["CANDOR_MAIL_PASSWORD"] = "wrong"
        said = self.mail("check", code=1)
        self.assertIn("535", said)
        self.assertNotIn("wrong", said)
        os.environ.pop("CANDOR_MAIL_PASSWORD")
        self.assertIn("app.bad_mail_password", self.mail("check", code=1))
        self.set(server.settings(password_file="secret"))
        self.assertIn("cannot be read", self.mail("check", code=1))
        (self.content / "secret").write_text(mail_server.PASSWORD + "\n")
        self.assertIn("chmod o-r", self.mail("check"))
        (self.content / "secret").chmod(0o600)
        self.assertNotIn("chmod", self.mail("check"))
        # A certificate nobody here vouches for.
        self.set(server.settings(password_file="secret", ca_file=""))
        self.assertIn("problem", self.mail("check", code=1))
        server.stop()
        self.set(server.settings(password_file="secret"))
        self.assertIn("problem", self.mail("check", code=1))

    def test_without_starttls_nothing_is_said(self):
        server = self.server(tls=False).start()
        self.set(server.settings())
        self.assertIn("no STARTTLS", self.mail("check", "--to", "a@example.com", code=1))
        self.assertNotIn("<=", server.log())
        self.set(server.settings(starttls=False))
        self.assertIn("took a test mail", self.mail("check", "--to", "a@example.com"))
        self.wait_until(server.mails)

    def test_faults_of_the_settings(self):
        for text, fault in [
            ("mail: {server: 'smtp://mail.example.com'}", "settings.incomplete"),
            ("mail: {server: 'smtp://u:p@mail.example.com', from: a@b}", "settings.bad_value"),
            ("mail: {server: 'mail.example.com', from: a@b}", "settings.bad_value"),
            ("mail: {server: 'smtp://mail.example.com', from: 'a@b c'}", "settings.bad_value"),
            ("mail: {from_name: \"a\\r\\nBcc: b\"}", "settings.bad_value"),
            ("mail: {ca_file: here.pem}", "settings.bad_folder"),
            ("mail: {password: secret}", "unknown"),
            ("mail: {server: 'smtp://mail.example.com', from: a@b, starttls: false, user: u}", "settings.plain_password"),
        ]:
            self.set(text)
            done = self.candor("--content", self.content, "content", "check", data=False)
            self.assertEqual(done.returncode, 1, text)
            self.assertIn(fault, (done.stdout + done.stderr).decode(), text)

    # --- the outbox

    def listed(self, *arguments):
        return json.loads(self.mail("list", "--json", *arguments))

    def test_list_and_retry_of_nothing(self):
        self.assertIn("no messages", self.mail("list"))
        self.assertEqual(self.listed("--state", "failed"), [])
        self.assertIn("outbox.not_found", self.mail("retry", "0" * 32, code=1))
        self.assertNotEqual(self.candor("mail", "list", "--state", "lost").returncode, 0)

    def test_a_serve_without_its_password_does_not_start(self):
        os.environ.pop("CANDOR_MAIL_PASSWORD")
        self.set("mail: {server: 'smtps://127.0.0.1:1', from: a@example.com, user: candor}")
        done = self.candor("--content", self.content, "serve", "--port", "0")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"app.bad_mail_password", done.stderr)


if __name__ == "__main__":
    unittest.main()
