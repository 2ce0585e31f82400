"""`candor switches` and `candor ledger`: off means never evaluated, on every path; and the kinds of data folders."""
import datetime
import json
import shutil
import unittest

from harness import ROOT, CommandTest, record

NAME = "sharepoint_download"


def day(offset=0):
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=offset)).isoformat()


def today(number, offset=0, **changes):
    return record(number, CreationTime=f"{day(offset)}T00:00:{number % 60:02d}", **changes)


class SwitchTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)

    def run_candor(self, *arguments, code=0, **more):
        done = self.candor("--content", self.content, *arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done

    def set(self, *arguments, code=0):
        return self.run_candor("switches", "set", *arguments, code=code)

    def ledger(self):
        """By day: offered, evaluated, matched; of folders that knew one content only."""
        lines = self.ledger_lines()
        self.assertEqual(len({line["content"] for line in lines}), 1)
        return self.by_day(lines)

    def ledger_now(self):
        """The same of the content of today: the one that counts most."""
        lines = self.ledger_lines()
        return self.by_day([line for line in lines if line["content"] == max(
            lines, key=lambda other: (other["offered"], other["evaluated"]))["content"]])

    @staticmethod
    def by_day(lines):
        return {line["day"]: (line["offered"], line["evaluated"], line["matched"]) for line in lines}

    def ledger_lines(self):
        lines = [json.loads(line) for line in self.run_candor("ledger", "--json").stdout.splitlines()]
        return [line for line in lines if line["indicator"] == NAME]

    def take(self, *files):
        return self.ingest("--content", self.content, *files)


class Switches(SwitchTest):
    def test_off_is_never_evaluated(self):
        self.take(self.write_lines("a.jsonl", [today(n) for n in range(3)]))
        self.assertEqual(self.ledger(), {day(): (3, 3, 3)})
        self.set(NAME, "off", "--from", day(1))
        self.take(self.write_lines("b.jsonl", [today(n, 1) for n in range(10, 14)]))
        self.assertEqual(self.ledger(), {day(): (3, 3, 3), day(1): (4, 0, 0)})
        self.run_candor("rebuild")
        self.assertEqual(self.ledger(), {day(): (3, 3, 3), day(1): (4, 0, 0)})

    def test_the_past_needs_an_agreement_and_is_matched_again(self):
        self.take(self.write_lines("a.jsonl", [today(n, -2) for n in range(3)]))
        refused = self.set(NAME, "off", "--from", day(-5), code=1)
        self.assertIn(b"switches.agreement_needed", refused.stderr)
        before = self.ledger_lines()
        self.set(NAME, "off", "--from", day(-5), "--agreement", "Works agreement 7")
        after = self.ledger_lines()
        # What was evaluated once stays in the ledger under its own content.
        self.assertEqual(sorted((line["evaluated"], line["matched"]) for line in after), [(0, 0), (3, 3)])
        self.assertIn(before[0], after)

    def test_countries_are_strict_while_nothing_is_known(self):
        self.set(NAME, "off", "--country", "DE")
        self.take(self.write_lines("a.jsonl", [today(1)]))
        self.assertEqual(self.ledger(), {day(): (1, 0, 0)})

    def test_content_and_private_life_want_an_agreement(self):
        rule = self.content / "indicators" / "office" / f"{NAME}.yml"
        rule.write_text(rule.read_text().replace("intrusion: 1", "intrusion: 3\n  legal: It looks at content."))
        self.take(self.write_lines("a.jsonl", [today(1)]))
        self.assertEqual(self.ledger(), {day(): (1, 0, 0)})
        self.assertIn(b"switches.agreement_needed", self.set(NAME, "on", code=1).stderr)
        self.set(NAME, "on", "--agreement", "Works agreement 7")
        self.take(self.write_lines("b.jsonl", [today(2)]))
        # What was stored of the day is matched again, and its ledger is that of another content.
        self.assertEqual(self.ledger_now(), {day(): (2, 2, 2)})

    def test_a_decision_is_in_the_list_and_in_the_audit_log(self):
        self.set(NAME, "off", "--country", "DE", "--group", "Sales", "--agreement", "A 1")
        listed = {row["name"]: row for row in json.loads(self.run_candor("switches", "list", "--json").stdout)}
        self.assertFalse(listed[NAME]["on"])
        decision = listed[NAME]["decisions"][0]
        self.assertEqual((decision["country"], decision["group"], decision["agreement"], decision["from"]),
                         ("DE", "sales", "A 1", day()))
        audit = self.run_candor("audit", "export").stdout.decode()
        self.assertIn("switches.set", audit)
        self.run_candor("audit", "verify")

    def test_refusals_name_the_remedy(self):
        self.assertIn(b"did you mean `sharepoint_download`", self.set("sharepoint_downlod", "off", code=1).stderr)
        self.assertIn(b"two capital letters", self.set(NAME, "off", "--country", "de", code=1).stderr)
        self.assertIn(b"YYYY-MM-DD", self.set(NAME, "off", "--from", "tomorrow", code=1).stderr)

    def test_a_served_folder_follows_at_once(self):
        self.serve()
        self.assertEqual(self.candor("switches", "set", NAME, "off").returncode, 0)
        self.ingest(self.write_lines("a.jsonl", [today(1)]))
        lines = [json.loads(line) for line in self.candor("ledger", "--json").stdout.splitlines()]
        self.assertEqual([(line["offered"], line["evaluated"]) for line in lines if line["indicator"] == NAME], [(1, 0)])
        done = self.candor("switches", "set", NAME, "on", "--from", day(-1), "--agreement", "A 1")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"app.served", done.stderr)


