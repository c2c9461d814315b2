#!/usr/bin/env python3
"""Power losses at every moment that matters of a recorded run, and what each would leave.

    powerloss.py calls                                   the system calls that a trace must hold, for strace
    powerloss.py replay TRACE STATE IMAP_PORT SMTP_PORT SEED [POSTROOM CONFIG]

TRACE is what strace wrote about runs that began with an empty folder STATE and ended well. At every sync, at every moment
when a server is told something (UID STORE, UID MOVE, the last dot of a mail), and at some moments between chosen by SEED, the
folder is built as a disk may hold it after a power loss (powerloss_disk.py has the model): once with nothing but what
is certain, and with a part of the rest. Then SQLite opens it, and the promises are looked at. With POSTROOM and CONFIG, `postroom
check --deep` looks at a few of them too. At the end the same is done with a disk that forgets some syncs: a replay that does not
notice that would prove nothing. Standard library only.
"""
import collections
import fnmatch
import hashlib
import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from powerloss_disk import Disk
from powerloss_trace import CALLS, STRING_LIMIT, Trace, Unmodelled

# States of an outgoing mail that will not be sent again by itself.
NOT_SENT_AGAIN = ("sending", "accepted", "uncertain", "failed")
BETWEEN = 60                # moments between the others
LOOKED_AT_BY_POSTROOM = 6
FORGOTTEN = ("archive-*", "postroom.sqlite*", "")       # "" is the folder itself


