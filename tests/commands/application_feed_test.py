"""Logs of applications as feeds: the guide's worked example, step by step, and the shipped mappings' envelopes."""
import gzip
import http.client
import json
import re
import shutil
import unittest

from harness import ROOT, CommandTest, record

GUIDE = (ROOT / "docs" / "guides" / "add-a-feed.md").read_text()


def blocks():
    """The files the guide shows, by name."""
    return dict(re.findall(r"```\w+ (\S+)\n(.*?)```", GUIDE, re.DOTALL))


class ApplicationFeedTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)
        self.till = self.write("till.csv", blocks()["till.csv"])
        for name, text in blocks().items():
            if name != "till.csv":
                (self.content / name).write_text(text)

    def matched(self, name):
        done = self.candor("ledger", "--json", "--content", self.content)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return sum(row["matched"] for row in map(json.loads, done.stdout.splitlines()) if row["indicator"] == name)


class WorkedExample(ApplicationFeedTest):
    def test_the_five_steps(self):
        self.assertEqual(set(blocks()), {"till.csv", "mappings/feeds/till.yml", "indicators/business/till_refund_own.yml",
                                         "indicators/business/till_refund_own.examples.yml"})
        done = self.candor("normalise", "--content", self.content, "--feed", "till", self.till, data=False)
        self.assertIn(f"{self.till}:5  no_time".encode(), done.stderr)
        activities = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(len(activities), 3)
        refund = activities[1]
        self.assertEqual(refund["@timestamp"], "2026-03-02T13:11:30Z", "Berlin's winter time")
        self.assertEqual(refund["event"]["action"], "Refund")
        self.assertEqual(refund["event"]["id"], "R-1002")
        self.assertEqual(refund["candor"]["operation"], "Erstattung")
        self.assertEqual(refund["candor"]["business"]["amount"], 1250)
        self.assertEqual(refund["candor"]["actor"]["kind"], "person")

        summary = self.ingest("--content", self.content, "--feed", "till", self.till, code=2)
        self.assertEqual((summary["stored"], summary["rejected"]), (3, {"no_time": 1}))
        self.assertEqual(summary["unknown_operations"], {"Kassensturz": 1})
        again = self.ingest("--content", self.content, "--feed", "till", self.till, code=2)
        self.assertEqual((again["stored"], again["repeats"]), (0, 3))
        self.assertEqual(self.matched("till_refund_own"), 1)
        sources = json.loads(self.candor("sources", "--json", "--content", self.content).stdout)["sources"]
        self.assertEqual([one["source"] for one in sources], ["till"])

        done = self.candor("content", "check", "--content", self.content, data=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())

    def test_made_again_it_is_the_same(self):
        self.ingest("--content", self.content, "--feed", "till", self.till, code=2)
        done = self.candor("rebuild", "--content", self.content)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual(self.status_of()["activities"], 3)
        self.assertEqual(self.matched("till_refund_own"), 1)

    def status_of(self):
        return json.loads(self.candor("ingest", "--status", "--json", "--content", self.content).stdout)

    def test_marked_records_need_no_word(self):
        row = {"candor_feed": "till", "Beleg": "R-1", "Datum": "02.03.2026", "Uhrzeit": "14:11:30",
               "Kassierer": "SHOP\\abell", "Vorgang": "Erstattung", "Betrag": "200,00", "Erfasst von": "SHOP\\abell"}
        unmapped = {"candor_feed": "nobody", "a": 1}
        path = self.write_lines("mixed.jsonl", [row, record(1), unmapped])
        summary = self.ingest("--content", self.content, path, code=2)
        self.assertEqual((summary["stored"], summary["rejected"]), (2, {"no_mapping": 1}))
        self.assertEqual(self.matched("till_refund_own"), 1)

    def test_posted_as_rows(self):
        token = self.candor("token", "create", "--source", "shop", "--content", self.content).stdout.decode().strip()
        process = self.start("serve", "--port", "0", "--web", self.folder, "--content", self.content)
        port = None
        for line in process.stdout:
            if b"Candor is at" in line:
                port = int(line.rsplit(b":", 1)[1].strip(b"/\n"))
            if b"Ctrl-C" in line:
                break
        for query, kind, expected in (("", "text/csv", 415), ("?feed=nobody", "text/csv", 400),
                                      ("?feed=till", "text/csv", 200)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("POST", "/api/v1/records" + query, self.till.read_bytes(),
                               {"Authorization": f"Bearer {token}", "Content-Type": kind})
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            self.assertEqual(answer.status, expected, text)
        self.assertEqual(json.loads(text)["stored"], 3)

    def test_wrong_use(self):
        for arguments, message in ((("--feed", "nobody", self.till), b"till"), (("--feed", "../x", self.till), b"till")):
            done = self.candor("ingest", "--content", self.content, *arguments)
            self.assertEqual(done.returncode, 1)
            self.assertIn(b"activity.unknown_feed", done.stderr)
            self.assertIn(message, done.stderr, "names those there are")
        self.write("content/intake.yml", "rules:\n  - {name: x, reason: y, when: {source: tlil}, never_store: record}\n")
        done = self.candor("ingest", "--content", self.content, "--feed", "till", self.till)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"tlil", done.stderr)

    def test_what_is_never_stored(self):
        self.write("content/intake.yml", "rules:\n  - {name: no_till, reason: y, when: {source: till}, never_store: record}\n")
        path = self.write_lines("a.jsonl", [record(1)])
        self.ingest("--content", self.content, path)
        summary = self.ingest("--content", self.content, "--feed", "till", self.till, code=2)
        self.assertEqual((summary["stored"], summary["filtered"]), (0, {"no_till": 3}))


class Shipped(CommandTest):
    def test_a_log_file_of_cloudtrail(self):
        event = {"eventVersion": "1.09", "eventTime": "2026-03-02T13:11:30Z", "eventSource": "s3.amazonaws.com",
                 "eventName": "DeleteBucket", "eventID": "e-1", "sourceIPAddress": "203.0.113.20",
                 "userIdentity": {"type": "AssumedRole", "principalId": "AROAX:ann.bell@example.com"},
                 "requestParameters": {"bucketName": "example-research"}}
        path = self.write("log.json.gz", gzip.compress(json.dumps(
            {"Records": [event, dict(event, eventID="e-2", eventName="ListBuckets")]}).encode()))
        summary = self.ingest("--feed", "aws_cloudtrail", path)
        self.assertEqual((summary["stored"], summary["by_people"]), (2, 2))
        rows = map(json.loads, self.candor("ledger", "--json").stdout.splitlines())
        self.assertEqual([row["indicator"] for row in rows if row["matched"]], ["aws_bucket_deleted"])


if __name__ == "__main__":
    unittest.main()
