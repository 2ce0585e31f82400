"""candor sigma check, match and explain as a person uses them: small invented rules and records."""
import gzip
import json
import subprocess
import unittest

from harness import CommandTest

COPY = """title: Copied to a stick
id: 7d2b6a3e-9a51-4c55-8a55-0a5f2f1f7c01
name: copied
logsource: {product: desk}
detection:
  selection: {Action: copy, Target|startswith: 'E:'}
  office: {Agent|contains: officeproxy}
  condition: selection and not office
level: high
"""
KEYWORD = """title: Word anywhere
name: word
logsource: {product: desk}
detection:
  keywords: [tombola, 'row*boat']
  condition: keywords
level: low
"""
SIMPLE = """title: {name}
name: {name}
logsource: {{product: desk}}
detection:
  selection: {{Action: {name}}}
  condition: selection
level: low
"""


def rules(*documents):
    return "---\n".join(documents)


def simple(*names):
    return rules(*(SIMPLE.format(name=name) for name in names))


def correlation(title, text, name=None):
    head = f"title: {title}\n" + (f"name: {name}\n" if name else "") + "level: high\n"
    return head + "correlation: {" + text + "}\n"


def at(minute, action, **more):
    return {"@timestamp": f"2026-03-02T{9 + minute // 60:02d}:{minute % 60:02d}:00Z", "Action": action, **more}


