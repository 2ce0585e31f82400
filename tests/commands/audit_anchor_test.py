"""Anchors of the audit log: made by hand and while it is served, kept elsewhere, checked offline."""
import json
import shutil
import unittest

from harness import ROOT, CommandTest


class Anchors(CommandTest):
    def audit(self, *arguments, code=0):
        done = self.candor("audit", *arguments)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return (done.stdout if code == 0 else done.stderr).decode()

    def copied_content(self):
        content = self.folder / "content"
        shutil.copytree(ROOT / "content", content)
        return content

    def used(self):
        self.assertEqual(self.candor("viewer", "add", "berta", "--role", "auditor").returncode, 0)

    def test_an_anchor_is_checked_with_the_folder_and_with_an_export(self):
        away = self.folder / "away"
        away.mkdir()
        self.used()
        anchor = json.loads(self.audit("anchor", "--to", away))
        self.assertEqual(len(anchor["hash"]), 64)
        self.assertEqual([one.name for one in away.iterdir()], [f"candor-anchors-{anchor['time'][:7]}.ndjson"])
        self.assertIn("1 known lines", self.audit("verify", "--anchor", away))
        export = self.write("log.ndjson", self.audit("export"))
        key = self.audit("key").strip()
        self.assertIn("1 known lines", self.audit("verify", "--file", export, "--key", key, "--anchor", away))
        # Of what the anchor knows a line is gone.
        lines = export.read_text().splitlines()
        export.write_text("\n".join(lines[:anchor["anchor"] - 1]) + "\n")
        self.assertIn("cut off", self.audit("verify", "--file", export, "--key", key, "--anchor", away, code=1))
        # A folder without anchors is no check.
        empty = self.folder / "empty"
        empty.mkdir()
        self.assertIn("access.no_anchors", self.audit("verify", "--anchor", empty, code=1))
        kept = next(away.iterdir())
        kept.write_text(kept.read_text().replace('"anchor":', '"anchor": '))
        self.assertIn(f"{kept}:1: ", self.audit("verify", "--anchor", away, code=1))

    def test_serving_keeps_them_by_itself(self):
        away = self.folder / "away"
        away.mkdir()
        content = self.copied_content()
        (content / "settings.yml").write_text(f"audit: {{anchor_folder: '{away}', anchor_minutes: 1}}\n")
        process = self.start("--content", content, "serve", "--port", "0", "--web", self.folder)
        for line in process.stdout:
            if b"Ctrl-C" in line:
                break
        self.wait_until(lambda: any(away.iterdir()))
        process.terminate()
        self.assertEqual(process.wait(), 0)
        self.assertIn("known lines", self.audit("verify", "--anchor", away))
        self.assertIn("audit.anchored", self.audit("export"))

    def test_a_relative_folder_is_refused(self):
        content = self.copied_content()
        (content / "settings.yml").write_text("audit: {anchor_folder: somewhere}\n")
        done = self.candor("--content", content, "content", "check")
        self.assertIn(b"settings.bad_folder", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
