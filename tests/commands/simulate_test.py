"""What `candor simulate` writes beside the audit log is what other commands read."""
import csv
import io
import json
import subprocess
import unittest

from harness import ROOT, CommandTest


class Simulate(CommandTest):
    def simulate(self, *arguments):
        out = self.folder / "simulated"
        done = self.candor("simulate", "--out", out, *arguments, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return out

    def hr(self, action, path, day):
        done = self.candor("hr", action, path, "--known-since", f"{day}T12:00:00Z", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def test_every_scenario_is_listed_with_its_kind(self):
        done = self.candor("simulate", "--list-scenarios", data=False)
        self.assertEqual(done.returncode, 0)
        kinds = {line.split()[0]: line.split()[1] for line in done.stdout.decode().splitlines()}
        self.assertEqual(set(kinds.values()), {"malicious", "accident", "taken_over", "look_alike"})
        self.assertEqual(kinds["quiet_leaver"], "look_alike")

    def test_deliveries_of_human_resources_lead_to_the_final_file(self):
        out = self.simulate("--people", 500, "--days", 60, "--seed", 5, "--scenario", "quiet_leaver", "--scenario",
                            "departing_thief", "--scenario", "cloud_upload_after_layoffs", "--repeat-percent", 0)
        withdrawn = corrected = 0
        for path in sorted((out / "hr_history").iterdir()):
            day = path.name[:10]
            if path.stem.endswith("-withdrawn"):
                done = self.hr("withdraw", path, day)
                self.assertEqual(done["withdrawn"], done["rows_read"])
                withdrawn += done["withdrawn"]
            else:
                done = self.hr("import", path, day)
                self.assertEqual(done["added"] + done["corrected"], done["rows_read"], done)
                corrected += done["corrected"]
        self.assertGreater(withdrawn, 0)
        self.assertGreater(corrected, 0)
        done = self.hr("import", out / "hr.csv", "2026-12-31")
        self.assertEqual(done["unchanged"], done["rows_read"], done)
        self.assertGreater(done["rows_read"], 5)

    def test_compressed_logs_are_read_like_plain_ones(self):
        arguments = ("--people", 20, "--days", 8, "--scenario", "look_alikes", "--activities", 15)
        plain = self.simulate(*arguments)
        packed = self.folder / "packed"
        done = self.candor("simulate", "--out", packed, *arguments, "--compress", "--json", data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn("departing_thief", json.loads(done.stdout)["planted"])
        stored = []
        for number, folder in enumerate((plain, packed)):
            files = sorted((folder / "audit").iterdir())
            self.assertTrue(all(path.name.endswith(".jsonl.zst" if number else ".jsonl") for path in files))
            self.data = self.folder / f"data-{number}"
            done = self.candor("ingest", *files, "--json")
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            stored.append(json.loads(done.stdout)["stored"])
        self.assertGreater(stored[0], 500)
        self.assertEqual(stored[0], stored[1])

    def test_an_organisation_of_few_incidents_is_evaluated(self):
        out = self.simulate("--people", 60, "--days", 9, "--activities", 10, "--incidents", 50, "--compress")
        labels = list(csv.DictReader(io.StringIO((out / "labels.csv").read_text(encoding="utf-8"))))
        incidents = {(row["scenario"], row["person"]) for row in labels if row["kind"] != "look_alike"}
        self.assertIn(len(incidents), (3, 4), "three, of which a pair of colluders has two rows")
        done = self.candor("evaluate", out, "--warm-up", 2, "--json", data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual(json.loads(done.stdout)["insiders"], len(incidents))

    def test_labels_and_directory_name_the_same_people(self):
        out = self.simulate("--people", 30, "--days", 20)
        read = lambda path: list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
        csv.field_size_limit(1 << 30)
        people = {row["userPrincipalName"] for path in (out / "directory").iterdir() for row in read(path)}
        labels = read(out / "labels.csv")
        self.assertTrue(labels)
        for row in labels:
            self.assertIn(row["person"], people)
            for one in json.loads(row["carry_outs"] or "[]"):
                self.assertEqual(set(one), {"first", "last", "destination", "files", "bytes", "label"})
        done = subprocess.run([ROOT / "tools" / "simulator_alerts", out, self.write("alerts.jsonl", "")],
                              capture_output=True, check=True)
        self.assertIn(b"0 alerts, 0 of them false", done.stdout)


if __name__ == "__main__":
    unittest.main()
