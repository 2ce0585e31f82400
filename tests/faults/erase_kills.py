#!/usr/bin/env python3
"""Kills `candor people erase` at random moments; the next start must end it as an undisturbed one ends.

    tests/faults/erase_kills.py [--kills N] [--seed N]

A simulated organisation is stored and its alerts are closed; then the one who did most is erased: once without
disturbance, and in copies of the folder with `kill -9` on the way, each followed by a look at what is there - all of it
or nothing - and in the end by `candor rebuild` and the same files again, which must bring nothing back. Prints one line:
PASSED or FAILED, and why.
"""
import argparse
import collections
import json
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from product_kills import CANDOR, candor, prepare, stored, what_is_left

KILLS_A_FOLDER = 3


def start(data, who):
    return subprocess.Popen([CANDOR, "people", "erase", who, "--reason", "asked for under Article 17", "--data", str(data)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def busiest(organisation):
    counts = collections.Counter(json.loads(line).get("UserId", "") for path in sorted((organisation / "audit").rglob("*.jsonl"))
                                 for line in path.read_text().splitlines())
    return next(user for user, _ in counts.most_common() if "@" in user)


def close_alerts(data):
    with sqlite3.connect(next(data.glob("*.db"))) as database:
        database.execute("update alerts set status = 'dismissed' where status in ('needs_review', 'confirmed')")
    database.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.kills} kills")
    rng = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="candor-erase-"))
    try:
        organisation = folder / "organisation"
        candor("simulate", "--people", 40, "--days", 40, "--seed", options.seed, "--out", organisation)
        full = folder / "full"
        prepare(full, organisation)
        candor("ingest", organisation / "audit", "--data", full)
        close_alerts(full)
        who = busiest(organisation)
        before = stored(full)["activities"]
        calm = folder / "calm"
        shutil.copytree(full, calm)
        begin = time.monotonic()
        start(calm, who).wait()
        whole = time.monotonic() - begin
        expected = what_is_left(calm)
        if not 0 < expected[0][0] < before:
            raise SystemExit(f"FAILED the undisturbed run left {expected[0][0]} of {before}: nothing to compare")
        kills = 0
        while kills < options.kills:
            data = folder / "data"
            shutil.copytree(full, data)
            for _ in range(KILLS_A_FOLDER):
                process = start(data, who)
                try:
                    process.wait(timeout=rng.uniform(0, whole * 1.1))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
                there = stored(data)["activities"]
                if there not in (before, expected[0][0]):
                    raise SystemExit(f"FAILED kill {kills} left {there} activities (seed {options.seed})")
            start(data, who).wait()
            if what_is_left(data) != expected:
                raise SystemExit(f"FAILED kill {kills}: something else is left than without kills (seed {options.seed})")
            candor("rebuild", "--data", data)
            candor("ingest", organisation / "audit", "--data", data)
            if what_is_left(data) != expected:
                raise SystemExit(f"FAILED kill {kills}: made and told again, something came back (seed {options.seed})")
            shutil.rmtree(data)
        print(f"PASSED {kills} kills of candor people erase: {before - expected[0][0]} of {before} activities go, no more")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
