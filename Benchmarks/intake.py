#!/usr/bin/env python3
"""What scripts/bench-intake needs beside the servers. Standard library only.

    intake.py mails DIR COUNT [--kb 8 | --large MB] [--from MAILDIR_NEW]   mails as files of a Maildir's new/
    intake.py accounts CONFIG COUNT               COUNT accounts (support, idle1, ...) into a configuration
    intake.py run STATE OUT -- COMMAND...         runs it: count of deliveries and memory over time
    intake.py daemon BEFORE SECONDS OUT -- COMMAND...   memory and CPU of a daemon that has nothing to do
    intake.py archive STATE SUMS                  large messages in the archive, against their SHA-256
    intake.py push FILE; intake.py table FILE COUNT [--tenths]   what was measured, for people
"""
import argparse
import base64
import hashlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from email.utils import formatdate

from measure import anonymous, children

IDS = re.compile(rb"(?im)^(?:message-id|in-reply-to|references):.*(?:\r?\n[ \t].*)*")
DATE = re.compile(rb"(?im)^date:.*(?:\r?\n[ \t].*)*")
WORDS = "order delivery invoice pump valve motor late missing please answer when price contract thanks part number".split()


def copies(folder, largest):
    """Endless distinct mails made from those in a folder: other Message-IDs, references and dates."""
    base = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            mail = f.read()
        if len(mail) <= largest:
            base.append(mail.partition(b"\n\n"))
    number = 0
    while True:
        for header, blank, body in base:
            prefix = b"<c%d." % (number // len(base))
            header = IDS.sub(lambda m: m.group().replace(b"<", prefix), header)
            header = DATE.sub(b"Date: " + formatdate(time.time() - 80000 + number % 80000).encode(), header)
            yield header + blank + body
            number += 1


def written(octets):
    chance, number = random.Random(1), 0
    while True:
        text = ""
        while len(text) < octets - 300:
            text += " ".join(chance.choices(WORDS, k=12)) + ".\n"
        yield ("From: Customer %d <c%d@shop.example>\nTo: support@sandbox.test\nSubject: Order %d\nDate: %s\n"
               "Message-ID: <%d.intake@shop.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n%s" % (
                   number, number, 100000 + number, formatdate(time.time() - 3600), number, text)).encode()
        number += 1


def large(octets):
    number = 0
    while True:
        content = base64.encodebytes(os.urandom(octets * 57 // 78))
        head = ("From: Customer %d <c%d@shop.example>\nTo: support@sandbox.test\nSubject: Drawings %d\nDate: %s\n"
                "Message-ID: <%d.large@shop.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b0\"\n\n"
                "--b0\nContent-Type: text/plain; charset=utf-8\n\nPlease look at the drawings of order %d.\n\n"
                "--b0\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
                "Content-Disposition: attachment; filename=\"drawing-%d.bin\"\n\n" % (
                    number, number, number, formatdate(time.time() - 3600), number, 100000 + number, number)).encode()
        yield head + content + b"--b0--\n"
        number += 1


def make_mails(a):
    os.makedirs(a.dir, exist_ok=True)
    source = large(a.large * 1_000_000) if a.large else copies(a.source, a.kb * 1000) if a.source else written(a.kb * 1000)
    total = 0
    for number in range(a.count):
        mail = next(source)
        total += len(mail)
        with open(os.path.join(a.dir, "%d.M%dP1.intake" % (int(time.time()) - 100, number)), "wb") as f:
            f.write(mail)
        if a.large:     # the server sends lines that end with CRLF
            print(hashlib.sha256(mail.replace(b"\n", b"\r\n")).hexdigest())
    print("%d mails of %.1f KB on average" % (a.count, total / a.count / 1000), file=sys.stderr)


def make_accounts(a):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
    from private_config import replace, secret
    block, folder = "accounts:\n", a.config.rstrip("/") + "-secrets"
    for number in range(a.count):
        name = "idle%d" % number if number else "support"
        password = secret(folder, name, name + "-secret")
        block += ("  %s:\n    address: %s@%s\n    host: 127.0.0.1\n    port: %s\n    security: tls\n    ca_file: %s\n"
                  "    password: { file: %s }\n    mailboxes: [INBOX]\n    start: all\n    poll: 60s\n" % (
                      name, name, os.environ["MH_DOMAIN"], os.environ["MH_IMAPS_PORT"], os.environ["MH_CA_FILE"], password))
    path = os.path.join(a.config, "postroom.yaml")
    with open(path, encoding="utf-8") as f:
        text = replace(f.read(), "accounts", block)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def deliveries(path):
    """How many are recorded; 0 as long as there is no database."""
    try:
        database = sqlite3.connect("file:%s/postroom.sqlite?mode=ro" % path, uri=True)
        try:
            return database.execute("SELECT coalesce(max(id), 0) FROM delivery").fetchone()[0]
        finally:
            database.close()
    except sqlite3.Error:
        return 0


def run(a):
    first, start, load, curve, peak, looked = deliveries(a.state), time.monotonic(), os.getloadavg()[0], [], 0, 0
    with open(a.out, "wb") as out:
        process = subprocess.Popen(a.command, stdin=subprocess.DEVNULL, stdout=out)
        while process.poll() is None:
            peak = max(peak, sum(map(anonymous, [process.pid, *children(process.pid)])))
            now = time.monotonic() - start
            if now - looked > 0.1:
                looked = now
                curve.append((round(now, 3), deliveries(a.state) - first))
            time.sleep(0.01)
    wall = time.monotonic() - start
    with open(a.out, encoding="utf-8") as f:
        lines = [line for line in f if '"event":"summary"' in line]
    print(json.dumps({"wall": wall, "load_before": load, "load_after": os.getloadavg()[0], "peak": peak * 1024, "curve": curve,
                      "exit": process.returncode, "summary": json.loads(lines[-1]) if lines else {}}))


def cpu(pid):
    with open("/proc/%d/stat" % pid) as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def daemon(a):
    with open(a.out, "wb") as out:
        process = subprocess.Popen(a.command, stdin=subprocess.DEVNULL, stdout=out)
        try:
            time.sleep(a.before)
            memory, begin, start = anonymous(process.pid), cpu(process.pid), time.monotonic()
            time.sleep(a.seconds)
            share = (cpu(process.pid) - begin) / max(time.monotonic() - start, 0.001) if a.seconds else 0
            alive = process.poll() is None
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
    print(json.dumps({"kib": memory, "percent": 100 * share, "alive": alive, "load": os.getloadavg()[0]}))


def archive(a):
    with open(a.sums, encoding="ascii") as f:
        wanted, found, wrong = set(f.read().split()), set(), 0
    for month in os.listdir(a.state):
        folder = os.path.join(a.state, month)
        if not (month.startswith("archive-") and os.path.isdir(folder)):
            continue
        for name in os.listdir(folder):
            if name.endswith(".eml"):
                with open(os.path.join(folder, name), "rb") as f:
                    digest = hashlib.file_digest(f, "sha256").hexdigest()
                wrong += digest != name[:-4]
                found.add(digest)
    print("archived as files: %d of %d, each as it was sent; %d whose SHA-256 is not their name" % (
        len(wanted & found), len(wanted), wrong))
    return int(wanted != found or wrong > 0)


def quantile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def push(a):
    with open(a.file, encoding="utf-8") as f:
        r = json.load(f)
    print("%-44s %8s %8s %8s %8s" % ("milliseconds from EXISTS until", "p50", "p90", "p99", "max"))
    for key, label in (("recorded_ms", "the record is committed"), ("acknowledged_ms", "the server is told (UID STORE)"),
                       ("answered_ms", "the MTA has taken the receipt (250)")):
        if r.get(key):
            print("%-44s %8.1f %8.1f %8.1f %8.1f" % (label, *(quantile(r[key], s) for s in (0.5, 0.9, 0.99, 1))))
    print("recorded %d of %d; %d came while no connection waited in IDLE" % (r["recorded"], r["mails"], r["not_idle"]))
    return int(r["recorded"] != r["mails"] or len(r["recorded_ms"]) != r["mails"])


def table(a):
    with open(a.file, encoding="utf-8") as f:
        r = json.load(f)
    summary, wall = r["summary"], r["wall"]
    recorded = summary.get("recorded", 0)
    print("recorded %d of %d in %.2f s: %.0f messages/s; CPU %.2f s; peak anonymous memory %.1f MiB; load %.2f to %.2f" % (
        recorded, a.count, wall, recorded / wall, summary.get("cpu_seconds", 0), r["peak"] / 1048576, r["load_before"], r["load_after"]))
    stages = summary.get("stages_us", {})
    if recorded and stages:
        print("stages, µs a message: " + ", ".join("%s %.0f" % (k, v / recorded) for k, v in sorted(stages.items())))
    if a.tenths:
        print("%-10s %10s" % ("tenth", "messages/s"))
        points = [next((t for t, n in r["curve"] if n >= a.count * k // 10), wall) for k in range(1, 10)] + [
            next((t for t, n in r["curve"] if n >= recorded), wall)]
        begin = next((t for t, n in r["curve"] if n > 0), 0)
        for k, end in enumerate(points, 1):
            print("%-10d %10.0f" % (k, a.count / 10 / max(end - begin, 0.001)))
            begin = end
    return int(recorded != a.count or r["exit"] != 0 or summary.get("parked", 0) > 0)


def main():
    a = argparse.ArgumentParser()
    verbs = a.add_subparsers(required=True)

    def verb(name, act, *arguments):
        v = verbs.add_parser(name)
        v.set_defaults(act=act)
        for argument, options in arguments:
            v.add_argument(argument, **options)

    number, command = {"type": int}, ("command", {"nargs": "+"})
    verb("mails", make_mails, ("dir", {}), ("count", number), ("--kb", {"type": int, "default": 8}),
         ("--large", {"type": int, "default": 0}), ("--from", {"dest": "source"}))
    verb("accounts", make_accounts, ("config", {}), ("count", number))
    verb("run", run, ("state", {}), ("out", {}), command)
    verb("daemon", daemon, ("before", {"type": float}), ("seconds", {"type": float}), ("out", {}), command)
    verb("archive", archive, ("state", {}), ("sums", {}))
    verb("push", push, ("file", {}))
    verb("table", table, ("file", {}), ("count", number), ("--tenths", {"action": "store_true"}))
    a = a.parse_args()
    return a.act(a) or 0


if __name__ == "__main__":
    sys.exit(main())
