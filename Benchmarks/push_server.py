#!/usr/bin/env python3
"""A small IMAP server that announces each new mail at once, to measure how soon Postroom has recorded it.

    push_server.py MAILDIR_NEW PORT_FILE DATABASE [--mean-ms 30] [--start-within 60]

Serves one mailbox on the loopback interface, empty at first. When a client waits in IDLE, the mails in MAILDIR_NEW are added one at
a time, at random moments; the next one only after the last is recorded. The clock runs from the moment EXISTS was written to the
moment a row of the table `delivery` is committed, seen by asking DATABASE (read only) every 0.3 ms, and to the moment its receipt
is written as accepted, where there is to be one. Prints one JSON line.
Takes any password. Standard library only.
"""
import argparse
import asyncio
import json
import os
import random
import re
import sqlite3
import sys
import time

CAPABILITY = b"CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+ SASL-IR AUTH=PLAIN ESEARCH ID NAMESPACE UNSELECT"
LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")
POLL = 0.0003


class Mailbox:
    def __init__(self):
        self.mails, self.flags, self.sessions = [], [], set()
        self.stored_at = {}

    def add(self, octets):
        self.mails.append(octets)
        self.flags.append(set())
        for session in self.sessions:
            session.announce()

    def uids(self, text):
        """Indexes of a set such as 1:3,7,9:*; UID n is mail n-1."""
        last, found = len(self.mails), set()
        for piece in text.decode().split(","):
            ends = sorted(last if e == "*" else int(e) for e in piece.split(":"))
            found.update(range(max(ends[0], 1), min(ends[-1], last) + 1))
        return sorted(found)


class Session:
    def __init__(self, mailbox, reader, writer):
        self.mailbox, self.reader, self.writer = mailbox, reader, writer
        self.selected, self.idling, self.seen = False, False, 0

    def announce(self):
        if self.idling and self.seen != len(self.mailbox.mails):
            self.seen = len(self.mailbox.mails)
            self.writer.write(b"* %d EXISTS\r\n" % self.seen)

    def tell(self, *lines):
        self.writer.write(b"".join(line + b"\r\n" for line in lines))

    async def command(self):
        """One command with its literals put in place."""
        whole = b""
        while True:
            line = await self.reader.readline()
            if not line.endswith(b"\r\n"):
                return None
            literal = LITERAL.search(line)
            if not literal:
                return whole + line[:-2]
            if not literal.group(2):
                self.tell(b"+ go on")
            whole += line[:literal.start()] + b'"' + await self.reader.readexactly(int(literal.group(1))) + b'"'

    async def run(self):
        self.mailbox.sessions.add(self)
        try:
            self.tell(b"* OK [" + CAPABILITY + b"] ready")
            while (line := await self.command()) is not None:
                tag, _, rest = line.partition(b" ")
                name, _, rest = rest.partition(b" ")
                name = name.upper()
                if name == b"UID":
                    verb, _, rest = rest.partition(b" ")
                    name += b" " + verb.upper()
                await self.answer(tag, name, rest)
                await self.writer.drain()
                if name == b"LOGOUT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass        # the client went, or the measurement is over
        finally:
            self.mailbox.sessions.discard(self)
            self.writer.close()

    async def answer(self, tag, name, rest):
        box, code = self.mailbox, b""
        if name == b"CAPABILITY":
            self.tell(b"* " + CAPABILITY)
        elif name == b"AUTHENTICATE":
            if b" " not in rest:
                self.tell(b"+ ")
                await self.reader.readline()
        elif name == b"ID":
            self.tell(b'* ID ("name" "push_server")')
        elif name == b"NAMESPACE":
            self.tell(b'* NAMESPACE (("" "/")) NIL NIL')
        elif name == b"LIST":
            self.tell(b'* LIST (\\Noselect) "/" ""' if rest.endswith(b'"" ""') else b'* LIST () "/" INBOX')
        elif name == b"STATUS":
            count = len(box.mails)
            self.tell(b"* STATUS INBOX (MESSAGES %d UIDNEXT %d UIDVALIDITY 7 UNSEEN %d)" % (count, count + 1, count))
        elif name in (b"SELECT", b"EXAMINE"):
            self.selected, self.seen = True, len(box.mails)
            self.tell(b"* %d EXISTS" % self.seen, b"* 0 RECENT", b"* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)",
                      b"* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)] keywords too",
                      b"* OK [UIDVALIDITY 7] one for ever", b"* OK [UIDNEXT %d] the next" % (self.seen + 1))
            code = b"[READ-ONLY] " if name == b"EXAMINE" else b"[READ-WRITE] "
        elif name == b"UNSELECT":
            self.selected = False
        elif name == b"UID FETCH":
            uids, _, items = rest.partition(b" ")
            for uid in box.uids(uids):
                mail = box.mails[uid - 1]
                line = b'* %d FETCH (UID %d FLAGS (%s) INTERNALDATE "%s" RFC822.SIZE %d' % (
                    uid, uid, b" ".join(sorted(box.flags[uid - 1])),
                    time.strftime("%d-%b-%Y %H:%M:%S +0000", time.gmtime()).encode(), len(mail))
                if b"BODY.PEEK[]" in items.upper():
                    line += b" BODY[] {%d}\r\n" % len(mail) + mail
                self.tell(line + b")")
        elif name == b"UID SEARCH":
            wanted = re.search(rb"UID ([0-9:,*]+)", rest)
            uids = b",".join(b"%d" % u for u in box.uids(wanted.group(1) if wanted else b"1:*"))
            if rest.upper().startswith(b"RETURN"):
                self.tell(b'* ESEARCH (TAG "' + tag + b'") UID' + (b" ALL " + uids if uids else b""))
            else:
                self.tell(b"* SEARCH " + uids.replace(b",", b" "))
        elif name == b"UID STORE":
            uids, _, items = rest.partition(b" ")
            names = items[items.index(b"(") + 1:items.rindex(b")")].split()
            for uid in box.uids(uids):
                box.stored_at.setdefault(uid, time.monotonic())
                if items.startswith(b"-"):
                    box.flags[uid - 1].difference_update(names)
                else:
                    box.flags[uid - 1].update(names)
        elif name == b"IDLE":
            self.idling = True
            self.tell(b"+ idling")
            self.announce()
            await self.reader.readline()
            self.idling = False
        elif name == b"LOGOUT":
            self.tell(b"* BYE")
        elif name not in (b"NOOP", b"LOGIN"):
            self.tell(tag + b" BAD unknown")
            return
        if self.selected and self.seen != len(box.mails):
            self.seen = len(box.mails)
            self.tell(b"* %d EXISTS" % self.seen)
        self.tell(tag + b" OK " + code + b"done")


