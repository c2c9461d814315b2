#!/usr/bin/env python3
"""Mail that waits beside INBOX and is let in by and by, so that a test decides when the daemon has something to do.

    waiting_mail.py COUNT       moves the first COUNT messages of the mailbox Waiting to INBOX

The messages are moved by IMAP, as a person's mail program would: the server gives them their UIDs in INBOX and tells a client
that idles. The mail host is known by the variables MH_* of `mailhost env`. Standard library only.
"""
import imaplib
import os
import sys

WAITING = "Waiting"
KEYWORD = "$PostroomDone"


class Mailbox:
    """A conversation with the private Dovecot, which takes a login without TLS."""

    def __init__(self):
        self.imap = imaplib.IMAP4("127.0.0.1", int(os.environ["MH_IMAP_PORT"]))
        self.imap.login(os.environ["MH_USER"], os.environ["MH_PASS"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.imap.logout()

    def _ask(self, name, *arguments):
        kind, data = getattr(self.imap, name)(*arguments)
        if kind not in ("OK", "BYE"):
            raise OSError("IMAP %s: %s %s" % (name, kind, data))
        return data

    def search(self, mailbox, *what):
        """UIDs, ascending."""
        self._ask("select", mailbox)
        return [int(uid) for uid in (self._ask("uid", "SEARCH", *what)[0] or b"").split()]

    def let_in(self, count):
        """Moves the first `count` that wait; how many were moved."""
        uids = self.search(WAITING, "ALL")[:max(count, 0)]
        # Dovecot refuses no long command, but a list of thousands of UIDs is not what this is to test.
        for start in range(0, len(uids), 200):
            self._ask("uid", "MOVE", ",".join(map(str, uids[start:start + 200])), "INBOX")
        return len(uids)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    with Mailbox() as mailbox:
        print(mailbox.let_in(int(sys.argv[1])))


if __name__ == "__main__":
    main()
