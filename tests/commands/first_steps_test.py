"""`candor first-steps`, told from what is there."""
import json

from harness import CommandTest, record


class FirstSteps(CommandTest):
    def steps(self):
        done = self.candor("first-steps", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return {step["id"]: step for step in json.loads(done.stdout)["steps"]}

    def test_follows_what_is_done(self):
        self.of_invented_people()
        self.assertEqual({step["state"] for name, step in self.steps().items() if name != "own_domains"} - {"done"},
                         {"open"})
        self.ingest(self.write_lines("a.jsonl", [record(i) for i in range(3)]))
        self.assertEqual(self.steps()["sources"]["state"], "done")
        self.assertEqual(self.steps()["sources"]["count"], 1)
        for command in ("make", "check"):
            done = self.candor("backup", command, "one.backup")
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual(self.steps()["backup"]["state"], "done")
        text = self.candor("first-steps").stdout.decode()
        self.assertRegex(text, r"(?m)^done  backup +last \d{4}-")
        self.assertRegex(text, r"(?m)^open  mail *$")
        self.assertRegex(text, r"(?m)^done  sources +1, last \d{4}-")
