"""From files to an explained alert on the command line; the answers do not depend on order, repetition or folder."""
import json
import random
import unittest

from harness import ROOT, CommandTest, record

RESIGNATION = "EmailAddress,ResignationDate,LastWorkingDate\nada.kelm@example.com,2026-03-20T09:00:00Z,2026-03-31T17:00:00Z\n"


def theft():
    """Hundreds of downloads, then copies to a stick: shortly before the last day."""
    rows = [record(n, CreationTime=f"2026-03-25T{9 + n // 60:02d}:{n % 60:02d}:00") for n in range(400)]
    rows += [record(1000 + n, Operation="FileCopiedToRemovableMedia", RecordType=63, Workload="Endpoint",
                    CreationTime=f"2026-03-26T{18 + n // 60:02d}:{n % 60:02d}:00", DeviceName="LT-1",
                    ObjectId=f"C:\\Users\\ada\\Documents\\plan-{n}.docx", TargetFilePath=f"E:\\plan-{n}.docx",
                    FileExtension="docx", FileSize=20000, DestinationLocationType=3)
             for n in range(120)]
    rows += [record(5000 + n, UserId="ben.orr@example.com", CreationTime=f"2026-03-25T10:{n:02d}:00") for n in range(20)]
    return rows


class FromLogToAlert(CommandTest):
    def setUp(self):
        super().setUp()
        self.of_invented_people()

    def prepare(self, data, files):
        done = self.candor("policy", "apply", ROOT / "content" / "policies", data=data)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        done = self.candor("hr", "import", self.write("hr.csv", RESIGNATION), data=data)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        for file in files:
            self.ingest(file, data=data)

    def canonical(self, data):
        done = self.candor("alerts", "export", "--canonical", "--as-of", "2026-04-15", data=data)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def test_the_thief_is_alerted_on_and_nobody_else(self):
        self.prepare(self.data, [self.write_lines("a.jsonl", theft())])
        lines = [json.loads(line) for line in self.canonical(self.data).splitlines()]
        self.assertTrue(lines, "no alert at all")
        self.assertEqual(len({json.dumps(line["accounts"]) for line in lines}), 1)
        for line in lines:
            parts = line["assessment"]["parts"]
            self.assertEqual(sum(part["points"] for part in parts), line["score"])
        self.assertNotIn("ada.kelm", self.canonical(self.data))

    def test_order_repetition_and_splitting_change_nothing(self):
        rows = theft()
        self.prepare(self.folder / "one", [self.write_lines("a.jsonl", rows)])
        shuffled = rows + rows[::3]
        random.Random(7).shuffle(shuffled)
        third = len(shuffled) // 3
        self.prepare(self.folder / "two", [self.write_lines(f"b{n}.jsonl", shuffled[n * third:(n + 1) * third + (n == 2) * 2])
                                           for n in range(3)])
        self.assertEqual(self.canonical(self.folder / "one"), self.canonical(self.folder / "two"))
        self.assertTrue(self.canonical(self.folder / "one"))


