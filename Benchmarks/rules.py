"""Rules in numbers, for scripts/bench-rules: makes a configuration with many rules, and times `postroom check` and
`postroom rules replay` on it.

    rules.py make BASE TARGET RULES       a copy of BASE whose only rule file has so many rules, five phrases each, and a test
    rules.py check PROGRAM CONFIG RULES   the median of seven runs of `postroom check`
    rules.py replay PROGRAM CONFIG MAILS [RULES]
"""
import json, os, resource, shutil, statistics, subprocess, sys, time


def make(base, target, count):
    shutil.copytree(base, target)
    folder = target + "/rules.d"
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(folder + "/10-many.yaml", "w", encoding="utf-8") as file:
        for rule in range(int(count)):
            words = ["part%dx" % (rule * 5 + word) if word % 2 else "型号%d坏了" % (rule * 5 + word) for word in range(5)]
            file.write(
                "- name: rule-%d\n  when:\n    all:\n      - kind: customer\n      - any:\n"
                "          - text: { contains: [%s] }\n          - subject: { matches: '(?i)\\b%s\\b' }\n"
                "          - from: \"@customer%d.example\"\n  then: { tags: [t%d] }\n"
                "  tests:\n    - { kind: customer, text: \"%s\", expect: match }\n"
                % (rule, ", ".join(words), words[1], rule, rule, words[0]))


def run(arguments):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(arguments, capture_output=True, text=True)
    wall, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode != 0:
        sys.exit("%s ended with %d: %s" % (arguments, done.returncode, done.stderr[:2000]))
    return wall, cpu, done.stdout


def check(program, config, count):
    runs = [run([program, "check", "--config", config]) for _ in range(7)]
    print("postroom check, %5s rules: %6.0f ms wall, %6.0f ms CPU (medians of 7, the process with all that it does)" % (
        count, statistics.median(r[0] for r in runs) * 1000, statistics.median(r[1] for r in runs) * 1000))


def replay(program, config, count, rules=None):
    other = ["--rules", rules] if rules else []
    wall, cpu, out = run([program, "rules", "replay", "--since", "3000d", "--json", "--config", config] + other)
    totals = json.loads(out.strip().split("\n")[-1])
    print("replay of %d mails, %s: %.1f s wall, %.1f s CPU, %d differ, %d passed over" % (
        totals["mails"], "other rules" if rules else "unchanged", wall, cpu, totals["different"], totals["passed_over"]))
    if totals["mails"] != int(count) or (not rules and totals["different"]):
        sys.exit("expected %s mails and no difference under unchanged rules" % count)


{"make": make, "check": check, "replay": replay}[sys.argv[1]](*sys.argv[2:])
