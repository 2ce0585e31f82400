"""`candor backup`: made while Candor runs, tried, put back; and what is refused."""
import json
import shutil
import stat

from harness import CommandTest, record


class Backup(CommandTest):
    def setUp(self):
        super().setUp()
        self.of_invented_people()
        self.ingest(self.write_lines("a.jsonl", [record(i) for i in range(200)]))
        self.file = self.folder / "one.backup"
        self.new = self.folder / "new"

    def ok(self, *arguments, **more):
        done = self.candor(*arguments, **more)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def refused(self, error, *arguments, **more):
        done = self.candor(*arguments, **more)
        self.assertEqual(done.returncode, 1, done.stdout.decode())
        self.assertIn(f"[{error}]", done.stderr.decode())

    def make(self):
        return json.loads(self.ok("backup", "make", self.file, "--json"))

    def take_keys(self):
        self.new.mkdir(mode=0o700)
        shutil.copytree(self.data / "keys", self.new / "keys")

    def audit(self, data=None):
        lines = self.ok("audit", "export", data=data).splitlines()
        return [row["action"] for row in map(json.loads, lines) if "action" in row]

    def test_made_while_it_is_served_and_put_back_elsewhere(self):
        self.serve()
        made = self.make()
        self.assertEqual(made["activities"], 200)
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        self.assertFalse((self.data / "backup.draft").exists())
        then = self.ok("alerts", "export", "--canonical")
        self.ingest(self.write_lines("b.jsonl", [record(i) for i in range(200, 300)]))
        self.take_keys()
        said = self.ok("backup", "restore", self.file, data=self.new)
        self.assertIn("put back: 200 activities", said)
        self.assertEqual(self.ok("alerts", "export", "--canonical", data=self.new), then)
        self.assertEqual(json.loads(self.ok("ingest", "--status", "--json", data=self.new))["activities"], 200)
        self.ok("audit", "verify", data=self.new)
        self.assertEqual(self.audit(self.new)[-1], "audit.exported")
        self.assertIn("backup.restored", self.audit(self.new))
        # What came after the backup comes again, once.
        again = json.loads(self.ok("ingest", "--json", self.folder / "b.jsonl", data=self.new))
        self.assertEqual(again["stored"], 100)

    def test_a_check_puts_it_back_and_leaves_nothing(self):
        self.make()
        before = sorted(path.name for path in self.data.iterdir())
        self.serve()
        said = self.ok("backup", "check", self.file)
        self.assertIn("it is whole", said)
        self.assertEqual(self.audit().count("backup.checked"), 1)
        self.assertFalse((self.data / "backup.check").exists())
        self.assertLessEqual(set(before), {path.name for path in self.data.iterdir()})

    def test_what_was_changed_is_not_taken(self):
        self.make()
        whole = self.file.read_bytes()
        self.take_keys()
        places = {"records": whole.index(b"SQLite format 3") + 200, "manifest": whole.rindex(b'"audit_line":') + 13,
                  "signature": whole.rindex(b'"signature":"') + 20, "sum": whole.rindex(b'"sha256":"') + 12}
        for name, place in places.items():
            with self.subTest(name):
                changed = bytearray(whole)
                changed[place] = ord("7") if changed[place] != ord("7") else ord("8")
                self.file.write_bytes(changed)
                self.refused("app.bad_backup", "backup", "restore", self.file, data=self.new)
                self.refused("app.bad_backup", "backup", "check", self.file)
        for size in (0, 700, len(whole) // 2, len(whole) - 12_000):
            with self.subTest(size=size):
                self.file.write_bytes(whole[:size])
                self.refused("app.bad_backup", "backup", "restore", self.file, data=self.new)
        self.assertEqual({path.name for path in self.new.iterdir()} - {"lock"}, {"keys"})
        self.file.write_bytes(whole)
        self.ok("backup", "restore", self.file, data=self.new)

    def test_a_folder_in_which_one_was_half_put_back_does_not_open(self):
        self.make()
        self.take_keys()
        (self.new / "backup.part").mkdir()  # as whoever was killed leaves it
        self.refused("app.restore_unfinished", "ingest", "--status", data=self.new)
        self.refused("app.exists", "backup", "restore", self.file, data=self.new)

    def test_what_stands_in_the_way_is_named(self):
        self.make()
        self.refused("app.exists", "backup", "make", self.file)
        self.refused("app.no_master_key", "backup", "restore", self.file, data=self.new)
        self.refused("app.exists", "backup", "restore", self.file)
        self.refused("app.cannot_read", "backup", "check", self.folder / "none")
        self.assertFalse((self.data / "backup.check").exists())
        self.refused("app.cannot_write", "backup", "make", self.folder / "none" / "file")
        other = self.folder / "other"
        self.ok("ingest", self.folder / "a.jsonl", data=other)
        self.refused("app.other_keys", "backup", "check", self.file, data=other)
        self.serve()
        self.take_keys()
        (self.new / "notes.txt").write_text("mine")
        self.refused("app.exists", "backup", "restore", self.file, data=self.new)

    def test_without_the_key_it_opens_nothing(self):
        self.ingest(self.write_lines("c.jsonl", [record(900, UserId="Wanda.Merkwort@example.com",
                                                        SourceFileName="Quittenkuchen.docx")]))
        self.make()
        whole = self.file.read_bytes()
        for plain in (b"Merkwort", b"merkwort", b"Quittenkuchen", (self.data / "keys" / "master.key").read_bytes()):
            self.assertNotIn(plain, whole)