async def until(condition, seconds, pause=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(pause)
    return True


async def measure(a, mailbox, mails):
    waiting = lambda: any(s.idling for s in mailbox.sessions)
    if not await until(lambda: waiting() and os.path.exists(a.database), a.start_within):
        sys.exit("nobody waits in IDLE")
    await asyncio.sleep(1)
    database = sqlite3.connect("file:%s?mode=ro" % a.database, uri=True, isolation_level=None)
    recorded = lambda: database.execute("SELECT count(*) FROM delivery").fetchone()[0]
    # The state of the newest receipt, when it belongs to the newest mail.
    receipt = lambda: (database.execute("SELECT state FROM outbox WHERE delivery_id = (SELECT max(id) FROM delivery)").fetchone()
                       or ("none",))[0]
    chance, latencies, told, busy, answered = random.Random(1), [], [], 0, []
    for number, mail in enumerate(mails, 1):
        await asyncio.sleep(chance.expovariate(1000 / a.mean_ms))
        busy += not waiting()
        mailbox.add(mail)
        # Written to the socket at once: transport.write() sends when nothing is queued.
        begin = time.monotonic()
        if not await until(lambda: recorded() >= number, 30, POLL):
            break
        latencies.append(1000 * (time.monotonic() - begin))
        told.append((number, begin))
        if receipt() in ("queued", "sending", "accepted") and await until(lambda: receipt() == "accepted", 5, POLL):
            answered.append(1000 * (time.monotonic() - begin))
    await until(lambda: len(mailbox.stored_at) >= len(latencies), 5)
    stored = [1000 * (mailbox.stored_at[n] - b) for n, b in told if n in mailbox.stored_at]
    print(json.dumps({"mails": len(mails), "recorded": recorded(), "not_idle": busy, "recorded_ms": latencies,
                      "acknowledged_ms": stored, "answered_ms": answered}), flush=True)


async def main():
    a = argparse.ArgumentParser()
    a.add_argument("maildir")
    a.add_argument("port_file")
    a.add_argument("database")
    a.add_argument("--mean-ms", type=float, default=30)
    a.add_argument("--start-within", type=float, default=60)
    a = a.parse_args()
    mails = []
    for name in sorted(os.listdir(a.maildir)):
        with open(os.path.join(a.maildir, name), "rb") as f:
            mails.append(re.sub(rb"\r?\n", b"\r\n", f.read()))
    mailbox = Mailbox()

    async def serve(reader, writer):
        await Session(mailbox, reader, writer).run()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    with open(a.port_file + ".new", "w") as f:
        f.write("%d\n" % server.sockets[0].getsockname()[1])
    os.rename(a.port_file + ".new", a.port_file)
    await measure(a, mailbox, mails)


if __name__ == "__main__":
    asyncio.run(main())
