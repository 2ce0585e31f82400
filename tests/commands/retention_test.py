"""`candor retention`: what is over goes, what an alert is about stays, and neither comes back."""
import datetime
import json
import shutil
import sqlite3
import unittest

from harness import ROOT, CommandTest, record
from policy_test import RESIGNATION, theft

OTHERS = 20  # records of theft() that are of the other person


def days_from_now(days):
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)).isoformat()


class Retention(CommandTest):
    def retention(self, *arguments, code=0):
        done = self.candor("retention", *arguments, "--json")
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return json.loads(done.stdout)

    def prepare(self):
        self.of_invented_people()
        self.rows = theft()
        self.candor("policy", "apply", ROOT / "content" / "policies")
        self.candor("hr", "import", self.write("hr.csv", RESIGNATION))
        self.file = self.write_lines("a.jsonl", self.rows)
        self.assertEqual(self.ingest(self.file)["stored"], len(self.rows))

    def canonical(self):
        done = self.candor("alerts", "export", "--canonical", "--as-of", "2026-04-15")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def ledger(self):
        done = self.candor("ledger", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def test_the_back_file_of_a_new_folder_stays(self):
        self.prepare()
        shown = self.retention("show")
        self.assertEqual([shown["raw_days"], shown["activity_days"]], [30, 90])
        self.assertEqual(shown["folder_began"], days_from_now(0))
        self.assertEqual(self.retention("run")["activities"], 0)
        # In a month it is still there, but not its raw records.
        run = self.retention("run", "--as-of", days_from_now(40))
        self.assertEqual([run["activities"], run["raw_records"]], [0, OTHERS])
        self.assertEqual(run["held"], {"people": 1, "activities": 0, "raw_records": len(self.rows) - OTHERS})
        self.assertEqual(self.ingest(self.file)["repeats"], len(self.rows))

    def test_what_an_alert_is_about_stays_and_what_went_does_not_come_back(self):
        self.prepare()
        alerts, ledger = self.canonical(), self.ledger()
        self.assertTrue(alerts)
        later = days_from_now(95)
        dry = self.retention("run", "--dry-run", "--as-of", later)
        self.assertTrue(dry.pop("dry_run"))
        self.assertEqual(self.status()["activities"], len(self.rows))
        run = self.retention("run", "--as-of", later)
        self.assertFalse(run.pop("dry_run"))
        self.assertEqual(run, dry)
        self.assertEqual([run["activities"], run["accounts"], run["raw_records"]], [OTHERS, 1, OTHERS])
        self.assertEqual(run["held"]["activities"], len(self.rows) - OTHERS)
        self.assertEqual(self.status()["activities"], len(self.rows) - OTHERS)
        self.assertEqual(self.canonical(), alerts)
        self.assertEqual(self.ledger(), ledger, "what was counted stands")
        database = sqlite3.connect(next(self.data.glob("*.db")))
        self.assertEqual(database.execute("select count(*) from accounts").fetchone(), (1,), "names go, too")
        database.close()
        # Delivered again, made again: gone is gone.
        summary = self.ingest(self.file, code=2)
        self.assertEqual(summary["rejected"], {"too_late": len(self.rows)})
        self.assertEqual(self.ingest(self.write_lines("b.jsonl", [record(9000)]), code=2)["rejected"], {"too_late": 1})
        self.assertEqual(self.candor("rebuild").returncode, 0)
        self.assertEqual(self.status()["activities"], len(self.rows) - OTHERS)
        self.assertEqual(self.canonical(), alerts)
        self.assertEqual(self.retention("show")["removed"], {"activities": OTHERS, "accounts": 1, "raw_records": OTHERS})
        done = self.candor("audit", "export")
        self.assertIn("retention.ran", done.stdout.decode())

    def test_a_restored_backup_loses_again_what_was_over(self):
        self.prepare()
        backup = self.folder / "backup"
        shutil.copytree(self.data, backup)
        # Of a folder that is older than what it holds, restored after its last run.
        database = sqlite3.connect(next(backup.glob("*.db")))
        database.execute("update retention_folder set began = 1")
        database.execute("delete from retention_runs")
        database.commit()
        database.close()
        self.data = backup
        self.assertEqual(self.status()["activities"], len(self.rows) - OTHERS, "before anybody can look")

    def test_a_served_folder_takes_the_command(self):
        self.prepare()
        self.serve()
        self.assertEqual(self.retention("run", "--as-of", days_from_now(95))["activities"], OTHERS)
        self.assertEqual(self.status()["activities"], len(self.rows) - OTHERS)

    def test_says_it_in_words(self):
        self.prepare()
        done = self.candor("retention", "run", "--dry-run", "--as-of", days_from_now(95))
        self.assertIn(f"would be removed on {days_from_now(95)}", done.stdout.decode())
        self.assertIn("held by open alerts of 1 people", done.stdout.decode())
        done = self.candor("retention", "run", "--as-of", "tomorrow")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--as-of takes a day", done.stderr.decode())
        done = self.candor("retention", "run", "--as-of", days_from_now(-1))
        self.assertEqual(done.returncode, 1)
        self.assertIn("today or a later day", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
