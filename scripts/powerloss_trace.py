"""Reads what strace wrote about a run of postroom, as the events that matter after a power loss.

`strace -f -yy -xx` names the file or the two ends of the connection behind every descriptor, so that no table of descriptors is
needed. A call that others interrupted stands in two lines; what began before something else ended is told apart by that.
Standard library only.
"""
import os
import re

CALLS = ("openat", "?open", "?creat", "write", "pwrite64", "writev", "pwritev", "pwritev2", "lseek", "ftruncate", "truncate",
         "fallocate", "?rename", "renameat", "renameat2", "?unlink", "unlinkat", "?mkdir", "mkdirat", "?rmdir", "?link", "linkat",
         "fsync", "fdatasync", "sync_file_range", "copy_file_range", "sendfile", "sendto", "sendmsg")
# Longer octets in one call would be cut; that is noticed and ends the replay.
STRING_LIMIT = 32 << 20

BEGUN = re.compile(r"(\d+) +(\w+)\((.*)", re.S)
RESUMED = re.compile(r"(\d+) +<\.\.\. (\w+) resumed>(.*)", re.S)
WHOLE = re.compile(r"(.*)\)\s+= (\S+)", re.S)
DESCRIPTOR = re.compile(r"(\d+|AT_FDCWD)<([^>]*(?:->[^>]*)?)>(\(deleted\))?$")
OCTETS = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]+)>", re.I | re.M)
UID_COMMAND = re.compile(rb"^\S+ UID (?:STORE|MOVE|COPY) ([0-9:,]+) ")


class Unmodelled(Exception):
    """Something happened to the state folder that the replay does not know how to repeat."""


class Call:
    """One call: `kind` and what it was about. Paths are relative to the state folder; `data` are octets, or what `told` tells."""
    __slots__ = ("kind", "path", "other", "fd", "data", "offset", "flags", "result", "effect")

    def __init__(self, kind, path=None, other=None, fd=None, data=b"", offset=None, flags=""):
        self.kind, self.path, self.other, self.fd = kind, path, other, fd
        self.data, self.offset, self.flags = data, offset, flags
        self.result, self.effect = None, None


def octets(text):
    found = OCTETS.findall(text)
    if any(cut for _, cut in found):
        raise Unmodelled("strace cut the octets of a call")
    return b"".join(bytes.fromhex(hexadecimal.replace("\\x", "")) for hexadecimal, _ in found)


def uid_set(text):
    """`3,7:9` as UIDs."""
    uids = set()
    for piece in text.decode().split(","):
        first, _, last = piece.partition(":")
        uids.update(range(int(first), int(last or first) + 1))
    return uids


class Dialogues:
    """What was said over the connections to the two servers, as far as it tells them that something is done."""

    def __init__(self, imap_port, smtp_port):
        self.ports, self.said = {str(imap_port): self._uids, str(smtp_port): self._mails}, {}

    def _reader(self, connection):
        return self.ports.get(connection.rstrip("]").rpartition(":")[2])

    def told(self, connection, data):
        """UIDs the mail server is told about and Message-IDs of mails whose last octet leaves with these octets; None when
        this is neither of the two servers."""
        reader = self._reader(connection)
        return reader and reader(self.said.get(connection, b"") + data)[0]

    def sent(self, connection, data):
        """What of it the kernel has taken; the rest is sent again."""
        self.said[connection] = self._reader(connection)(self.said.get(connection, b"") + data)[1]

    @staticmethod
    def _uids(text):
        *lines, rest = text.split(b"\r\n")
        found = filter(None, map(UID_COMMAND.match, lines))
        return set().union(*(uid_set(match.group(1)) for match in found)), rest

    @staticmethod
    def _mails(text):
        *mails, rest = text.split(b"\r\n.\r\n")
        return {MESSAGE_ID.search(mail).group(1).decode() for mail in mails}, rest


