"""`candor key`: the master key sealed with one that comes from outside the data folder."""
import json
import os
import shutil

from harness import CommandTest, record


class Key(CommandTest):
    def setUp(self):
        super().setUp()
        for name in ("CANDOR_KEY", "CANDOR_NEW_KEY"):
            for ending in ("", "_FILE", "_COMMAND"):
                os.environ.pop(name + ending, None)
                self.addCleanup(os.environ.pop, name + ending, None)
        self.of_invented_people()
        self.ingest(self.write_lines("a.jsonl", [record(i) for i in range(20)]))
        self.master = (self.data / "keys" / "master.key").read_bytes()

    def ok(self, *arguments):
        done = self.candor(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def refused(self, error, *arguments):
        done = self.candor(*arguments)
        self.assertEqual(done.returncode, 1, done.stdout.decode())
        self.assertIn(f"[{error}]", done.stderr.decode())

    def made(self):
        key = self.ok("key", "make").strip()
        self.assertRegex(key, "^[0-9a-f]{64}$")
        return key

    def actions(self):
        rows = map(json.loads, self.ok("audit", "export").splitlines())
        return [row["action"] for row in rows if row.get("object_kind") == "key"]

    def test_sealed_it_starts_only_with_the_key_from_outside(self):
        self.assertIn("as it is", self.ok("key", "status"))
        self.refused("app.no_outer_key", "key", "seal")
        os.environ["CANDOR_KEY"] = self.made()
        self.ok("key", "seal")
        self.assertEqual([path.name for path in (self.data / "keys").iterdir()], ["master.sealed"])
        self.assertEqual(self.status()["activities"], 20)
        self.refused("app.key_state", "key", "seal")
        key = os.environ.pop("CANDOR_KEY")
        self.refused("base.key_sealed", "ingest", "--status")
        copy = self.folder / "stolen"
        shutil.copytree(self.data, copy)
        for path in copy.rglob("*"):
            if path.is_file():
                self.assertNotIn(self.master, path.read_bytes(), path)
        os.environ["CANDOR_KEY"] = self.made()
        self.refused("base.key_wrong", "ingest", "--status")
        # From a file, as the manager of services hands it over, and from a vault's command.
        del os.environ["CANDOR_KEY"]
        os.environ["CANDOR_KEY_FILE"] = str(self.write("key", key + "\n"))
        self.assertIn("opens it", self.ok("key", "status"))
        del os.environ["CANDOR_KEY_FILE"]
        os.environ["CANDOR_KEY_COMMAND"] = f"cat '{self.folder}/key'"
        self.assertEqual(self.status()["activities"], 20)
        os.environ["CANDOR_KEY_COMMAND"] = "echo 12"
        self.refused("base.bad_outer_key", "ingest", "--status")
        os.environ["CANDOR_KEY_COMMAND"] = f"cat '{self.folder}/key'"
        self.ok("key", "unseal")
        del os.environ["CANDOR_KEY_COMMAND"]
        self.assertEqual((self.data / "keys" / "master.key").read_bytes(), self.master)
        self.assertEqual(self.actions(), ["key.sealed", "key.unsealed"])

    def test_another_key_takes_over_while_it_is_served(self):
        first, second = self.made(), self.made()
        os.environ["CANDOR_KEY"] = first
        self.ok("key", "seal")
        self.serve()
        self.refused("app.no_outer_key", "key", "rotate")
        os.environ["CANDOR_NEW_KEY"] = second
        self.ok("key", "rotate")
        self.assertEqual(self.status()["activities"], 20)
        self.assertEqual(self.actions(), ["key.sealed", "key.rotated"])
        self.refused("base.key_wrong", "key", "rotate")
        os.environ["CANDOR_KEY"] = second
        self.refused("app.key_state", "key", "rotate")
        self.assertIn("opens it", self.ok("key", "status"))

    def test_a_folder_that_begins_with_a_key_never_has_a_plain_one(self):
        os.environ["CANDOR_KEY"] = self.made()
        new = self.folder / "new"
        done = self.candor("ingest", self.folder / "a.jsonl", data=new)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual([path.name for path in (new / "keys").iterdir()], ["master.sealed"])
