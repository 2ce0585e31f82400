"""`candor retention`: what is over goes, what an alert is about stays, and neither comes back."""
import datetime
import http.client
import json
import shutil
import sqlite3
import unittest

from harness import ROOT, CommandTest, record
from policy_test import RESIGNATION, theft
from served_demo import ServedDemoTest

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
        self.assertIn("held by open alerts, open cases and legal holds of 1 people", done.stdout.decode())
        done = self.candor("retention", "run", "--as-of", "tomorrow")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--as-of takes a day", done.stderr.decode())
        done = self.candor("retention", "run", "--as-of", days_from_now(-1))
        self.assertEqual(done.returncode, 1)
        self.assertIn("today or a later day", done.stderr.decode())


class RetentionOfRecords(ServedDemoTest):
    """Alerts, cases and what they hold; activities are kept longer, so that they could make alerts again."""
    KINDS = ["undecided_alerts", "decided_alerts", "cases", "case_alerts", "case_evidence", "requests", "messages"]

    def setUp(self):
        super().setUp()
        (self.content / "settings.yml").write_text(
            "retention: {activity_days: 3650, decided_alert_days: 200, request_days: 0}\n")
        self.write("index.html", "<!doctype html>")  # else serve says that there are no pages

    def own(self, *arguments):
        done = self.candor("--content", self.content, *arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def run_on(self, days, *more):
        run = json.loads(self.own("retention", "run", "--json", "--as-of", days_from_now(days), *more))
        self.assertEqual([kind["kind"] for kind in run["kinds"]], self.KINDS)
        moved = [kind for kind in run["kinds"] if kind["removed"] or kind["held"]]
        return {kind["kind"]: (kind["removed"], kind["held"]) for kind in moved}

    def database(self, statement):
        with sqlite3.connect(next(self.data.glob("*.db"))) as database:
            rows = database.execute(statement).fetchall()
        database.close()
        return rows

    def worked_on(self):
        """One alert dismissed, one in a case that was closed with all it holds; the others wait. Gives their ids."""
        process, one_time = self.serve_demo()
        self.sign_in(one_time)
        alerts = self.call("GET", "/alerts?limit=100&status=needs_review")["alerts"]
        self.assertGreater(len(alerts), 2)
        dismissed = alerts[-1]
        in_case = next(one for one in alerts if one["person"] != dismissed["person"])
        until = self.call("GET", f"/alerts/{dismissed['id']}")["evidence_until"]
        self.call("POST", f"/alerts/{dismissed['id']}/dismiss",
                  {"reason": "expected", "note": "plantedword", "evidence_until": until}, 200)
        case = self.call("POST", "/cases", {"alert_id": in_case["id"], "title": "plantedword",
                                            "reason": "more than ever"}, 201)["id"]
        self.call("POST", f"/cases/{case}/notes", {"text": "plantedword of a note"}, 201)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", f"/api/v1/cases/{case}/evidence", b"x" * 2_500_000,
                           {"X-Candor-Request": "1", "Cookie": self.cookie, "X-Candor-File-Name": "disk.img",
                            "Content-Type": "application/octet-stream"})
        self.assertEqual(connection.getresponse().status, 201)
        connection.close()
        seen = self.call("GET", f"/cases/{case}")["alerts_seen"]
        self.call("POST", f"/cases/{case}/close", {"resolution": "benign", "action": "coached", "text": "plantedword",
                                                   "alerts_seen": seen}, 200)
        process.terminate()  # in good order: what is killed reads its raw log again
        process.wait(timeout=60)
        self.end(process)
        return dismissed["id"], in_case["id"], len(alerts) - 2

    def test_of_one_organisation_on_different_days(self):
        dismissed, in_case, waiting = self.worked_on()
        whole = self.data
        for part in (self.each_kind_goes_after_its_own_days_and_does_not_come_back, self.who_is_on_legal_hold_keeps_all,
                     self.a_folder_of_an_older_candor_keeps_all_for_as_long_again):
            with self.subTest(part.__name__):
                self.data = self.folder / part.__name__
                shutil.copytree(whole, self.data, ignore=shutil.ignore_patterns("control.sock"))
                part(dismissed, in_case, waiting)

    def each_kind_goes_after_its_own_days_and_does_not_come_back(self, dismissed, _, waiting):
        self.assertEqual(self.run_on(119), {})
        expected = {"undecided_alerts": (waiting, 0), "cases": (1, 0), "case_alerts": (1, 0), "case_evidence": (1, 0)}
        self.assertEqual(self.run_on(121, "--dry-run"), expected)
        self.assertEqual(self.database("select count(*) from alerts"), [(waiting + 2,)], "that only counted")
        self.assertEqual(self.run_on(121), expected)
        self.assertEqual(self.run_on(121), {})
        self.assertEqual(self.database("select alert_id from alerts"), [(dismissed,)])
        for table in ("cases", "case_alerts", "case_notes", "case_evidence", "case_evidence_parts", "case_history"):
            self.assertEqual(self.database(f"select count(*) from {table}"), [(0,)], table)
        self.assertEqual(self.own("case", "list"), "")
        # What they were made of is there, and makes none of them again.
        self.own("rebuild")
        self.assertEqual(self.database("select alert_id from alerts"), [(dismissed,)])
        self.assertEqual(self.run_on(201), {"decided_alerts": (1, 0)})
        self.assertEqual(self.database("select count(*) from alerts"), [(0,)])
        tables = [name for name, in self.database("select name from sqlite_master where type = 'table'")]
        said = [name for name in tables for row in self.database(f"select * from {name}") if "plantedword" in str(row)]
        self.assertEqual(set(said), {"audit_lines"}, "the reasons that were given are the log's")
        # A note is nowhere, also not in what the file had of it before.
        left = [path.name for path in self.data.glob("records.db*") if b"plantedword of a note" in path.read_bytes()]
        self.assertEqual(left, [])
        shown = json.loads(self.own("retention", "show", "--json"))
        removed = {kind["kind"]: kind["removed"] for kind in shown["kinds"]}
        self.assertEqual(removed["undecided_alerts"] + removed["decided_alerts"] + removed["case_alerts"], waiting + 2)
        self.assertEqual({kind["kind"]: kind["days"] for kind in shown["kinds"]}["requests"], 0)
        self.assertIn("requests without end", self.own("retention", "show"))
        ran = [json.loads(json.loads(line)["details"]) for line in self.own("audit", "export").splitlines()
               if '"retention.ran"' in line]
        self.assertEqual([line["kinds"] for line in ran if line["kinds"]],
                         [{kind: count for kind, (count, _) in expected.items()}, {"decided_alerts": 1}])
        self.assertIn("whole", self.own("audit", "verify"))

    def who_is_on_legal_hold_keeps_all(self, _, in_case, waiting):
        held, = self.database(f"select person_hex from alerts where alert_id = '{in_case}'")[0]
        with sqlite3.connect(next(self.data.glob("*.db"))) as database:
            database.execute("insert into legal_holds (number, person, reason, placed_by, placed_at, released_by, "
                             "released_at, released_reason) select 1, person, 'a court', 'ada', 1, '', 0, '' from alerts "
                             "where alert_id = ?", (in_case,))
        database.close()
        own = self.database(f"select count(*) from alerts where person_hex = '{held}' and in_case = 0 and status = "
                            "'needs_review'")[0][0]
        run = self.run_on(250)
        self.assertEqual(run["cases"], (0, 1))
        self.assertEqual(run["case_evidence"], (0, 1))
        self.assertEqual(run["undecided_alerts"], (waiting - own, own))
        self.assertEqual(self.database("select distinct person_hex from alerts"), [(held,)])
        self.assertEqual(self.database("select count(*) from cases"), [(1,)])
        with sqlite3.connect(next(self.data.glob("*.db"))) as database:
            database.execute("update legal_holds set released_by = 'ada', released_at = 2, released_reason = 'over'")
        database.close()
        self.assertEqual(self.run_on(251)["cases"], (1, 0))
        self.assertEqual(self.database("select count(*) from alerts"), [(0,)])

    def a_folder_of_an_older_candor_keeps_all_for_as_long_again(self, *_):
        with sqlite3.connect(next(self.data.glob("*.db"))) as database:
            database.execute("update retention_folder set records_began = records_began + 100")
        database.close()
        self.assertEqual(self.run_on(219), {})
        self.assertEqual(self.run_on(220)["cases"], (1, 0))


if __name__ == "__main__":
    unittest.main()