class Organisation(CommandTest):
    """A whole simulated organisation, whatever the number of threads, the order and the cut of its files."""

    def test_threads_order_repetition_and_splitting_change_nothing(self):
        simulated = self.folder / "simulated"
        done = self.candor("simulate", "--people", "30", "--days", "40", "--seed", "5", "--out", simulated, data=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        rows = [line for path in sorted((simulated / "audit").glob("*.jsonl")) for line in path.read_text().splitlines()]
        found = {}
        for threads in (1, 2):
            shuffled = rows + rows[::5]
            random.Random(threads).shuffle(shuffled)
            parts = [self.write(f"{threads}/{n}.jsonl", "".join(row + "\n" for row in shuffled[n::3])) for n in range(3)]
            for name, inputs in {"plain": [simulated / "audit"], "shuffled": parts}.items():
                data = self.folder / f"{name}{threads}"
                done = self.candor("policy", "apply", ROOT / "content" / "policies", data=data)
                self.assertEqual(done.returncode, 0, done.stderr.decode())
                done = self.candor("hr", "import", simulated / "hr.csv", data=data)
                self.assertEqual(done.returncode, 0, done.stderr.decode())
                for file in inputs:
                    self.ingest("--threads", threads, file, data=data)
                done = self.candor("alerts", "export", "--canonical", "--as-of", "2026-03-31", data=data)
                self.assertEqual(done.returncode, 0, done.stderr.decode())
                found[name, threads] = done.stdout
        self.assertTrue(found["plain", 1], "no alert: nothing to compare")
        self.assertEqual(len(set(found.values())), 1)


class Hr(CommandTest):
    def test_rows_that_cannot_be_used_are_named_and_the_rest_is_taken(self):
        path = self.write("hr.csv", "EmailAddress,ResignationDate,LastWorkingDate\n"
                                    "ada.kelm@example.com,2026-03-20T09:00:00Z,2026-03-31\n"
                                    "not an address,2026-03-20,2026-03-31\n"
                                    "ben.orr@example.com,soon,2026-03-31\n")
        done = self.candor("hr", "import", path)
        self.assertEqual(done.returncode, 2)
        text = done.stderr.decode()
        self.assertIn("hr.csv:3", text)
        self.assertIn("hr.csv:4", text)
        self.assertNotIn("not an address", text)


class Policies(CommandTest):
    def test_a_faulty_policy_is_refused_with_its_place(self):
        path = self.write("p.yml", "name: nothing much\nindicators: 7\n")
        done = self.candor("policy", "check", path, data=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout.decode() + done.stderr.decode(), r"p\.yml:\d+:\d+  error policy\.")

    def test_shipped_policies_are_sound_and_come_back_as_files(self):
        self.assertEqual(self.candor("policy", "check", ROOT / "content" / "policies", data=False).returncode, 0)
        self.assertEqual(self.candor("policy", "apply", ROOT / "content" / "policies").returncode, 0)
        listed = self.candor("policy", "list").stdout.decode()
        self.assertIn("departing", listed)
        self.assertEqual(self.candor("policy", "export", self.folder / "out").returncode, 0)
        self.assertEqual(self.candor("policy", "check", self.folder / "out", data=False).returncode, 0)


class Order(CommandTest):
    """Which policy comes first on equal scores: kept in the folder, written and read with the files."""

    def setUp(self):
        super().setUp()
        self.of_invented_people()
        some = self.folder / "some"
        some.mkdir()
        for name in ("data_leaks", "departing_users", "priority_content", "security_violations", "slow_leaks"):
            (some / f"{name}.yml").write_bytes((ROOT / "content" / "policies" / f"{name}.yml").read_bytes())
        done = self.candor("policy", "apply", some)
        self.assertEqual(done.returncode, 0, done.stderr.decode())

    def policy(self, *arguments, code=0):
        done = self.candor("policy", *arguments)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        return done.stdout.decode() if code == 0 else done.stderr.decode()

    def order(self):
        return [line.split()[1] for line in self.policy("order").splitlines()]

    def test_is_changed_shown_in_lists_and_audited(self):
        ids = self.order()
        self.assertEqual(len(ids), 5)
        said = self.policy("order", ids[4], ids[2], "--reason", "what the board asked for")
        self.assertIn(f"    {ids[4]}: 5 -> 1\n", said)
        self.assertIn(f"    {ids[0]}: 1 -> 3\n", said)
        after = [ids[4], ids[2], ids[0], ids[1], ids[3]]
        self.assertEqual(self.order(), after)
        self.assertEqual([line.split()[0] for line in self.policy("list").splitlines()[1:]], after)
        self.policy("order", ids[4], "--to", "5")
        self.assertEqual(self.order(), after[1:] + after[:1])
        lines = [json.loads(line) for line in self.candor("audit", "export").stdout.decode().splitlines()]
        placed = [line for line in lines if line.get("action") == "policy.placed"]
        self.assertEqual([line["object_id"] for line in placed], [ids[4], ids[2], ids[4]])
        self.assertEqual(placed[0]["reason"], "what the board asked for")
        self.assertEqual(json.loads(placed[0]["details"]), {"before": ids, "after": after})

    def test_refuses_what_is_no_place_and_no_policy(self):
        before = self.order()
        self.assertIn("policy.bad_place", self.policy("order", before[0], "--to", "6", code=1))
        self.assertIn("policy.bad_place", self.policy("order", before[0], "--to", "0", code=1))
        self.assertIn("policy.bad_place", self.policy("order", before[0], before[0], code=1))
        self.assertIn("alerts.no_policy", self.policy("order", "nobody", code=1))
        self.assertEqual(self.order(), before)

    def test_goes_out_and_comes_back_with_the_files(self):
        ids = self.order()
        self.policy("order", ids[3])
        wanted = self.order()
        out = self.folder / "out"
        self.policy("export", out)
        self.assertIn("order of policies: unchanged", self.policy("apply", out, "--dry-run"))
        self.policy("order", ids[3], "--to", "5")
        drifted = self.order()
        self.assertIn(f"    {ids[3]}: 5 -> 1\n", self.policy("apply", out, "--dry-run"))
        self.assertEqual(self.order(), drifted)
        self.policy("apply", out, "--reason", "as the repository says")
        self.assertEqual(self.order(), wanted)
        self.assertIn("order of policies: unchanged", self.policy("apply", out))

    def test_a_faulty_file_applies_nothing(self):
        out = self.folder / "out"
        self.policy("export", out)
        before = self.order()
        for text, fault in [("nobody\n", "alerts.no_policy"), (before[0] + "\n" + before[0] + " # again\n", "policy.bad_order"),
                            ("\x1b[31m\n\x1b[31m\n", "policy.bad_order"), ("# " + "x" * 70000, "policy.bad_order")]:
            (out / "order.txt").write_text(text)
            (out / "data-leaks.yml").write_text((out / "data-leaks.yml").read_text() + "# other words\n")
            said = self.policy("apply", out, code=1)
            self.assertIn(fault, said)
            self.assertNotIn("\x1b", said)
            self.assertEqual(self.order(), before)
        self.assertEqual(self.policy("show", "data-leaks").count("from 20"), 1, "nothing was applied")


class Usage(CommandTest):
    def test_help_names_every_command(self):
        done = self.candor("--help", data=False)
        self.assertEqual(done.returncode, 0)
        for command in ["serve", "ingest", "normalise", "hr", "policy", "alerts", "simulate", "bench"]:
            self.assertIn(command, done.stdout.decode())

    def test_an_unknown_command_fails(self):
        self.assertEqual(self.candor("frobnicate", data=False).returncode, 1)

    def test_simulate_gives_the_same_bytes_for_the_same_arguments(self):
        for out in ["a", "b"]:
            done = self.candor("simulate", "--people", "12", "--days", "8", "--seed", "3", "--out", self.folder / out, data=False)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
        files = sorted(p.relative_to(self.folder / "a") for p in (self.folder / "a").rglob("*") if p.is_file())
        self.assertTrue(files)
        for file in files:
            self.assertEqual((self.folder / "a" / file).read_bytes(), (self.folder / "b" / file).read_bytes(), file)


if __name__ == "__main__":
    unittest.main()
