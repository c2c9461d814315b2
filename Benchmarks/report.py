#!/usr/bin/env python3
"""Prints what scripts/bench measured: report.py MESSAGES BYTES postroom=FILE download=FILE [mbsync-no=FILE mbsync-yes=FILE] summary=FILE

Each FILE holds the JSON line of measure.py (mbsync with FSync off and on); summary is the line that `postroom serve --once` ends with.
"""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as f:
        lines = [line for line in f if line.strip()]
    return json.loads(lines[-1])


def main():
    messages, octets = int(sys.argv[1]), int(sys.argv[2])
    files = dict(a.split("=", 1) for a in sys.argv[3:])
    summary = load(files.pop("summary"))
    runs = {name: load(path) for name, path in files.items()}
    ours = runs["postroom"]
    print("%d messages, %.1f MB\n" % (messages, octets / 1e6))
    print("%-34s %8s %8s %10s %9s %12s %6s" % ("", "wall s", "CPU s", "messages/s", "MB/s", "anon. memory", "load"))
    labels = {"postroom": "postroom serve --once", "download": "bare IMAP download, kept nowhere",
              "mbsync-no": "mbsync to a Maildir, FSync off", "mbsync-yes": "mbsync to a Maildir, FSync on"}
    for name in labels:
        if name in runs:
            r = runs[name]
            print("%-34s %8.2f %8.2f %10.0f %9.1f %8.1f MiB %6.2f" % (
                labels[name], r["wall"], r["cpu"], messages / r["wall"], octets / 1e6 / r["wall"],
                r["anonymous_bytes"] / 1048576, r["load_before"]))
    print()
    others = {"download": "the bare download (keeps nothing)", "mbsync-no": "mbsync, FSync off (not durable)",
              "mbsync-yes": "mbsync, FSync on (durable, as Postroom is)"}
    for name, other in others.items():
        if name in runs:
            print("postroom takes %.2f times the wall time of %s" % (ours["wall"] / runs[name]["wall"], other))
    if "mbsync-no" not in runs:
        print("mbsync is not installed (Debian package isync): no comparison with it")
    stages = summary.get("stages_us", {})
    if stages:
        print("\nper message, microseconds (stages run beside each other, so they add up to more than the wall time):")
        for name in ("fetch", "understand", "commit", "acknowledge"):
            if name in stages:
                print("  %-12s %8.0f" % (name, stages[name] / messages))
        print("  %-12s %8.0f   CPU of the whole process" % ("CPU", ours["cpu"] * 1e6 / messages))
    print("\npostroom's summary: recorded %d, parked %d, %s" % (
        summary["recorded"], summary["parked"], ", ".join("%s %d" % kv for kv in sorted(summary["outcomes"].items()))))
    if summary["recorded"] != messages or ours["exit"] != 0:
        print("NOT COMPLETE: %d of %d recorded, exit %d" % (summary["recorded"], messages, ours["exit"]))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
