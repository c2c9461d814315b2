#!/usr/bin/env python3
"""What scripts/crashtest needs beside the shell.

    crashtest.py batch points COUNT [POINT...]                  messages a batch: so few that kills fall between batches
    crashtest.py batch kills COUNT KILLS
    crashtest.py points POSTROOM CONFIG STATE COUNT SEED REPORT [POINT...]
                                                                dies twice at each named point (a debug build)
    crashtest.py kills POSTROOM CONFIG STATE COUNT KILLS SEED REPORT
                                                                is killed KILLS times over the recorded count
    crashtest.py accepted STATE                                 how many mails the outbox says were taken
    crashtest.py check POSTROOM CONFIG STATE SINK COUNT REPORT  the promises, against database, server and sink

The mail waits beside INBOX and is let in a slice at a time (waiting_mail.py), so that every run reads to the end, tells the
server and sends, and the kills meet all of it. The tracking database is read read-only, so that looking changes nothing.
Standard library only.
"""
import collections
import email
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

from waiting_mail import KEYWORD, Mailbox

PATIENCE = 180              # seconds for one run of postroom
TIMES = 2                   # at each named point
SENDING = ("dot-before", "dot-after", "accepted-before")    # points where one mail stands as `sending`
MAY_BE_SENDING = ("claim-after",)   # the mail before it, whose acceptance is written with the mark of the next one
FAULTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Sources/Daemon/FaultPoint.swift")


class Ledger:
    """The tracking database, looked at from outside."""

    def __init__(self, state):
        self.path, self.db = os.path.join(state, "postroom.sqlite"), None

    def rows(self, sql):
        try:
            if self.db is None:
                self.db = sqlite3.connect("file:%s?mode=ro" % self.path, uri=True, timeout=5)
            return self.db.execute(sql).fetchall()
        except sqlite3.Error:       # not there yet, or being made
            self.close()
            return []

    def number(self, sql):
        rows = self.rows(sql)
        return rows[0][0] if rows else 0

    def close(self):
        if self.db is not None:
            self.db.close()
        self.db = None

    def recorded(self):
        return self.number("SELECT count(*) FROM delivery")

    def sending(self):
        return {i for i, in self.rows("SELECT id FROM outbox WHERE state = 'sending'")}


class Stuck(Exception):
    """A run that does not get on: the test goes no further, and what happened so far is still reported."""


class Report:
    """What the kills did; written to a file for `check`, however the driving ends."""

    def __init__(self, state, path):
        self.ledger, self.path, self.began = Ledger(state), path, time.monotonic()
        self.data = {"kills": 0, "sending": 0, "points": {}, "wrong": []}
        self.seen_sending = set()

    def wrong(self, text):
        self.data["wrong"].append(text)
        print("  BROKEN: " + text, flush=True)

    def killed(self, where):
        """Counts a kill and looks at what it left behind: at most one mail of which nobody knows whether it went out. One
        from an earlier kill may still stand there, when this one came before the outbox was looked through."""
        sending = self.ledger.sending()
        new = len(sending - self.seen_sending)
        self.seen_sending |= sending
        self.data["kills"] += 1
        self.data["sending"] += new
        if len(sending) > 1:
            self.wrong("%s: %d mails stand as sending" % (where, len(sending)))
        return new

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, Stuck):
            self.wrong(str(error))
        self.ledger.close()
        self.data["seconds"] = round(time.monotonic() - self.began, 1)
        with open(self.path, "w") as f:
            json.dump(self.data, f)
        return isinstance(error, Stuck)


def start(postroom, config, log, once=True, fault=None):
    environment = dict(os.environ, **({"POSTROOM_FAULT": fault} if fault else {}))
    return subprocess.Popen([postroom, "serve", *(["--once"] if once else []), "--config", config],
                            stdin=subprocess.DEVNULL, stdout=log, env=environment)


def ended(process):
    """The exit code; a run that does not end is ended, and the test with it."""
    try:
        return process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Stuck("a run did not end within %d s" % PATIENCE) from None


