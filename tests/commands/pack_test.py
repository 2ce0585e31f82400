"""`candor pack`: what packs by industry and country say, and what comes of applying them together."""
import json
import shutil
import unittest

from harness import ROOT, CommandTest, record

LAWFUL = """
lawful_start:
  purpose: protect_confidential_information
  legal_basis: works_agreement
  agreement: BV 7
  impact_assessment: DPIA 3
  owner: Head of security
  countries: [DE, FR, GB, US, NL, IE, AT, CH]
  review_by: 2099-01-01
"""
PACKS = sorted(path.stem for path in (ROOT / "content" / "packs").glob("*.yml"))
INDUSTRIES = {"finance", "health", "manufacturing", "public_sector", "software"}
HEAD = "title: X\nabout: A.\nchecked_by: Counsel.\n"


class PackTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.content = None

    def own_content(self):
        """A copy of the content, to write packs into."""
        self.content = self.folder / "content"
        shutil.copytree(ROOT / "content", self.content)

    def own_pack(self, name, text):
        (self.content / "packs" / f"{name}.yml").write_text(f"id: {name}\n{HEAD}{text}")

    def run_candor(self, *arguments, code=0, **more):
        content = ["--content", self.content] if self.content else []
        done = self.candor(*content, *arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode() + done.stdout.decode())
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def apply(self, *arguments):
        return json.loads(self.run_candor("pack", "apply", *arguments, "--json"))

    def lawful(self):
        return self.write("lawful.yml", LAWFUL)

    def real_people(self):
        self.ingest(self.write_lines("real.jsonl", [record(1)]))

    def invented_people(self):
        self.of_invented_people()
        self.ingest(self.write_lines("invented.jsonl", [record(1)]))
        self.assertEqual((self.data / "kind").read_text(), "demo\n")

    def switches(self, name):
        rows = {row["name"]: row for row in json.loads(self.run_candor("switches", "list", "--json"))}
        return [(one["country"], one["on"]) for one in rows[name]["decisions"]]

    def outcomes(self, applied, *names):
        return {(one["indicator"], one["country"], one["on"]): one["outcome"] for one in applied["switches"]
                if one["indicator"] in names}

    def states(self):
        lines = self.run_candor("policy", "list").splitlines()[1:]
        return {line.split()[0]: line.split()[1] for line in lines}


