#!/usr/bin/env python3
"""What scripts/sendtest needs beside the shell.

    sendtest.py POSTROOM CONFIG STATE REPLIES KILLS SEED LOG

A sink that counts, a program that is killed while it sends to it, and a look at both in the end. Standard library only.
"""
import collections
import os
import random
import re
import signal
import socket
import socketserver
import sqlite3
import subprocess
import sys
import threading

PATIENCE = 120      # seconds for one run of postroom
PHASES = ("before the answer", "after the answer", "between two mails")


class Sink(socketserver.ThreadingTCPServer):
    """Takes every mail; `plan` says after how many replies, and in which phase, the sender dies."""
    allow_reuse_address, daemon_threads = True, True

    def __init__(self, plan):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.lock, self.plan, self.victim = threading.Lock(), collections.deque(plan), None
        self.replies, self.others = collections.Counter(), 0
        self.kills = collections.Counter()

    def count(self):
        return sum(self.replies.values())

    def strike(self, phase):
        """Kills the sender when it is its turn; true when it did."""
        with self.lock:
            if not self.plan or self.victim is None:
                return False
            at, wanted = self.plan[0]
            if self.count() < at or wanted != phase:
                return False
            self.plan.popleft()
            victim, self.victim = self.victim, None
        self.kills[phase] += 1
        os.kill(victim.pid, signal.SIGKILL)
        return True


class Conversation(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        try:
            self.talk()
        except (ConnectionError, BrokenPipeError):
            pass

    def talk(self):
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.say("220 sink ESMTP")
        while True:
            line = self.rfile.readline()
            if not line:
                return
            verb = line.split(b" ")[0].strip().upper()
            if verb == b"EHLO":
                self.say("250-sink\r\n250 PIPELINING")
            elif verb == b"MAIL":
                self.server.strike("between two mails")
                self.say("250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                self.take()
            elif verb == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def take(self):
        lines = []
        while True:
            line = self.rfile.readline()
            if not line:
                return
            if line == b".\r\n":
                break
            lines.append(line)
        found = re.search(rb"^Message-ID: <([^>]*)>", b"".join(lines), re.M | re.I)
        name = found.group(1).decode() if found else ""
        with self.server.lock:
            if name.startswith("o."):
                self.server.replies[name] += 1
            else:
                self.server.others += 1
        if self.server.strike("before the answer"):
            return
        self.say("250 2.0.0 queued as %d" % self.server.count())
        self.server.strike("after the answer")


def use_relay(config, port):
    path = os.path.join(config, "postroom.yaml")
    text = open(path, encoding="utf-8").read()
    block = "submission:\n  host: 127.0.0.1\n  port: %d\n  security: none\n  helo: desk.sandbox.test\n\n" % port
    text = re.sub(r"^submission:\n(?:[ #].*\n|\n)*", block, text, count=1, flags=re.M)
    open(path, "w", encoding="utf-8").write(text.replace("  mode: hold\n", "  mode: send\n"))


def main():
    postroom, config, state, replies, kills, seed, log = sys.argv[1:]
    replies, kills = int(replies), int(kills)
    chance = random.Random(int(seed))
    store = os.path.join(state, "postroom.sqlite")
    with sqlite3.connect(store) as db:
        ready = db.execute("SELECT count(*) FROM outbox WHERE state = 'held'").fetchone()[0]
        if ready < replies:
            sys.exit("only %d replies are there" % ready)
        db.execute("UPDATE outbox SET state = 'queued', reason = NULL WHERE id IN "
                   "(SELECT id FROM outbox WHERE state = 'held' ORDER BY id LIMIT ?)", (replies,))
    db.close()
    points = sorted(chance.sample(range(1, replies), min(kills, replies - 1)))
    sink = Sink([(point, chance.choice(PHASES)) for point in points])
    use_relay(config, sink.server_address[1])
    threading.Thread(target=sink.serve_forever, daemon=True).start()
    wrong, runs = [], 0
    most = 0
    with open(log, "ab") as out:
        while True:
            runs += 1
            process = subprocess.Popen([postroom, "serve", "--once", "--config", config], stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out)
            sink.victim = process
            try:
                code = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                sys.exit("a run did not end within %d s" % PATIENCE)
            sink.victim = None
            if code == -signal.SIGKILL:
                db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
                sending = db.execute("SELECT count(*) FROM outbox WHERE state = 'sending'").fetchone()[0]
                db.close()
                most = max(most, sending)
                continue
            if code:
                wrong.append("a run ended with %d" % code)
            break
    db = sqlite3.connect("file:%s?mode=ro" % store, uri=True)
    states = collections.Counter(dict(db.execute("SELECT state, count(*) FROM outbox WHERE state <> 'held' GROUP BY state")))
    named = {message_id: state for message_id, state in db.execute("SELECT message_id, state FROM outbox")}
    told = db.execute("SELECT count(*) FROM notice WHERE kind = 'reply-uncertain' AND person IS NOT NULL").fetchone()[0]
    struck = sum(sink.kills.values())
    twice = [name for name, times in sink.replies.items() if times > 1]
    missing = [name for name, state in named.items() if state == "accepted" and sink.replies[name] != 1]
    rest = set(states) - {"accepted", "uncertain"}
    if twice:
        wrong.append("%d replies came twice" % len(twice))
    if missing:
        wrong.append("%d are called accepted and did not come" % len(missing))
    if rest:
        wrong.append("replies are left in other states: %s" % ", ".join(sorted(rest)))
    if states["uncertain"] > struck or most > 1:
        wrong.append("%d uncertain after %d kills, up to %d at one" % (states["uncertain"], struck, most))
    if told != states["uncertain"]:
        wrong.append("%d uncertain, and %d owners were told" % (states["uncertain"], told))
    arrived = sum(1 for name, state in named.items() if state == "uncertain" and sink.replies[name])
    print("replies %d, kills %d (%s), runs %d" % (
        replies, struck, ", ".join("%d %s" % (sink.kills[p], p) for p in PHASES), runs))
    print("accepted %d, uncertain %d (of which %d had arrived), twice %d, owners told %d" % (
        states["accepted"], states["uncertain"], arrived, len(twice), told))
    for text in wrong:
        print("BROKEN: " + text)
    print("held" if not wrong else "not held")
    sys.exit(1 if wrong or struck < kills else 0)


if __name__ == "__main__":
    main()
