"""Indicators that count over time: bursts of downloads become alerts, whatever the order, and nothing when switched off."""
import json
import random
import unittest

from harness import CommandTest, record

POLICY = """
id: bursts
name: Bursts of downloads
template: data_leaks
description: For this test.
contractors: true
windows: {look_back_days: 30, activation_days: 30, evidence_days: 30}
triggers:
  - {id: burst, title: Downloads in a burst, indicators: [sharepoint_download_burst], level: low}
indicators:
  - {name: sharepoint_download_burst, weight: 1}
  - {name: sharepoint_download, weight: 1}
"""


def downloads(seconds, count, start=0):
    """`count` downloads of Ada, so many seconds apart, from nine o'clock."""
    rows = []
    for number in range(start, start + count):
        at = 9 * 3600 + number * seconds
        rows.append(record(number, CreationTime=f"2026-03-05T{at // 3600:02d}:{at // 60 % 60:02d}:{at % 60:02d}"))
    return rows


class Correlations(CommandTest):
    def setUp(self):
        super().setUp()
        self.of_invented_people()
        self.write("policies/bursts.yml", POLICY)

    def apply(self, data):
        applied = self.candor("policy", "apply", self.folder / "policies", data=data)
        self.assertEqual(applied.returncode, 0, applied.stderr.decode())

    def alerts(self, *files, data):
        self.apply(data)
        for file in files:
            done = self.candor("ingest", file, data=data)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        exported = self.candor("alerts", "export", "--canonical", "--as-of", "2026-03-10", data=data)
        self.assertEqual(exported.returncode, 0, exported.stderr.decode())
        return exported.stdout

    def test_a_burst_is_an_alert_and_a_morning_is_not(self):
        burst = self.alerts(self.write_lines("burst.ndjson", downloads(4, 450)), data=self.folder / "burst")
        self.assertIn(b"sharepoint_download_burst", burst)
        morning = self.alerts(self.write_lines("morning.ndjson", downloads(60, 450)), data=self.folder / "morning")
        self.assertNotIn(b"sharepoint_download_burst", morning)

    def test_records_that_come_late_repeated_and_shuffled_make_the_same_alert(self):
        rows = downloads(4, 450)
        whole = self.alerts(self.write_lines("whole.ndjson", rows), data=self.folder / "whole")
        shuffled = rows + rows[:100]
        random.Random(5).shuffle(shuffled)
        half = len(shuffled) // 2
        parts = [self.write_lines("a.ndjson", shuffled[:half]), self.write_lines("b.ndjson", shuffled[half:])]
        self.assertIn(b"sharepoint_download_burst", whole)
        self.assertEqual(self.alerts(*parts, data=self.folder / "parts"), whole)

    def test_what_is_off_is_not_counted(self):
        data = self.folder / "off"
        off = self.candor("switches", "set", "sharepoint_download_burst", "off", "--from", "2026-03-01", "--agreement",
                          "A 1", data=data)
        self.assertEqual(off.returncode, 0, off.stderr.decode())
        alerts = self.alerts(self.write_lines("burst.ndjson", downloads(4, 450)), data=data)
        self.assertNotIn(b"sharepoint_download_burst", alerts)
        ledger = self.candor("ledger", "--json", data=data)
        self.assertEqual(ledger.returncode, 0, ledger.stderr.decode())
        rows = [json.loads(line) for line in ledger.stdout.splitlines()]
        rows = [row for row in rows if row["indicator"] == "sharepoint_download_burst"]
        self.assertEqual([row["evaluated"] for row in rows], [0] * len(rows))
        self.assertEqual(sum(row["offered"] for row in rows), 450)


if __name__ == "__main__":
    unittest.main()
