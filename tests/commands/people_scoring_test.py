"""Scoring that a person asks for: by hand, for some days, with a second person over real people."""
import json
import unittest

from harness import INVENTED, ROOT, CommandTest, record

WHY = ("--reason", "Ada Example was named by the head of research")


class StartScoring(CommandTest):
    def prepared(self, **more):
        rows = [record(n, Operation="FileUploadedToCloud", RecordType=63, Workload="Endpoint", UserId="ada@example.com",
                       CreationTime=f"{self.day(-3)}T{9 + n // 60:02d}:{n % 60:02d}:00", ObjectId=f"C:\\plan-{n}.docx",
                       FileExtension="docx", **more) for n in range(150)]
        self.assertEqual(self.candor("ingest", self.write_lines("a.jsonl", rows)).returncode, 0)
        done = self.candor("policy", "apply", ROOT / "content" / "policies" / "departing_users.yml")
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    @staticmethod
    def day(offset):
        import datetime
        return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=offset)).isoformat()

    def people(self, *arguments, code=0):
        done = self.candor("people", *arguments)
        self.assertEqual(done.returncode, code, done.stdout.decode() + done.stderr.decode())
        return (done.stdout if code == 0 else done.stderr).decode()

    def assessed(self):
        done = self.candor("assess", "ada@example.com", "--policy", "departing-users", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def test_somebody_is_scored_for_some_days_and_no_longer(self):
        self.prepared(OrganizationId=INVENTED)
        self.assertEqual(self.assessed()["score"], 0)
        said = self.people("start-scoring", "ada@example.com", "--policy", "departing-users", "--days", "7", *WHY)
        self.assertRegex(said, rf"^Anon-\S+ is scored under departing-users until {self.day(6)}$")
        receipt = self.assessed()
        self.assertGreater(receipt["score"], 0)
        self.assertEqual([one["trigger"] for one in receipt["triggers"]], ["by_hand"])
        self.assertEqual(receipt["triggers"][0]["to"], self.day(6))
        # Once more the same day: the later word counts.
        self.people("start-scoring", "ada@example.com", "--policy", "departing-users", "--days", "3", *WHY)
        self.assertEqual([one["to"] for one in self.assessed()["triggers"]], [self.day(2)])
        self.people("stop-scoring", "ada@example.com", "--policy", "departing-users", *WHY)
        self.assertEqual(self.assessed()["score"], 0)
        self.people("start-scoring", "ada@example.com", "--policy", "departing-users", *WHY)
        self.assertGreater(self.assessed()["score"], 0)
        log = self.candor("audit", "export").stdout.decode()
        self.assertIn("scoring.started", log)
        self.assertIn("scoring.stopped", log)
        self.assertNotIn("ada@example.com", log)

    def test_faults_name_the_remedy(self):
        self.prepared(OrganizationId=INVENTED)
        for arguments, expected in (
                (("ada@example.com", "--policy", "nothing", *WHY), "candor policy list"),
                (("nobody@example.com", "--policy", "departing-users", *WHY), "candor people list"),
                (("ada@example.com", "--policy", "departing-users", "--reason", "short"), "10 characters"),
        ):
            said = self.people("start-scoring", *arguments, code=1)
            self.assertIn(expected, said)
        self.assertIn("nobody asked", self.people("stop-scoring", "ada@example.com", "--policy", "departing-users", *WHY,
                                                  code=1))


if __name__ == "__main__":
    unittest.main()
