"""`candor docs privacy`: what an installation is configured to do, for people who answer for it."""
import csv
import io
import re
import unittest

from harness import ROOT
from switches_test import NAME, SwitchTest, day, today

NAMES = ["impact_assessment.md", "record_of_processing.md", "staff_notice.md", "works_agreement_annex.md"]
LAWFUL = """
lawful_start: {purpose: protect_confidential_information, legal_basis: works_agreement, agreement: "BV 7 | <b>x</b>",
  impact_assessment: DPIA 3, owner: Head of security, countries: [DE], review_by: 2099-01-01}
"""


class Documents(SwitchTest):
    def made(self, country="DE", **more):
        out = self.folder / country
        done = self.run_candor("docs", "privacy", "--country", country, "--out", out, **more)
        self.assertEqual(len(done.stdout.splitlines()), len(NAMES))
        return {name: (out / name).read_text() for name in NAMES}

    def test_they_say_what_is_on_and_off_and_for_what(self):
        self.set(NAME, "off", "--country", "DE", "--from", day(-20), "--agreement", "Works agreement 7")
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        text = (ROOT / "content" / "policies" / "data_leaks.yml").read_text() + LAWFUL
        self.run_candor("policy", "apply", self.write("policies/data_leaks.yml", text), "--reason", "for the spring review")
        german = self.made()
        french = self.made("FR")
        for name, document in german.items():
            self.assertNotIn("{{", document, name)
            self.assertNotIn("kelm", document.lower(), name)
            self.assertIn("DE", document)
        annex = german["works_agreement_annex.md"]
        self.assertIn("Works agreement 7", annex)
        title = next(line for line in french["works_agreement_annex.md"].splitlines() if "Download" in line)
        self.assertTrue(title.startswith("|"), "on in France")
        off = annex.split("## 3.")[1].split("## 4.")[0]
        self.assertIn("Download", off)
        self.assertIn("analyst", annex, "the roles")
        self.assertIn("30 days from their arrival", german["record_of_processing.md"])
        # What is typed stays a cell of a table, and no HTML.
        policies = annex.split("## 1.")[1].split("## 2.")[0]
        self.assertIn("BV 7 \\| \\<b>x\\</b>", policies)
        self.assertIn("No policy looks at people in FR.", french["works_agreement_annex.md"])

    def test_they_say_what_holds_now_and_what_leaves(self):
        self.of_invented_people()
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        before = self.made()["record_of_processing.md"]
        self.assertIn("Nothing leaves the installation by itself.", before)
        self.assertIn("its last lines go to: nowhere", before.replace("\n", " "))
        (self.content / "settings.yml").write_text(
            "mail: {server: 'smtp://mail.example.com:587', from: candor@example.com}\n"
            "audit: {anchor_folder: /srv/anchors}\n"
            "webhooks:\n  - {name: tickets, url: 'https://hooks.example.com/T0-hidden-token', events: [alert.confirmed]}\n")
        # A change that was made while Candor runs holds, whatever the file says.
        self.run_candor("settings", "set", "retention.raw_days", "12", "--reason", "for the spring review")
        after = self.made()["record_of_processing.md"]
        self.assertIn("12 days from their arrival", after)
        self.assertIn("go by a mail server", after)
        self.assertIn("the webhook tickets", after)
        self.assertNotIn("hidden-token", after)
        self.assertIn("a folder that the settings name", after)

    def test_they_are_told_in_german_too(self):
        self.of_invented_people()
        self.set(NAME, "off", "--country", "DE", "--from", day(-20), "--agreement", "Betriebsvereinbarung 7")
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        out = self.folder / "deutsch"
        self.run_candor("docs", "privacy", "--country", "DE", "--language", "de", "--out", out)
        made = {name: (out / name).read_text() for name in NAMES}
        english = self.made()
        for name, document in made.items():
            self.assertNotIn("{{", document, name)
            self.assertEqual(len(re.findall(r"^#", document, re.M)), len(re.findall(r"^#", english[name], re.M)), name)
        self.assertIn("Verzeichnis der Verarbeitungstätigkeiten", made["record_of_processing.md"])
        self.assertIn("30 Tage ab ihrem Eingang", made["record_of_processing.md"])
        self.assertIn("Nichts verlässt die Installation von selbst.", made["record_of_processing.md"])
        self.assertIn("Die Personen dieser Installation sind erfunden", made["staff_notice.md"])
        annex = made["works_agreement_annex.md"]
        self.assertIn("| aus | DE | " + day(-20) + " | Betriebsvereinbarung 7 |", annex)
        decisions = annex.split("## 5.")[1].split("## 6.")[0]  # titles and descriptions of indicators are English
        for word in ("None", "not stated", " on |", " off |", "everywhere", "state"):
            self.assertNotIn(word, decisions)
        self.assertIn(b"--language", self.run_candor("docs", "privacy", "--country", "DE", "--language", "fr", code=1).stderr)

    def test_all_of_them_on_standard_output(self):
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        done = self.run_candor("docs", "privacy", "--country", "AT")
        self.assertEqual(done.stdout.count(b"\n# "), len(NAMES) - 1)
        log = self.run_candor("audit", "export").stdout
        self.assertIn(b"documents.made", log)
        rows = list(csv.DictReader(io.StringIO(self.run_candor("audit", "export", "--format", "csv").stdout.decode())))
        self.assertEqual([int(row["number"]) for row in rows], list(range(1, len(rows) + 1)))
        self.assertEqual(rows[-1]["action"], "audit.exported")
        made, = [row for row in rows if row["action"] == "documents.made"]
        self.assertEqual(made["detail"], "documents AT")
        file = self.write("log.ndjson", self.run_candor("audit", "export").stdout)
        key = self.run_candor("audit", "key").stdout.decode().strip()
        checked = self.candor("audit", "verify", file, "--key", key, data=False)
        self.assertIn(b"whole: ", checked.stdout)

    def test_faults_name_the_place(self):
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        self.assertIn(b"two capital letters", self.run_candor("docs", "privacy", "--country", "Germany", code=1).stderr)
        (self.content / "documents" / "staff_notice.md").write_text("# Notice\n\nfor {{everybody}}\n")
        done = self.run_candor("docs", "privacy", "--country", "DE", code=1)
        self.assertIn(b"content/documents/staff_notice.md:3: there is no placeholder `everybody`", done.stderr)


if __name__ == "__main__":
    unittest.main()
