"""Public Sigma rules, their regression data and the specification's examples: what other people wrote, in ../shared/data."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import yaml
from harness import SHARED, CommandTest

SIGMA = SHARED / "data" / "sigma"
# Their files hold three records of the same kind, each of which the rule plainly names, while info.yml says 1: it was counted
# by a tool that gives each rule once.
THREE = {"8fbf3271-1ef6-4e94-8210-03c2317947f6", "0b9ad457-2554-44c1-82c2-d56a99c42377",
         "45e112d0-7759-4c2a-aa36-9f8fb79d3393"}


def records_of(text):
    """The JSON objects of a text, one after the other or in an array."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        value, at = decoder.raw_decode(text, at)
        found += value if isinstance(value, list) else [value]
    return found


class SharedTest(CommandTest):
    @classmethod
    def setUpClass(cls):
        if not SIGMA.exists():
            raise unittest.SkipTest("data/sigma is not here: set CANDOR_SHARED to the folder that holds data/sigma")
        cls.public = pathlib.Path(tempfile.mkdtemp(prefix="candor-sigma-"))
        cls.addClassCleanup(shutil.rmtree, cls.public, ignore_errors=True)
        for archive in SIGMA.glob("*.tar.zst"):
            subprocess.run(["tar", "--zstd", "-xf", archive, "-C", cls.public], check=True)

    def check(self, *paths):
        done = self.candor("sigma", "check", "--json", *paths, data=False)
        return json.loads(done.stdout)

    def match(self, rules, events):
        done = self.candor("sigma", "match", "--json", "--rules", *rules, "--events", events, data=False)
        self.assertIn(done.returncode, (0, 1), done.stderr.decode()[-3000:])
        return [json.loads(line) for line in done.stdout.splitlines()]


class PublicRules(SharedTest):
    def test_every_rule_loads(self):
        found = self.check(*sorted(self.public.glob("rules*")))
        faults = [fault for fault in found["diagnostics"] if fault["severity"] == "error"]
        self.assertEqual(faults, [])
        files = len(list(self.public.glob("rules*/**/*.yml")))
        self.assertGreaterEqual(found["rules"] + found["correlations"], files)
        self.assertGreater(files, 3700)

    def test_each_regression_case_matches_as_often_as_it_says(self):
        """All records in one file, asked by all rules at once."""
        cases, text, index = [], "", 0
        for info in sorted(self.public.glob("regression_data/**/info.yml")):
            told = info.read_text()
            rule, = [entry["id"] for entry in yaml.safe_load(told)["rule_metadata"]]
            # The one of raw text has its counts in comments; a case that says nothing has one match.
            count = int((re.search(r"match_count: (\d+)", told) or [0, 1])[1])
            data, = [path for path in info.parent.iterdir() if path.name != "info.yml"]
            content = data.read_text()
            size = len(records_of(content)) if data.suffix == ".json" else len(content.splitlines())
            cases.append((rule, 3 if rule in THREE else count, range(index, index + size)))
            text += content.rstrip("\n") + "\n"
            index += size
        self.assertEqual(len(cases), 101)
        found = {}
        for one in self.match(sorted(self.public.glob("rules*")), self.write("events.txt", text)):
            found.setdefault(one["rule"], []).append(one["event"])
        wrong = [(rule, count, hits) for rule, count, events in cases
                 if len(hits := [event for event in found.get(rule, []) if event in events]) != count]
        self.assertEqual(wrong, [])


class Specification(SharedTest):
    def faults_of(self, path):
        return [fault for fault in self.check(path)["diagnostics"] if fault["severity"] == "error"]

    def test_the_schema_tests_are_sound(self):
        files = sorted((SIGMA / "specification" / "tests" / "schema").glob("**/*.yml"))
        self.assertEqual(len(files), 12)
        for path in files:
            with self.subTest(path.name):
                faults = self.faults_of(path)
                # Correlations stand there alone, and the rules they name do not.
                allowed = {"sigma.unknown_rule"} if path.parent.name == "correlation" else set()
                self.assertLessEqual({fault["id"] for fault in faults}, allowed, faults)

    def test_the_examples_that_are_whole_are_sound(self):
        whole = 0
        for page in sorted((SIGMA / "specification" / "specification").glob("*.md")):
            for number, example in enumerate(re.findall(r"^```ya?ml\n(.*?)^```", page.read_text(), re.M | re.S)):
                documents = re.split(r"^---$", example, flags=re.M)
                keys = [set(re.findall(r"^ *(\w+):", document, re.M)) for document in documents]
                complete = all("title" in each and (each & {"detection", "filter"} or {"correlation", "type"} <= each)
                               for each in keys)
                if not complete:
                    continue  # shows one key only
                whole += 1
                with self.subTest(f"{page.name} {number}"):
                    path = self.write(f"{page.stem}-{number}.yml", example)
                    faults = [fault for fault in self.faults_of(path) if fault["id"] != "sigma.unknown_rule"]
                    self.assertEqual(faults, [])
        self.assertGreaterEqual(whole, 8)


class LabelledEvents(CommandTest):
    def test_every_labelled_event_is_a_record(self):
        """The rules they are labelled for are programs, not Sigma: here they only have to be read."""
        folder = self.shared("panther-m365-rule-tests")
        events = [test["Log"] for path in sorted(folder.glob("*.yml"))
                  for test in yaml.safe_load(path.read_text()).get("Tests", [])]
        self.assertGreater(len(events), 50)
        rule = self.write("rule.yml", "title: Any\nname: any\nlogsource: {product: m365}\n"
                                      "detection: {none: {no.such.field|exists: true}, condition: not none}\n")
        lines = "".join(json.dumps(event, default=str) + "\n" for event in events)
        for text in (lines, json.dumps(events, default=str, indent=2)):
            done = self.candor("sigma", "match", "--json", "--rules", rule, "--mapping", "m365", "--events",
                               self.write("events.json", text), data=False)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            self.assertEqual([json.loads(line)["event"] for line in done.stdout.splitlines()],
                             list(range(len(events))))


if __name__ == "__main__":
    unittest.main()
