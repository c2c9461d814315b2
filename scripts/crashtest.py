#!/usr/bin/env python3
"""What scripts/crashtest needs beside the shell.

    crashtest.py run POSTROOM CONFIG STATE COUNT KILLS SEED LOG     kill and start again until everything is recorded
    crashtest.py accepted STATE                                    how many mails the outbox says were taken
    crashtest.py check STATE SINK COUNT KILLS                      the promises, against the database and the sink

Reads the tracking database read-only, so that looking changes nothing. Standard library only.
"""
import collections
import email
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

PATIENCE = 900      # seconds for all runs together


class Ledger:
    """The tracking database, looked at from outside."""

    def __init__(self, state):
        self.path, self.db = os.path.join(state, "postroom.sqlite"), None

    def rows(self, sql):
        try:
            if self.db is None:
                self.db = sqlite3.connect("file:%s?mode=ro" % self.path, uri=True, timeout=5)
            return self.db.execute(sql).fetchall()
        except sqlite3.Error:       # not there yet, or being made
            self.close()
            return []

    def close(self):
        if self.db is not None:
            self.db.close()
        self.db = None

    def recorded(self):
        rows = self.rows("SELECT count(*) FROM delivery")
        return rows[0][0] if rows else 0


def run(postroom, config, state, count, kills, seed, log_path):
    chance, ledger, done, start = random.Random(seed), Ledger(state), 0, time.monotonic()
    targets = [int((k + chance.uniform(-0.25, 0.25)) * count / (kills + 1)) for k in range(1, kills + 1)]
    with open(log_path, "ab") as log:
        while True:
            process = subprocess.Popen([postroom, "serve", "--once", "--config", config], stdin=subprocess.DEVNULL, stdout=log)
            while process.poll() is None and (done == kills or ledger.recorded() < targets[done]):
                time.sleep(0.001 if done < kills else 0.05)
                if time.monotonic() - start > PATIENCE:
                    process.kill()
                    sys.exit("not finished after %d s: %d of %d recorded" % (PATIENCE, ledger.recorded(), count))
            if process.poll() is None:
                time.sleep(chance.uniform(0, 0.02))
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()
                done += 1
                print("  kill %2d at %d recorded" % (done, ledger.recorded()), flush=True)
                continue
            ledger.close()
            print("  run ended with %d after %.1f s, %d recorded" % (
                process.returncode, time.monotonic() - start, Ledger(state).recorded()), flush=True)
            if done < kills:
                print("  only %d of %d kills: it was too quick for the rest" % (done, kills))
                return 1
            return 1 if process.returncode else 0


def sink_ids(sink):
    ids = collections.Counter()
    for name in os.listdir(sink):
        with open(os.path.join(sink, name), "rb") as f:
            ids[str(email.message_from_bytes(f.read())["Message-ID"]).strip().strip("<>")] += 1
    return ids


def check(state, sink, count, kills):
    ledger, wrong = Ledger(state), []
    states = dict(ledger.rows("SELECT state, count(*) FROM delivery GROUP BY state"))
    places = ledger.rows("SELECT count(*) FROM (SELECT DISTINCT mailbox_id, uid_validity, uid FROM delivery)")[0][0]
    outbox = dict(ledger.rows("SELECT state, count(*) FROM outbox GROUP BY state"))
    by_id = {re.sub(r"[<>]", "", i): s for i, s in ledger.rows("SELECT message_id, state FROM outbox")}
    sent = sink_ids(sink)
    twice = [i for i, n in sent.items() if n > 1]
    if sum(states.values()) != count or places != count:
        wrong.append("%d rows for %d messages, of %d" % (sum(states.values()), places, count))
    if states.get("parked"):
        wrong.append("%d parked" % states["parked"])
    if outbox.get("uncertain", 0) > kills:
        wrong.append("%d uncertain replies for %d kills" % (outbox["uncertain"], kills))
    left = sum(outbox.get(s, 0) for s in ("queued", "sending", "deferred", "failed"))
    if left:
        wrong.append("%d replies not at an end: %s" % (left, outbox))
    if twice:
        wrong.append("%d replies were sent twice" % len(twice))
    missing = [i for i, s in by_id.items() if s == "accepted" and i not in sent]
    if missing:
        wrong.append("%d accepted replies never arrived" % len(missing))
    strange = [i for i in sent if by_id.get(i) not in ("accepted", "uncertain")]
    if strange:
        wrong.append("%d mails arrived that the outbox did not send" % len(strange))
    print("  deliveries: %s" % ", ".join("%d %s" % (n, s) for s, n in sorted(states.items())))
    print("  outbox: %s; in the sink %d, of which uncertain %d" % (
        ", ".join("%d %s" % (n, s) for s, n in sorted(outbox.items())), sum(sent.values()),
        sum(by_id.get(i) == "uncertain" for i in sent)))
    for line in wrong:
        print("  BROKEN: " + line)
    return 1 if wrong else 0


def main():
    a = sys.argv[1:]
    if a[:1] == ["run"] and len(a) == 8:
        return run(a[1], a[2], a[3], int(a[4]), int(a[5]), int(a[6]), a[7])
    if a[:1] == ["accepted"] and len(a) == 2:
        print(Ledger(a[1]).rows("SELECT count(*) FROM outbox WHERE state = 'accepted'")[0][0])
        return 0
    if a[:1] == ["check"] and len(a) == 5:
        return check(a[1], a[2], int(a[3]), int(a[4]))
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main())
