"""Commands on a folder that is being served, Ctrl-C, and clients that go away."""
import array
import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import termios
import unittest

from harness import CANDOR, CommandTest, record


def lines(*numbers):
    return "".join(json.dumps(record(n)) + "\n" for n in numbers).encode()


class Interrupted(CommandTest):
    """Ctrl-C ends an ingest with what it had taken on disk, whether it works itself or has it done."""

    def check(self):
        process = self.start("ingest", "--json", "-", stdin=subprocess.PIPE)
        process.stdin.write(lines(1, 2, 3))
        process.stdin.flush()
        return process

    def conclude(self, process):
        out, err = process.stdout.read(), process.stderr.read()
        self.assertEqual(process.wait(20), 1, err.decode())
        summary = json.loads(out)
        self.assertTrue(summary["interrupted"])
        self.assertEqual(summary["stored"], 3)
        self.assertIn("interrupted", err.decode())

    def test_standalone(self):
        process = self.check()
        self.wait_until(lambda: self.is_waiting(process))
        process.send_signal(signal.SIGINT)
        self.conclude(process)
        self.assertEqual(self.status()["activities"], 3)

    @staticmethod
    def is_waiting(process):
        """Nothing is left in the pipe."""
        left = array.array("i", [0])
        fcntl.ioctl(process.stdin, termios.FIONREAD, left)
        return left[0] == 0

    def test_against_a_served_folder(self):
        self.serve()
        process = self.check()
        self.wait_until(lambda: self.status()["activities"] == 3)
        self.assertIn("standard input", self.status()["checkpoints"])
        process.send_signal(signal.SIGINT)
        self.conclude(process)
        self.assertEqual(self.ingest(self.write("b.jsonl", lines(3, 4)))["stored"], 1)

    def test_a_large_file(self):
        path = self.write("a.jsonl", b"".join(lines(n) for n in range(60000)))
        process = self.start("ingest", "--json", path)
        self.wait_until(lambda: (self.data / "timeline").exists())
        process.send_signal(signal.SIGINT)
        out = process.stdout.read()
        process.wait(30)
        summary = json.loads(out) if out else {"interrupted": True, "stored": 0}
        if summary["interrupted"]:
            self.assertEqual(process.returncode, 1)
            self.assertEqual(self.status()["activities"], summary["stored"])
        rest = self.ingest(path)
        self.assertEqual(self.status()["activities"], 60000)
        self.assertEqual(rest["stored"], 60000 - summary["stored"])


class Served(CommandTest):
    def test_ingest_counts_as_ever_and_shows_it_to_the_person(self):
        self.serve()
        path = self.write("a.jsonl", lines(1, 2, 1) + b"{broken\n")
        done = self.candor("ingest", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn("a.jsonl:4", done.stderr.decode())
        self.assertIn("2 stored", done.stdout.decode())
        self.assertEqual(self.ingest("-", stdin=lines(3, 4))["stored"], 2)
        self.assertEqual(self.ingest("a.jsonl", code=2)["stored"], 0)

    def test_a_killed_client_leaves_nothing_behind(self):
        server = self.serve()
        client = self.start("ingest", "-", stdin=subprocess.PIPE)
        client.stdin.write(lines(1))
        client.stdin.flush()
        self.wait_until(lambda: self.status()["activities"] == 1)
        # Somebody else holds the pipe open, so that it never ends.
        held = os.dup(client.stdin.fileno())
        self.addCleanup(os.close, held)
        client.kill()
        client.wait()
        self.assertEqual(self.ingest(self.write("b.jsonl", lines(2)))["stored"], 1)
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(10), 0)

    def test_it_ends_though_an_ingest_waits_for_its_input(self):
        server = self.serve()
        client = self.start("ingest", "--json", "-", stdin=subprocess.PIPE)
        client.stdin.write(lines(1))
        client.stdin.flush()
        self.wait_until(lambda: self.status()["activities"] == 1)
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(10), 0)
        summary = json.loads(client.stdout.read())
        self.assertEqual(client.wait(10), 1)
        self.assertEqual((summary["stored"], summary["interrupted"]), (1, True))

    def test_a_pipe_that_waits_keeps_nobody_else_from_writing(self):
        self.serve()
        client = self.start("ingest", "--json", "-", stdin=subprocess.PIPE)
        client.stdin.write(lines(1))
        client.stdin.flush()
        self.wait_until(lambda: self.status()["activities"] == 1)
        self.assertEqual(self.ingest(self.write("b.jsonl", lines(2)))["stored"], 1)
        client.stdin.write(lines(3))
        client.stdin.close()
        self.assertEqual(json.loads(client.stdout.read())["stored"], 2)
        self.assertEqual(client.wait(10), 0)
        client.stdin = None

    def test_names_that_are_no_utf8_pass(self):
        self.serve()
        name = b"r\xe4t.jsonl"
        (self.folder / os.fsdecode(name)).write_bytes(lines(1))
        done = subprocess.run([str(CANDOR), b"ingest", name, b"--data", os.fsencode(self.data)], cwd=self.folder,
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"1 stored", done.stdout)

    def test_a_long_command_line_is_no_matter(self):
        self.serve()
        self.write("a.jsonl", lines(1))
        names = ["./" * 40000 + "a.jsonl"] * 20  # 1.6 MB, each longer than a path may be
        done = self.candor("ingest", *names)
        self.assertEqual(done.returncode, 1)
        self.assertIn("sources.unreadable", done.stderr.decode())

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        here = os.getcwd()
        os.chdir(self.data)  # the path of the folder may be too long for an address
        try:
            client.connect("control.sock")
        finally:
            os.chdir(here)
        return client

    def test_requests_that_are_none_are_refused(self):
        server = self.serve()
        for text in [b'{"arguments":[1],"folder":"2f"}', b'{"arguments":5,"folder":7}', b'[]', b'', b'{"arguments":["zz"],'
                     b'"folder":"2f"}', b'{"folder":"2f"}', b'\xff']:
            client = self.connect()
            read, write = os.pipe()
            descriptors = array.array("i", [read, write, write])
            client.sendmsg([struct.pack("I", len(text))], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
            if text:
                client.sendall(text)
            os.close(write)
            self.assertEqual(struct.unpack("i", client.recv(4))[0], 1, text)
            self.assertIn(b"app.bad_request", os.read(read, 1000))
            os.close(read)
        self.assertIsNone(server.poll())

    def test_clients_that_say_nothing_do_not_keep_it_from_ending(self):
        server = self.serve()
        silent = self.connect()
        half = self.connect()
        half.sendmsg([b"\x10"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
        self.assertEqual(self.ingest(self.write("a.jsonl", lines(1)))["stored"], 1)
        waiting = self.start("hr", "import", "-", stdin=subprocess.PIPE)
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(20), 0)
        # A command that came too late to be handed over has opened the folder itself, and waits for its input.
        waiting.stdin.close()
        waiting.wait(20)
        silent.close()


if __name__ == "__main__":
    unittest.main()
