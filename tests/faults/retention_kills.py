#!/usr/bin/env python3
"""Kills `candor retention run` at random moments; the next run must leave what an undisturbed one leaves.

    tests/faults/retention_kills.py [--kills N] [--seed N]

A simulated organisation is stored, then everything that is over in 100 days is removed, half of the alerts with it: once
without disturbance, and in copies of the folder with `kill -9` on the way, each followed by a look at what is there and,
in the end, by a run that is left alone and by `candor rebuild`, which must bring nothing back. What the runs say they
removed must be what is gone, killed or not. Prints one line: PASSED or FAILED, and why.
"""
import argparse
import datetime
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

KILLS_A_FOLDER = 4


def start(data, day):
    return subprocess.Popen([CANDOR, "retention", "run", "--as-of", day, "--data", str(data)], stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)


def database(data, *statements):
    with sqlite3.connect(data / "records.db") as connection:
        rows = [connection.execute(*statement).fetchall() for statement in statements]
    connection.close()
    return rows


def work_on_half(data, day):
    """Half of the alerts are worked on until shortly before that day, so that they stay with what holds them."""
    candor("settings", "set", "retention.undecided_alert_days", 50, "--reason", "so that some are over", "--data", data)
    at = int(datetime.datetime.fromisoformat(day + "T00:00:00+00:00").timestamp() * 1_000_000)
    (ids,) = database(data, ("select alert_id from alerts order by alert_id",))
    for (alert,) in ids[::2]:
        database(data, ("insert into alert_comments (alert_id, number, at, viewer, text) values (?, 1, ?, 'ada', 'mine')",
                        (alert, at)))
    return len(ids)


def records(data):
    """Alerts, what is left of others, and how many the book says went."""
    return database(data, ("select alert_id, status from alerts order by alert_id",),
                    ("select policy, hex(person), k, cutoff from alert_remains order by 1, 2, 3",),
                    ("select kind, sum(removed) from retention_removed group by kind having sum(removed) > 0",))


def everything(data):
    return [*what_is_left(data), records(data)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.kills} kills")
    rng = random.Random(options.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="candor-retention-"))
    day = (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=100)).isoformat()
    try:
        candor("simulate", "--people", 60, "--days", 60, "--seed", options.seed, "--out", folder / "organisation")
        full = folder / "full"
        prepare(full, folder / "organisation")
        candor("ingest", folder / "organisation" / "audit", "--data", full)
        before = stored(full)["activities"]
        alerts = work_on_half(full, day)
        calm = folder / "calm"
        shutil.copytree(full, calm)
        begin = time.monotonic()
        start(calm, day).wait()
        whole = time.monotonic() - begin
        expected = everything(calm)
        gone = json.loads(candor("retention", "show", "--json", "--data", calm))["removed"]
        if not 0 < gone["activities"] < before or not expected[1]:
            raise SystemExit(f"FAILED the undisturbed run removed {gone} of {before}: nothing to compare")
        left, _, counted = expected[2]
        if not 0 < len(left) < alerts or counted != [("undecided_alerts", alerts - len(left))]:
            raise SystemExit(f"FAILED of {alerts} alerts {len(left)} are left, and {counted} went by the book")
        kills = 0
        while kills < options.kills:
            data = folder / "data"
            shutil.copytree(full, data)
            for _ in range(KILLS_A_FOLDER):
                process = start(data, day)
                try:
                    process.wait(timeout=rng.uniform(0, whole * 1.1))
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    kills += 1
                if rng.random() < 0.5 and not expected[0][0] <= stored(data)["activities"] <= before:
                    raise SystemExit(f"FAILED kill {kills} lost what is held (seed {options.seed})")
            start(data, day).wait()
            if everything(data) != expected:
                raise SystemExit(f"FAILED kill {kills}: something else is left than without kills (seed {options.seed})")
            candor("rebuild", "--data", data)
            if everything(data) != expected:
                raise SystemExit(f"FAILED kill {kills}: made again, something came back (seed {options.seed})")
            shutil.rmtree(data)
        print(f"PASSED {kills} kills of candor retention run: {gone['activities']} of {before} activities go, no "
              f"more, and {alerts - len(left)} of {alerts} alerts")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
