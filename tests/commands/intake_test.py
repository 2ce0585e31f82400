"""`candor intake` and what it keeps from the disk: counts, faults, and a search of every byte that is left."""
import json
import os
import shutil
import signal
import unittest

from harness import ROOT, CommandTest, record

SEED = "zq7-unique-seed"


class IntakeTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)

    def rules(self, intake="rules: []\n", parties="parties: []\n"):
        (self.content / "intake.yml").write_text(intake)
        (self.content / "protected.yml").write_text(parties)

    def run_candor(self, *arguments, **more):
        return self.candor("--content", self.content, *arguments, **more)

    def take(self, *arguments, **more):
        return self.ingest("--content", self.content, *arguments, **more)

    def show(self):
        done = self.run_candor("intake", "show", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)


class Rules(IntakeTest):
    def test_shipped_rules_filter_nothing(self):
        done = self.candor("intake", "check", data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn(b"0 rules, 0 protected parties, 0 faults", done.stdout)

    def test_a_fault_names_its_place_and_stops_everything(self):
        self.rules("rules:\n  - {name: a, reason: x, drop: [UserId]}\n")
        for command in (["intake", "check"], ["ingest", self.write_lines("a.jsonl", [record(1)])], ["content", "check"]):
            done = self.run_candor(*command)
            self.assertEqual(done.returncode, 1, command)
            self.assertIn(b"intake.yml:2:", done.stderr)
            self.assertIn(b"intake.identity_field", done.stderr)

    def test_counts_by_rule_and_day_survive(self):
        self.rules("""rules:
  - {name: no_deletes, reason: x, never_store: record, when: {operation: FileDeleted}}
  - {name: no_names, reason: x, drop: [SourceFileName], when: {operation: FileRenamed}}
""", "parties:\n  - {name: council, reason: x, mailboxes: [council@example.com]}\n")
        rows = [record(1), record(2, Operation="FileDeleted"), record(3, Operation="FileRenamed"),
                record(4, Target="council@example.com"), record(5, UserId="council@example.com")]
        first = self.take(self.write_lines("a.jsonl", rows))
        self.assertEqual(first["filtered"], {"council": 2, "no_deletes": 1})
        self.assertEqual(first["changed"], {"no_names": 1})
        self.assertEqual((first["records_read"], first["stored"]), (5, 2))
        expected = {"2026-03-01": {"council": {"dropped": 2, "changed": 0}, "no_deletes": {"dropped": 1, "changed": 0},
                                   "no_names": {"dropped": 0, "changed": 1}}}
        self.assertEqual(self.show()["days"], expected)
        # Delivered again they are counted again; what is stored is a repeat.
        again = self.take(self.write_lines("a.jsonl", rows))
        self.assertEqual((again["stored"], again["repeats"]), (0, 2))
        self.assertEqual(self.show()["days"]["2026-03-01"]["council"], {"dropped": 4, "changed": 0})
        self.assertNotIn("intake", json.dumps(self.status()["checkpoints"]))

    def test_try_counts_and_stores_nothing(self):
        self.rules("rules:\n  - {name: no_deletes, reason: x, never_store: record, when: {operation: FileDeleted}}\n")
        path = self.write_lines("a.jsonl", [record(1), record(2, Operation="FileDeleted"), {"no": "record"}])
        done = self.run_candor("intake", "try", path, "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        report = json.loads(done.stdout)
        self.assertEqual((report["records"], report["kept"], report["not_usable"]), (3, 1, 1))
        self.assertEqual(report["dropped"], {"no_deletes": 1})
        self.assertFalse(self.data.exists())

    def test_protected_names_are_not_printed(self):
        self.rules(parties="parties:\n  - {name: council, reason: x, mailboxes: [council@example.com]}\n")
        self.take(self.write_lines("a.jsonl", [record(1, Target="council@example.com")]))
        done = self.run_candor("intake", "show")
        self.assertNotIn(b"council@", done.stdout + done.stderr)

    def test_another_rule_makes_nothing_again(self):
        self.take(self.write_lines("a.jsonl", [record(n) for n in range(3)]))
        self.rules("rules:\n  - {name: none, reason: x, never_store: record}\n")
        self.assertEqual(self.status()["activities"], 3)


class Evidence(IntakeTest):
    """Unique texts that a rule forbids are nowhere: neither in files nor in output, also after a kill."""

    def seeded(self, number):
        return [
            record(number, Operation="FileDeleted", ObjectId=f"https://x.example/{SEED}-object.docx"),
            record(number + 1, SourceFileName=f"{SEED}-name.docx", ObjectId="https://x.example/plain.docx"),
            record(number + 2, Extra={"to": "council@example.com", "text": f"{SEED}-council"}),
            record(number + 3, Operation=f"{SEED}-operation", Target="council@example.com"),
            record(number + 4, UserId=f"{SEED}-council@example.com", Target="council@example.com"),
            record(number + 5),
        ]

    def setUp(self):
        super().setUp()
        self.rules("""rules:
  - {name: no_deletes, reason: x, never_store: record, when: {operation: FileDeleted}}
  - {name: no_names, reason: x, drop: [SourceFileName]}
""", "parties:\n  - {name: council, reason: x, mailboxes: [council@example.com]}\n")

    def assert_nowhere(self, *outputs):
        plain = SEED.encode()
        for output in outputs:
            self.assertNotIn(plain, output.lower())
        looked_at = 0
        for path in self.folder.rglob("*"):
            if not path.is_file() or path.parent.name == "input" or self.content in path.parents:
                continue
            looked_at += 1
            self.assertNotIn(plain, path.read_bytes().lower(), path)
        self.assertGreater(looked_at, 5)
        # What is sealed on disk is searched opened, too: src/ingest/ingest_test.cc.

    def test_after_a_whole_run(self):
        rows = [row for n in range(0, 600, 6) for row in self.seeded(n)]
        done = self.run_candor("ingest", "--json", self.write_lines("input/a.jsonl", rows))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        summary = json.loads(done.stdout)
        self.assertEqual(summary["filtered"], {"council": 300, "no_deletes": 100})
        self.assertEqual(summary["stored"], 200)
        self.assert_nowhere(done.stdout, done.stderr)

    def test_rejected_rows_do_not_show_what_they_held(self):
        done = self.run_candor("ingest", self.write("input/a.jsonl", '{"Operation":"' + SEED + '"}\n{"' + SEED + "\n"))
        self.assertEqual(done.returncode, 2)
        self.assertNotIn(SEED.encode(), done.stdout + done.stderr)

    def test_after_a_kill(self):
        rows = [row for n in range(0, 60_000, 6) for row in self.seeded(n)]
        path = self.write_lines("input/a.jsonl", rows)
        process = self.start("--content", self.content, "ingest", "-", stdin=-1)
        half = path.read_bytes()
        process.stdin.write(half[:len(half) * 2 // 3])
        process.stdin.flush()
        self.wait_until(lambda: any(f.stat().st_size > 1000 for f in self.data.glob("timeline/raw/*.log")), 30)
        os.kill(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        self.assert_nowhere(out, err)
        # And nothing was lost by it: the whole input again gives what one run would have given.
        summary = json.loads(self.run_candor("ingest", "--json", path).stdout)
        self.assertEqual(summary["stored"] + summary["repeats"], 20_000)


if __name__ == "__main__":
    unittest.main()
