#!/usr/bin/env python3
"""The table of `scripts/bench-text`.

    text_report.py FILE

Each line of FILE is what a program printed, with the name of the set in front: `typical {"reader":"Postroom",...}`. Prints CPU microseconds
per mail, medians with their range, and what the peers take in the same run. Judges nothing: a shared machine is no judge.
"""
import json
import statistics
import sys


def cell(seconds):
    figures = [1e6 * value for value in seconds]
    return "%.1f (%.1f to %.1f, %d runs)" % (statistics.median(figures), min(figures), max(figures), len(figures))


def main():
    sets = {}
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            name, value = line.split(" ", 1)
            run = json.loads(value)
            sets.setdefault(name, {}).setdefault(run["reader"], []).append(run)
    print("CPU µs for each mail")
    for name, readers in sets.items():
        ours = readers["Postroom"]
        count = ours[0]["mails"]
        print("%s: %d mails, mean %.1f KB, %.1f KB of it text, %.1f details each" % (
            name, count, ours[0]["bytes"] / count / 1000, ours[0]["text_bytes"] / count / 1000, ours[0]["details"] / count))
        for key, what in (("text_seconds", "MailText"), ("decoded_seconds", "with decoding"),
                          ("extraction_seconds", "Extraction")):
            print("    %-14s %s" % (what, cell([run[key] / count for run in ours])))
        for reader, what in (("talon", "MailText"), ("phonenumbers", "Extraction")):
            runs = [run["seconds_per_text"] for run in readers.get(reader, [])]
            key = "text_seconds" if what == "MailText" else "extraction_seconds"
            if runs:
                ratio = statistics.median(runs) * count / statistics.median(run[key] for run in ours)
                print("    %-14s %s; %.0f times %s" % (reader, cell(runs), ratio, what))
            else:
                print("    %-14s not measured" % reader)


if __name__ == "__main__":
    main()