class SigmaTest(CommandTest):
    def sigma(self, *arguments, code=0, stdin=b""):
        done = self.candor("sigma", *arguments, stdin=stdin, data=False)
        self.assertEqual(done.returncode, code, done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
        return done.stdout.decode(), done.stderr.decode()

    def match(self, text, events, *arguments, code=0, name="events.jsonl"):
        """The matches as (rule, event), and the whole objects."""
        rule_file = self.write("rules.yml", text)
        if isinstance(events, list):
            events = "".join(json.dumps(event) + "\n" for event in events)
        event_file = self.write(name, events)
        out, self.errors = self.sigma("match", "--rules", rule_file, "--events", event_file, "--json", *arguments,
                                      code=code)
        self.found = [json.loads(line) for line in out.splitlines()]
        return [(one["rule"], one["event"]) for one in self.found]


class Check(SigmaTest):
    BROKEN = rules(COPY, COPY.replace("7c01", "7c02").replace("name: copied", "name: other").replace("startswith",
                                                                                                     "startwith"))

    def test_sound_rules(self):
        out, errors = self.sigma("check", self.write("r.yml", rules(COPY, KEYWORD)))
        self.assertEqual((out, errors), ("2 rules, 0 correlations; 0 errors, 0 warnings\n", ""))

    def test_a_fault_is_named_with_its_place_and_the_rest_is_counted(self):
        out, errors = self.sigma("check", self.write("r.yml", self.BROKEN), code=1)
        self.assertEqual(out, "1 rules, 0 correlations; 1 errors, 0 warnings\n")
        self.assertRegex(errors, r"(?s)r\.yml:16:\d+ .*startwith")
        self.assertIn("did you mean `startswith`?", errors)

    def test_json(self):
        path = self.write("r.yml", self.BROKEN)
        found = json.loads(self.sigma("check", "--json", path, code=1)[0])
        self.assertEqual({key: found[key] for key in ("rules", "correlations", "errors", "warnings")},
                         {"rules": 1, "correlations": 0, "errors": 1, "warnings": 0})
        fault = found["diagnostics"][0]
        self.assertEqual((fault["file"], fault["line"], fault["severity"], fault["id"]),
                         (str(path), 16, "error", "sigma.unknown_modifier"))
        self.assertGreater(fault["column"], 1)

    def test_sarif(self):
        self.write("below/r.yml", self.BROKEN)
        log = json.loads(self.sigma("check", "--sarif", "below", code=1)[0])
        self.assertEqual(log["version"], "2.1.0")
        self.assertIn("sarif", log["$schema"])
        run, = log["runs"]
        self.assertEqual(run["tool"]["driver"]["name"], "candor")
        result, = run["results"]
        self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
        self.assertEqual(result["level"], "error")
        self.assertTrue(result["message"]["text"])
        place = result["locations"][0]["physicalLocation"]
        self.assertEqual(place["artifactLocation"]["uri"], "below/r.yml")  # what a checkout holds, not where it lies
        self.assertEqual(place["region"]["startLine"], 16)
        self.assertGreater(place["region"]["startColumn"], 1)

    def test_warnings_fail_only_when_strict(self):
        path = self.write("r.yml", COPY.replace("selection and not office", "selection"))
        self.assertIn("0 errors, 1 warnings", self.sigma("check", path)[0])
        self.sigma("check", "--strict", path, code=1)

    def test_a_folder_is_read_and_a_path_that_is_not_there_is_an_error(self):
        self.write("folder/a/one.yml", COPY)
        self.write("folder/two.yaml", KEYWORD)
        self.write("folder/notes.txt", "no rule")
        self.assertIn("2 rules", self.sigma("check", self.folder / "folder")[0])
        self.assertIn("sigma.unreadable", self.sigma("check", self.folder / "nowhere", code=1)[1] +
                      self.sigma("check", "--json", self.folder / "nowhere", code=1)[0])

    def test_of_two_rules_with_one_id_the_first_stays(self):
        found = json.loads(self.sigma("check", "--json", self.write("r.yml", rules(COPY, COPY)), code=1)[0])
        self.assertEqual(found["rules"], 1)
        self.assertEqual({fault["id"] for fault in found["diagnostics"]},
                         {"sigma.duplicate_id", "sigma.duplicate_name"})

    def test_placeholders(self):
        path = self.write("r.yml", COPY.replace("startswith: 'E:'", "expand: '%sticks%'"))
        values = self.write("values.yml", "sticks: [usb, stick]\n")
        self.assertIn("1 warnings", self.sigma("check", path)[0])
        self.assertIn("0 warnings", self.sigma("check", "--placeholders", values, path)[0])


class Match(SigmaTest):
    EVENTS = [{"Action": "copy", "Target": "E:\\plan"}, {"Action": "copy", "Target": "C:\\plan"},
              {"Action": "copy", "Target": "e:\\x", "Agent": "OfficeProxy 2"}, {"Note": "the TOMBOLA"}]
    RULES = rules(COPY, KEYWORD)
    COPIED = "7d2b6a3e-9a51-4c55-8a55-0a5f2f1f7c01"
    FOUND = [(COPIED, 0), ("word", 3)]

    def test_lines(self):
        self.assertEqual(self.match(self.RULES, self.EVENTS), self.FOUND)
        self.assertEqual(self.found[0], {"rule": self.COPIED, "event": 0, "title": "Copied to a stick",
                                         "level": "high"})

    def test_objects_over_many_lines_an_array_and_a_single_object(self):
        pretty = "\n".join(json.dumps(event, indent=2) for event in self.EVENTS)
        self.assertEqual(self.match(self.RULES, pretty), self.FOUND)
        self.assertEqual(self.match(self.RULES, json.dumps(self.EVENTS)), self.FOUND)
        self.assertEqual(self.match(self.RULES, json.dumps(self.EVENTS, indent=1)), self.FOUND)
        self.assertEqual(self.match(self.RULES, json.dumps(self.EVENTS[0])), self.FOUND[:1])
        self.assertEqual(self.match(self.RULES, "\ufeff" + json.dumps(self.EVENTS[0], indent=4)), self.FOUND[:1])

    def test_lines_of_text_are_searched_for_keywords(self):
        text = "Mar  2 desk7: row the BOAT\nMar  2 desk7: row a boat\r\n\nMar  2 desk7: nothing\nno tombola here"
        self.assertEqual(self.match(self.RULES, text), [("word", 0), ("word", 1), ("word", 3)])

    def test_compressed_input_and_standard_input(self):
        lines = "".join(json.dumps(event) + "\n" for event in self.EVENTS).encode()
        self.assertEqual(self.match(self.RULES, gzip.compress(lines), name="e.jsonl.gz"), self.FOUND)
        zst = subprocess.run(["zstd", "-q", "-c"], input=lines, stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(self.match(self.RULES, zst, name="e.jsonl.zst"), self.FOUND)
        out, _ = self.sigma("match", "--rules", self.write("r.yml", self.RULES), "--events", "-", "--json",
                            stdin=lines)
        self.assertEqual(len(out.splitlines()), 2)

    def test_for_people(self):
        out, errors = self.sigma("match", "--rules", self.write("r.yml", self.RULES), "--events",
                                 self.write_lines("e.jsonl", self.EVENTS))
        self.assertRegex(out, r"^ +0  high +Copied to a stick  \(7d2b6a3e[-0-9a-f]*\)\n +3  low +Word anywhere  \(word\)\n$")
        self.assertIn("4 records, 2 matches", errors)

    def test_nothing_found_is_1(self):
        self.assertEqual(self.match(self.RULES, self.EVENTS[1:3], code=1), [])
        self.assertEqual(self.match(self.RULES, "", code=1), [])

    def test_a_broken_line_is_named_and_the_rest_goes_on(self):
        lines = [json.dumps(event) for event in self.EVENTS]
        lines[1] = '{"Action": "copy", '
        self.assertEqual(self.match(self.RULES, "\n".join(lines), code=2), self.FOUND)
        self.assertIn("events.jsonl:2: record 1 is not JSON", self.errors)

    def test_trouble_is_2(self):
        events = self.write_lines("e.jsonl", self.EVENTS)
        good = self.write("good.yml", self.RULES)
        self.sigma("match", "--rules", good, "--events", self.folder / "none.jsonl", code=2)
        self.sigma("match", "--rules", self.folder / "none.yml", "--events", events, code=2)
        self.sigma("match", "--rules", good, "--events", self.write("e.gz", gzip.compress(json.dumps(self.EVENTS).encode())[:40]), code=2)
        # One rule has an error: the others are asked, and the exit code says that not all was.
        self.assertEqual(self.match(Check.BROKEN, self.EVENTS, code=2), self.FOUND[:1])

    def test_only(self):
        self.assertEqual(self.match(self.RULES, self.EVENTS, "--only", "word"), self.FOUND[1:])
        self.assertEqual(self.match(self.RULES, self.EVENTS, "--only", self.COPIED, "--only", "word"), self.FOUND)
        self.assertEqual(self.match(self.RULES, self.EVENTS, "--only", "nobody", code=1), [])

    def test_placeholders(self):
        text = COPY.replace("startswith: 'E:'", "expand|startswith: '%sticks%'")
        values = self.write("values.yml", "sticks: ['E:', 'F:']\n")
        events = [{"Action": "copy", "Target": "f:\\x"}, {"Action": "copy", "Target": "%sticks%"}]
        self.assertEqual(self.match(text, events, "--placeholders", values), [(self.COPIED, 0)])
        # Without values it equals nothing, and that is said.
        self.assertEqual(self.match(text, events, code=1), [])
        self.assertIn("nobody has said what `%sticks%` stands for", self.errors)

    def test_null_empty_and_exists(self):
        conditions = {"nothing": "X: null", "empty": "X: ''", "exists": "X|exists: true", "missing": "X|exists: false",
                      "any": "X: '*'", "neq": "X|neq: a"}
        text = rules(*(SIMPLE.format(name=name).replace(f"{{Action: {name}}}", f"{{{line}}}")
                       for name, line in conditions.items()))
        expected = {0: ["nothing", "missing", "neq"],   # absent
                    1: ["nothing", "exists", "neq"],    # null
                    2: ["empty", "exists", "any", "neq"],
                    3: ["exists", "any"],
                    4: ["exists", "any", "neq"]}  # an empty list
        found = self.match(text, [{}, {"X": None}, {"X": ""}, {"X": "A"}, {"X": []}])
        self.assertEqual({event: [rule for rule, where in found if where == event] for event in range(5)}, expected)


class Mappings(SigmaTest):
    RULE = """title: Shell
name: shell
logsource: {product: windows, category: process_creation}
detection:
  selection: {Image|endswith: '\\cmd.exe'}
  condition: selection
"""

    @staticmethod
    def windows(number, channel, **data):
        return {"Event": {"System": {"EventID": number, "Channel": channel}, "EventData": data}}

    def setUp(self):
        super().setUp()
        self.events = [self.windows(1, "Microsoft-Windows-Sysmon/Operational", Image="C:\\cmd.exe"),
                       self.windows(4688, "Security", NewProcessName="C:\\CMD.EXE"),
                       self.windows(11, "Microsoft-Windows-Sysmon/Operational", Image="C:\\cmd.exe"),  # a file event
                       {"Image": "C:\\cmd.exe"}]  # nobody knows what it is of: asked

    def test_a_record_of_another_log_source_is_not_asked(self):
        expected = [("shell", 0), ("shell", 1), ("shell", 3)]
        self.assertEqual(self.match(self.RULE, self.events, "--mapping", "windows"), expected)
        self.assertEqual(self.match(self.RULE, self.events, "--mapping", "default"), expected)
        self.assertEqual(self.match(self.RULE, self.events), expected)

    def test_rules_for_other_products_are_not_asked_of_a_windows_record(self):
        text = self.RULE.replace("windows", "linux")
        self.assertEqual(self.match(text, self.events), [("shell", 3)])

    def test_a_file(self):
        mapping = self.write("mine.yml", "name: mine\nroots: [data]\nfields: {Image: [what.path]}\n")
        events = [{"data": {"Image": "\\cmd.exe"}}, {"what": {"path": "\\cmd.exe"}}, {"what.path": "\\cmd.exe"},
                  {"other": {"Image": "\\cmd.exe"}}]
        self.assertEqual(self.match(self.RULE, events, "--mapping", mapping), [("shell", 0), ("shell", 1), ("shell", 2)])

    def test_an_unknown_mapping_lists_the_known_ones(self):
        self.match(self.RULE, self.events, "--mapping", "solaris", code=2)
        self.assertRegex(self.errors, r"no mapping `solaris`; known are .*default.*windows")

    def test_a_mapping_with_a_fault_is_refused_with_its_place(self):
        mapping = self.write("mine.yml", "name: mine\nfeilds: {}\n")
        self.match(self.RULE, self.events, "--mapping", mapping, code=2)
        self.assertRegex(self.errors, r"(?s)mine\.yml:2:1 .*feilds")
        self.assertIn("did you mean `fields`?", self.errors)


class Filters(SigmaTest):
    def test_a_filter_narrows_the_rules_it_names_or_any(self):
        events = [{"Action": "copy", "Target": "E:", "User": "ada"},
                  {"Action": "copy", "Target": "E:", "User": "svc_backup"}, {"N": "tombola", "User": "svc_backup"}]
        text = """title: Not the backup
logsource: {product: desk}
filter:
  rules: RULES
  backup: {User|startswith: svc_}
  condition: not backup
"""
        self.assertEqual(self.match(rules(COPY, KEYWORD, text.replace("RULES", "[copied]")), events),
                         [(Match.COPIED, 0), ("word", 2)])
        self.assertEqual(self.match(rules(text.replace("RULES", "any"), COPY, KEYWORD), events), [(Match.COPIED, 0)])
        # For another log source it concerns nobody.
        other = text.replace("RULES", "any").replace("desk", "server")
        self.assertEqual(len(self.match(rules(COPY, KEYWORD, other), events)), 3)
        self.assertEqual(len(self.match(rules(COPY, KEYWORD, text.replace("RULES", "[nobody]")), events)), 3)
        found = json.loads(self.sigma("check", "--json", self.folder / "rules.yml")[0])
        self.assertEqual([fault["id"] for fault in found["diagnostics"]], ["sigma.unknown_rule"])


class Correlations(SigmaTest):
    def test_event_count_names_the_record_at_which_it_first_held(self):
        text = rules(simple("login"), correlation("Many", "type: event_count, rules: [login], group-by: [User], "
                                                  "timespan: 10m, condition: {gte: 3}", "many"))
        events = [at(0, "login", User="ada"), at(1, "login", User="bob"), at(2, "login", User="ADA"),
                  at(4, "login"), at(9, "login", User="ada"), at(11, "login", User="ada"),
                  at(30, "login", User="ada")]
        self.assertEqual(self.match(text, events), [("many", 4)])
        self.assertEqual(self.found[0], {"rule": "many", "event": 4, "title": "Many", "level": "high",
                                         "events": [0, 2, 4, 5], "from": "2026-03-02T09:09:00Z",
                                         "to": "2026-03-02T09:11:00Z"})

    def test_the_window_is_open_at_its_start(self):
        text = rules(simple("login"), correlation("Two", "type: event_count, rules: [login], timespan: 10m, "
                                                  "condition: {gte: 2}"))
        self.assertEqual(self.match(text, [at(0, "login"), at(10, "login")], code=1), [])
        self.assertEqual(self.match(text, [at(1, "login"), at(10, "login")]), [("Two", 1)])

    def test_values(self):
        def find(kind, condition, amounts, code=0):
            text = rules(simple("pay"), correlation("V", f"type: {kind}, rules: [pay], timespan: 1h, "
                                                    f"condition: {{field: Amount, {condition}}}"))
            return [event for _, event in
                    self.match(text, [at(i, "pay", Amount=amount) for i, amount in enumerate(amounts)], code=code)]

        self.assertEqual(find("value_count", "gte: 3", ["a", "b", "A", "b", "c"]), [4])
        self.assertEqual(find("value_sum", "gte: 0.3", [0.1, "none", "0.2"]), [2])
        self.assertEqual(find("value_sum", "gt: 0.3", [0.1, 0.2], code=1), [])
        self.assertEqual(find("value_avg", "gt: 10", [10, 10, 16]), [2])
        self.assertEqual(find("value_percentile", "percentile: 90, gte: 50", [1, 2, 3, 60]), [3])
        self.assertEqual(find("value_percentile", "percentile: 50, gte: 50", [1, 2, 3, 60], code=1), [])
        self.assertEqual(find("value_median", "gte: 3", [1, 3, 4]), [2])
        # Without `percentile`: the share of the record's own value in percent.
        self.assertEqual(find("value_percentile", "lte: 20", ["usual", "usual", "usual", "usual", "rare"]), [4])

    def test_temporal_and_temporal_ordered(self):
        events = [at(0, "stop", Host="h1"), at(2, "start", Host="h1"), at(3, "start", Host="h2"),
                  at(4, "stop", Host="h2"), at(9, "start", Host="h3"), at(30, "stop", Host="h3")]
        body = "rules: [start, stop], group-by: [Host], timespan: 5m"
        both = rules(simple("start", "stop"), correlation("Both", f"type: temporal, {body}"))
        self.assertEqual(self.match(both, events), [("Both", 1), ("Both", 3)])
        ordered = both.replace("type: temporal,", "type: temporal_ordered,")
        self.assertEqual(self.match(ordered, events), [("Both", 3)])

    def test_aliases(self):
        text = rules(simple("send", "receive"), """title: Handed over
correlation:
  type: temporal
  rules: [send, receive]
  timespan: 1h
  aliases: {who: {send: Sender, receive: Receiver}}
  group-by: [who]
""")
        events = [at(0, "send", Sender="ada", Receiver="bob"), at(1, "receive", Sender="ada", Receiver="bob"),
                  at(2, "receive", Receiver="ada")]
        self.assertEqual(self.match(text, events), [("Handed over", 2)])

    def test_a_chain_counts_what_another_correlation_found(self):
        text = rules(simple("login", "read"),
                     correlation("Then read", "type: temporal_ordered, rules: [many, read], group-by: [User], "
                                 "timespan: 20m"),
                     correlation("Many", "type: event_count, rules: [login], group-by: [User], timespan: 5m, "
                                 "condition: {gte: 2}", "many"))
        events = [at(0, "login", User="ada"), at(1, "login", User="ada"), at(8, "read", User="ada"),
                  at(9, "read", User="bob")]
        self.assertEqual(self.match(text, events), [("Then read", 2)])
        self.assertEqual(self.found[0]["events"], [1, 2])

    def test_what_is_counted_is_reported_itself_only_with_generate(self):
        counted = "type: event_count, rules: [login], timespan: 5m, condition: {gte: 2}"
        events = [at(0, "login"), at(1, "login")]
        self.assertEqual(self.match(rules(simple("login"), correlation("Two", counted)), events), [("Two", 1)])
        self.assertEqual(self.match(rules(simple("login"), correlation("Two", counted + ", generate: true")), events),
                         [("login", 0), ("login", 1), ("Two", 1)])

    def test_records_without_a_time_are_left_out_and_counted(self):
        text = rules(simple("login"), correlation("Two", "type: event_count, rules: [login], timespan: 5m, "
                                                  "condition: {gte: 2}"))
        self.assertEqual(self.match(text, [{"Action": "login"}, {"Action": "login"}], code=1), [])
        self.assertIn("2 records without a time were left out of correlations", self.errors)

    def test_a_rule_that_is_not_there(self):
        path = self.write("r.yml", rules(simple("login"), correlation("C", "type: temporal, rules: [login, logins], "
                                                                      "timespan: 5m")))
        fault, = json.loads(self.sigma("check", "--json", path, code=1)[0])["diagnostics"]
        self.assertEqual((fault["id"], fault["hint"]), ("sigma.unknown_rule", "did you mean `login`?"))


class Explain(SigmaTest):
    def test_for_people(self):
        out, _ = self.sigma("explain", self.write("r.yml", COPY), "--event",
                            self.write("e.json", '{"Action": "copy", "Target": "E:\\u001b[31m", "Agent": "x"}'))
        self.assertTrue(out.startswith("record 0: matches `Copied to a stick`\n"), out)
        self.assertIn("+ Target starts with `e:`", out)
        self.assertIn("- Agent contains `officeproxy`", out)
        self.assertNotIn("\x1b", out)  # what a record holds moves no cursor

    def test_why_not(self):
        out, _ = self.sigma("explain", self.write("r.yml", COPY), "--event", self.write("e.json", '{"Action": "move"}'),
                            code=1)
        self.assertIn("record 0: does not match", out)
        self.assertRegex(out, r"- Action is `copy` +\(it is `move`\)")
        self.assertIn("the record has no Target", out)

    def test_json(self):
        out, _ = self.sigma("explain", self.write("r.yml", COPY), "--json", "--event", "-",
                            stdin=b'{"Action": "copy", "Target": "E:"}')
        told = json.loads(out)
        self.assertEqual((told["rule"], told["event"], told["matches"], told["other_log_source"]),
                         (Match.COPIED, 0, True, False))
        self.assertTrue(told["condition"]["holds"])
        self.assertTrue(told["condition"]["parts"])

    def test_a_record_of_another_log_source(self):
        event = self.write_lines("e.json", [Mappings.windows(11, "Microsoft-Windows-Sysmon/Operational",
                                                             Image="\\cmd.exe")])
        rule = self.write("r.yml", Mappings.RULE)
        told = json.loads(self.sigma("explain", rule, "--json", "--event", event, code=1)[0])
        self.assertEqual((told["matches"], told["other_log_source"], told["condition"]["holds"]), (False, True, True))
        self.assertIn("not of the rule's log source", self.sigma("explain", rule, "--event", event, code=1)[0])

    def test_trouble_is_2(self):
        rule = self.write("r.yml", COPY)
        self.sigma("explain", rule, "--event", self.write("e.json", '{"Action": '), code=2)
        self.sigma("explain", rule, "--event", self.folder / "none.json", code=2)


if __name__ == "__main__":
    unittest.main()
