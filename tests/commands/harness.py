"""Runs the built candor as a person would; records here are invented."""
import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CANDOR = ROOT / "build" / "candor"
SHARED = pathlib.Path(os.environ.get("CANDOR_SHARED", ROOT.parent / "shared"))


# Ends as the organisations of `candor simulate` do: policies run over invented people without a lawful start.
INVENTED = "11111111-1111-4111-8111-5eed5eed5eed"


def record(number, **changes):
    """One SharePoint download by an invented person; `changes` replaces or adds keys."""
    base = {
        "CreationTime": f"2026-03-{1 + number // 60 % 28:02d}T09:{number % 60:02d}:00",
        "Id": f"00000000-0000-4000-8000-{number:012d}",
        "Operation": "FileDownloaded",
        "OrganizationId": "11111111-1111-4111-8111-111111111111",
        "RecordType": 6,
        "UserKey": "i:0h.f|membership|1003@example.com",
        "UserType": 0,
        "Version": 1,
        "Workload": "SharePoint",
        "ClientIP": "203.0.113.7",
        "ObjectId": f"https://example.sharepoint.example/sites/plan/Shared Documents/plan-{number}.docx",
        "UserId": "Ada.Kelm@example.com",
        "ItemType": "File",
        "SiteUrl": "https://example.sharepoint.example/sites/plan/",
        "SourceFileName": f"plan-{number}.docx",
        "SourceFileExtension": "docx",
        "SourceRelativeUrl": "Shared Documents",
    }
    base.update(changes)
    return base


def audit_csv(records, column="AuditData"):
    """The CSV of Search-UnifiedAuditLog: quotes doubled, a cell that spans lines."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["CreationDate", "UserIds", "Operations", column, "Note"])
    for row in records:
        text = row if isinstance(row, str) else json.dumps(row)
        writer.writerow(["5/18/2021 9:13:33 PM", "somebody", "FileDownloaded", text, "two\nlines"])
    return out.getvalue()


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="candor-commands-"))
        self.data = self.folder / "data"
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def of_invented_people(self):
        """Files written from now on are of an invented organisation, and so are the records in them."""
        self.write(".simulated", "")
        self.invented = True

    def write_lines(self, name, records):
        if getattr(self, "invented", False):
            records = [{**row, "OrganizationId": INVENTED} for row in records]
        return self.write(name, "".join(json.dumps(r) + "\n" for r in records))

    def candor(self, *arguments, stdin=b"", data=None, timeout=120):
        """Gives the finished process; output as text."""
        command = [str(CANDOR), *map(str, arguments)]
        if data is not False:
            command += ["--data", str(data or self.data)]
        return subprocess.run(command, input=stdin, capture_output=True, timeout=timeout, cwd=self.folder,
                              check=False)

    def start(self, *arguments, data=None, **more):
        """A process that goes on; ended with the test at the latest."""
        process = subprocess.Popen([str(CANDOR), *map(str, arguments), "--data", str(data or self.data)],
                                   cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()

    def serve(self):
        """Serves the data folder until the test ends; ready when this returns."""
        process = self.start("serve", "--port", "0", "--web", self.folder)
        for line in process.stdout:
            if b"Ctrl-C" in line:
                return process
        self.fail(f"serve did not start: {process.stderr.read().decode()}")

    def wait_until(self, what, seconds=20):
        """Asks again until `what()` is true: for what another process brings about."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if what():
                return
            time.sleep(0.02)
        self.fail("waited in vain")

    def status(self):
        done = self.candor("ingest", "--status", "--json")
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout)

    def ingest(self, *arguments, code=0, **more):
        done = self.candor("ingest", "--json", *arguments, **more)
        self.assertEqual(done.returncode, code, done.stderr.decode())
        summary = json.loads(done.stdout)
        rejected = dict(summary["rejected"])
        empty = rejected.pop("empty_record", 0)
        self.assertEqual(summary["rows_read"], summary["records_read"] + empty)
        self.assertEqual(summary["records_read"], summary["stored"] + summary["repeats"] + sum(rejected.values()) +
                         sum(summary["filtered"].values()))
        self.assertLessEqual(summary["corrections"], summary["stored"])
        return summary

    def shared(self, name):
        path = SHARED / "data" / name
        if not path.exists():
            self.skipTest(f"{name} is not here: set CANDOR_SHARED to the folder that holds data/{name}")
        return path