class Shown(PackTest):
    def test_every_pack_is_listed(self):
        rows = json.loads(self.run_candor("pack", "list", "--json", data=False))
        self.assertEqual([row["id"] for row in rows], PACKS)
        self.assertLessEqual(INDUSTRIES, {row["id"] for row in rows if row["kind"] == "industry"})
        self.assertLessEqual({"DE", "FR", "GB", "US", "NL", "IE"}, {row["country"] for row in rows})
        self.assertEqual(len(self.run_candor("pack", "list", data=False).splitlines()), len(PACKS) + 1)

    def test_every_statement_has_its_source_and_every_pack_who_checks_it(self):
        for name in PACKS:
            with self.subTest(name):
                pack = json.loads(self.run_candor("pack", "show", name, "--json", data=False))
                self.assertGreater(len(pack["law"]), 2)
                self.assertGreater(len(pack["agree"]), 0)
                for said in pack["law"] + pack["agree"]:
                    self.assertRegex(said["source"], r"\S")
                # Nothing shipped takes what looks at reviews.
                self.assertFalse([one for one in pack["policies"] if "risky_users" in one["file"]])
                if pack["kind"] == "country":
                    self.assertIn("staff_notice", [text["name"] for text in pack["texts"]])
                    self.assertTrue(pack["switches"])
                    self.assertTrue(all(not one["on"] and one["country"] == pack["country"]
                                        for one in pack["switches"]))
                else:
                    self.assertGreater(len(pack["policies"]), 4)

    def test_what_is_shown_says_what_it_is_not(self):
        pack = json.loads(self.run_candor("pack", "show", "us", "--json", data=False))
        shown = self.run_candor("pack", "show", "us", data=False)
        self.assertIn("no legal advice. To be checked by: " + pack["checked_by"], shown)
        for said in pack["law"] + pack["agree"]:
            self.assertIn(said["source"], shown)

    def test_germany_has_everything_of_high_intrusion_off(self):
        known = json.loads(self.run_candor("indicators", "list", "--json", data=False))
        high = {one["name"] for one in known if one["intrusion"] >= 3}
        self.assertGreater(len(high), 30)
        for name in ("de", "fr"):
            pack = json.loads(self.run_candor("pack", "show", name, "--json", data=False))
            off = {indicator for one in pack["switches"] for indicator in one["indicators"]}
            self.assertLessEqual(high, off)
            self.assertLessEqual({"logon_outside_hours", "usb_outside_hours"}, off)

    def test_a_text_alone(self):
        text = self.run_candor("pack", "show", "de", "--text", "staff_notice_de", data=False)
        self.assertTrue(text.startswith("Information der Beschäftigten"))
        self.assertEqual(json.loads(self.run_candor("pack", "show", "de", "--text", "staff_notice_de", "--json",
                                                    data=False))["text"], text)
        refused = self.run_candor("pack", "show", "de", "--text", "notice", code=1, data=False)
        self.assertIn("it has: staff_notice, staff_notice_de, works_agreement_de [pack.no_text]", refused)

    def test_refusals_name_the_remedy(self):
        self.assertIn("did you mean `finance`?", self.run_candor("pack", "show", "finanse", code=1, data=False))
        self.assertIn("[pack.unknown]", self.run_candor("pack", "apply", "de", "../de", code=1))
        self.assertIn("[pack.unknown]", self.run_candor("pack", "apply", "x" * 100_000, code=1))
        self.assertEqual(self.states(), {})


