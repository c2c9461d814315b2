#!/usr/bin/env python3
"""What scripts/demo needs beside the shell: fresh dates for the mails, and a look at what became of them.

    demo.py prepare DIR             copies of fixtures/demo/*.eml with dates of today, byte for byte the same otherwise
    demo.py ticket FILE LOG         number of the ticket that this mail opened
    demo.py reply FILE SINK         the reply to this mail's writer, decoded for reading
    demo.py compare LOG SINK        outcome of every mail, and who got a reply, beside fixtures/demo/expected.tsv

LOG holds the JSON lines of `postroom serve --once`, SINK one file per mail that left. Standard library only.
"""
import csv
import datetime
import email
import email.policy
import email.utils
import json
import os
import re
import sys
import time

MAILS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "fixtures", "demo")
NEWEST_AGE = 120        # seconds: the newest mail was written two minutes ago
DATE = re.compile(rb"^Date:[ \t]*([^\r\n]*)", re.M | re.I)


def expected():
    with open(os.path.join(MAILS, "expected.tsv"), encoding="utf-8", newline="") as f:
        return list(csv.DictReader((line for line in f if not line.startswith("#")), delimiter="\t"))


def read(name):
    with open(os.path.join(MAILS, name), "rb") as f:
        return f.read()


def header_end(raw):
    return raw.find(b"\r\n\r\n")


def prepare(folder):
    """The mails keep their distances and zones; the newest becomes two minutes old."""
    os.makedirs(folder)
    mails = {row["file"]: read(row["file"]) for row in expected()}
    dates = {}
    for name, raw in mails.items():
        found = DATE.search(raw, 0, header_end(raw))
        dates[name] = found, email.utils.parsedate_to_datetime(found.group(1).decode("ascii"))
    newest = max(d if d.tzinfo else d.replace(tzinfo=datetime.timezone.utc) for _, d in dates.values())
    shift = datetime.timedelta(seconds=int(time.time() - NEWEST_AGE - newest.timestamp()))
    for name, raw in mails.items():
        found, date = dates[name]
        fresh = email.utils.format_datetime(date + shift).encode("ascii")
        with open(os.path.join(folder, name), "wb") as f:
            f.write(raw[:found.start(1)] + fresh + raw[found.end(1):])


def deliveries(log):
    """UID to log line. A fresh mailbox counts from 1, in the order in which the mails were delivered."""
    found = {}
    with open(log, encoding="utf-8", errors="replace") as f:
        for line in f:
            if '"event":"delivery recorded"' in line:
                entry = json.loads(line)
                found[int(entry["uid"])] = entry
    return found


def by_file(log):
    lines = deliveries(log)
    return {row["file"]: lines.get(number) for number, row in enumerate(expected(), start=1)}


def writer(name):
    message = email.message_from_bytes(read(name), policy=email.policy.compat32)
    return email.utils.parseaddr(str(message["From"]))[1].lower()


def sent(sink):
    """Envelope recipient to the mails that were sent there."""
    found = {}
    for name in sorted(os.listdir(sink)):
        with open(os.path.join(sink, name), "rb") as f:
            message = email.message_from_bytes(f.read(), policy=email.policy.default)
        for rcpt in message.get_all("X-Rcpt-Args", []):
            address = re.search(r"<([^>]*)>", str(rcpt))
            if address:
                found.setdefault(address.group(1).lower(), []).append(message)
    return found


def show_reply(name, sink):
    mails = sent(sink).get(writer(name))
    if not mails:
        sys.exit("no reply to %s arrived" % name)
    message = mails[0]
    for field in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "Auto-Submitted"):
        if message[field]:
            print("  %-15s %s" % (field + ":", str(message[field])))
    print()
    part = message.get_body(("plain",)) or message
    for line in part.get_content().rstrip().splitlines():
        print("  " + line if line else "")


def compare(log, sink):
    seen, mails, wrong = by_file(log), sent(sink), []
    counts, due = {}, {}
    for row in expected():
        name, entry = row["file"], seen[row["file"]]
        if entry is None:
            wrong.append("%s: no line in the log" % name)
            continue
        counts[entry["outcome"]] = counts.get(entry["outcome"], 0) + 1
        if entry["outcome"] != row["outcome"]:
            wrong.append("%s: %s, expected %s" % (name, entry["outcome"], row["outcome"]))
        if row["category"] not in ("-", entry.get("category")):
            wrong.append("%s: category %s, expected %s" % (name, entry.get("category"), row["category"]))
        if row["reply"] == "yes":
            due[writer(name)] = name
        if row["outcome"] == "followed-up" and (seen[row["relates_to"]] or {}).get("ticket") != entry.get("ticket"):
            wrong.append("%s: not on the ticket of %s" % (name, row["relates_to"]))
    for address, name in due.items():
        if len(mails.get(address, [])) != 1:
            wrong.append("%s: its writer got %d replies, expected 1" % (name, len(mails.get(address, []))))
    others = sum(len(list_) for address, list_ in mails.items() if address not in due and not address.endswith("@example.com"))
    if others:
        wrong.append("%d mails left for people who should get none" % others)
    print("  %d of %d mails in a named state: %s" % (
        sum(counts.values()), len(seen), ", ".join("%d %s" % (counts[k], k) for k in sorted(counts))))
    print("  %d replies, %d expected; one each to the customers who should get one: %s" % (
        sum(len(mails.get(a, [])) for a in due), len(due), "no" if any("repl" in w or "left for" in w for w in wrong) else "yes"))
    for line in wrong:
        print("  NOT AS EXPECTED  " + line)
    return 1 if wrong else 0


def main():
    command, arguments = (sys.argv + [""])[1], sys.argv[2:]
    if command == "prepare" and len(arguments) == 1:
        prepare(arguments[0])
    elif command == "ticket" and len(arguments) == 2:
        entry = by_file(arguments[1]).get(arguments[0])
        if not entry or "ticket" not in entry:
            sys.exit("%s opened no ticket" % arguments[0])
        print(entry["ticket"])
    elif command == "reply" and len(arguments) == 2:
        show_reply(*arguments)
    elif command == "compare" and len(arguments) == 2:
        return compare(*arguments)
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main())
