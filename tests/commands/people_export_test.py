"""What is held on one person, for that person: whole, and of nobody else."""
import json
import unittest

from harness import ROOT, CommandTest, record

WHY = ("--reason", "Ada asked for it under Article 15")


class PeopleExport(CommandTest):
    def setUp(self):
        super().setUp()
        self.of_invented_people()
        rows = [record(n, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint",
                       UserId="ada@example.com", CreationTime=f"2026-03-02T{9 + n // 60:02d}:{n % 60:02d}:00",
                       ObjectId=f"C:\\plan-{n}.docx", FileExtension="docx") for n in range(240)]
        rows += [record(1000 + n, UserId="ben@example.com") for n in range(3)]
        self.assertEqual(self.candor("ingest", self.write_lines("a.jsonl", rows)).returncode, 0)
        self.assertEqual(self.candor("policy", "apply", ROOT / "content" / "policies" / "data_leaks.yml").returncode, 0)

    def exported(self, *arguments, code=0):
        done = self.candor("people", "export", "ada@example.com", *arguments)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return [json.loads(line) for line in done.stdout.splitlines()] if code == 0 else done.stderr.decode()

    def test_everything_and_nobody_else(self):
        lines = self.exported(*WHY)
        kinds = [next(iter(line)) for line in lines]
        self.assertEqual(kinds[0], "held_on")
        self.assertEqual(kinds.count("activity"), 240)
        self.assertEqual(len({json.dumps(line) for line in lines if "activity" in line}), 240)
        self.assertEqual([line["account"] for line in lines if next(iter(line)) == "account"], ["ada@example.com"])
        alert = next(line for line in lines if "alert" in line)
        self.assertEqual(alert["policy"], "Data leaks")
        self.assertEqual(alert["revisions"][0]["what"], "raised")
        self.assertIn("person.exported", [line.get("look") for line in lines])
        self.assertEqual(lines[-1], {"lines": len(lines)})
        self.assertNotIn("ben@example.com", json.dumps(lines))
        log = self.candor("audit", "export").stdout.decode()
        self.assertIn("person.exported", log)
        self.assertNotIn("Ada asked", log)

    def test_more_in_one_instant_than_fits_a_page(self):
        rows = [record(5000 + n, UserId="ada@example.com", CreationTime="2026-03-05T09:00:00") for n in range(5200)]
        self.assertEqual(self.candor("ingest", self.write_lines("b.jsonl", rows)).returncode, 0)
        ids = [line["activity"]["event.id"] for line in self.exported(*WHY) if "activity" in line]
        self.assertEqual((len(ids), len(set(ids))), (5440, 5440))

    def test_what_is_left_out_is_said_with_its_reason(self):
        lines = self.exported(*WHY, "--leave-out", "alerts", "--leave-out", "looks", "--because", "an inquiry is open")
        self.assertEqual(lines[0]["left_out"], ["alerts", "looks"])
        self.assertEqual(lines[0]["because"], "an inquiry is open")
        self.assertFalse([line for line in lines if "alert" in line or "look" in line])
        self.assertIn("--because", self.exported(*WHY, "--leave-out", "alerts", code=1))
        self.assertIn("10 characters", self.exported("--reason", "short", code=1))


class OfRealPeople(CommandTest):
    def test_nobody_exports_a_real_person_alone(self):
        self.assertEqual(self.candor("ingest", self.write_lines("a.jsonl", [record(1)])).returncode, 0)
        done = self.candor("people", "export", "ada.kelm@example.com", *WHY)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"app.second_person", done.stderr)
        self.assertEqual(done.stdout, b"")


if __name__ == "__main__":
    unittest.main()
