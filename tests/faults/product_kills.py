#!/usr/bin/env python3
"""Kills `candor ingest` itself, at random moments of reading, flushing and assessing, and compares what comes of it.

    tests/faults/product_kills.py [--kills N] [--seed N]

A simulated organisation is read once without disturbance and once with `kill -9` again and again; after each kill what
`candor ingest --status` had acknowledged must still be there, and in the end `candor alerts export --canonical` must be
the same, byte for byte. What was acknowledged is counted from the checkpoints themselves, before another run reads
the files again and heals what was lost. Prints one line: PASSED or FAILED, and why.
"""
import argparse
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CANDOR = str(ROOT / "build" / "candor")
AS_OF = "2026-03-31"


def candor(*arguments, codes=(0, 2)):
    done = subprocess.run([CANDOR, *map(str, arguments)], capture_output=True, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"FAILED `candor {' '.join(map(str, arguments))}` gave {done.returncode}: {done.stderr.decode()}")
    return done.stdout


def prepare(data, simulated):
    candor("policy", "apply", ROOT / "content" / "policies", "--data", data)
    candor("hr", "import", simulated / "hr.csv", "--data", data)


def stored(data):
    return json.loads(candor("ingest", "--status", "--json", "--data", data))


def what_is_left(data):
    """How much is stored, and the alerts: what two folders of one history have in common."""
    status = stored(data)
    alerts = candor("alerts", "export", "--canonical", "--as-of", AS_OF, "--data", data)
    return [status["activities"], status["superseded"]], alerts


def rows_by_feed(folder):
    """The rows of each file, under the name its checkpoint has. Each different row is stored: under an identity that is
    there already as a correction."""
    return {f"file {path.resolve()}": path.read_text().splitlines() for path in sorted(folder.rglob("*.jsonl"))}


def acknowledged(status, files):
    """How many activities the checkpoints promise: the different rows before each of them, over all files."""
    promised = set()
    for feed, checkpoint in status["checkpoints"].items():
        if not checkpoint:
            continue
        version, state, _, _, row, kind = checkpoint.split(" ")
        if version != "v2" or state not in ("reading", "complete") or kind != "l":
            raise SystemExit(f"FAILED the checkpoint `{checkpoint}` of {feed} is none this test can read")
        promised.update(files[feed][:int(row) - 1])
    return len(promised)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.kills} kills")
    rng = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="candor-kills-"))
    try:
        simulated = folder / "organisation"
        candor("simulate", "--people", 60, "--days", 60, "--seed", options.seed, "--out", simulated)
        calm = folder / "calm"
        prepare(calm, simulated)
        begin = time.monotonic()
        candor("ingest", simulated / "audit", "--data", calm)
        whole = time.monotonic() - begin
        expected = candor("alerts", "export", "--canonical", "--as-of", AS_OF, "--data", calm)
        if not expected:
            raise SystemExit("FAILED the undisturbed run raised no alert: nothing to compare")
        files = rows_by_feed(simulated / "audit")
        status = stored(calm)
        if acknowledged(status, files) != status["activities"] + status["superseded"]:
            raise SystemExit("FAILED the checkpoints of the undisturbed run do not cover what is stored")
        kills = rounds = checked = 0
        while kills < options.kills:
            data = folder / f"data{rounds}"
            rounds += 1
            prepare(data, simulated)
            before = 0  # what an earlier look found on disk
            for attempt in range(8):
                process = subprocess.Popen([CANDOR, "ingest", str(simulated / "audit"), "--data", str(data), "--json"],
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=rng.uniform(0, whole * 1.1) if attempt < 7 and kills < options.kills else 600)
                    break
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    kills += 1
                status = stored(data)
                now = status["activities"] + status["superseded"]
                promised = acknowledged(status, files)
                checked += promised > 0
                if now < promised:
                    raise SystemExit(f"FAILED kill {kills}: {promised} activities were acknowledged, {now} are there")
                if now < before:
                    raise SystemExit(f"FAILED kill {kills} lost activities that had survived the one before")
                before = now
            found = candor("alerts", "export", "--canonical", "--as-of", AS_OF, "--data", data)
            if found != expected:
                raise SystemExit(f"FAILED round {rounds}: other alerts than without kills (seed {options.seed})")
            if stored(data)["activities"] != stored(calm)["activities"]:
                raise SystemExit(f"FAILED round {rounds}: another number of activities than without kills")
            shutil.rmtree(data)
        if not checked:
            raise SystemExit("FAILED no kill came after something was acknowledged: nothing was checked")
        print(f"PASSED {kills} kills of candor ingest in {rounds} folders: the same alerts, byte for byte")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