class Applied(PackTest):
    def test_every_pack_applies_to_invented_people(self):
        self.invented_people()
        for name in PACKS:
            with self.subTest(name):
                first = self.apply(name)
                self.assertEqual(first["applied"], first["changes"])  # another industry may have done the same before
                for policy in first["policies"]:
                    self.assertEqual((policy["waits_for"], policy["lacks"]), ([], []))
        self.assertFalse(self.apply(PACKS[-1])["changes"])
        self.assertEqual(set(self.states().values()), {"active"})
        self.run_candor("audit", "verify")

    def test_every_pack_applies_to_an_empty_folder(self):
        for name in PACKS:
            with self.subTest(name):
                data = self.folder / name
                first = json.loads(self.run_candor("pack", "apply", name, "--json", "--lawful-start", self.lawful(),
                                                   data=data))
                self.assertTrue(first["applied"])
                self.assertFalse((data / "kind").exists())
                said = self.run_candor("pack", "apply", name, "--lawful-start", self.lawful(), data=data)
                self.assertIn("nothing to change: all of it is so already", said)

    def test_all_together_over_real_people_wait_and_once(self):
        self.real_people()
        arguments = [*PACKS, "--lawful-start", self.lawful(), "--reason", "agreed in May"]
        planned = self.apply(*arguments, "--dry-run")
        self.assertEqual((planned["changes"], planned["applied"]), (True, False))
        self.assertEqual((self.states(), self.switches("screen_capture")), ({}, []))
        first = self.apply(*arguments)
        self.assertTrue(first["applied"])
        del planned["applied"], first["applied"]
        self.assertEqual(first, planned)
        self.assertGreater(len(first["policies"]), 7)
        for policy in first["policies"]:
            self.assertEqual((policy["change"], policy["lacks"]), ("added", []))
            self.assertEqual(policy["waits_for"], ["it is new"])
        self.assertEqual(set(self.states().values()), {"validated"})
        again = self.apply(*reversed(PACKS), *arguments)
        self.assertEqual((again["changes"], again["applied"]), (False, False))
        self.assertEqual({one["outcome"] for one in again["switches"]} - {"needs an agreement"}, {"holds already"})
        lines = [json.loads(line) for line in self.run_candor("audit", "export").splitlines()]
        applied = [line for line in lines if line.get("action") == "pack.applied"]
        self.assertEqual([line["object_id"] for line in applied], PACKS)
        self.assertEqual({line["reason"] for line in applied}, {"agreed in May"})
        decided = [line for line in lines if line.get("action") == "switches.set"]
        self.assertEqual(json.loads(applied[0]["details"])["decisions"], len(decided))
        self.run_candor("audit", "verify")

    def test_without_a_lawful_start_real_people_are_not_looked_at(self):
        self.real_people()
        said = self.run_candor("pack", "apply", "software", "de")
        self.assertIn("draft: `lawful_start` lacks purpose", said)
        self.assertEqual(set(self.states().values()), {"draft"})

    def test_the_country_has_its_way(self):
        """An industry wants indicators on; the agreement holds where no country's pack says off."""
        self.invented_people()
        none = self.apply("health", "de")
        name = "patient_family_access"
        self.assertEqual(self.outcomes(none, name), {(name, "", True): "needs an agreement", (name, "DE", False): "set"})
        self.assertIn("off holds in DE", "".join(none["conflicts"]))
        self.assertEqual(self.switches(name), [("DE", False)])
        # What is decided for everybody must not undo what holds for one country.
        both = self.apply("health", "--agreement", "A 12")
        self.assertEqual(self.outcomes(both, name), {(name, "", True): "set", (name, "DE", False): "set again"})
        self.assertEqual(self.switches(name), [("DE", False), ("", True), ("DE", False)])
        for arguments in (["health", "de", "--agreement", "A 12"], ["health"], ["de"]):
            self.assertFalse(self.apply(*arguments)["changes"])

    def test_off_until_an_agreement_is_named(self):
        self.invented_people()
        name = "screen_capture"
        self.apply("de", "fr")
        self.assertEqual(self.switches(name), [("DE", False), ("FR", False)])
        self.run_candor("switches", "set", name, "on", "--country", "DE", "--agreement", "BV 7")
        again = self.apply("de", "fr")
        self.assertEqual(self.outcomes(again, name), {(name, "DE", True): "left on", (name, "FR", False): "holds already"})
        self.assertFalse(again["changes"])
        self.assertIn("on DE: 1 indicator, left as agreed (BV 7)", self.run_candor("pack", "apply", "de"))
        # One for everywhere names no agreement for France.
        self.run_candor("switches", "set", name, "on", "--agreement", "A 1")
        self.assertEqual(self.outcomes(self.apply("de", "fr"), name),
                         {(name, "DE", True): "left on", (name, "FR", False): "set"})

    def test_who_is_in_a_country_that_says_not_here_is_not_scored(self):
        self.own_content()
        self.own_pack("mine", "kind: industry\npolicies: [{file: data_leaks.yml}, "
                              "{file: optional/data_leaks_priority_users.yml}]\n")
        limits = "".join(f"  - {{file: {file}, not_in: [DE], reason: R}}\n" for file in
                         ("data_leaks.yml", "optional/data_leaks_priority_users.yml", "optional/risky_browsing.yml"))
        self.own_pack("here", "kind: country\ncountry: DE\nlimits:\n" + limits)
        users = self.write("users.csv", "userPrincipalName,displayName,id,usageLocation\nada.kelm@example.com,Ada,a1,DE\n"
                                        "ben.orr@example.com,Ben,b1,FR\n")
        self.of_invented_people()
        self.run_candor("people", "import", users, "--known-since", "2026-02-01T00:00:00Z")
        rows = [record(m * 1000 + n, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint",
                       CreationTime=f"2026-03-02T{9 + n // 60:02d}:{n % 60:02d}:00", ObjectId=f"C:\\plan-{n}.docx",
                       FileExtension="docx", UserId=user, UserKey=user)
                for m, user in enumerate(("ada.kelm@example.com", "ben.orr@example.com")) for n in range(240)]
        self.run_candor("ingest", self.write_lines("a.jsonl", rows))
        self.run_candor("pack", "apply", "mine")
        alerts = lambda: len(self.run_candor("alerts", "export", "--canonical", "--as-of", "2026-03-31").splitlines())
        self.assertEqual(alerts(), 2)
        said = self.run_candor("pack", "apply", "mine", "here")
        self.assertIn("+  except: [{country: [DE]}]", said)
        self.assertEqual(alerts(), 1)
        self.run_candor("policy", "apply", self.content / "policies" / "optional" / "risky_browsing.yml")
        said = self.run_candor("pack", "apply", "mine", "here")
        self.assertIn("note: policy risky-browsing is in force and none of these packs takes it: look at it by hand. "
                      "here: R", said)
        self.assertIn("nothing to change", said)

    def test_retention_is_compared_and_never_written(self):
        self.own_content()
        self.invented_people()
        self.own_pack("a", "kind: industry\nretention: {raw_days: 20, activity_days: 200, reason: R}\n")
        self.own_pack("b", "kind: industry\nretention: {raw_days: 60, activity_days: 80, reason: R}\n")
        settings = self.content / "settings.yml"
        before = settings.read_text()
        applied = self.apply("a", "b")
        wanted = "retention:\n  raw_days: 20\n  activity_days: 80\n"
        self.assertEqual(applied["retention"], {"raw_days": 30, "activity_days": 90, "put_into_settings": wanted})
        self.assertEqual(len(applied["conflicts"]), 2)
        self.assertEqual(settings.read_text(), before)
        self.assertIn(wanted, self.run_candor("pack", "apply", "a", "b"))
        settings.write_text(wanted)
        self.assertIsNone(self.apply("a", "b")["retention"]["put_into_settings"])
        # What is kept shorter than packs say is left.
        settings.write_text("retention:\n  raw_days: 3\n  activity_days: 10\n")
        self.assertIn("no longer than the packs say", self.run_candor("pack", "apply", "a", "b"))
        settings.write_text("retention:\n  raw_days: 10\n  activity_days: 90\n")
        self.assertEqual(self.apply("a", "b")["retention"]["put_into_settings"],
                         "retention:\n  raw_days: 10\n  activity_days: 80\n")
        # What was changed while Candor ran lies over the file: lines in it would do nothing.
        self.run_candor("settings", "set", "retention.activity_days", "70", "--reason", "agreed in the works council")
        self.own_pack("c", "kind: industry\nretention: {raw_days: 20, activity_days: 50, reason: R}\n")
        said = self.run_candor("pack", "apply", "c")
        self.assertIn("candor settings set retention.activity_days 50 --reason TEXT", said)
        self.assertNotIn("put this into it", said)

    def test_the_lawful_start_and_the_countries_are_compared(self):
        self.real_people()
        start = self.write("lawful.yml", LAWFUL.replace("[DE, FR, GB, US, NL, IE, AT, CH]", "[FR, JP]"))
        notes = self.apply("finance", "de", "--lawful-start", start, "--dry-run")["notes"]
        self.assertEqual(len(notes), 3)
        self.assertIn("does not name DE", notes[0])
        self.assertIn("names FR, and its pack is not among these", notes[1])
        self.assertIn("names JP, of which there is no pack", notes[2])

    def test_nothing_is_applied_with_a_fault(self):
        self.real_people()
        bad = self.write("bad.yml", LAWFUL.replace("works_agreement", "because"))
        self.assertIn("pack.not_applied", self.run_candor("pack", "apply", "finance", "--lawful-start", bad, code=1))
        self.own_content()
        self.own_pack("mine", "kind: industry\npolicies: [{file: data_leaks.yml, not_in: [DE], reason: R}]\n"
                              "switches: [{workload: office, state: off, reason: R}]\n")
        shipped = self.content / "policies" / "data_leaks.yml"
        shipped.write_text(shipped.read_text() + "scope: {except: [{country: [US]}]}\n")
        refused = self.run_candor("pack", "apply", "mine", code=1)
        self.assertIn("data_leaks.yml, changed by packs mine", refused)
        self.assertIn("[pack.not_applied]", refused)
        self.assertEqual((self.states(), self.switches("sharepoint_download")), ({}, []))

    def test_a_served_folder_follows_at_once(self):
        self.invented_people()
        self.serve()
        self.assertTrue(self.apply("software", "de")["applied"])
        self.assertFalse(self.apply("software", "de")["changes"])
        self.assertEqual(self.states()["risky-ai"], "active")
        self.assertEqual(self.switches("screen_capture"), [("DE", False)])