# ------------------------------------------------------------------ what a state folder holds
class Rows:
    """A database of an image, opened by SQLite as after a restart."""

    def __init__(self, path):
        self.db = sqlite3.connect(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.db.close()

    def all(self, sql):
        return self.db.execute(sql).fetchall()

    def has(self, table):
        return bool(self.all("SELECT 1 FROM sqlite_master WHERE name = '%s'" % table))

    def damage(self, name):
        for problem, in self.all("PRAGMA integrity_check"):
            if problem != "ok":
                yield "%s: %s" % (name, problem)
        if self.all("PRAGMA foreign_key_check"):
            yield "%s: rows refer to rows that are not there" % name


def archives(folder):
    return sorted(name for name in os.listdir(folder) if fnmatch.fnmatch(name, "archive-*.sqlite"))


def stored_mail(folder):
    """Digest of each archived mail to the hash of its octets as they stand there: in a month's database, or in a file of its
    own that the digest names."""
    found = {}
    for name in archives(folder):
        with Rows(os.path.join(folder, name)) as rows:
            if rows.has("blob"):
                found.update((d, hashlib.sha1(data).digest()) for d, data in rows.all("SELECT digest, data FROM blob"))
    for parent, _, names in os.walk(folder):
        for name in names:
            digest = name.partition(".")[0]
            if len(digest) == 64 and not set(digest) - set("0123456789abcdef"):
                with open(os.path.join(parent, name), "rb") as f:
                    found[bytes.fromhex(digest)] = hashlib.sha1(f.read()).digest()
    return found


class Promises:
    """What must hold of every image, whatever the moment of the power loss."""

    def __init__(self, state):
        self.mail = stored_mail(state)
        with open(os.path.join(state, "postroom.key"), "rb") as f:
            self.key = f.read()

    def broken(self, folder, told_uids, told_mails):
        try:
            for name in archives(folder):
                with Rows(os.path.join(folder, name)) as rows:
                    yield from rows.damage(name)
            path = os.path.join(folder, "postroom.sqlite")
            if not os.path.exists(path):
                if told_uids or told_mails:
                    yield "postroom.sqlite is gone, and the servers were told of mail"
                return
            with Rows(path) as rows:
                yield from rows.damage("postroom.sqlite")
                yield from self._ledger(folder, rows, told_uids, told_mails)
        except sqlite3.Error as error:
            yield "SQLite: %s" % error

    def _ledger(self, folder, rows, told_uids, told_mails):
        if not rows.has("delivery"):
            if told_uids or told_mails:
                yield "postroom.sqlite is empty, and the servers were told of mail"
            return
        uids = {u for u, in rows.all("SELECT uid FROM delivery")}
        if told_uids - uids:
            yield "%d UIDs were told to the server and are not recorded" % len(told_uids - uids)
        # The mailbox is filled without gaps, so that the cursor may not have passed anything that is not recorded.
        for cursor, in rows.all("SELECT cursor FROM mailbox_cursor"):
            if set(range(1, cursor + 1)) - uids:
                yield "the cursor stands at %d, and %d UIDs below are not recorded" % (
                    cursor, len(set(range(1, cursor + 1)) - uids))
        states = {i.strip("<>"): s for i, s in rows.all("SELECT message_id, state FROM outbox")}
        for mail in sorted(told_mails):
            if states.get(mail) not in NOT_SENT_AGAIN:
                yield "the last dot of a mail was sent, and the outbox has it as %s" % states.get(mail, "absent")
        yield from self._archived(folder, rows)
        yield from self._key(folder, rows)

    def _archived(self, folder, rows):
        stored = stored_mail(folder)
        for table in ("delivery", "outbox"):
            digests = {d for d, in rows.all("SELECT raw_digest FROM %s WHERE raw_digest IS NOT NULL" % table)}
            if digests - set(stored):
                yield "%d mails of %s are not in the archive" % (len(digests - set(stored)), table)
            if any(stored[d] != self.mail.get(d) for d in digests & set(stored)):
                yield "mails of %s are in the archive with other octets" % table

    def _key(self, folder, rows):
        path = os.path.join(folder, "postroom.key")
        if not rows.all("SELECT 1 FROM meta WHERE key = 'key_fingerprint'"):
            return
        if not os.path.exists(path):
            yield "the key is gone, and the database is bound to it"
            return
        with open(path, "rb") as f:
            if f.read() != self.key:
                yield "the key is damaged"


# ------------------------------------------------------------------ moments and images
class Moment:
    """A place in the trace where the power fails."""

    def __init__(self, number, kind, what, disk, told_uids, told_mails):
        self.number, self.kind, self.what, self.disk = number, kind, what, disk
        self.told_uids, self.told_mails = told_uids, told_mails

    def images(self, seed):
        yield "nothing that was not synced", self.disk.certain()
        for variant in range(2 if self.kind != "between" else 1):
            chance = random.Random("%d %d %d" % (seed, self.number, variant))
            yield "a part of it (%d)" % variant, self.disk.possible(chance)


def moments(events, seed, disk):
    """Walks through the trace; the disk of a moment is the one that the walk goes on with."""
    chance, number, told_uids, told_mails = random.Random(seed), 0, set(), set()
    rate = BETWEEN / max(len(events), 1)
    for when, call in events:
        kind = None
        if call.kind == "told" and when == "begin" and call.data:
            told_uids |= {t for t in call.data if isinstance(t, int)}
            told_mails |= {t for t in call.data if isinstance(t, str)}
            kind = "told"
        disk.feed(when, call)
        if call.kind == "sync" and when == "end":
            kind = "synced"
        elif kind is None and chance.random() < rate:
            kind = "between"
        if kind:
            number += 1
            yield Moment(number, kind, call.path, disk, told_uids, told_mails)


def lay_out(image, folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder, 0o700)
    for path, octets in image.items():
        place = os.path.join(folder, path)
        if octets is None:
            os.mkdir(place)
        else:
            with open(os.open(place, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f:
                f.write(octets)


class Tally:
    def __init__(self):
        self.images, self.broken, self.by_postroom = collections.Counter(), [], 0

    def add(self, other):
        self.images += other.images
        self.broken += other.broken
        self.by_postroom += other.by_postroom


class Job:
    """One of several processes that share the moments of one replay."""

    def __init__(self, events, promises, seed, share, postroom=None, config=None):
        self.events, self.promises, self.seed, self.share = events, promises, seed, share
        self.postroom, self.config, self.tally = postroom, config, Tally()

    def run(self, _=None):
        number, jobs = self.share
        # Memory instead of a disk where there is some: what is tried here is the replay, not this machine's disk.
        with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as scratch:
            for moment in moments(self.events, self.seed, Disk()):
                if moment.number % jobs == number:
                    self._look(moment, scratch)
        return self.tally

    def _look(self, moment, scratch):
        for name, image in moment.images(self.seed):
            where = "power loss %d (%s %s), %s" % (moment.number, moment.kind, moment.what or "", name)
            folder = os.path.join(scratch, "state")
            lay_out(image, folder)
            self.tally.images[moment.kind] += 1
            self.tally.broken += [
                "%s: %s" % (where, b) for b in self.promises.broken(folder, moment.told_uids, moment.told_mails)]
            if self.postroom and moment.told_mails and self.tally.by_postroom < LOOKED_AT_BY_POSTROOM // self.share[1] \
                    and random.Random("%d %d" % (self.seed, moment.number)).random() < 0.1:
                lay_out(image, folder)      # SQLite has mended the other copy
                self._ask_postroom(where, scratch, folder)

    def _ask_postroom(self, where, scratch, folder):
        self.tally.by_postroom += 1
        config = os.path.join(scratch, "config")
        if not os.path.exists(config):
            copy_config(self.config, config, folder)
        run = subprocess.run([self.postroom, "check", "--deep", "--config", config], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        if run.returncode:
            self.tally.broken.append("%s: `postroom check` ended with %d: %s" % (
                where, run.returncode, run.stdout.decode(errors="replace")[-300:]))


def copy_config(source, target, state):
    shutil.copytree(source, target)
    path = os.path.join(target, "postroom.yaml")
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    at = lines.index("storage:") + 1
    lines[at] = "  directory: %s" % state
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines))


# ------------------------------------------------------------------ the whole
def differences(events, state):
    """Whether the replay understood everything: without any loss it must end with the folder as it is."""
    disk = Disk()
    for event in events:
        disk.feed(*event)
    real = {}
    for parent, folders, names in os.walk(state):
        place = os.path.relpath(parent, state)
        for name in folders:
            real[os.path.normpath(os.path.join(place, name))] = None
        for name in names:
            if not name.endswith("-shm"):
                with open(os.path.join(parent, name), "rb") as f:
                    real[os.path.normpath(os.path.join(place, name))] = f.read()
    now = disk.now()
    return sorted(p for p in set(real) | set(now) if p not in real or p not in now or real[p] != now[p])


def unnoticed(events, promises, seed):
    """Kinds of files whose syncs may be left out without anybody noticing: there must be none."""
    for pattern in FORGOTTEN:
        disk = Disk(lambda path: fnmatch.fnmatch(path, pattern))
        with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as scratch:
            folder, noticed = os.path.join(scratch, "state"), 0
            for moment in moments(events, seed, disk):
                if moment.kind == "told" and not noticed:
                    lay_out(disk.certain(), folder)
                    noticed = len(list(promises.broken(folder, moment.told_uids, moment.told_mails)))
        if not noticed:
            yield pattern or "the folder"


def replay(trace, state, imap_port, smtp_port, seed, postroom=None, config=None):
    state = os.path.realpath(state)
    events = list(Trace(trace, state, imap_port, smtp_port).events())
    told = [t for when, call in events if call.kind == "told" and when == "begin" for t in call.data]
    print("  %d events: %d syncs; %d UIDs and %d mails told to the servers" % (
        len(events), sum(c.kind == "sync" and w == "end" for w, c in events),
        len({t for t in told if isinstance(t, int)}), sum(isinstance(t, str) for t in told)), flush=True)
    wrong = ["the replay of %s is not what the run left" % p for p in differences(events, state)]
    if not any(isinstance(t, int) for t in told) or not any(isinstance(t, str) for t in told):
        wrong.append("nobody was told anything: the trace is worth nothing")
    promises, tally = Promises(state), Tally()
    jobs = os.cpu_count() or 1
    shares = [Job(events, promises, seed, (number, jobs), postroom, config) for number in range(jobs)]
    for part in run_all(shares):
        tally.add(part)
    wrong += tally.broken
    wrong += ["nobody noticed that the syncs of %s were left out" % p for p in unnoticed(events, promises, seed)]
    print("  %d states after a power loss: %s; %d of them looked at by postroom" % (
        sum(tally.images.values()), ", ".join("%d %s" % (n, k) for k, n in sorted(tally.images.items())), tally.by_postroom))
    print("  controls: a disk that forgets the syncs of the archive, of the tracking database or of the folder")
    for line in wrong[:20]:
        print("  BROKEN: " + line)
    if wrong[20:]:
        print("  BROKEN: and %d more" % len(wrong[20:]))
    return 1 if wrong else 0


SHARES = []


def run_all(shares):
    """The events are many: the processes inherit them instead of being sent them."""
    SHARES[:] = shares
    pool = multiprocessing.get_context("fork").Pool(len(shares))
    try:
        return pool.map(run_share, range(len(shares)))
    finally:
        # Not terminate(): who started us may ignore SIGTERM, and then so do the workers.
        pool.close()
        pool.join()


def run_share(number):
    return SHARES[number].run()


def main():
    a = sys.argv[1:]
    if a == ["calls"]:
        print("-s %d -e trace=%s" % (STRING_LIMIT, ",".join(CALLS)))
        return 0
    if a[:1] != ["replay"] or len(a) not in (6, 8):
        sys.exit(__doc__)
    try:
        return replay(a[1], a[2], int(a[3]), int(a[4]), int(a[5]), *a[6:])
    except Unmodelled as error:
        print("  BROKEN: the replay cannot follow: %s" % error)
        return 1


if __name__ == "__main__":
    sys.exit(main())
