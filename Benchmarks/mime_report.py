#!/usr/bin/env python3
"""The table of `scripts/bench-mime`.

    mime_report.py FILE
    mime_report.py --hostile FILE

Each line of FILE is what a driver printed, with the name of the set in front: `typical {"reader":"GMime",...}`. Prints medians with their
spread, MB/s, the ratio, and the memory of one large mail. Ends with 1 when the two readers did not do the same work.

--hostile: each line is about one hostile mail. Ends with 1 when one took longer or more memory than allowed.
"""
import json
import statistics
import sys

# Both readers may take another view of a damaged mail; more than this share is another amount of work.
TOLERANCE = 0.01


# What one hostile mail may take: CPU seconds, and memory as a multiple of its size beside what any mail needs.
HOSTILE_SECONDS = 1.0
HOSTILE_MEMORY = 3
HOSTILE_BASE = 24e6


def hostile(path):
    code = 0
    print("%-46s %8s %8s %8s %9s %9s" % ("mail", "MB", "parse s", "all s", "parse MB", "all MB"))
    with open(path) as f:
        for line in f:
            run = json.loads(line.split(" ", 1)[1])
            size, before = run["bytes"], run["before"]
            # Parsing is held to the bar; text that becomes three times as long when it is decoded is the mail's own doing.
            slow = run["seconds"] > HOSTILE_SECONDS
            big = run["parse_peak"] - before > HOSTILE_MEMORY * size + HOSTILE_BASE
            code = 1 if slow or big else code
            print("%-46s %8.2f %8.3f %8.3f %9.1f %9.1f%s%s" % (
                run["name"], size / 1e6, run["parse_seconds"], run["seconds"], (run["parse_peak"] - before) / 1e6,
                (run["peak"] - before) / 1e6, "  TOO SLOW" if slow else "", "  TOO MUCH MEMORY" if big else ""))
    print("memory includes the mail itself; bars: %.0f s, %d x its size + %.0f MB" % (
        HOSTILE_SECONDS, HOSTILE_MEMORY, HOSTILE_BASE / 1e6))
    return code


def speed_of(run):
    return run["bytes"] / run["seconds_per_pass"] / 1e6


def differ(one, other):
    return [key for key in ("parts", "decoded", "text")
            if abs(one[key] - other[key]) > TOLERANCE * max(one[key], other[key], 1)]


def main():
    if sys.argv[1] == "--hostile":
        return hostile(sys.argv[2])
    runs, memory = {}, []
    with open(sys.argv[1]) as f:
        for line in f:
            name, value = line.split(" ", 1)
            value = json.loads(value)
            if "peak" in value:
                memory.append(value)
            else:
                runs.setdefault(name, {}).setdefault(value["reader"], []).append(value)
    code = 0
    print("%-12s %7s %9s   %-28s %-28s %s" % ("mails", "count", "mean", "Postroom, MB/s (range)", "GMime, MB/s (range)", "ratio"))
    for name, readers in runs.items():
        cells, medians = [], []
        for reader in ("Postroom", "GMime"):
            speeds = [speed_of(run) for run in readers.get(reader, [])]
            if not speeds:
                cells.append("not measured")
                continue
            medians.append(statistics.median(speeds))
            cells.append("%.0f (%.0f to %.0f, %d runs)" % (medians[-1], min(speeds), max(speeds), len(speeds)))
        ours = readers["Postroom"][0]
        ratio = "%.1f" % (medians[0] / medians[1]) if len(medians) == 2 else ""
        print("%-12s %7d %8.1fK   %-28s %-28s %s" % (name, ours["mails"], ours["bytes"] / ours["mails"] / 1000, *cells, ratio))
        if "GMime" in readers:
            for key in differ(ours, readers["GMime"][0]):
                print("    not the same work: %s is %d and %d" % (key, ours[key], readers["GMime"][0][key]))
                code = 1
    for run in memory:
        print("one mail of %.0f MB, %s: %.0f MB at its peak beyond the %.0f MB before, %.2f x the mail" % (
            run["bytes"] / 1e6, run["reader"], (run["peak"] - run["before"]) / 1e6, run["before"] / 1e6,
            (run["peak"] - run["before"]) / run["bytes"]))
    return code


if __name__ == "__main__":
    sys.exit(main())
