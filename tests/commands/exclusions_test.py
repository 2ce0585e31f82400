"""Detection groups, variants and exclusions on a data folder: what is left out is stored, counted and named."""
import json
import shutil
import unittest

from harness import ROOT, CommandTest, record

VARIANT = """name: plan_download
id: 7b0a5b5e-4f0b-4c2b-8e63-3b7a1c9d0e11
title: Plans downloaded
variant_of: sharepoint_download
only: [plans]
thresholds: {all: {low: 1, medium: 2, high: 3, reason: plans are few}}
"""


class Exclusions(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)
        (self.content / "exclusions.yml").write_text("exclusions: []\n")

    def run_candor(self, *arguments, code=0, **more):
        done = self.candor("--content", self.content, *arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def matched(self, indicator):
        """Activities the content of today matched; earlier contents' lines stay in the ledger."""
        lines = [json.loads(line) for line in self.run_candor("ledger", "--json").stdout.splitlines()]
        names = {line["content"] for line in lines if line["indicator"] == indicator} - self.before
        return sum(line["matched"] for line in lines if line["indicator"] == indicator and line["content"] in names)

    def left_out(self):
        exclusions = json.loads(self.run_candor("exclusions", "--json").stdout)
        return {one["name"]: [(count["indicator"], count["activities"]) for count in one["left_out"]]
                for one in exclusions}

    def contents(self):
        lines = [json.loads(line) for line in self.run_candor("ledger", "--json").stdout.splitlines()]
        return {line["content"] for line in lines}

    def test_a_change_matches_what_is_stored_again(self):
        self.before = set()
        menu = {"SourceRelativeUrl": "Shared Documents/Menu"}
        rows = [record(n) for n in range(3)] + [record(n, **menu) for n in range(10, 14)]
        self.ingest("--content", self.content, self.write_lines("a.jsonl", rows))
        self.assertEqual(self.matched("sharepoint_download"), 7)
        self.assertEqual(self.left_out(), {})
        self.before = self.contents()
        (self.content / "exclusions.yml").write_text(
            "exclusions:\n  - name: menus\n    reason: everybody reads them\n    indicators: [sharepoint_download]\n"
            "    paths: [Shared Documents/Menu]\n    unless_keywords: [plan-13]\n")
        # They do not count in the correlations that count downloads, either.
        counting = ["deleted_after_download", "many_sites_visited", "sharepoint_download", "sharepoint_download_burst"]
        self.assertEqual(self.left_out(), {"menus": [(name, 3) for name in counting]})
        self.assertEqual(self.matched("sharepoint_download"), 4)
        shown = self.run_candor("exclusions").stdout.decode()
        self.assertIn("menus: everybody reads them", shown)
        self.assertIn("left out  3 of sharepoint_download", shown)
        # Nothing of it is gone: without the exclusion all match again.
        self.before |= self.contents()
        (self.content / "exclusions.yml").write_text("exclusions:\n")
        self.assertEqual(self.matched("sharepoint_download"), 7)
        self.assertEqual(self.left_out(), {})

    def test_a_variant_is_an_indicator_like_any_other(self):
        self.before = set()
        (self.content / "detection_groups.yml").write_text(
            (self.content / "detection_groups.yml").read_text() +
            "  - name: plans\n    keywords: [plan-1, plan-2.]\n")
        (self.content / "variants" / "plan_download.yml").write_text(VARIANT)
        listed = self.run_candor("indicators", "list", data=False).stdout.decode()
        self.assertIn("Plans downloaded (variant of sharepoint_download: only plans)", listed)
        shown = json.loads(self.run_candor("indicators", "show", "plan_download", "--json", data=False).stdout)
        self.assertEqual((shown["variant_of"], shown["only"], shown["except"]), ("sharepoint_download", ["plans"], []))
        self.assertEqual(shown["thresholds"]["all"]["low"], 1)
        groups = json.loads(self.run_candor("groups", "--json", data=False).stdout)
        self.assertEqual([one for one in groups if one["name"] == "plans"],
                         [{"name": "plans", "title": "plans", "items": {"keywords": 2}, "used_by": ["plan_download"]}])
        self.ingest("--content", self.content, self.write_lines("a.jsonl", [record(n) for n in range(12)]))
        self.assertEqual(self.matched("sharepoint_download"), 12)
        self.assertEqual(self.matched("plan_download"), 4)  # 1, 2, 10, 11
        self.run_candor("switches", "set", "plan_download", "off")

    def test_faults_are_named_with_their_place(self):
        (self.content / "variants" / "plan_download.yml").write_text(VARIANT)
        (self.content / "exclusions.yml").write_text(
            "exclusions:\n  - name: menus\n    reason: r\n    indicators: [sharepoint_downlod]\n    domains: [a b]\n")
        done = self.run_candor("content", "check", "--json", code=1, data=False)
        faults = {(fault["file"].rsplit("/", 1)[1], fault["line"], fault["id"], fault["hint"])
                  for fault in json.loads(done.stdout)["diagnostics"]}
        self.assertEqual(faults, {
            ("plan_download.yml", 5, "indicators.unknown_group", ""),
            ("exclusions.yml", 4, "indicators.not_found", "did you mean `sharepoint_download`?"),
            ("exclusions.yml", 5, "indicators.bad_item", "")})


if __name__ == "__main__":
    unittest.main()
