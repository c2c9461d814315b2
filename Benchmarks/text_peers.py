#!/usr/bin/env python3
"""What others take for similar work: talon for quoted mail, phonenumbers for telephone numbers.

    text_peers.py TEXTS SECONDS

TEXTS has the lines of `TextBenchmark --texts`. Prints one JSON line for each peer that can be imported, nothing for the others. talon
reads the whole plain text and looks for quotes alone (its signatures need a learning library of 2019), phonenumbers the own text, as Postroom does. Both are Python: the ratio tells what somebody pays who takes what
there is, not which algorithm is better.
"""
import json
import sys
import time


def measure(name, work, texts, seconds):
    start, passes, done = time.process_time(), 0, 0
    # A pass over everything would take minutes: as many texts as the time allows, in their order.
    while time.process_time() - start < seconds or done < 20:
        work(texts[done % len(texts)])
        done += 1
    spent = time.process_time() - start
    print(json.dumps({"reader": name, "texts": done, "seconds_per_text": spent / done}))


def talon_work():
    # talon asks for cchardet, which no longer builds; what is measured here guesses no charset.
    import chardet
    sys.modules.setdefault("cchardet", chardet)
    from talon import quotations

    def work(text):
        quotations.extract_from_plain(text["plain"])

    return work


def phone_work():
    import phonenumbers

    def work(text):
        for _ in phonenumbers.PhoneNumberMatcher(text["own"], "CN"):
            pass

    return work


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = [json.loads(line) for line in file]
    for name, make in (("talon", talon_work), ("phonenumbers", phone_work)):
        try:
            work = make()
        except Exception as trouble:
            print("no %s: %s" % (name, trouble), file=sys.stderr)
            continue
        measure(name, work, texts, float(sys.argv[2]))


if __name__ == "__main__":
    main()