class Checked(PackTest):
    def faults(self):
        done = self.candor("content", "check", "--json", "--content", self.content, data=False)
        return done.returncode, json.loads(done.stdout)

    def test_content_check_names_what_a_pack_gets_wrong(self):
        self.own_content()
        code, report = self.faults()
        self.assertEqual((code, report["packs"], report["diagnostics"]), (0, len(PACKS), []))
        self.own_pack("mine", "kind: industry\npolicies:\n  - file: data_leak.yml\nswitches:\n"
                              "  - indicators: [usb_copi]\n    state: off\n    reason: R\n")
        code, report = self.faults()
        self.assertEqual((code, report["packs"]), (1, len(PACKS)))
        found = [(fault["file"].rsplit("/", 2)[1:], fault["line"], fault["id"], fault["hint"])
                 for fault in report["diagnostics"]]
        file = ["packs", "mine.yml"]
        self.assertEqual(found, [(file, 7, "pack.unknown_policy", "did you mean `data_leaks.yml`?"),
                                 (file, 9, "pack.unknown_indicator", "did you mean `usb_copy`?")])
        listed = self.run_candor("pack", "list", code=1, data=False)
        self.assertIn("pack.unknown_policy", listed)
        self.run_candor("pack", "show", "de", data=False)

    def test_content_check_makes_the_policies_of_a_pack(self):
        self.own_content()
        shipped = self.content / "policies" / "optional" / "risky_browsing.yml"
        shipped.write_text(shipped.read_text() + "scope: {except: [{country: [US]}]}\n")
        code, report = self.faults()
        self.assertEqual(code, 1)
        self.assertTrue(all("risky_browsing.yml, changed by pack" in fault["file"] for fault in report["diagnostics"]))