def to_the_end(postroom, config, log, report):
    """Lets in what waits and takes all of it."""
    with Mailbox() as mailbox:
        mailbox.let_in(1 << 30)
    code = ended(start(postroom, config, log))
    if code:
        report.wrong("the last run ended with %d" % code)


def batch(count, kills, batches):
    """Messages a batch, when about so many batches are to lie between two kills."""
    return max(1, min(20, count // (batches * (kills + 1))))


def batch_of_points(count, points):
    return batch(count, TIMES * len(points or named_points()), 6)


def batch_of_kills(count, kills):
    return batch(count, kills, 2)


# ------------------------------------------------------------------ named points
def named_points():
    """As they stand in the source: a new point is tested without a word here."""
    with open(FAULTS, encoding="utf-8") as f:
        return re.findall(r'^ {4}case \w+ = "([a-z-]+)"', f.read(), re.M)


def reaches(point, in_slice, batch_size):
    """How often a run over one slice reaches the point at least."""
    step = point.split("-")[0]
    if step in ("fetch", "mark", "understand", "archive", "commit"):
        # What the kill before left marked is taken alone and passes only some of these points.
        return max(1, min(4, in_slice // batch_size - 2))
    if point == "claim-before":
        return 2                # and once more, when nothing is left to claim
    if step in ("claim", "dot", "accepted"):
        return max(1, min(8, in_slice // 6))
    return 1


def plan(points, count, batch_size, chance):
    in_slice = count // (TIMES * len(points) + 1)
    wanted = [(p, chance.randint(1, reaches(p, in_slice, batch_size))) for p in points for _ in range(TIMES)]
    chance.shuffle(wanted)
    return wanted


def die_at(postroom, config, log, report, point, count):
    """True when the process died at that point the count-th time."""
    code = ended(start(postroom, config, log, fault="%s:%d" % (point, count)))
    where = "%s:%d" % (point, count)
    if code != -signal.SIGKILL:
        print("  %-22s not reached, the run ended with %d" % (where, code), flush=True)
        if code:
            report.wrong("%s: the run ended with %d" % (where, code))
        return False
    sending = report.killed(where)
    report.data["points"][point] = report.data["points"].get(point, 0) + 1
    print("  %-22s killed at %4d recorded, %d sending" % (where, report.ledger.recorded(), sending), flush=True)
    if sending != (point in SENDING) and point not in MAY_BE_SENDING:
        report.wrong("%s left %d mails as sending" % (where, sending))
    return True


def run_points(postroom, config, state, count, seed, report_path, points):
    known, chance = named_points(), random.Random(seed)
    unknown = [p for p in points if p not in known]
    if unknown or not known:
        sys.exit("no such points: %s" % " ".join(unknown))
    points = points or known
    waiting = plan(points, count, batch_of_points(count, points), chance)
    with Report(state, report_path) as report, open(report_path + ".log", "ab") as log:
        die_at_each(postroom, config, log, report, count, waiting)
        to_the_end(postroom, config, log, report)
        for point in points:
            if report.data["points"].get(point, 0) < TIMES:
                report.wrong("%s was reached %d times, not %d" % (point, report.data["points"].get(point, 0), TIMES))
    return 1 if report.data["wrong"] else 0


def die_at_each(postroom, config, log, report, count, waiting):
    share, let_in, tries = len(waiting) + 1, 0, 0
    while waiting and tries < 2 * share:
        point, times = waiting.pop(0)
        tries += 1
        # Points that a run did not reach are tried again at the end, at the first passage, on what is left.
        target = count * tries // share if tries < share else let_in + max(1, (count - let_in) // 2)
        with Mailbox() as mailbox:
            let_in += mailbox.let_in(target - let_in)
        if not die_at(postroom, config, log, report, point, times):
            waiting.append((point, 1))


# ------------------------------------------------------------------ kills anywhere
def wait_for_target(process, ledger, target, delay):
    """Until the recorded count has crossed the target, and a moment more; False when the process is gone."""
    limit = time.monotonic() + PATIENCE
    while process.poll() is None and ledger.recorded() < target:
        if time.monotonic() > limit:
            process.kill()
            process.wait()
            raise Stuck("%d recorded after %d s, not %d" % (ledger.recorded(), PATIENCE, target))
        time.sleep(0.002)
    time.sleep(delay)
    return process.poll() is None


def run_kills(postroom, config, state, count, kills, seed, report_path):
    chance, let_in, ahead = random.Random(seed), 0, 2 * batch_of_kills(count, kills)
    with Report(state, report_path) as report, open(report_path + ".log", "ab") as log:
        for number in range(1, kills + 1):
            target = max(1, int((number + chance.uniform(-0.25, 0.25)) * count / (kills + 1)))
            with Mailbox() as mailbox:      # mostly just so much that the kill meets the telling and the sending
                let_in += mailbox.let_in(min(count, target + chance.choice((0, 0, ahead))) - let_in)
            kill_at(min(target, let_in), chance.uniform(0, 0.12), start(postroom, config, log, once=False), report, number)
            if number % 20 == 0 or number == kills:
                print("  kill %3d at %4d recorded, %d mails so far caught while sending" % (
                    number, report.ledger.recorded(), report.data["sending"]), flush=True)
        to_the_end(postroom, config, log, report)
    return 1 if report.data["wrong"] else 0


def kill_at(target, delay, process, report, number):
    if not wait_for_target(process, report.ledger, target, delay):
        raise Stuck("kill %d: postroom had ended by itself with %d" % (number, process.returncode))
    process.send_signal(signal.SIGKILL)
    process.wait()
    report.killed("kill %d" % number)


# ------------------------------------------------------------------ the promises
def sink_ids(sink):
    ids = collections.Counter()
    for name in os.listdir(sink):
        with open(os.path.join(sink, name), "rb") as f:
            ids[str(email.message_from_bytes(f.read())["Message-ID"]).strip().strip("<>")] += 1
    return ids


class Outcome:
    """Database, server and sink after the last run."""

    def __init__(self, state, sink):
        ledger = Ledger(state)
        self.states = dict(ledger.rows("SELECT state, count(*) FROM delivery GROUP BY state"))
        self.outbox = dict(ledger.rows("SELECT state, count(*) FROM outbox GROUP BY state"))
        self.uids = [u for u, in ledger.rows("SELECT uid FROM delivery ORDER BY uid")]
        self.told = {u for u, in ledger.rows("SELECT uid FROM delivery WHERE acknowledged_at IS NOT NULL")}
        self.parked = {u for u, in ledger.rows("SELECT uid FROM delivery WHERE state = 'parked'")}
        self.by_id = {i.strip("<>"): s for i, s in ledger.rows("SELECT message_id, state FROM outbox")}
        self.sent = sink_ids(sink)
        with Mailbox() as mailbox:
            self.on_server = mailbox.search("INBOX", "ALL")
            self.marked = set(mailbox.search("INBOX", "KEYWORD", KEYWORD))
        ledger.close()

    def deliveries_wrong(self, count):
        if len(self.uids) != count or len(set(self.uids)) != count:
            yield "%d rows for %d UIDs, of %d messages" % (len(self.uids), len(set(self.uids)), count)
        if set(self.uids) != set(self.on_server):
            yield "%d UIDs stand on one side only" % len(set(self.uids) ^ set(self.on_server))
        if self.parked:
            yield "%d parked" % len(self.parked)
        done = set(self.uids) - self.parked
        if done - self.told:
            yield "%d recorded and not acknowledged in the ledger" % len(done - self.told)
        if done ^ self.marked:
            yield "%d differ in the keyword on the server" % len(done ^ self.marked)

    def replies_wrong(self, kills_while_sending):
        left = sum(self.outbox.get(s, 0) for s in ("queued", "sending", "deferred", "failed"))
        if left:
            yield "%d replies not at an end: %s" % (left, self.outbox)
        if self.outbox.get("uncertain", 0) > kills_while_sending:
            yield "%d uncertain replies, %d kills while sending" % (self.outbox["uncertain"], kills_while_sending)
        # Mail to the owners of tickets (n.…) is internal: it may come twice, under one id.
        twice = [i for i, n in self.sent.items() if n > 1 and not i.startswith("n.")]
        if twice:
            yield "%d replies were sent twice" % len(twice)
        missing = [i for i, s in self.by_id.items() if s == "accepted" and i not in self.sent]
        if missing:
            yield "%d accepted replies never arrived" % len(missing)
        strange = [i for i in self.sent if self.by_id.get(i) not in ("accepted", "uncertain") and not i.startswith("n.")]
        if strange:
            yield "%d mails arrived that the outbox did not send" % len(strange)

    def table(self, count, report):
        uncertain = [i for i, s in self.by_id.items() if s == "uncertain"]
        return [
            ("kills", "%d, of which %d while sending" % (report["kills"], report["sending"])),
            ("recorded once", "%d of %d" % (len(set(self.uids)), count)),
            ("acknowledged", "%d in the ledger, %d by keyword on the server" % (len(self.told), len(self.marked))),
            ("deliveries", ", ".join("%d %s" % (n, s) for s, n in sorted(self.states.items()))),
            ("replies", ", ".join("%d %s" % (n, s) for s, n in sorted(self.outbox.items()))),
            ("in the sink", "%d, none twice; %d of the %d uncertain had gone out" % (
                len(self.sent), sum(i in self.sent for i in uncertain), len(uncertain))
                if max(self.sent.values(), default=0) < 2 else "%d" % sum(self.sent.values())),
            ("took", "%.1f s" % report["seconds"]),
        ]


def commands_wrong(postroom, config, log_path):
    """reconcile and check find nothing, and a further run has nothing to do."""
    for arguments in (["reconcile"], ["check"], ["serve", "--once"]):
        run = subprocess.run([postroom, *arguments, "--config", config], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
        with open(log_path, "ab") as log:
            log.write(run.stdout)
        if run.returncode:
            yield "`postroom %s` ended with %d: %s" % (
                " ".join(arguments), run.returncode, run.stdout.decode(errors="replace")[-300:])
    summaries = [line for line in run.stdout.splitlines() if b'"event":"summary"' in line]
    if not summaries or json.loads(summaries[-1])["recorded"] != 0:
        yield "a further run recorded something: %s" % b"".join(summaries[-1:]).decode()


def check(postroom, config, state, sink, count, report_path):
    with open(report_path) as f:
        report = json.load(f)
    outcome = Outcome(state, sink)
    wrong = [*report["wrong"], *outcome.deliveries_wrong(count), *outcome.replies_wrong(report["sending"]),
             *commands_wrong(postroom, config, report_path + ".log")]
    for name, value in outcome.table(count, report):
        print("  %-14s %s" % (name, value))
    for line in wrong:
        print("  BROKEN: " + line)
    return 1 if wrong else 0


def main():
    name, a = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if name == "batch" and a[:1] == ["points"] and len(a) >= 2:
        print(batch_of_points(int(a[1]), a[2:]))
    elif name == "batch" and a[:1] == ["kills"] and len(a) == 3:
        print(batch_of_kills(int(a[1]), int(a[2])))
    elif name == "points" and len(a) >= 6:
        return run_points(a[0], a[1], a[2], int(a[3]), int(a[4]), a[5], a[6:])
    elif name == "kills" and len(a) == 7:
        return run_kills(a[0], a[1], a[2], int(a[3]), int(a[4]), int(a[5]), a[6])
    elif name == "accepted" and len(a) == 1:
        print(Ledger(a[0]).number("SELECT count(*) FROM outbox WHERE state = 'accepted'"))
    elif name == "check" and len(a) == 6:
        return check(a[0], a[1], a[2], a[3], int(a[4]), a[5])
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main())
