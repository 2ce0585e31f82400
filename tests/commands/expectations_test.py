"""What is expected: asked for, agreed to by a second person, out of the score and in the receipt, ended, withdrawn."""
import json
import unittest

from harness import ROOT, CommandTest, record

MARCH = ("--from", "2026-03-01", "--until", "2026-03-05")
WHY = ("--because", "moves to a new laptop", "--owner", "Head of IT")
REASON = ("--reason", "asked the head of IT")


class Expectations(CommandTest):
    def expectations(self, *arguments, code=0):
        done = self.candor("expectations", *arguments)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def assessed(self):
        done = self.candor("assess", "ada@example.com", "--as-of", "2026-03-31", "--policy", "data-leaks", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def copies_to_a_stick(self):
        rows = [record(1000 * day + n, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint",
                       UserId="ada@example.com", CreationTime=f"2026-03-{day:02d}T{9 + n // 60:02d}:{n % 60:02d}:00",
                       ObjectId=f"C:\\plan-{n}.docx", FileExtension="docx") for day in (2, 10) for n in range(240)]
        self.assertEqual(self.candor("ingest", self.write_lines("a.jsonl", rows)).returncode, 0)
        self.assertEqual(self.candor("policy", "apply", ROOT / "content" / "policies").returncode, 0)

    def test_over_invented_people_it_holds_at_once_and_stands_in_the_receipt(self):
        self.of_invented_people()
        self.copies_to_a_stick()
        before = self.assessed()
        self.assertGreater(before["score"], 0)
        said = self.expectations("add", "--person", "ada@example.com", "--indicator", "usb_copy", *MARCH, *WHY)
        self.assertRegex(said, r"^expectation 1: Anon-\S+, usb_copy until 2026-03-05\n$")
        after = self.assessed()
        self.assertLess(after["score"], before["score"])
        lines = [one for one in after["left_out"] if one["reason"].startswith("expected until")]
        self.assertEqual([(one["indicator"], one["count"], one["reason"]) for one in lines],
                         [("usb_copy", 240, "expected until 2026-03-05")])
        listed = self.expectations("list")
        self.assertIn("1 have ended", listed)
        self.assertRegex(listed, r"until 2026-03-05 \(\d+ days ago\)")
        self.assertIn("because moves to a new laptop; Head of IT answers for it", listed)
        self.assertNotIn("ada@", listed)
        self.expectations("withdraw", "1", *REASON)
        self.assertEqual(self.assessed(), before)
        self.assertIn("withdrawn", self.expectations("list"))
        self.assertIn("only what was agreed to", self.expectations("withdraw", "1", *REASON, code=1))

    def test_names_that_are_typed_reach_neither_the_list_nor_the_audit_log(self):
        self.of_invented_people()
        self.copies_to_a_stick()
        named = ("--because", "ada@example.com moves to a new laptop", "--owner", "ada@example.com")
        self.expectations("add", "--person", "ada@example.com", "--indicator", "usb_copy", *MARCH, *named)
        self.expectations("withdraw", "1", "--reason", "ada@example.com has moved")
        listed = self.expectations("list")
        self.assertIn("moves to a new laptop", listed)
        self.assertNotIn("ada@example.com", listed)
        audit = self.candor("audit", "export")
        self.assertEqual(audit.returncode, 0, audit.stderr.decode())
        self.assertIn(b"moves to a new laptop", audit.stdout)
        self.assertNotIn(b"ada@example.com", audit.stdout)

    def test_over_real_people_it_waits_and_nobody_approves_his_own(self):
        self.copies_to_a_stick()
        said = self.expectations("add", "--group", "department=Finance", "--indicator", "usb_copy", *MARCH, *WHY)
        self.assertIn("waits for a second person", said)
        self.assertIn("a second person must", self.expectations("approve", "1", *REASON, code=1))
        self.expectations("reject", "1", *REASON)
        self.assertIn("rejected", self.expectations("list"))

    def test_refuses_what_says_too_little(self):
        self.of_invented_people()
        self.copies_to_a_stick()
        for arguments, message in (
                ((*MARCH, *WHY, "--indicator", "usb_copy"), "who is meant"),
                (("--policy", "data-leaks", *MARCH, *WHY), "everything somebody does cannot be"),
                (("--policy", "none", "--indicator", "usb_copy", *MARCH, *WHY), "no such policy"),
                (("--policy", "data-leaks", "--indicator", "no_such", *MARCH, *WHY), "no indicator"),
                (("--group", "Finance", "--indicator", "usb_copy", *MARCH, *WHY), "ATTRIBUTE=VALUE"),
                (("--policy", "data-leaks", "--domain", "a.example", "--site", "b.example", *MARCH, *WHY), "one kind"),
                (("--policy", "data-leaks", "--domain", "a.example", "--from", "2026-03-01", "--until", "2027-03-01",
                  *WHY), "at most 365 days"),
                (("--policy", "data-leaks", "--domain", "a.example", "--from", "soon", "--until", "2026-03-01", *WHY),
                 "YYYY-MM-DD")):
            self.assertIn(message, self.expectations("add", *arguments, code=1))
        self.assertIn("nothing is expected of anybody", self.expectations("list"))


if __name__ == "__main__":
    unittest.main()
