#!/usr/bin/env python3
"""Copies a configuration and makes it speak to a private mail host (fixtures/mailhost), for the demo and the measurements.

    private_config.py FROM TO STATE [--imap tls|starttls|none] [--replies send|hold|off] [--no-caps]
                      [--plain-relay] [--batch COUNT] [--move-to MAILBOX]

FROM is etc/postroom; the sections `accounts`, `submission`, `storage` and, where asked, `replies` and `limits` of postroom.yaml are replaced, all
else stays as shipped. The mail host is known by the variables MH_* of `mailhost env`. Passwords go into files of mode 0600
beside TO. Standard library only.
"""
import argparse
import os
import re
import shutil

KEY = re.compile(r"^([A-Za-z_][\w-]*):")


def replace(text, key, block):
    """Replaces the top-level `key:` and all that is indented below it; appends when there is none."""
    lines, out, skipping, done = text.splitlines(), [], False, False
    for line in lines:
        found = KEY.match(line)
        if found:
            skipping = found.group(1) == key
            if skipping:
                out += [*block.rstrip().splitlines(), ""]
                done = True
        elif skipping and line.startswith("#"):
            skipping = False        # the comment above the next section
        if not skipping:
            out.append(line)
    if not done:
        out += ["", *block.rstrip().splitlines()]
    return "\n".join(out) + "\n"


def secret(folder, name, value):
    path = os.path.join(folder, name)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
        f.write(value + "\n")
    return path


def accounts(a, password):
    env = os.environ
    move = f'    acknowledge: {{ move_to: "{a.move_to}" }}\n' if a.move_to else ""
    return f"""accounts:
  support:
    address: {env["MH_USER"]}
    host: 127.0.0.1
    port: {env["MH_IMAPS_PORT" if a.imap == "tls" else "MH_IMAP_PORT"]}
    security: {a.imap}
    ca_file: {env["MH_CA_FILE"]}
    password: {{ file: {password} }}
    mailboxes: [INBOX]
    start: all
{move}"""


def submission(a, password):
    env = os.environ
    if a.plain_relay:
        # The port for mail from outside, which takes anything from this machine: no login, and readable on the wire.
        way = f'  port: {env["MH_SMTP_PORT"]}\n  security: none\n'
    else:
        way = f"""  port: {env["MH_SUBMISSION_PORT"]}
  security: starttls
  ca_file: {env["MH_CA_FILE"]}
  user: {env["MH_USER"]}
  password: {{ file: {password} }}
"""
    return f"submission:\n  host: 127.0.0.1\n{way}  helo: desk.{env['MH_DOMAIN']}\n"


def main():
    a = argparse.ArgumentParser()
    a.add_argument("source")
    a.add_argument("target")
    a.add_argument("state")
    a.add_argument("--imap", choices=("tls", "starttls", "none"), default="starttls")
    a.add_argument("--replies", choices=("send", "hold", "off"), default="send")
    a.add_argument("--approval", choices=("off", "required"), default="off", help="whether templates must be approved")
    a.add_argument("--no-caps", action="store_true", help="no cap on replies but the one per sender")
    a.add_argument("--per-sender", help="time in which a sender gets one receipt, such as 0s")
    a.add_argument("--plain-relay", action="store_true", help="submit without TLS and login, so that a trace can be read")
    a.add_argument("--batch", type=int, help="messages a batch")
    a.add_argument("--move-to", help="mailbox that recorded mail is moved to")
    a = a.parse_args()
    shutil.copytree(a.source, a.target)
    secrets = a.target.rstrip("/") + "-secrets"
    os.makedirs(secrets, mode=0o700, exist_ok=True)
    password = secret(secrets, "support", os.environ["MH_PASS"])
    path = os.path.join(a.target, "postroom.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = replace(text, "accounts", accounts(a, password))
    text = replace(text, "submission", submission(a, password))
    text = replace(text, "storage", f"storage:\n  directory: {a.state}\n")
    caps = "  per_ticket: { count: 1000000, within: 24h }\n  total: { count: 1000000, within: 1h }\n" if a.no_caps else ""
    if a.per_sender:
        caps += f"  per_sender: {a.per_sender}\n"
    text = replace(text, "replies", f"replies:\n  mode: {a.replies}\n  approval: {a.approval}\n{caps}")
    if a.batch:
        text = replace(text, "limits", f"limits:\n  batch_messages: {a.batch}\n")
    text = replace(text, "mode", "mode: act\n")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
