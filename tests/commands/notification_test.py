"""What viewers are told by mail: from a served folder, through the outbox, to a real mail server."""
import os
import re
import sqlite3
import unittest

import mail_server
from served_demo import ServedDemoTest

KINDS = ("high_alert", "first_alert_of_policy", "case_assigned", "case_due", "source_silent", "mass_event",
         "request_waiting", "weekly_summary")


@unittest.skipUnless(mail_server.is_there(), "NO MAIL SERVER HERE: exim4-daemon-light is not installed (tools/packages.txt)")
class NotificationTest(ServedDemoTest):
    def setUp(self):
        super().setUp()
        os.environ["CANDOR_MAIL_PASSWORD"] = mail_server.PASSWORD
        self.addCleanup(os.environ.pop, "CANDOR_MAIL_PASSWORD", None)
        self.server = mail_server.MailServer(self.folder / "exim").start()
        self.addCleanup(self.server.stop)
        (self.content / "settings.yml").write_text(self.server.settings())

    def knows_all(self):
        """Whether every high alert there is counts as known, so that what comes is news."""
        with sqlite3.connect(f"file:{self.data / 'records.db'}?mode=ro", uri=True) as records:
            return records.execute(
                "select not exists (select 1 from alerts where severity = 3 and status = 'needs_review' and mass_event = 0"
                " and alert_id not in (select alert_id from feed_alerts where follower = 'notifications/mail')) from feed_followers"
                " where follower = 'notifications/mail'").fetchone() == (1,)

    def choose(self, **choices):
        self.call("PUT", "/session/notifications",
                  {"language": "en", "zone": "UTC", "digest_hour": 8, "quiet_from": "", "quiet_to": "",
                   **dict.fromkeys(KINDS, "off"), **choices})

    def new_high_alerts(self):
        """A second policy like one with high alerts: its own are news. Gives how many."""
        policy = self.call("GET", "/alerts?severity=high&status=needs_review&limit=1")["alerts"][0]["policy"]["id"]
        yaml = self.call("GET", f"/policies/{policy}")["yaml"]
        other = re.sub(r"(?m)^id: .*$", "id: told-by-mail", yaml, count=1)
        other = re.sub(r"(?m)^name: .*$", "name: Told by mail", other, count=1)
        self.call("POST", "/policies", {"yaml": other, "reason": "to be told of what it finds"})
        of_it = "/alerts?severity=high&status=needs_review&policy=told-by-mail&limit=100"
        self.wait_until(lambda: self.call("GET", of_it)["total"], 300)
        return of_it

    def test_a_high_alert_arrives_by_pseudonym_and_once(self):
        process, one_time = self.serve_demo()
        self.sign_in(one_time)
        self.wait_until(self.knows_all, 60)
        self.call("PUT", "/session/mail", {"address": "admin@example.com"})
        self.assertEqual({one["kind"]: one["choice"] for one in self.call("GET", "/session/notifications")["kinds"]}
                         ["high_alert"], "at_once")
        self.choose(high_alert="at_once")
        of_it = self.new_high_alerts()
        self.wait_until(self.server.mails, 120)
        mail = self.server.mails()[0]
        self.assertEqual(mail.defects, [])
        self.assertEqual(mail["to"], "admin@example.com")
        self.assertEqual(mail["auto-submitted"], "auto-generated")
        text = mail.get_body(("plain",)).get_content()
        pseudonym = re.search(r"Anon(-[0-9A-Z]{4}){3}", text)[0]
        self.assertIn("Told by mail", text)
        # Whoever it is: none of their names is in it.
        alerts = self.call("GET", of_it)["alerts"]
        alert = next(one["id"] for one in alerts if one["person"]["pseudonym"] == pseudonym)
        self.call("POST", f"/alerts/{alert}/lift", {"reason": "have to know who it is"}, 201)
        name = self.call("GET", f"/alerts/{alert}")["person"]["name"]
        said = " ".join(part.get_content() for part in mail.walk() if not part.is_multipart()) + str(mail["subject"])
        for part in re.findall(r"[\w.]{4,}@[\w.]+|[A-Z]\w{3,}", name):
            self.assertNotIn(part.lower(), said.lower())
        # Each alert is in one mail, be it one of its own or the one that says how many there are.
        self.wait_until(lambda: not self.listed("--state", "waiting"), 60)
        texts = [one.get_body(("plain",)).get_content() for one in self.server.mails()]
        told = re.findall(r"Anon(?:-[0-9A-Z]{4}){3}", " ".join(texts))
        self.assertEqual(len(told), len(set(told)))
        self.assertEqual({one["kind"] for one in self.listed()} - {"notification", "notification_summary"}, set())
        process.terminate()
        self.assertEqual(process.wait(30), 0)
        self.assertNotIn("notifications", process.stderr.read().decode())
        log = self.candor("audit", "export").stdout.decode()
        self.assertEqual(log.count('"action":"viewer.notifications_set"'), 1)


if __name__ == "__main__":
    unittest.main()
