#!/usr/bin/env python3
"""Runs a command and says what it cost, as one JSON line on standard output.

    measure.py [--out FILE] -- COMMAND ARGUMENT...

Wall time; user and system CPU of the command and all its children; the highest sum of anonymous resident memory (RssAnon of
/proc/PID/status, which leaves out mapped files) of the command and its children, looked at every 10 ms; the exit code. The
command's standard output goes to FILE, its standard error to ours. Standard library only.
"""
import json
import os
import resource
import subprocess
import sys
import threading
import time

INTERVAL = 0.01


def children(pid):
    found = []
    try:
        for task in os.listdir("/proc/%d/task" % pid):
            with open("/proc/%d/task/%s/children" % (pid, task)) as f:
                found += [int(p) for p in f.read().split()]
    except OSError:
        pass
    return found


def anonymous(pid):
    """Kilobytes."""
    try:
        with open("/proc/%d/status" % pid) as f:
            for line in f:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def watch(pid, peak, stop):
    while not stop.is_set():
        family, waiting = [], [pid]
        while waiting:
            one = waiting.pop()
            family.append(one)
            waiting += children(one)
        peak[0] = max(peak[0], sum(map(anonymous, family)))
        stop.wait(INTERVAL)


def main():
    arguments, out = sys.argv[1:], None
    if arguments[:1] == ["--out"]:
        out, arguments = open(arguments[1], "wb"), arguments[2:]
    if arguments[:1] != ["--"] or len(arguments) < 2:
        sys.exit(__doc__)
    peak, stop, load = [0], threading.Event(), os.getloadavg()[0]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    process = subprocess.Popen(arguments[1:], stdin=subprocess.DEVNULL, stdout=out or subprocess.DEVNULL)
    watcher = threading.Thread(target=watch, args=(process.pid, peak, stop))
    watcher.start()
    code = process.wait()
    wall = time.monotonic() - start
    stop.set()
    watcher.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({
        "wall": round(wall, 3),
        "cpu": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 3),
        "anonymous_bytes": peak[0] * 1024,
        "load_before": round(load, 2),
        "exit": code,
    }))
    return 0


if __name__ == "__main__":
    sys.exit(main())
