#!/usr/bin/env python3
"""Writes the mails that `scripts/bench-mime` reads: the same for the same seed.

    mime_mail.py OUT [SEED]

OUT/mailbox: 3,000 mails of fixtures/mailhost/genmail.py, CRLF, a fifth with attachments (mean 34 KB). OUT/typical: those of at most
13,000 bytes (mean 7 KB). OUT/attachments: six mails with 10 MB of base64 each. OUT/large/50.eml: one of 50 MB. Standard library only.
"""
import base64
import os
import random
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "fixtures", "mailhost"))

TYPICAL = 13000


def mailbox(out, seed):
    import genmail
    sys.argv = ["genmail.py", "-n", "3000", "--seed", seed, "--format", "dir", "--out", os.path.join(out, "mailbox")]
    genmail.main()


def typical(out):
    os.makedirs(os.path.join(out, "typical"), exist_ok=True)
    for name in sorted(os.listdir(os.path.join(out, "mailbox"))):
        path = os.path.join(out, "mailbox", name)
        if name.endswith(".eml") and os.path.getsize(path) <= TYPICAL:
            os.link(path, os.path.join(out, "typical", name))


def with_attachment(path, size, rng, number):
    """A short text and one file, base64 in lines of 76; `size` is that of the base64."""
    text = base64.b64encode(rng.randbytes(size * 3 // 4 * 76 // 78 // 57 * 57))
    lines = b"\r\n".join(text[i:i + 76] for i in range(0, len(text), 76))
    head = """From: Ada <ada@example.com>\r
To: support@example.org\r
Subject: Drawings, part %d\r
Date: Mon, 6 Jan 2025 10:00:0%d +0000\r
Message-ID: <drawings-%d@example.com>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="part-of-the-drawings"\r
\r
--part-of-the-drawings\r
Content-Type: text/plain; charset=utf-8\r
\r
Here they are.\r
--part-of-the-drawings\r
Content-Type: application/octet-stream; name="drawings-%d.bin"\r
Content-Disposition: attachment; filename="drawings-%d.bin"\r
Content-Transfer-Encoding: base64\r
\r
""" % (number, number, number, number, number)
    with open(path, "wb") as f:
        f.write(head.encode() + lines + b"\r\n--part-of-the-drawings--\r\n")


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    out, seed = sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "1"
    rng = random.Random(seed)
    mailbox(out, seed)
    typical(out)
    for folder in ("attachments", "large"):
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    for number in range(6):
        with_attachment(os.path.join(out, "attachments", "%d.eml" % number), 10_000_000, rng, number)
    with_attachment(os.path.join(out, "large", "50.eml"), 50_000_000, rng, 9)


if __name__ == "__main__":
    main()
