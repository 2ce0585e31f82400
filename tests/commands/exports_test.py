"""Exports with pseudonyms of their own: `audit export`, `alerts export`, `exports list` and `exports resolve`."""
import csv
import io
import json
import re
import unittest

import case_test

PSEUDONYM = re.compile(rb"Anon(?:-[0-9A-Z]{4}){3}")
ID = re.compile(rb"\b[0-9a-f]{16,}\b")


class Exports(case_test.Cases):
    # Only what is below, not what the class above tests.
    test_none_yet = test_one_that_was_worked = None

    def ok(self, *arguments):
        done = self.candor(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done

    def refused(self, *arguments):
        done = self.candor(*arguments)
        self.assertEqual(done.returncode, 1, done.stdout[:200])
        return done.stderr.decode()

    def test_two_recipients_and_whom_they_mean(self):
        self.sign_in(self.serve_demo())
        alert = json.loads(self.call("GET", "/alerts?limit=1")[1])["alerts"][0]
        self.assertEqual(self.call("GET", f"/alerts/{alert['id']}")[0], 200)
        own = ("audit", "export", "--format", "csv", "--own-pseudonyms", "--for")
        usual = self.ok("audit", "export", "--format", "csv").stdout
        one, two = self.ok(*own, "Outside counsel").stdout, self.ok(*own, "Works council").stdout
        self.assertIn(alert["person"]["pseudonym"].encode(), usual)
        for pattern in (PSEUDONYM, ID):
            told = [set(pattern.findall(text)) for text in (usual, one, two)]
            self.assertTrue(told[0])
            self.assertFalse(told[0] & told[1])
            self.assertFalse(told[1] & told[2])
        rows = list(csv.DictReader(io.StringIO(one.decode())))
        self.assertEqual([row["number"] for row in rows], [str(number) for number in range(1, len(rows) + 1)])
        self.assertEqual({row["hash"] for row in rows}, {""})

        listed = json.loads(self.ok("exports", "list", "--json").stdout)
        self.assertEqual([(row["number"], row["what"], row["recipient"]) for row in listed],
                         [(2, "audit", "Works council"), (1, "audit", "Outside counsel")])
        self.assertIn(b'"Outside counsel"', self.ok("exports", "list").stdout)

        viewed, = [row for row in rows if row["action"] == "alert.viewed"]
        why = ("--reason", "counsel asks who that is")
        found = self.ok("exports", "resolve", "1", viewed["pseudonym"].lower(), *why).stdout.decode().strip()
        self.assertEqual(found, alert["person"]["pseudonym"])
        self.assertIn("exports.unknown_pseudonym", self.refused("exports", "resolve", "2", viewed["pseudonym"], *why))
        self.assertIn("exports.not_found", self.refused("exports", "resolve", "9", viewed["pseudonym"], *why))
        self.assertIn("access.bad_reason", self.refused("exports", "resolve", "1", viewed["pseudonym"], "--reason", "no"))
        log = self.ok("audit", "export").stdout.decode()
        self.assertIn("export.resolved", log)
        self.assertIn("export.resolved failed", log)
        self.assertNotIn(viewed["pseudonym"], log)

        # The canonical form names people by digests; here by ids of the file, in their order.
        canonical = self.ok("alerts", "export", "--canonical").stdout
        replaced = self.ok("alerts", "export", "--canonical", "--own-pseudonyms", "--for", "Another product").stdout
        self.assertEqual(len(canonical.splitlines()), len(replaced.splitlines()))
        self.assertFalse(set(ID.findall(canonical)) & set(ID.findall(replaced)))
        self.assertEqual(sorted(replaced.splitlines()), replaced.splitlines())

    def test_what_is_asked_for_wrongly(self):
        for arguments, why in ((("--format", "csv", "--own-pseudonyms"), "--for"),
                               (("--own-pseudonyms", "--for", "Outside counsel"), "what is signed"),
                               (("--format", "csv", "--own-pseudonyms", "--for", "ab"), "exports.bad_recipient")):
            self.assertIn(why, self.refused("audit", "export", *arguments))
        self.assertNotEqual(self.candor("audit", "export", "--format", "csv", "--for", "somebody").returncode, 0)
        self.assertEqual(json.loads(self.ok("exports", "list", "--json").stdout), [])


if __name__ == "__main__":
    unittest.main()
