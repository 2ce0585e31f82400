"""The running feed: a followed folder, POST /api/v1/records, tokens, the health of sources, metrics - and kill -9."""
import gzip
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
import unittest

from harness import CommandTest, audit_csv, record


def lines(*numbers):
    return "".join(json.dumps(record(n)) + "\n" for n in numbers)


class FeedTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.inbox = self.folder / "inbox"
        self.inbox.mkdir()

    def follow(self, *more):
        return self.start("ingest", "--follow", self.inbox, "--json", "--settle", 1, *more)

    def stored(self, number):
        """Waits until so many activities are stored, in whichever process."""
        def reached():
            done = self.candor("ingest", "--status", "--json")
            return done.returncode == 0 and json.loads(done.stdout)["activities"] >= number
        self.wait_until(reached, 40)
        self.assertEqual(self.status()["activities"], number)

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err.decode())
        return [json.loads(line) for line in out.splitlines() if line.startswith(b"{")], err.decode()

    def taken(self, process, number):
        """Waits until the process that follows said that it took so many records in all."""
        so_far, all_lines = 0, []
        while so_far < number:
            line = process.stdout.readline()
            self.assertTrue(line, "the process that follows ended: " + process.stderr.read().decode()
                            if process.poll() is not None else "")
            all_lines.append(json.loads(line))
            so_far += all_lines[-1]["records_read"]
        self.assertEqual(so_far, number)
        return all_lines

    def appear(self, name, content):
        """As a sender should: under another name, then renamed into place."""
        temporary = self.inbox / ("." + name)
        temporary.write_bytes(content if isinstance(content, bytes) else content.encode())
        temporary.rename(self.inbox / name)

    def sources(self):
        done = self.candor("sources", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return {one["source"]: one for one in json.loads(done.stdout)["sources"]}


class Follow(FeedTest):
    def test_files_as_they_appear_in_every_form(self):
        self.appear("before.jsonl", lines(0))
        process = self.follow()
        self.taken(process, 1)
        self.appear("a.jsonl", lines(1, 2))
        self.taken(process, 2)
        self.appear("b.json", json.dumps([record(3), record(4)], indent=1))
        self.taken(process, 2)
        self.appear("c.csv", audit_csv([record(5)]))
        self.taken(process, 1)
        self.appear("d.jsonl.gz", gzip.compress(lines(6).encode()))
        self.taken(process, 1)
        (self.inbox / "deep").mkdir()
        (self.inbox / "deep" / "e.jsonl").write_text(lines(7))
        self.taken(process, 1)
        before = sorted(path.name for path in self.inbox.rglob("*"))
        self.stop(process)
        self.assertEqual(sorted(path.name for path in self.inbox.rglob("*")), before, "nothing is moved or deleted")
        self.assertEqual(self.status()["activities"], 8)
        source = self.sources()["folder"]
        self.assertEqual((source["feed"], source["records"], source["stored"], source["repeats"]), ("folder", 8, 8, 0))
        self.assertEqual(source["state"], "learning")

    def test_unfinished_names_and_hidden_files_wait_for_their_name(self):
        process = self.follow()
        packed = gzip.compress(lines(1, 2).encode())
        for name in ("x.jsonl.gz.tmp", "x.jsonl.part", ".x.jsonl"):
            (self.inbox / name).write_bytes(packed)
        self.appear("first.jsonl", lines(0))
        self.taken(process, 1)
        (self.inbox / "x.jsonl.gz.tmp").rename(self.inbox / "x.jsonl.gz")
        self.taken(process, 2)
        self.stop(process)

    def test_half_a_gzip_written_slowly_is_taken_when_it_is_whole(self):
        process = self.follow()
        packed = gzip.compress(lines(*range(50)).encode())
        with open(self.inbox / "slow.jsonl.gz", "wb") as file:
            file.write(packed[:len(packed) // 2])
            file.flush()
            self.appear("other.jsonl", lines(100))
            self.taken(process, 1)
            file.write(packed[len(packed) // 2:])
        self.taken(process, 50)
        _, err = self.stop(process)
        self.assertNotIn("damaged", err)

    def test_a_growing_file_up_to_its_last_whole_line(self):
        process = self.follow()
        with open(self.inbox / "log.jsonl", "w") as file:
            file.write(lines(1, 2) + lines(3)[:100])
            file.flush()
            self.taken(process, 2)
            file.write(lines(3)[100:] + lines(4).rstrip("\n"))
            file.flush()
            self.taken(process, 2)  # the last line has no end, but is whole, and nobody writes any more
            file.write("\n" + lines(5))
        self.taken(process, 1)
        self.stop(process)
        source = self.sources()["folder"]
        self.assertEqual((source["stored"], source["repeats"], source["rejected"]), (5, 0, {}))

    def test_rotation_by_rename_and_by_truncation(self):
        process = self.follow()
        log = self.inbox / "log.jsonl"
        log.write_text(lines(1, 2))
        self.taken(process, 2)
        log.rename(self.inbox / "log.jsonl.1")
        log.write_text(lines(3))
        self.taken(process, 1)
        log.write_text(lines(4))
        self.taken(process, 1)
        self.stop(process)
        self.assertEqual(self.sources()["folder"]["repeats"], 0)

    def test_a_restart_goes_on_and_reads_nothing_twice(self):
        self.appear("a.jsonl", lines(1, 2))
        process = self.follow()
        self.taken(process, 2)
        self.stop(process)
        with open(self.inbox / "a.jsonl", "a") as file:
            file.write(lines(3))
        self.appear("b.json", json.dumps([record(4)]))
        process = self.follow()
        self.taken(process, 2)
        self.stop(process)
        self.assertEqual(self.sources()["folder"]["repeats"], 0)

    def test_a_bad_file_is_told_once_and_stops_nothing(self):
        self.appear("bad.txt", "no log at all\n" * 10)
        self.appear("broken.jsonl.gz", gzip.compress(lines(1).encode())[:-6])
        process = self.follow()
        self.appear("good.jsonl", lines(2) + "{nonsense\n" + lines(3))
        taken = self.taken(process, 4)  # what the broken file gives before it breaks, too
        self.assertEqual(sum(line["rejected"].get("invalid_json", 0) for line in taken), 1)
        _, err = self.stop(process)
        self.assertEqual(err.count("sources.unknown_format"), 1)
        self.assertEqual(err.count("sources.damaged_input"), 1)

    def test_by_listing_only(self):
        process = self.follow("--listing-only")
        self.appear("a.jsonl", lines(1))
        self.taken(process, 1)
        self.stop(process)

    def test_through_the_process_that_serves(self):
        self.serve()
        process = self.follow("--source", "m365")
        self.appear("a.jsonl", lines(1, 2))
        self.taken(process, 2)
        self.assertEqual(self.status()["activities"], 2)
        self.stop(process)
        self.assertIn("m365", self.sources())

    def test_serve_follows_by_itself(self):
        process = self.start("serve", "--port", "0", "--web", self.folder, "--follow", self.inbox, "--settle", 1)
        self.appear("a.jsonl", lines(1, 2, 3))
        while b"Ctrl-C" not in process.stdout.readline():  # before, another command could have the folder first
            self.assertIsNone(process.poll())
        self.stored(3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 0)

    def test_wrong_use(self):
        for arguments in (("--follow", self.folder / "nowhere"), ("--follow", self.inbox, "a.jsonl"),
                          ("--follow", self.inbox, "--source", "../etc"), ("--follow", self.inbox, "--settle", "0")):
            done = self.candor("ingest", *arguments)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertTrue(done.stderr)

    def test_killed_again_and_again(self):
        """What was told as taken is there after each kill, and everything is there exactly once in the end."""
        total, step = 3000, 100
        for first in range(0, total, step):
            self.appear(f"{first:06d}.jsonl", lines(*range(first, first + step)))
        for pause in (0.2, 0.4, 0.6, 0.9):
            process = self.follow()
            time.sleep(pause)  # where it is killed does not matter
            process.kill()
            told = sum(json.loads(line)["stored"] for line in process.stdout.read().splitlines()
                       if line.endswith(b"}"))
            process.wait()
            self.assertGreaterEqual(self.status()["activities"], told)
        process = self.follow()
        self.appear("last.jsonl", lines(total))
        self.stored_by(process, total + 1)

    def stored_by(self, process, number):
        self.wait_until(lambda: self.quiet(process), 60)
        self.stop(process)
        self.assertEqual(self.status()["activities"], number)
        self.assertEqual(self.status()["superseded"], 0)

    def quiet(self, process):
        """The last file is noted as complete."""
        with sqlite3.connect(f"file:{self.data}/records.db?mode=ro", uri=True) as db:
            try:
                return db.execute("select count(*) from followed_files where complete = 1").fetchone()[0] == 31
            except sqlite3.OperationalError:
                return False


class Post(FeedTest):
    def setUp(self):
        super().setUp()
        self.server, self.port = self.serve_at()
        self.token = self.create("m365")

    def serve_at(self, *more):
        process = self.start("serve", "--port", "0", "--web", self.folder, *more)
        port = None
        for line in process.stdout:
            if b"Candor is at" in line:
                port = int(line.rsplit(b":", 1)[1].strip(b"/\n"))
            if b"Ctrl-C" in line:
                return process, port
        self.fail(f"serve did not start: {process.stderr.read().decode()}")

    def create(self, source, *more):
        done = self.candor("token", "create", "--source", source, *more)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode().strip()

    def post(self, body, token=None, kind="application/x-ndjson", connection=None, **headers):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        own.request("POST", "/api/v1/records", body if isinstance(body, bytes) else body.encode(),
                    {"Authorization": f"Bearer {token or self.token}", "Content-Type": kind, **headers})
        answer = own.getresponse()
        text = answer.read()
        if connection is None:
            own.close()
        self.addCleanup(own.close)
        return answer.status, json.loads(text), dict(answer.getheaders())

    def test_every_form(self):
        for number, (body, kind, headers) in enumerate((
                (lines(1), "application/x-ndjson", {}),
                (json.dumps([record(2)]), "application/json", {}),
                (gzip.compress(lines(3).encode()), "application/x-ndjson", {"Content_Encoding": "gzip"}),
                (gzip.compress(json.dumps([record(4)]).encode()), "application/json", {"Content_Encoding": "gzip"}))):
            status, answer, _ = self.post(body, kind=kind, **headers)
            self.assertEqual((status, answer["stored"], answer["source"]), (200, 1, "m365"), answer)
            self.assertEqual(self.status()["activities"], number + 1)
        self.assertEqual(self.post("")[1]["records"], 0)

    def test_a_bad_record_does_not_spoil_the_rest(self):
        body = lines(1) + "{nonsense\n[]\nnull\n" + lines(2) + lines(1)
        status, answer, _ = self.post(body)
        self.assertEqual(status, 200)
        self.assertEqual((answer["stored"], answer["repeats"]), (2, 1))
        rejected = {one["reason"]: one["count"] for one in answer["rejected"]}
        self.assertEqual(rejected, {"invalid_json": 1, "not_an_object": 1, "empty_record": 1})

    def test_refusals(self):
        for body, kind, expected in ((b"\x1f\x8bdamaged", "application/json", 400), ("no records", "application/json", 400),
                                     (lines(1), "text/csv", 415), (b"x" * (9 << 20), "application/json", 413),
                                     (gzip.compress(b"[" + b" " * (33 << 20)), "application/json", 413)):
            status, answer, _ = self.post(body, kind=kind)
            self.assertEqual(status, expected, (body[:8], len(body), answer))
        self.assertEqual(self.post(lines(1), token="candor_" + "0" * 16 + "_" + "0" * 64)[0], 401)
        self.assertEqual(self.status()["activities"], 0)

    def test_tokens(self):
        other = self.create("badges", "--days", "1")
        self.assertEqual(self.post(lines(1), token=other)[1]["source"], "badges")
        listed = self.candor("token", "list").stdout.decode()
        self.assertNotIn(other, listed)
        identity = other.split("_")[1]
        self.assertIn(identity, listed)
        with open(self.data / "records.db", "rb") as file:
            self.assertNotIn(other.rsplit("_", 1)[1].encode(), file.read())
        self.assertEqual(self.candor("token", "revoke", identity).returncode, 0)
        self.assertEqual(self.post(lines(2), token=other)[0], 401)
        self.assertEqual(self.post(lines(2))[0], 200, "the other source's still works")
        for bad in ("../x", "A", "a b", 'x"}', "x" * 65, ""):
            self.assertEqual(self.candor("token", "create", "--source", bad).returncode, 1, bad)
        self.assertEqual(self.candor("token", "revoke", "nothing").returncode, 1)
        self.assertEqual(set(self.sources()), {"badges", "m365"})

    def test_a_full_queue_says_when_to_come_again(self):
        """The timeline is held by a pipe that pauses in the middle of a record, so that requests wait."""
        holder = self.start("ingest", "--json", "-", stdin=subprocess.PIPE)
        # A long stream keeps the folder for itself while it flows.
        stream = lines(*range(1000, 3000)).encode()
        stop = threading.Event()
        taken = threading.Event()  # more than a pipe holds: somebody reads it, and has the folder

        def flow():
            while not stop.is_set():
                try:
                    holder.stdin.write(stream)
                except OSError:
                    return
                taken.set()
        flowing = threading.Thread(target=flow)
        flowing.start()
        self.addCleanup(stop.set)
        self.assertTrue(taken.wait(60))
        seen = []

        def send(number):
            status, answer, headers = self.post(lines(number))
            seen.append((status, headers.get("Retry-After")))
        senders = [threading.Thread(target=send, args=(n,)) for n in range(40)]
        for sender in senders:
            sender.start()
        self.wait_until(lambda: any(status == 429 for status, _ in seen), 60)
        stop.set()
        flowing.join()
        holder.stdin.close()
        for sender in senders:
            sender.join()
        refused = [retry for status, retry in seen if status == 429]
        self.assertTrue(refused)
        self.assertEqual(set(refused), {"1"})
        self.assertEqual(sum(status == 200 for status, _ in seen) + len(refused), 40)

    def test_killed_while_many_send(self):
        """Every record of a request that was answered is there, exactly once, also when it is sent again."""
        acknowledged, sent = set(), set()
        lock = threading.Lock()

        def send(first):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            for n in range(first, first + 100_000, 5):
                with lock:
                    sent.update(range(n, n + 5))
                try:
                    status, answer, _ = self.post(lines(*range(n, n + 5)), connection=connection)
                except (OSError, http.client.HTTPException):
                    return
                if status == 200:
                    with lock:
                        acknowledged.update(range(n, n + 5))
        senders = [threading.Thread(target=send, args=(i * 1_000_000,)) for i in range(4)]
        for sender in senders:
            sender.start()
        self.wait_until(lambda: len(acknowledged) >= 500, 60)
        self.server.kill()
        for sender in senders:
            sender.join()
        stored = self.status()["activities"]
        self.assertGreaterEqual(stored, len(acknowledged))
        self.assertLessEqual(stored, len(sent))
        self.server.wait()
        again = self.write_lines("again.jsonl", [record(n) for n in sorted(acknowledged)])
        self.assertEqual(self.ingest(again)["stored"], 0, "all that was acknowledged is there")

    def test_health_metrics_and_silence(self):
        self.assertEqual(self.post(lines(1, 2) + "{\n")[0], 200)
        source = self.sources()["m365"]
        self.assertEqual((source["records"], source["stored"], source["rejected"]), (3, 2, {"invalid_json": 1}))
        self.assertEqual((source["feed"], source["state"]), ("requests", "learning"))
        self.assertIsNotNone(source["delay_p95_seconds"])
        self.make_habit("m365")
        source = self.sources()["m365"]
        self.assertEqual(source["state"], "silent", source)
        self.assertIn("longer than the usual", source["why"])
        self.assertIn("m365  requests, silent", self.candor("sources").stdout.decode())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        text = answer.read().decode()
        self.assertEqual(answer.status, 200)
        self.assertIn('candor_source_silent{source="m365"} 1', text)
        self.assertIn('candor_source_records_total{source="m365",outcome="stored",reason=""} 2', text)
        self.assertNotIn("example.com", text)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {self.token}"})
        self.assertEqual(connection.getresponse().status, 401)
        self.assertEqual(self.post(lines(3))[0], 200)
        source = self.sources()["m365"]
        self.assertEqual((source["state"], source["gaps"]), ("usual", 1))

    def make_habit(self, source):
        """As if it had sent every ten minutes for days, and last two hours ago."""
        hour = int(time.time()) // 3600
        with sqlite3.connect(self.data / "records.db") as db:
            for day in range(1, 6):
                db.execute("insert into source_hours values (?, ?, 'pause', ?) on conflict do nothing",
                           (source, hour - 24 * day, 600_000_000))
            db.execute("update sources set last_received = ?", (int((time.time() - 7200) * 1e6),))


if __name__ == "__main__":
    unittest.main()