class Directories(SwitchTest):
    """Where somebody belongs is what the directory told last; whom it tells nothing of, the strictest holds for."""

    def people(self, groups, known_since=None):
        """Imports a directory: the groups of each account."""
        rows = [f"{account},{account},id-{account},DE,{group}\n" for account, group in groups.items()]
        path = self.write("users.csv", "userPrincipalName,displayName,id,usageLocation,groups\n" + "".join(rows))
        self.run_candor("people", "import", path, *(["--known-since", known_since] if known_since else []))

    def by(self, account, first, count):
        return [today(first + n, UserId=account) for n in range(count)]

    def by_country(self):
        return {line["country"]: (line["offered"], line["evaluated"], line["matched"]) for line in self.ledger_lines()}

    def test_off_for_a_group_holds_for_whom_no_group_is_told_of(self):
        self.people({"ada@example.com": "", "ben@example.com": "Legal", "cay@example.com": "Sales;Legal"})
        self.set(NAME, "off", "--group", "Sales")
        self.take(self.write_lines("a.jsonl", self.by("ben@example.com", 0, 2)))
        self.assertEqual(self.ledger(), {day(): (2, 2, 2)})
        self.take(self.write_lines("b.jsonl", self.by("ada@example.com", 10, 1) + self.by("cay@example.com", 20, 4) +
                                   self.by("nobody.told@example.com", 30, 8)))
        expected = {"DE": (7, 2, 2), "": (8, 0, 0)}
        self.assertEqual(self.by_country(), expected)
        self.run_candor("rebuild")
        self.assertEqual(self.by_country(), expected)

    def test_on_for_a_group_does_not_hold_for_whom_no_group_is_told_of(self):
        self.people({"ada@example.com": "", "ben@example.com": "Legal"})
        self.set(NAME, "off")
        self.set(NAME, "on", "--group", "legal")
        self.take(self.write_lines("a.jsonl", self.by("ada@example.com", 0, 1) + self.by("ben@example.com", 10, 2)))
        self.assertEqual(self.ledger(), {day(): (3, 2, 2)})

    def test_a_directory_that_changed_matches_again_at_the_next_start(self):
        self.people({"ada@example.com": "Legal"}, f"{day(-1)}T08:00:00Z")
        self.set(NAME, "off", "--group", "Sales")
        self.take(self.write_lines("a.jsonl", self.by("ada@example.com", 0, 3)))
        self.assertEqual(self.ledger(), {day(): (3, 3, 3)})
        self.people({"ada@example.com": "Sales"})
        # By whom it was before, and by whom since: each is counted by the places it was evaluated by.
        expected = [(3, 0, 0), (3, 3, 3)]
        counts = lambda: sorted((line["offered"], line["evaluated"], line["matched"]) for line in self.ledger_lines())
        self.assertEqual(counts(), expected)
        self.run_candor("rebuild")
        self.assertEqual(counts(), expected)

    def test_a_directory_that_no_decision_asks_about_matches_nothing_again(self):
        self.people({"ada@example.com": "Legal"}, f"{day(-1)}T08:00:00Z")
        self.take(self.write_lines("a.jsonl", self.by("ada@example.com", 0, 3)))
        before = self.ledger_lines()
        self.people({"ada@example.com": "Sales"})
        self.assertEqual(self.ledger_lines(), before)