class Trace:
    """The events of a trace, in order: (`begin` or `end`, Call)."""

    def __init__(self, path, state, imap_port, smtp_port):
        self.path, self.state, self.dialogues, self.waiting = path, state, Dialogues(imap_port, smtp_port), {}

    def events(self):
        with open(self.path, encoding="ascii") as lines:
            for line in lines:
                yield from self._line(line)

    def _line(self, line):
        resumed = RESUMED.match(line)
        if resumed:
            call = self.waiting.pop(resumed.group(1), None)
            if call is not None:
                yield self._ended(call, WHOLE.match(resumed.group(3)))
            return
        begun = BEGUN.match(line)
        if begun is None:
            return          # a signal, or the end of a process
        process, name, rest = begun.groups()
        cut = rest.rstrip().endswith("<unfinished ...>")
        whole = None if cut else WHOLE.match(rest)
        if not cut and whole is None:
            raise Unmodelled("a line of strace that nobody understands: %s" % line[:200])
        call = self._call(name, rest.rpartition(" <unfinished")[0] if cut else whole.group(1))
        if call is None:
            return
        yield "begin", call
        if cut:
            self.waiting[process] = call
        else:
            yield self._ended(call, whole)

    def _ended(self, call, whole):
        result = whole.group(2).partition("<")[0] if whole else "?"
        call.result = int(result, 0) if result != "?" else None
        if call.kind == "told":
            connection, data = call.effect
            self.dialogues.sent(connection, data[:max(call.result or 0, 0)])
            call.effect = None
        return "end", call

    # ------------------------------------------------------------ calls
    def _call(self, name, text):
        arguments = text.split(", ")
        if name in ("sendto", "sendmsg", "write", "writev"):
            connection = DESCRIPTOR.match(arguments[0])
            if connection and connection.group(2).startswith("TCP"):
                return self._said(connection.group(2), octets(text))
        if name.startswith(("open", "creat")):
            return self._open(name, arguments)
        if name.startswith(("rename", "link", "unlink", "mkdir", "rmdir")):
            return self._names(name, text, arguments)
        return self._descriptor(name, text, arguments)

    def _said(self, connection, data):
        told = self.dialogues.told(connection, data)
        if told is None:
            return None
        call = Call("told", data=told)
        call.effect = connection, data
        return call

    def _descriptor(self, name, text, arguments):
        found = DESCRIPTOR.match(arguments[0])
        if name == "truncate":
            path = self._relative(self._absolute(None, arguments[0]))
            return None if path is None else Call("truncate", path, offset=int(arguments[1]))
        path = self._relative(octets('"%s"' % found.group(2)).decode()) if found else None
        if path is None or found.group(3):
            return None         # not in the state folder, or a file that has no name any more
        fd = int(found.group(1))
        if name in ("fsync", "fdatasync"):
            return Call("sync", path, fd=fd)
        if name == "lseek":
            return Call("seek", path, fd=fd)
        if name == "ftruncate":
            return Call("truncate", path, fd=fd, offset=int(arguments[1]))
        if name == "fallocate" and arguments[1] == "0":
            return Call("extend", path, fd=fd, offset=int(arguments[2]) + int(arguments[3]))
        if name in ("write", "writev"):
            return Call("write", path, fd=fd, data=octets(text))
        if name in ("pwrite64", "pwritev"):
            return Call("write", path, fd=fd, data=octets(text), offset=int(arguments[-1], 0))
        raise Unmodelled("%s on %s" % (name, path))

    def _open(self, name, arguments):
        folder = arguments.pop(0) if name == "openat" else None
        path = self._relative(self._absolute(folder, arguments[0]))
        flags = "O_CREAT|O_WRONLY|O_TRUNC" if name == "creat" else arguments[1]
        return None if path is None else Call("open", path, flags=flags)

    def _names(self, name, text, arguments):
        folder, paths = None, []
        for argument in arguments:
            if DESCRIPTOR.match(argument):
                folder = argument
            elif argument.startswith('"'):
                paths.append(self._relative(self._absolute(folder, argument)))
        if not any(path is not None for path in paths):
            return None
        if None in paths or "RENAME_EXCHANGE" in text:
            raise Unmodelled("%s across the edge of the state folder" % name)
        kind = name.replace("at2", "").removesuffix("at")
        if "AT_REMOVEDIR" in text:
            kind = "rmdir"
        return Call(kind, paths[0], other=paths[-1])

    @staticmethod
    def _absolute(folder, argument):
        path = octets(argument).decode()
        found = DESCRIPTOR.match(folder) if folder else None
        return os.path.normpath(os.path.join(octets('"%s"' % found.group(2)).decode(), path) if found else path)

    def _relative(self, path):
        """None for what is elsewhere, and for the index of a write-ahead log, which SQLite makes anew."""
        if path != self.state and not path.startswith(self.state + "/"):
            return None
        return None if path.endswith("-shm") else path[len(self.state) + 1:]
