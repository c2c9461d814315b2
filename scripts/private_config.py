#!/usr/bin/env python3
"""Copies a configuration and makes it speak to a private mail host (fixtures/mailhost), for the demo and the measurements.

    private_config.py FROM TO STATE [--imap tls|starttls|none] [--replies send|hold|off] [--no-caps]

FROM is etc/postroom; the sections `accounts`, `submission`, `storage` and, where asked, `replies` of postroom.yaml are replaced, all
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


def main():
    a = argparse.ArgumentParser()
    a.add_argument("source")
    a.add_argument("target")
    a.add_argument("state")
    a.add_argument("--imap", choices=("tls", "starttls", "none"), default="starttls")
    a.add_argument("--replies", choices=("send", "hold", "off"), default="send")
    a.add_argument("--no-caps", action="store_true", help="no cap on replies but the one per sender")
    a = a.parse_args()
    env = os.environ
    shutil.copytree(a.source, a.target)
    secrets = a.target.rstrip("/") + "-secrets"
    os.makedirs(secrets, mode=0o700, exist_ok=True)
    password = secret(secrets, "support", env["MH_PASS"])
    path = os.path.join(a.target, "postroom.yaml")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    text = replace(text, "accounts", f"""accounts:
  support:
    address: {env["MH_USER"]}
    host: 127.0.0.1
    port: {env["MH_IMAPS_PORT" if a.imap == "tls" else "MH_IMAP_PORT"]}
    security: {a.imap}
    ca_file: {env["MH_CA_FILE"]}
    password: {{ file: {password} }}
    mailboxes: [INBOX]
    start: all
""")
    text = replace(text, "submission", f"""submission:
  host: 127.0.0.1
  port: {env["MH_SUBMISSION_PORT"]}
  security: starttls
  ca_file: {env["MH_CA_FILE"]}
  user: {env["MH_USER"]}
  password: {{ file: {password} }}
  helo: desk.{env["MH_DOMAIN"]}
""")
    text = replace(text, "storage", f"storage:\n  directory: {a.state}\n")
    caps = "  per_ticket: { count: 1000000, within: 24h }\n  total: { count: 1000000, within: 1h }\n" if a.no_caps else ""
    text = replace(text, "replies", f"replies:\n  mode: {a.replies}\n{caps}")
    text = replace(text, "mode", "mode: act\n")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
