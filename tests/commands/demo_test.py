"""`candor serve --demo`: a simulated organisation whose records are read by its own facts from the first one on."""
import json
import signal
import unittest

from harness import CommandTest


class Demo(CommandTest):
    def start_demo(self):
        process = self.start("serve", "--demo", "--demo-people", "15", "--demo-days", "6", "--port", "0", "--web",
                             self.folder)
        for line in process.stdout:
            if b"organisation is ready" in line:
                return process
        self.fail(f"the demo did not get ready: {process.stderr.read().decode()}")

    def stop(self, process):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0, process.stderr.read().decode())

    def json_of(self, *arguments):
        done = self.candor(*arguments, "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def contents(self):
        """What records were matched with, of all that the ledger ever counted."""
        done = self.candor("ledger", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertGreater(sum(line["offered"] for line in lines), 0)
        return {line["content"] for line in lines}

    def test_its_records_are_read_by_its_own_facts(self):
        process = self.start_demo()
        sections = self.json_of("organisation", "show")["sections"]
        domains = [fact["attributes"]["domain"] for fact in sections["own_domains"]["facts"]]
        self.assertIn("northlight.example", domains)
        # Events are announced now and then; of domains that are not its own it says what it says of clouds.
        self.assertLessEqual({name for name, section in sections.items() if section["state"] != "known"},
                             {"announced_events", "domains"})
        check = self.json_of("organisation", "check")
        self.assertEqual(check["indicators"], [])
        self.assertGreaterEqual(self.json_of("people", "list")["total"], 15)
        self.assertEqual([one["feed"] for one in self.json_of("sources")["sources"]], ["simulation"])
        first = self.contents()
        self.stop(process)
        # Facts that had not held from the first record on would be another content, and match everything again.
        again = self.start_demo()
        self.assertEqual(self.contents(), first)
        self.assertEqual(len(first), 1)
        self.stop(again)

    def test_a_start_that_was_cut_short_goes_on(self):
        for marker in ("demo.started", "timeline/raw/00000001.log"):
            process = self.start("serve", "--demo", "--demo-people", "15", "--demo-days", "6", "--port", "0", "--web",
                                 self.folder)
            self.wait_until((self.data / marker).exists)
            process.kill()
            process.wait()
        self.stop(self.start_demo())
        self.assertEqual(self.json_of("organisation", "check")["indicators"], [])
        self.assertEqual(len(self.contents()), 1)


if __name__ == "__main__":
    unittest.main()
