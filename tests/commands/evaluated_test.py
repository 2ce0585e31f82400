"""`candor docs evaluated`: what is evaluated here, for those who are watched, in versions."""
import json
import subprocess
import unittest

from switches_test import NAME, SwitchTest, day, today


class Evaluated(SwitchTest):
    def told(self, *arguments, **more):
        return self.run_candor("docs", "evaluated", *arguments, **more).stdout.decode()

    def test_each_change_is_a_version_and_the_same_is_none(self):
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        first = self.told()
        self.assertIn("# What is evaluated here", first)
        self.assertEqual(self.told(), first)
        self.assertEqual(len(self.told("--list").splitlines()), 1)
        self.set(NAME, "off", "--country", "DE", "--from", day(-20), "--agreement", "BV 7 | <b>x</b>")
        second = self.told()
        self.assertIn("on, but off in DE", second)
        self.assertIn("BV 7 \\| \\<b>x\\</b>", second)
        listed = [line.split("\t") for line in self.told("--list").splitlines()]
        self.assertEqual([line[0] for line in listed], ["2", "1"])
        changes = self.told("--changes-since", "1").splitlines()
        self.assertTrue(any(line.startswith("+ ") and "BV 7" in line for line in changes), changes)
        self.assertTrue(any(line.startswith("- ") for line in changes), changes)
        self.assertIn("# What is evaluated here", self.told("--version", "1"))
        self.assertNotIn("BV 7", self.told("--version", "1"))
        self.assertIn(b"evaluated.no_version", self.run_candor("docs", "evaluated", "--version", "9", code=1).stderr)
        log = self.run_candor("audit", "export").stdout
        self.assertEqual(log.count(b'"evaluated.changed"'), 2)

    def test_nobody_and_no_threshold_is_in_it(self):
        self.take(self.write_lines("a.jsonl", [today(n, -1) for n in range(3)]))
        for language in ("en", "de"):
            text = self.told("--language", language).lower()
            for word in ("kelm", "ada.", "example.com", "threshold:"):
                self.assertNotIn(word, text)

    def test_a_signed_file_is_checked_without_data(self):
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        file = self.run_candor("docs", "evaluated", "--format", "json").stdout
        self.assertEqual(json.loads(file)["statement"]["number"], 1)
        key = self.run_candor("audit", "key").stdout.decode().strip()
        path = self.write("v.json", file)
        done = self.candor("docs", "evaluated", "verify", path, "--key", key, "--language", "de", data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn("the signature is this key's\nversion 1,", done.stdout.decode())
        self.assertIn("# Was hier ausgewertet wird", done.stdout.decode())
        changed = self.write("w.json", file.replace(b"Which sources", b"Which other sources", 1))
        refused = self.candor("docs", "evaluated", "verify", changed, "--key", key, data=False)
        self.assertEqual(refused.returncode, 1)
        self.assertIn(b"access.bad_statement", refused.stderr)

    def test_pdf_and_html(self):
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        one, two = self.folder / "one.pdf", self.folder / "two.pdf"
        self.told("--pdf", one, "--language", "de")
        self.told("--pdf", two, "--language", "de")
        self.assertEqual(one.read_bytes(), two.read_bytes())
        text = subprocess.run(["pdftotext", "-layout", one, "-"], capture_output=True, check=True).stdout.decode()
        for word in ("Was hier ausgewertet wird", "Löschen", "Überall ausgewertet", "SHA-256", "Seite 1 von"):
            self.assertIn(word, text)
        page = self.told("--format", "html")
        self.assertIn("<h1>What is evaluated here</h1>", page)
        self.assertNotIn("<script", page)

    def test_faults_of_the_text_name_the_line(self):
        self.take(self.write_lines("a.jsonl", [today(1, -1)]))
        (self.content / "documents" / "evaluated" / "en.md").write_text("# What\n\n{{everybody}}\n")
        done = self.run_candor("docs", "evaluated", code=1)
        self.assertIn(b"content/documents/evaluated/en.md:3: there is no place `everybody`", done.stderr)


if __name__ == "__main__":
    unittest.main()
