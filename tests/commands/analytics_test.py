"""Numbers before policies: what goes on, in tens, and levels from the organisation's own days."""
import json
import unittest

from harness import ROOT, CommandTest

DATA_LEAKS = ROOT / "content" / "policies" / "data_leaks.yml"
AS_OF = ("--as-of", "2026-03-10")


class Analytics(CommandTest):
    def fill(self):
        out = self.folder / "sim"
        self.done("simulate", "--people", 80, "--days", 63, "--seed", 5, "--repeat-percent", 0, "--activities", 15,
                  "--scenario", "none", "--out", out, data=False)
        self.done("organisation", "import", out / "organisation.yml")
        self.done("ingest", out / "audit")

    def done(self, *arguments, **more):
        done = self.candor(*arguments, **more)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def test_it_is_an_opt_in(self):
        self.write("one.jsonl", "")
        done = self.candor("analytics")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"candor settings set analytics.enabled true", done.stderr)
        done = self.candor("policy", "fit", DATA_LEAKS)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"analytics are off", done.stderr)

    def test_numbers_in_tens_and_levels_of_the_organisation(self):
        self.fill()
        found = json.loads(self.done("analytics", *AS_OF, "--json").stdout)
        self.assertEqual((found["from"], found["to"]), ("2026-01-19", "2026-02-15"))
        self.assertGreaterEqual(found["people"], 60)
        numbers = [found["people"], found["person_days"]] + [one["people"] for one in found["policies"]]
        for one in found["indicators"]:
            numbers += [one["people"], one["reached_low"], one["reached_high"]]
            self.assertGreaterEqual(one["people"], 10, one)
        self.assertEqual([n for n in numbers if n % 10], [], "people are told in tens")
        fitted = {one["indicator"]: one["fitted"] for one in found["indicators"] if one["fitted"]}
        self.assertTrue(fitted, "nothing was fitted")
        for levels in fitted.values():
            for low, medium, high in levels.values():
                self.assertTrue(0 < low < medium < high, levels)
        self.assertNotIn("@", json.dumps(found))
        self.assertIn(b"People are told in tens", self.done("analytics", *AS_OF).stdout)

        out = self.folder / "fitted.yml"
        changed = json.loads(self.done("policy", "fit", DATA_LEAKS, "--out", out, *AS_OF, "--json").stdout)["changed"]
        self.assertTrue(changed)
        for one in changed:
            self.assertEqual(one["after"], fitted[one["indicator"]][one["dimension"]], one)
        self.done("policy", "check", out, data=False)
        text = out.read_text()
        self.assertTrue(text.startswith(DATA_LEAKS.read_text()), "what people wrote stays")
        self.assertEqual(text.count("fitted:"), 1)
        again = json.loads(self.done("policy", "fit", out, "--out", out, *AS_OF, "--json").stdout)["changed"]
        self.assertEqual(again, [], "the same days give the same levels")
        self.assertEqual(out.read_text(), text)
        self.assertIn(b"analytics.viewed", self.done("audit", "export").stdout)


if __name__ == "__main__":
    unittest.main()
