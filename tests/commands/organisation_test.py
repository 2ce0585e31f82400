"""What the organisation says about itself: imported, corrected, withdrawn, shown, checked, and records read by it."""
import json
import shutil
import unittest

from harness import ROOT, CommandTest, record

WORLD = """own_domains: [example.com]
clouds:
  - {domain: dropspace.example, sanctioned: false, reason: no contract}
removable_media: [{serial: AA-11, vendor: Acme}]
announced_events:
  - {name: New laptops, kind: laptop_roll_out, owner: IT, reason: replacement, from: 2026-03-01, to: 2026-03-31}
"""
LABELS = (b'\xef\xbb\xbf"ImmutableId","DisplayName","Name","Priority","ParentId"\r\n'
          b'"aaaa-1","Open","open","0",""\r\n"aaaa-2","Closed","closed","1",""\r\n"aaaa-3","","x","seven",""\r\n')


class Organisation(CommandTest):
    def run_ok(self, *arguments, code=0, **more):
        done = self.candor("organisation", *arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode()

    def outcome(self, *arguments, code=0):
        return json.loads(self.run_ok("import", "--json", *arguments, code=code))

    def section(self, name, *options):
        return json.loads(self.run_ok("show", "--json", *options))["sections"][name]

    def values(self, name, *options):
        return [list(fact["attributes"].values())[0] for fact in self.section(name, *options)["facts"]]

    def test_import_is_idempotent_and_a_dry_run_changes_nothing(self):
        file = self.write("world.yml", WORLD)
        self.assertEqual(self.outcome(file, "--dry-run")["added"], 4)
        self.assertEqual(self.values("own_domains"), [])
        self.assertIn("would be 4 new", self.run_ok("import", file, "--dry-run"))
        self.assertEqual(self.outcome(file)["added"], 4)
        again = self.outcome(file)
        self.assertEqual((again["added"], again["corrected"], again["unchanged"]), (0, 0, 4))
        self.assertEqual(self.values("own_domains"), ["example.com"])

    def test_facts_are_dated_corrected_and_withdrawn(self):
        first = self.write("a.yml", "partner_domains: [{domain: p.example, from: 2026-01-01}]\n")
        ended = self.write("b.yml", "partner_domains: [{domain: p.example, from: 2026-01-01, to: 2026-02-28}]\n")
        self.outcome(first, "--known-since", "2026-01-05T00:00:00Z")
        done = self.outcome(ended, "--known-since", "2026-03-05T00:00:00Z")
        self.assertEqual(done["corrected"], 1)
        self.assertEqual(done["changes"][0]["before"], "partner_domains p.example, from 2026-01-01")
        self.assertEqual(self.values("partner_domains", "--at", "2026-02-28"), ["p.example"])
        self.assertEqual(self.values("partner_domains", "--at", "2026-03-01"), [])
        self.assertEqual(self.values("partner_domains", "--at", "2026-03-01", "--known", "2026-03-04"), ["p.example"])
        self.assertEqual(self.values("partner_domains", "--at", "2026-02-01", "--known", "2026-01-04"), [])
        self.assertEqual(self.outcome(first, "--withdraw")["withdrawn"], 1)
        self.assertEqual(self.values("partner_domains", "--at", "2026-02-01"), [])
        self.assertEqual(self.outcome(ended)["still_withdrawn"], 1)
        self.assertEqual(self.outcome(ended, "--reinstate")["corrected"], 1)

    def test_each_bad_row_is_named_and_the_others_are_taken(self):
        file = self.write("labels.csv", LABELS)
        done = self.candor("organisation", "import", file)
        self.assertEqual(done.returncode, 2)
        self.assertIn("labels.csv:4", done.stderr.decode())
        self.assertIn("2 new", done.stdout.decode())
        self.assertEqual(self.values("labels"), ["aaaa-1", "aaaa-2"])
        bad = self.write("bad.yml", "sites:\n  - {url: example.com/a, owner: ann.bell@example.com}\n")
        done = self.candor("organisation", "import", bad)
        self.assertEqual(done.returncode, 2)
        self.assertIn("bad.yml:2:", done.stderr.decode())
        self.assertNotIn("ann.bell", (done.stderr + done.stdout).decode())

    def test_misuse_says_what_to_do(self):
        file = self.write("x.csv", "a,b\n1,2\n")
        for arguments, words in ((("import", file), b"--kind"), (("import", file, "--kind", "people"), b"own_domains"),
                                 (("show", "--at", "soon"), b"YYYY-MM-DD"), (("show", "--section", "x"), b"section"),
                                 (("import", file, "--known-since", "x"), b"2026-03-20")):
            done = self.candor("organisation", *arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn(words, done.stderr)

    def test_check_names_who_cannot_judge(self):
        rows = json.loads(self.run_ok("check", "--json"))
        self.assertEqual(rows["needs"]["clouds"], "missing")
        self.assertEqual(rows["needs"]["own_domains"], "missing")
        lacking = {(row["indicator"], row["need"], row["dimension"], row["cannot_judge"]) for row in rows["indicators"]}
        self.assertIn(("cloud_upload", "clouds", "unallowed", True), lacking)
        self.assertIn(("email_external", "own_domains", None, True), lacking)
        self.assertRegex(self.run_ok("check"), r"email_external +cannot judge: own_domains missing")
        self.run_ok("import", self.write("world.yml", WORLD))
        rows = json.loads(self.run_ok("check", "--json"))
        self.assertEqual(rows["needs"]["clouds"], "known")
        self.assertFalse([row for row in rows["indicators"] if row["need"] in ("clouds", "own_domains")])
        self.assertIn("sites missing", self.run_ok("check"))

    def test_faults_between_facts_are_named_with_their_place(self):
        self.run_ok("import", self.write("n.yml", "networks:\n  - {network: 10.0.0.0/8, place: Nowhere}\n"))
        faults = json.loads(self.run_ok("check", "--json"))["diagnostics"]
        self.assertEqual([(f["id"], f["file"], f["line"]) for f in faults], [("organisation.leads_nowhere", "n.yml", 2)])
        self.assertTrue(faults[0]["hint"])

    def test_an_import_reads_stored_records_again(self):
        self.of_invented_people()
        upload = dict(Operation="FileUploadedToCloud", RecordType=63, Workload="Endpoint",
                      TargetDomain="dropspace.example", ObjectId="C:\\plan.docx", FileExtension="docx")
        mail = dict(Operation="FileUploadedToCloud", RecordType=63, Workload="Endpoint", TargetDomain="bought.example",
                    ObjectId="C:\\plan.docx", FileExtension="docx")
        self.candor("policy", "apply", ROOT / "content" / "policies")
        self.ingest(self.write_lines("a.jsonl", [record(n, **upload) for n in range(60)] +
                                     [record(100 + n, **mail) for n in range(5)]))
        before = self.canonical()
        self.run_ok("import", self.write("w.yml", WORLD))
        after = self.canonical()
        self.assertNotEqual(before, after)
        self.assertIn("unallowed", after)
        self.run_ok("import", self.write("w.yml", WORLD), "--withdraw")
        self.assertEqual(self.canonical(), before)
        # The same facts, told before the records came, give the same.
        other = self.folder / "other"
        self.candor("policy", "apply", ROOT / "content" / "policies", data=other)
        self.run_ok("import", self.folder / "w.yml", data=other)
        self.ingest(self.folder / "a.jsonl", data=other)
        self.assertEqual(self.canonical(other), after)

    def canonical(self, data=None):
        done = self.candor("alerts", "export", "--canonical", "--as-of", "2026-03-31", data=data)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def test_what_decides_nothing_about_records_reads_nothing_again(self):
        self.ingest(self.write_lines("a.jsonl", [record(n) for n in range(5)]))
        file = self.write("h.yml", "holidays: [{country: de, date: 2026-12-25}]\n")
        done = self.candor("organisation", "import", file)
        self.assertNotIn(b"raw log", done.stderr)
        self.assertEqual(self.section("holidays")["facts"][0]["attributes"]["country"], "DE")

    def test_a_served_folder_takes_facts_up_at_its_next_start(self):
        self.ingest(self.write_lines("a.jsonl", [record(n) for n in range(5)]))
        process = self.serve()
        self.assertTrue(self.outcome(self.write("w.yml", WORLD))["waits_for_next_start"])
        self.assertEqual(self.values("clouds"), ["dropspace.example"])
        process.terminate()
        process.wait()
        self.assertEqual(self.section("clouds")["state"], "known")

    def test_a_fault_in_the_content_file_stops_with_its_place(self):
        content = self.folder / "content"
        shutil.copytree(ROOT / "content", content)
        (content / "organisation.yml").write_text("own_domains:\n  - example.com\n  - nonsense\n")
        done = self.candor("organisation", "check", "--content", content)
        self.assertEqual(done.returncode, 1)
        self.assertIn("organisation.yml:3:5", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