class Kinds(CommandTest):
    def simulate(self):
        out = self.folder / "simulated"
        done = self.candor("simulate", "--people", "5", "--days", "3", "--out", out, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return out

    def test_the_first_data_decides_and_the_other_is_refused(self):
        simulated = self.simulate()
        real = self.write_lines("real.jsonl", [record(1)])
        self.ingest(simulated / "audit")
        self.assertEqual((self.data / "kind").read_text(), "demo\n")
        refused = self.ingest(real, code=2)
        self.assertEqual(refused["rejected"], {"real_record": 1})
        other = self.folder / "other"
        self.ingest(real, data=other)
        self.assertEqual((other / "kind").read_text(), "real\n")
        refused = self.ingest(simulated / "audit", code=1, data=other)
        self.assertEqual(refused["failures"][0]["id"], "app.other_kind")
        self.refused("hr", "import", simulated / "hr.csv", data=other)

    def test_rows_are_known_without_the_mark(self):
        simulated = self.simulate()
        files = [path for path in sorted((simulated / "audit").rglob("*")) if path.is_file()]
        text = b"".join(path.read_bytes() for path in files if path.suffix in (".jsonl", ".ndjson", ".json"))[:200_000]
        rows = [json.loads(line) for line in text.splitlines()[:20] if line.startswith(b"{") and line.endswith(b"}")]
        if not rows:
            self.skipTest("the simulation writes no lines")
        self.ingest(self.write_lines("real.jsonl", [record(1)]))
        summary = self.ingest(self.write_lines("copied.jsonl", rows), code=2)
        self.assertEqual(summary["rejected"], {"simulated_record": len(rows)})

    def refused(self, *arguments, data=None, stdin=b""):
        done = self.candor(*arguments, data=data, stdin=stdin)
        self.assertEqual(done.returncode, 1, done.stdout.decode())
        self.assertIn(b"app.other_kind", done.stderr)
        self.assertIn(b"--data", done.stderr)
        return done.stderr.decode()

    def copied(self, path):
        """The same bytes where no mark tells that they are invented."""
        return self.write(f"copied/{path.name}", path.read_bytes())

    def test_records_that_name_no_organisation_are_real_without_the_mark(self):
        simulated = self.simulate()
        badges = simulated / "badge.json"
        count = self.ingest(simulated / "audit", badges)["stored"] - self.ingest(
            simulated / "audit", data=self.folder / "other")["stored"]
        self.assertGreater(count, 0)
        done = self.candor("ingest", self.copied(badges))
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.decode(), r"\d+ rows are real, .* --data \[app.other_kind\]")
        for source in (["-"], [self.folder / "copied"]):
            rejected = self.ingest(*source, stdin=badges.read_bytes(), code=2)
            self.assertEqual(rejected["rejected"], {"real_record": rejected["records_read"]})
        # The first data of a folder decides, though it names no organisation.
        real = self.folder / "real"
        self.ingest(self.copied(badges), data=real)
        self.assertEqual((real / "kind").read_text(), "real\n")

    def test_a_followed_folder_is_known_by_its_mark(self):
        simulated = self.simulate()
        self.start("ingest", "--follow", simulated)
        self.wait_until(lambda: (self.data / "kind").exists())
        self.assertEqual((self.data / "kind").read_text(), "demo\n")
        self.ingest(self.write_lines("real.jsonl", [record(1)]), data=self.folder / "real")
        self.refused("ingest", "--follow", simulated, data=self.folder / "real")

    def test_files_about_people_are_real_without_the_mark(self):
        simulated = self.simulate()
        imports = {"hr.csv": ["hr", "import"], "directory.csv": ["people", "import"],
                   "organisation.yml": ["organisation", "import"]}
        for name, command in imports.items():
            done = self.candor(*command, simulated / name)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            self.assertEqual((self.data / "kind").read_text(), "demo\n")
            told = self.refused(*command, self.copied(simulated / name))
            self.assertIn("candor simulate", told)
            self.refused(*command, "-", stdin=(simulated / name).read_bytes())
            other = self.folder / f"real {name}"
            done = self.candor(*command, self.folder / "copied" / name, data=other)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            self.assertEqual((other / "kind").read_text(), "real\n")
            self.refused(*command, simulated / name, data=other)
        self.refused("hr", "withdraw", self.folder / "copied" / "hr.csv")
        self.refused("organisation", "import", self.folder / "copied" / "organisation.yml", "--dry-run")
        fresh = self.folder / "fresh"
        for name in ("directory.csv", "organisation.yml"):
            done = self.candor(*imports[name], self.folder / "copied" / name, "--dry-run", data=fresh)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertFalse((fresh / "kind").exists(), "nothing was stored")
        done = self.candor("people", "import", simulated / "directory.csv", self.folder / "copied" / "directory.csv",
                           data=fresh)
        self.assertIn(b"two folders", done.stderr)
        self.assertFalse((fresh / "kind").exists(), "nothing was stored")

    def test_a_folder_from_before_there_were_kinds_counts_as_real(self):
        """... and that is written down, whatever it holds."""
        row = "EmailAddress,ResignationDate,LastWorkingDate\nada.kelm@example.com,2026-03-20,2026-03-31\n"
        users = "userPrincipalName,displayName,id\nada.kelm@example.com,Ada Kelm,a1\n"
        for name, command, text in (("a.jsonl", ["ingest"], json.dumps(record(1))), ("hr.csv", ["hr", "import"], row),
                                    ("users.csv", ["people", "import"], users),
                                    ("w.yml", ["organisation", "import"], "own_domains: [example.com]\n")):
            data = self.folder / f"old {name}"
            done = self.candor(*command, self.write(name, text), data=data)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            (data / "kind").unlink()
            self.candor("ingest", "--status", data=data)
            self.assertEqual((data / "kind").read_text(), "real\n", name)
        empty = self.folder / "empty"
        self.candor("ingest", "--status", data=empty)
        self.assertFalse((empty / "kind").exists())

    def test_a_real_folder_is_no_demo(self):
        self.ingest(self.write_lines("real.jsonl", [record(1)]))
        done = self.candor("serve", "--demo", "--port", "0")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"app.other_kind", done.stderr)


if __name__ == "__main__":
    unittest.main()