class Times(PackTest):
    def settings(self):
        rows = json.loads(self.run_candor("settings", "list", "--json"))
        rows = rows["settings"] if isinstance(rows, dict) else rows
        return {row["name"]: row for row in rows if row["name"].startswith("retention.")}

    def test_shorter_times_are_asked_for_only_when_told(self):
        self.invented_people()
        first = self.apply("de", "--reason", "what counsel said")
        self.assertNotIn("asked", first["retention"])
        self.assertEqual(self.settings()["retention.raw_days"]["value"], "30")
        second = self.apply("de", "--retention", "--reason", "what counsel said")
        self.assertTrue(second["applied"])
        self.assertEqual(self.settings()["retention.raw_days"]["value"], "14")
        self.assertFalse(self.apply("de", "--retention")["changes"])
        audit = self.run_candor("audit", "export")
        self.assertEqual(audit.count("setting.asked"), 1)

    def test_over_real_people_they_wait(self):
        self.real_people()
        arguments = ("de", "--lawful-start", self.lawful(), "--retention", "--reason", "what counsel said")
        self.assertTrue(self.apply(*arguments)["applied"])
        self.assertEqual(self.settings()["retention.raw_days"]["value"], "30")
        again = self.apply(*arguments)
        self.assertFalse(again["changes"])
        self.assertTrue(again["retention"]["asked"])

    def test_a_lawful_start_is_the_section_alone(self):
        self.real_people()
        path = self.write("more.yml", LAWFUL + "enabled: false\n")
        said = self.run_candor("pack", "apply", "finance", "--lawful-start", path, code=1)
        self.assertIn("policy.no_lawful_start", said)
        self.assertEqual(self.states(), {})


if __name__ == "__main__":
    unittest.main()
