"""A policy over real people: a draft without its lawful start, agreed to by a second person, paused, resumed, retired."""
import datetime
import http.client
import json
import re
import unittest

from harness import ROOT, CommandTest, record

LAWFUL = """
lawful_start:
  purpose: protect_confidential_information
  legal_basis: works_agreement
  agreement: BV 7
  impact_assessment: DPIA 3
  owner: Head of security
  countries: all
  review_by: 2099-01-01
"""
REASON = ("--reason", "asked for by the works council")
NEW_PASSWORD = "a long and quiet river"


class PolicyLife(CommandTest):
    def policy(self, *arguments, code=0, stdin=b""):
        done = self.candor("policy", *arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def state(self, name="data-leaks"):
        return next(line.split()[1] for line in self.policy("list").splitlines() if line.startswith(name))

    def canonical(self):
        done = self.candor("alerts", "export", "--canonical", "--as-of", "2026-03-31")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def leak(self):
        rows = [record(n, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint",
                       CreationTime=f"2026-03-02T{9 + n // 60:02d}:{n % 60:02d}:00", ObjectId=f"C:\\plan-{n}.docx",
                       FileExtension="docx") for n in range(240)]
        return self.write_lines("a.jsonl", rows)

    def with_lawful_start(self, more=""):
        text = (ROOT / "content" / "policies" / "data_leaks.yml").read_text()
        return self.write("leaks.yml", text + LAWFUL + more)

    def second_person(self, role="privacy_officer"):
        """A viewer with a password of his own."""
        made = self.candor("viewer", "add", "berta", "--role", role).stdout.decode()
        first = re.search(r"one-time password of berta: (\S+)", made).group(1)
        process = self.start("serve", "--port", "0", "--web", self.folder)
        port = None
        for line in process.stdout:
            if b"Candor is at" in line:
                port = int(line.rsplit(b":", 1)[1].strip(b"/\n"))
            if b"Ctrl-C" in line:
                break
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        headers = {"Content-Type": "application/json", "X-Candor-Request": "1"}
        link.request("POST", "/api/v1/session", json.dumps({"user": "berta", "password": first}), headers)
        answer = link.getresponse()
        answer.read()
        headers["Cookie"] = answer.getheader("Set-Cookie").split(";")[0]
        link.request("PUT", "/api/v1/session/password",
                     json.dumps({"password": first, "new_password": NEW_PASSWORD}), headers)
        answer = link.getresponse()
        self.assertEqual(answer.status, 200, answer.read())
        link.close()
        process.terminate()
        process.wait()

    def test_without_a_lawful_start_real_people_are_not_looked_at(self):
        said = self.policy("apply", ROOT / "content" / "policies")
        self.assertIn("draft: `lawful_start` lacks purpose, legal_basis", said)
        self.ingest(self.leak())
        self.assertEqual(self.state(), "draft")
        self.assertEqual(self.canonical(), "")
        self.assertIn("app.second_person", self.policy("approve", "data-leaks", *REASON, code=1))
        self.second_person()
        self.assertIn("policy.not_lawful", self.policy("approve", "data-leaks", *REASON, "--viewer", "berta", code=1,
                                                       stdin=NEW_PASSWORD.encode() + b"\n"))

    def test_a_second_person_lets_it_run_and_a_pause_holds(self):
        said = self.policy("apply", self.with_lawful_start(), *REASON)
        self.assertIn("waits for a second person: it is new", said)
        self.ingest(self.leak())
        self.assertEqual((self.state(), self.canonical()), ("validated", ""))
        self.assertIn("app.second_person", self.policy("approve", "data-leaks", *REASON, code=1))
        self.second_person()
        wrong = self.policy("approve", "data-leaks", *REASON, "--viewer", "berta", stdin=b"guess guess guess\n", code=1)
        self.assertIn("access.wrong_credentials", wrong)
        password = NEW_PASSWORD.encode() + b"\n"
        self.policy("approve", "data-leaks", *REASON, "--viewer", "berta", stdin=password)
        self.assertEqual(self.state(), "active")
        before = self.canonical()
        self.assertIn('"data-leaks"', before)
        # So does scoring by hand.
        by_hand = ("people", "start-scoring", "Ada.Kelm@example.com", "--policy", "data-leaks", *REASON)
        alone = self.candor(*by_hand)
        self.assertEqual(alone.returncode, 1)
        self.assertIn(b"app.second_person", alone.stderr)
        together = self.candor(*by_hand, "--viewer", "berta", stdin=password)
        self.assertEqual(together.returncode, 0, together.stderr.decode())
        # Less needs nobody, more does; what is in force stays meanwhile.
        said = self.policy("apply", self.with_lawful_start("volume: fewer\n"))
        self.assertNotIn("waits", said)
        said = self.policy("apply", self.with_lawful_start("volume: more\n"))
        self.assertIn("waits for a second person: alerts exist from a lower score on", said)
        self.assertIn("(a change waits)", self.policy("list"))
        self.policy("reject", "data-leaks", *REASON)
        self.policy("pause", "data-leaks", *REASON)
        self.assertEqual(self.state(), "paused")
        self.policy("resume", "data-leaks", *REASON)
        self.assertEqual(self.state(), "paused")
        self.policy("approve", "data-leaks", *REASON, "--viewer", "berta", stdin=password)
        self.assertEqual(self.state(), "active")
        self.policy("retire", "data-leaks", *REASON)
        shown = self.policy("show", "data-leaks", "--diff")
        for words in ("legal basis        works_agreement", "agreed by berta", "+volume: more", "rejected by local/"):
            self.assertIn(words, shown)
        audit = self.candor("audit", "export").stdout.decode()
        self.assertNotIn(NEW_PASSWORD, audit)
        for action in ("applied", "approved", "rejected", "paused", "resumed", "retired"):
            self.assertIn(f'"policy.{action}"', audit)

    def test_one_lawful_start_for_many_policies(self):
        shipped = ROOT / "content" / "policies"
        said = self.policy("apply", shipped, "--lawful-start", self.write("lawful.yml", LAWFUL))
        self.assertEqual(said.count("waits for a second person: it is new"), 6)
        self.assertEqual(self.state("slow-leaks"), "validated")
        self.policy("export", self.folder / "out")  # what was applied, whole: the same again changes nothing
        again = self.policy("apply", self.folder / "out")
        self.assertEqual(again.count(": unchanged, version"), 6)
        self.assertIn("order of policies: unchanged", again)
        refused = self.policy("apply", shipped, "--lawful-start", self.write("other.yml", "owner: x\n"), code=1)
        self.assertIn("policy.no_lawful_start", refused)
        bad = self.write("bad.yml", LAWFUL.replace("works_agreement", "because"))
        self.assertIn("policy.bad_lawful_start", self.policy("apply", shipped, "--lawful-start", bad, code=1))
        draft = self.candor("backtest", shipped / "data_leaks.yml")
        self.assertIn("policy.not_lawful", draft.stderr.decode())
        tried = self.candor("backtest", shipped / "data_leaks.yml", "--lawful-start", self.folder / "lawful.yml")
        self.assertEqual(tried.returncode, 0, tried.stderr.decode())

    def test_what_waits_runs_in_shadow_and_shows_numbers_only(self):
        self.policy("apply", self.with_lawful_start())
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        self.ingest(self.write_lines("a.jsonl", [
            record(n, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint", FileExtension="docx",
                   CreationTime=f"{today}T00:{n // 60:02d}:{n % 60:02d}", ObjectId=f"C:\\plan-{n}.docx")
            for n in range(240)]))
        done = self.candor("backtest", "--shadow", "data-leaks", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        found = json.loads(done.stdout)
        self.assertLessEqual(found["days"], 2)
        self.assertEqual([step["alerts"] for step in found["steps"] if step["cut"] == 34], [1])
        self.assertNotIn("Anon-", done.stdout.decode())
        refused = self.candor("backtest", "--shadow", "data-leaks", "--people", *REASON)
        self.assertEqual(refused.returncode, 1)
        self.policy("reject", "data-leaks", *REASON)
        self.assertIn("policy.nothing_waits", self.candor("backtest", "--shadow", "data-leaks").stderr.decode())

    def test_who_may_not_agree_is_no_second_person(self):
        self.policy("apply", self.with_lawful_start())
        self.second_person("analyst")
        refused = self.policy("approve", "data-leaks", *REASON, "--viewer", "berta",
                              stdin=NEW_PASSWORD.encode() + b"\n", code=1)
        self.assertIn("policies.approve", refused)
        self.assertEqual(self.state(), "validated")

    def test_a_copy_starts_a_new_policy(self):
        self.policy("apply", self.with_lawful_start())
        out = self.folder / "copy.yml"
        self.policy("copy", "data-leaks", "leaks-of-sales", "--out", out)
        self.assertIn("id: leaks-of-sales\n", out.read_text())
        self.assertIn("leaks-of-sales: new", self.policy("apply", "--dry-run", out))
        self.assertIn("is there already", self.policy("copy", "data-leaks", "x", "--out", out, code=1))


if __name__ == "__main__":
    unittest.main()
