#!/usr/bin/env python3
"""What became of labelled mails: who was to be answered, beside what the mails are.

    replycheck.py STORE LABELS...     STORE is postroom.sqlite, LABELS are files of genmail.py

Ends with 1 when a machine's mail was to be answered, or fewer than 99.5 % of the tickets were. Standard library only.
"""
import collections
import json
import sqlite3
import sys

MACHINES = ("list", "autoreply", "bounce", "notification", "spam")
WANTED = 0.995


def labels(paths):
    """Message-ID without brackets to the labels of the mails that carry it."""
    found = collections.defaultdict(list)
    for path in paths:
        with open(path, encoding="utf-8") as f:
            for mail in json.load(f)["messages"]:
                found[(mail["message_id"] or "").strip("<>")].append(mail)
    return found


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    known = labels(sys.argv[2:])
    store = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
    rows = store.execute(
        "SELECT message_id, state, message.outbox_id, suppression FROM message JOIN delivery ON delivery.id = delivery_id")
    tally = collections.defaultdict(collections.Counter)
    machines, tickets, answered, again = [], 0, 0, 0
    silent = collections.Counter()
    unknown = 0
    for message_id, state, outbox, suppression in rows:
        mails = known.get(message_id or "")
        if not mails:
            unknown += 1
            continue
        # Copies under one Message-ID are one mail to us; the first label is the original's.
        mail = mails[0]
        kind = mail["kind"]
        resent = kind == "duplicate" and state == "ticketed"
        tally[kind][state] += 1
        tally[kind]["answered"] += outbox is not None
        if outbox is not None and kind in MACHINES:
            machines.append((kind, mail["subject"]))
        if state != "ticketed" or kind in MACHINES:
            continue
        if resent:
            again += 1
            continue
        tickets += 1
        answered += outbox is not None
        if outbox is None:
            silent[(kind, suppression)] += 1
    states = sorted({state for counter in tally.values() for state in counter} - {"answered"})
    print("%-14s" % "kind" + "".join("%13s" % s for s in states + ["answered"]))
    for kind in sorted(tally):
        print("%-14s" % kind + "".join("%13d" % tally[kind][s] for s in states + ["answered"]))
    print()
    held_back = sum(tally[kind]["ticketed"] for kind in MACHINES)
    print("machine mail that was to be answered: %d (with a ticket, and without an answer: %d)" % (len(machines), held_back))
    for kind, subject in machines[:20]:
        print("    %s: %s" % (kind, subject))
    share = answered / tickets if tickets else 0.0
    print("tickets answered: %d of %d, %.2f %%" % (answered, tickets, 100 * share))
    for (kind, suppression), number in silent.most_common():
        print("    not answered: %d of kind %s, because %s" % (number, kind, suppression))
    print("copies re-sent by hand under a new Message-ID, each a ticket of its own: %d" % again)
    if unknown:
        print("mails without a label: %d" % unknown)
    sys.exit(1 if machines or share < WANTED or not tickets else 0)


if __name__ == "__main__":
    main()
