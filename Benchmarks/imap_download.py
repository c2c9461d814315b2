#!/usr/bin/env python3
"""A bare IMAP download loop: the floor that a mail daemon is measured against.

    imap_download.py HOST PORT USER PASSWORD [CAFILE]

One connection, SELECT, then UID FETCH of everything in batches of 200 with two batches in flight, as Postroom asks for
it; every literal is read and thrown away. Prints messages and bytes as one JSON line. With a CAFILE the connection is TLS from
the start. Standard library only.
"""
import json
import re
import socket
import ssl
import sys

BATCH = 200
LITERAL = re.compile(rb"\{(\d+)\}\r\n\Z")


def connect(host, port, cafile):
    plain = socket.create_connection((host, port))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not cafile:
        return plain
    return ssl.create_default_context(cafile=cafile).wrap_socket(plain, server_hostname=host)


class Session:
    def __init__(self, connection):
        self.connection = connection
        self.file = connection.makefile("rb", buffering=1 << 20)
        self.count = self.octets = 0
        self.file.readline()

    def send(self, tag, command):
        self.connection.sendall(b"%s %s\r\n" % (tag, command))

    def finish(self, tag):
        """Lines up to the tagged answer; literals are counted and dropped."""
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                sys.exit("the server closed the connection")
            literal = LITERAL.search(line)
            if literal:
                size = int(literal.group(1))
                self.count += 1
                self.octets += size
                while size > 0:
                    size -= len(self.file.read(min(size, 1 << 20)))
                continue
            if line.startswith(tag + b" "):
                if not line.startswith(tag + b" OK"):
                    sys.exit("the server said: " + line.decode("ascii", "replace").strip())
                return lines
            lines.append(line)

    def command(self, tag, command):
        self.send(tag, command)
        return self.finish(tag)


def main():
    host, port, user, password = sys.argv[1:5]
    session = Session(connect(host, int(port), sys.argv[5] if len(sys.argv) > 5 else None))
    session.command(b"a1", b'LOGIN "%s" "%s"' % (user.encode(), password.encode()))
    session.command(b"a2", b"SELECT INBOX")
    found = b" ".join(line[9:] for line in session.command(b"a3", b"UID SEARCH ALL") if line.startswith(b"* SEARCH"))
    uids = sorted(map(int, found.split()))
    batches = [uids[i:i + BATCH] for i in range(0, len(uids), BATCH)]
    fetch = b"UID FETCH %d:%d (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])"
    for number, batch in enumerate(batches):
        session.send(b"f%d" % number, fetch % (batch[0], batch[-1]))
        if number:
            session.finish(b"f%d" % (number - 1))
    if batches:
        session.finish(b"f%d" % (len(batches) - 1))
    session.command(b"z1", b"LOGOUT")
    print(json.dumps({"messages": session.count, "bytes": session.octets}))


if __name__ == "__main__":
    main()
