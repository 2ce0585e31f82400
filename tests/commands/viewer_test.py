"""Viewers on the command line, and the audit log they leave."""
import json
import re
import unittest

from harness import CommandTest

PASSWORD = re.compile(r"one-time password of (\S+): ([0-9a-z-]{23})\n")


class Viewers(CommandTest):
    def run_viewer(self, *arguments, code=0):
        done = self.candor("viewer", *arguments)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def audit(self):
        done = self.candor("audit", "export")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_viewers_are_made_listed_and_reset(self):
        first = PASSWORD.match(self.run_viewer("add", "ann", "--role", "analyst"))
        self.assertEqual(first.group(1), "ann")
        self.assertRegex(self.run_viewer("list"), r"ann +analyst +never signed in open sessions 0 one-time password no account of theirs is known\n")
        second = PASSWORD.match(self.run_viewer("reset-password", "ann"))
        self.assertNotEqual(first.group(2), second.group(2))
        self.run_viewer("set-role", "ann", "auditor", "--reason", "moved to internal audit")
        self.assertRegex(self.run_viewer("list"), r"ann +auditor")
        self.assertEqual(self.run_viewer("end-sessions", "ann"), "0 sessions of ann ended\n")
        lines = [line for line in self.audit() if "action" in line]
        self.assertEqual([line["action"] for line in lines],
                         ["viewer.added", "viewer.change_asked", "viewer.password_reset", "viewer.change_asked",
                          "viewer.sessions_ended", "audit.exported"])
        for line in lines:
            self.assertTrue(line["viewer"].startswith("local/"), line)
        self.assertNotIn(second.group(2), json.dumps(lines))

    def test_what_cannot_be_is_refused(self):
        self.assertIn("access.unknown_role", self.run_viewer("add", "ann", "--role", "king", code=1))
        self.assertIn("access.bad_user", self.run_viewer("add", "a b", "--role", "analyst", code=1))
        self.assertIn("access.unknown_user", self.run_viewer("reset-password", "ann", code=1))
        self.assertIn("access.unknown_user", self.run_viewer("end-sessions", "ann", code=1))
        self.run_viewer("add", "ann", "--role", "analyst")
        self.assertIn("access.user_taken", self.run_viewer("add", "ANN", "--role", "analyst", code=1))

    def test_an_account_is_linked_without_telling_the_log_which(self):
        self.run_viewer("add", "ann", "--role", "analyst")
        self.run_viewer("link", "Ann", "--account", "Ada.Kelm@example.com")
        self.run_viewer("unlink", "ann", "--account", "ada.kelm@example.com ")
        self.assertIn("access.not_linked", self.run_viewer("unlink", "ann", "--account", "ada.kelm@example.com", code=1))
        self.assertIn("access.unknown_user", self.run_viewer("link", "ben", "--account", "x@example.com", code=1))
        self.assertIn("access.bad_account", self.run_viewer("link", "ann", "--account", " ", code=1))
        lines = [line for line in self.audit() if line.get("action", "").startswith("viewer.")]
        self.assertEqual([(line["action"], line["object_id"]) for line in lines],
                         [("viewer.added", "ann"), ("viewer.change_asked", "ann"), ("viewer.linked", "ann"),
                          ("viewer.unlinked", "ann")])
        told = [{key: value for key, value in line.items() if key != "hash"} for line in lines]
        self.assertNotIn("ada", json.dumps(told).lower())

    def test_a_second_factor_is_reset_and_tokens_are_revoked(self):
        self.run_viewer("add", "ann", "--role", "analyst")
        self.assertIn("access.unknown_user", self.run_viewer("reset-second-factor", "ben", code=1))
        self.assertIn("access.no_second_factor", self.run_viewer("reset-second-factor", "ann", code=1))
        self.assertEqual(self.run_viewer("revoke-tokens", "ann"), "0 tokens of ann revoked\n")
        lines = [line["action"] for line in self.audit() if line.get("action", "").startswith("viewer.")]
        self.assertEqual(lines, ["viewer.added", "viewer.change_asked", "viewer.tokens_revoked"])

    def test_roles_are_those_of_the_content(self):
        roles = self.run_viewer("roles")
        self.assertRegex(roles, r"auditor +policies\.read audit\.read reports\.read settings\.read\n")
        self.assertIn("investigator", roles)


class AuditVerify(CommandTest):
    def test_a_known_line_is_asked_for(self):
        fresh = self.candor("audit", "verify")
        self.assertEqual(fresh.returncode, 1, "a log without a line shows nothing")
        self.candor("viewer", "add", "ann", "--role", "analyst")
        whole = self.candor("audit", "verify")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        last = re.search(r"last line (2/[0-9a-f]{64})\n", whole.stdout.decode()).group(1)
        key = self.candor("audit", "key").stdout.decode().strip()
        export = self.write("log.ndjson", self.candor("audit", "export").stdout)
        verify = ["audit", "verify", "--file", export, "--key", key]
        self.assertEqual(self.candor(*verify, data=False).returncode, 0)
        self.assertEqual(self.candor(*verify, "--at-least", last, data=False).returncode, 0)
        missing = self.candor(*verify, "--at-least", "4", data=False)
        self.assertEqual(missing.returncode, 1)
        self.assertIn("cut off", missing.stderr.decode())
        self.assertEqual(self.candor(*verify, "--at-least", "2/" + "0" * 64, data=False).returncode, 1)
        self.assertIn("access.bad_known_line", self.candor("audit", "verify", "--at-least", "x").stderr.decode())


if __name__ == "__main__":
    unittest.main()
