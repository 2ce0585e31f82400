"""Notices from a case, through the served outbox, to a real mail server."""
import json
import os
import re
import sqlite3
import unittest

import mail_server
from served_demo import ServedDemoTest

HTML = """id: own_de
title: Eigene Nachricht
language: de
subject: "Grüße an {{display_name}} <&> – Fall {{case}}"
text: "Guten Tag {{display_name}}, Fall {{case}}."
html: "<p>Guten Tag <b>{{display_name}}</b>, Fall {{case}}.</p>"
"""


@unittest.skipUnless(mail_server.is_there(), "NO MAIL SERVER HERE: exim4-daemon-light is not installed (tools/packages.txt)")
class NoticeTest(ServedDemoTest):
    def setUp(self):
        super().setUp()
        (self.content / "notices" / "own_de.yml").write_text(HTML)
        os.environ["CANDOR_MAIL_PASSWORD"] = mail_server.PASSWORD
        self.addCleanup(os.environ.pop, "CANDOR_MAIL_PASSWORD", None)

    def serve_with(self, server):
        (self.content / "settings.yml").write_text(server.settings(reply_to="privacy@example.com"))
        return self.serve_demo()

    def a_case(self, one_time):
        """A case about somebody; gives its path, and the person's name and address."""
        self.sign_in(one_time)
        alert = self.call("GET", "/alerts?limit=1")["alerts"][0]["id"]
        case = self.call("POST", "/cases", {"alert_id": alert, "title": "Files", "reason": "more files than ever"}, 201)
        self.call("POST", f"/alerts/{alert}/lift", {"reason": "have to write to the person"}, 201)
        name = self.call("GET", f"/cases/{case['id']}")["person"]["name"]
        return f"/cases/{case['id']}", *re.fullmatch(r"(.+) \(([^,)]+@[^,)]+).*\)", name).groups()

    def notice(self, case, number=0):
        return self.call("GET", case + "/notices")["notices"][number]

    def test_a_server_that_was_away_gets_it_when_it_is_back(self):
        server = mail_server.MailServer(self.folder / "exim")
        self.addCleanup(server.stop)
        process, one_time = self.serve_with(server)
        case, name, address = self.a_case(one_time)
        preview = self.call("GET", case + "/notices/preview?template=own_de")
        self.assertTrue(preview["has_address"])
        self.assertNotIn(address, json.dumps(preview))
        sent = self.call("POST", case + "/notices", {"template": "own_de"}, 201)
        self.assertNotIn(address, json.dumps(sent))
        # Nobody is there: it waits, and says why.
        self.wait_until(lambda: self.listed()[0]["attempts"] == 1 and self.listed()[0]["answer"])
        waiting = self.listed("--state", "waiting")[0]
        self.assertEqual((waiting["kind"], waiting["channel"]), ("notice", "mail"))
        self.assertIn("connect", waiting["answer"].lower())
        self.assertNotIn(address, json.dumps(waiting))
        self.assertEqual(self.notice(case)["state"], "waiting")

        server.start()
        done = self.candor("--content", self.content, "mail", "retry", waiting["id"])
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn(b"its turn is now", done.stdout)
        self.wait_until(lambda: self.notice(case)["state"] == "sent")
        self.wait_until(server.mails)
        self.assertEqual(len(server.mails()), 1)
        mail = server.mails()[0]
        self.assertEqual(mail.defects, [])
        self.assertEqual(mail["to"], address)
        self.assertEqual(mail["envelope-to"], address)
        self.assertEqual(mail["subject"], f"Grüße an {name} <&> – Fall 1")
        self.assertEqual(mail["reply-to"], "privacy@example.com")
        self.assertIsNone(mail["auto-submitted"])
        self.assertEqual(mail["message-id"], f"<{waiting['id']}@example.com>")
        text, html = (part.get_content() for part in mail.iter_parts())
        self.assertEqual(text, f"Guten Tag {name}, Fall 1.")
        self.assertIn(f"<p>Guten Tag <b>{name}</b>, Fall 1.</p>", html)
        # It does not go twice, and what it said is gone from the outbox.
        again = self.candor("--content", self.content, "mail", "retry", waiting["id"])
        self.assertIn(b"outbox.sent", again.stderr)
        with sqlite3.connect(self.data / "records.db") as records:
            self.assertEqual(records.execute("select sealed from outbox_messages").fetchall(), [(None,)])
        process.terminate()
        self.assertEqual(process.wait(30), 0)
        said = process.stderr.read().decode()
        self.assertIn("candor: mail:", said)
        for secret in (address, mail_server.PASSWORD, "Grüße"):
            self.assertNotIn(secret, said)
        log = self.candor("audit", "export").stdout.decode()
        for act in ("case.notice_previewed", "case.notice_sent", "message.retried"):
            self.assertEqual(log.count(f'"action":"{act}"'), 1)
        self.assertNotIn(address, log)

    def test_who_is_refused_is_a_dead_letter_and_a_test_goes_to_the_viewer(self):
        server = mail_server.MailServer(self.folder / "exim", refused="! example.com").start()
        self.addCleanup(server.stop)
        process, one_time = self.serve_with(server)
        case, _, address = self.a_case(one_time)
        self.assertFalse(address.endswith("@example.com"))
        self.call("POST", case + "/notices/test", {"template": "handling_reminder_en"}, 409)
        self.call("PUT", "/session/mail", {"address": "admin@elsewhere.example"}, 400)
        self.call("PUT", "/session/mail", {"address": "admin@example.com"})
        self.call("POST", case + "/notices/test", {"template": "handling_reminder_en"}, 201)
        self.wait_until(server.mails)
        test = server.mails()[0]
        self.assertEqual(test["to"], "admin@example.com")
        self.assertTrue(test["subject"].startswith("[Test] "))
        self.assertRegex(test.get_body(("plain",)).get_content(), r"^Hello Anon-[0-9A-Z-]+,")
        self.assertNotIn(address, test.as_string())

        self.call("POST", case + "/notices", {"template": "handling_reminder_en"}, 201)
        self.wait_until(lambda: self.notice(case)["state"] == "failed")
        refused = self.notice(case)
        self.assertEqual(refused["attempts"], 1)
        self.assertEqual(refused["answer"], "550 no such mailbox here, ...")
        failed = self.listed("--state", "failed")
        self.assertEqual([one["answer"] for one in failed], [refused["answer"]])
        process.terminate()
        self.assertEqual(process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
