#!/usr/bin/env python3
"""Figures of scripts/bench-outbox: outbox.py FOLDER REPLIES RUNS. Standard library only."""
import datetime
import json
import os
import statistics
import sys
import time


def settled(path):
    """Moments at which mails were settled as accepted."""
    found = []
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            if '"outgoing mail settled"' in line:
                entry = json.loads(line)
                if entry.get("state") == "accepted":
                    found.append(datetime.datetime.fromisoformat(entry["time"].replace("Z", "+00:00")).timestamp())
    return sorted(found)


def syncs(folder, count=300):
    """Median time of a small synced write, in microseconds."""
    path = os.path.join(folder, "sync.probe")
    took = []
    with open(path, "wb", buffering=0) as f:
        for _ in range(count):
            began = time.perf_counter()
            f.write(b"x" * 4096)
            os.fdatasync(f.fileno())
            took.append(time.perf_counter() - began)
    os.unlink(path)
    return statistics.median(took) * 1e6


def rate(moments):
    return (len(moments) - 1) / (moments[-1] - moments[0]) if len(moments) > 1 else 0.0


def main():
    folder, replies, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rates, cpu, sources = [], [], []
    for run in range(1, runs + 1):
        moments = settled(os.path.join(folder, "postroom%d.log" % run))
        if len(moments) != replies:
            sys.exit("only %d of %d replies were accepted" % (len(moments), replies))
        rates.append(rate(moments))
        with open(os.path.join(folder, "postroom%d.time" % run)) as f:
            user, system, _ = map(float, f.read().split())
        cpu.append((user + system) / replies * 1e6)
        with open(os.path.join(folder, "source%d.time" % run)) as f:
            sources.append(replies / float(f.read().split()[2]))
    far = rate(settled(os.path.join(folder, "far.log")))
    print("%-52s %s" % ("replies a second, one connection, local sink",
                        "%.0f (%s)" % (statistics.median(rates), ", ".join("%.0f" % r for r in rates))))
    print("%-52s %.0f" % ("smtp-source, one session, the same sink", statistics.median(sources)))
    print("%-52s %.0f" % ("CPU us a reply, with start and look at the mailbox", statistics.median(cpu)))
    print("%-52s %.0f" % ("us a synced write of 4 KB takes on this disk", syncs(folder)))
    print("%-52s %.1f" % ("replies a second at 20 ms round trip", far))


if __name__ == "__main__":
    main()
