"""Policies measured on a labelled past, tried on the stored one, and one person's receipt."""
import json
import unittest

from harness import ROOT, CommandTest

POLICIES = ROOT / "content" / "policies"


class Evaluation(CommandTest):
    def simulate(self, name, *more):
        folder = self.folder / name
        done = self.candor("simulate", "--people", 40, "--days", 60, "--seed", 3, "--repeat-percent", 0, "--out", folder,
                           *more, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return folder

    def evaluate(self, *arguments):
        done = self.candor("evaluate", *arguments, "--json", data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def test_a_labelled_past_is_measured(self):
        found = self.evaluate(self.simulate("one"))
        for key in ("cr_400", "cr_1000", "false_alerts_per_person_month"):
            self.assertGreaterEqual(found[key], 0)
        self.assertLessEqual(found["cr_400"], found["cr_1000"] + 1e-9)
        self.assertLessEqual(found["cr_1000"], 1)
        recall = [found["recall_at"][budget] for budget in ("0.1", "0.5", "1", "5")]
        self.assertEqual(recall, sorted(recall), "more rows never find fewer")
        self.assertEqual(set(found["days_to_detect"]), {"median", "p90"})
        self.assertEqual(set(found["precision_at"]), {"10", "50"})
        thief = found["by_scenario"]["departing_thief"]
        self.assertEqual(thief["kind"], "malicious")
        self.assertEqual(thief["recall_own_cuts"]["hits"], thief["people"], "the shipped policies miss a thief")
        self.assertGreater(len(found["naive"]), 2)
        self.assertIsNone(found["insider_free"])
        milder = found["without_private_life"]
        self.assertEqual(set(milder["by_scenario"]), set(found["by_scenario"]))
        self.assertLessEqual(milder["cr_400"], 1)

    def test_without_insiders_nobody_is_found(self):
        found = self.evaluate(self.simulate("none", "--scenario", "none"))
        self.assertEqual(found["insiders"], 0)
        self.assertEqual(found["insider_free"]["people"], found["people"])
        self.assertEqual(sum(s["people"] for s in found["by_scenario"].values() if s["kind"] != "look_alike"), 0)

    def test_the_same_data_gives_the_same_figures(self):
        folder = self.simulate("again")
        self.assertEqual(self.evaluate(folder), self.evaluate(folder))

    def test_what_is_missing_is_said(self):
        done = self.candor("evaluate", self.folder, data=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"labels.csv", done.stderr)
        folder = self.folder / "bad"
        self.write("bad/labels.csv", "person,scenario,start,end,kind\na@example.com,x,2026-01-05,2026-01-06,odd\n")
        self.write("bad/audit/2026-01-05.jsonl", "")
        done = self.candor("evaluate", folder, data=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"row 2", done.stderr)


class Backtest(CommandTest):
    def setUp(self):
        super().setUp()
        out = self.folder / "sim"
        done = self.candor("simulate", "--people", 40, "--days", 60, "--seed", 3, "--repeat-percent", 0, "--out", out,
                           data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        for arguments in (("organisation", "import", out / "organisation.yml"), ("hr", "import", out / "hr.csv"),
                          ("policy", "apply", POLICIES), ("ingest", out / "audit")):
            done = self.candor(*arguments)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.last = "2026-03-06"

    def backtest(self, *arguments):
        done = self.candor("backtest", *arguments, "--days", 60, "--as-of", self.last, "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def test_the_policy_in_force_changes_nothing(self):
        same = self.backtest(POLICIES / "data_leaks.yml")
        self.assertEqual((same["new"], same["gone"], same["changed"]), (0, 0, 0))
        self.assertGreater(same["same"], 0)
        self.assertNotIn("alerts", same, "people only when asked for")
        self.assertEqual((same["confirmed"], same["dismissed"], same["indicators"]), (0, 0, []))

    def test_a_draft_shows_what_would_change_and_touches_nothing(self):
        before = self.candor("alerts", "export", "--canonical", "--as-of", self.last).stdout
        text = (POLICIES / "data_leaks.yml").read_text()
        strict = self.write("strict.yml", text + "volume: fewer\n")
        fewer = self.backtest(strict)
        self.assertEqual(fewer["cut"], 67)
        self.assertEqual(fewer["new"], 0)
        self.assertGreater(fewer["gone"], 0)
        loose = self.write("loose.yml", text + "volume: more\n")
        more = self.backtest(loose, "--people", "--reason", "tuning of the levels")
        self.assertGreater(more["new"], 0)
        for alert in more["alerts"]:
            self.assertRegex(alert["person"], r"^Anon-")
            receipt = alert["draft"] or alert["live"]
            self.assertEqual(sum(part["points"] for part in receipt["parts"]), receipt["score"])
        counts = [step["alerts"] for step in more["steps"]]
        self.assertEqual(counts, sorted(counts, reverse=True), "a higher cut shows no more")
        self.assertEqual(self.candor("alerts", "export", "--canonical", "--as-of", self.last).stdout, before)

    def test_people_need_a_reason(self):
        done = self.candor("backtest", POLICIES / "data_leaks.yml", "--people")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"--reason", done.stderr)

    def test_one_person_is_assessed_the_same_everywhere(self):
        found = self.backtest(POLICIES / "data_leaks.yml", "--people", "--reason", "a look at receipts")
        person = found["alerts"][0]["person"]
        receipt = found["alerts"][0]["live"]
        done = self.candor("assess", person, "--policy", "data-leaks", "--as-of", receipt["day"], "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        one = json.loads(done.stdout)
        self.assertEqual(one["score"], receipt["score"])
        self.assertEqual(one["parts"], receipt["parts"])
        words = self.candor("assess", person, "--as-of", receipt["day"])
        self.assertIn(b"Data leaks", words.stdout)
        then = self.candor("assess", person, "--known-at", "2000-01-01T00:00:00Z")
        self.assertEqual(then.stdout, b"")
        now = self.candor("assess", person, "--known-at", "2100-01-01T00:00:00Z")
        self.assertTrue(now.stdout, "what is shown now was shown")
        done = self.candor("assess", "nobody@example.com")
        self.assertEqual(done.returncode, 1)

    def test_beside_another_products_alerts(self):
        thief = next(line.split(",")[0] for line in (self.folder / "sim" / "labels.csv").read_text().splitlines()
                     if ",departing_thief," in line)
        file = self.write("theirs.csv", "User,Policy,Time detected,Alert severity,Status\n"
                          f"{thief},Data leaks,2026-03-06T10:00:00Z,High,Active\n"
                          "nobody@example.com,Data leaks,2026-02-01T10:00:00Z,Low,Dismissed\n")
        done = self.candor("compare", file, "--days", 90, "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        found = json.loads(done.stdout)
        self.assertEqual(found["unknown_people"], 1)
        self.assertEqual(len(found["both"]), 1)
        self.assertGreaterEqual(found["both"][0]["days_earlier"], 0)
        self.assertIn("receipt", found["both"][0]["ours"])
        self.assertGreater(len(found["only_ours"]), 0)
        self.assertNotIn(thief.encode(), done.stdout)
        done = self.candor("compare", self.write("bad.csv", "a,b\n1,2\n"))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"no column", done.stderr)


if __name__ == "__main__":
    unittest.main()
