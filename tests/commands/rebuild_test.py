"""Everything made again from the raw log: on demand, and because the content changed."""
import re
import shutil
import unittest

from harness import ROOT, CommandTest

AS_OF = "2026-03-31"


class Rebuild(CommandTest):
    def export(self, *options):
        done = self.candor("alerts", "export", "--canonical", "--as-of", AS_OF, *options)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def prepare(self):
        out = self.folder / "organisation"
        done = self.candor("simulate", "--people", 40, "--days", 40, "--out", out, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.candor("policy", "apply", ROOT / "content" / "policies")
        self.candor("hr", "import", out / "hr.csv")
        return self.ingest(out / "audit")

    def test_the_same_content_gives_the_same_alerts(self):
        summary = self.prepare()
        before = self.export()
        self.assertTrue(before)
        done = self.candor("rebuild")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn("made again from the raw log", done.stdout.decode())
        self.assertEqual(self.export(), before)
        self.assertEqual(self.status()["activities"], summary["stored"] - summary["corrections"])

    def test_rules_that_changed_match_what_was_stored_before(self):
        self.prepare()
        before = self.export()
        content = self.folder / "content"
        shutil.copytree(ROOT / "content", content)
        for rule in content.glob("indicators/**/*.yml"):
            if not rule.name.endswith(".examples.yml"):
                rule.write_text(re.sub(r"event\.action: .*", "event.action: NothingDoesThis", rule.read_text()))
                rule.write_text(rule.read_text().replace("event.action|", "candor.nothing|"))
        changed = self.export("--content", content)
        self.assertNotEqual(changed, before)
        self.assertEqual(self.export(), before)

    def test_a_served_folder_is_left_alone(self):
        self.prepare()
        self.serve()
        done = self.candor("rebuild")
        self.assertEqual(done.returncode, 1)
        self.assertIn("app.served", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
