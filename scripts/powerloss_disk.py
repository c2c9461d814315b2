"""A disk that keeps for certain only what was synced.

The model, on the hard side of what POSIX and the file systems of Linux promise:

- Octets are certain when fsync or fdatasync of their file has returned, if the call that wrote them had returned before that
  sync was called. A name (made, renamed, taken away) is certain when fsync of its folder has returned; the sync of a file makes
  no name certain, so a file whose folder was not synced is gone with all its octets.
- Of what is not certain, anything may be there: of each 4096-byte page any of the versions it has had since the last sync, also
  halves of two of them at a border of 512 bytes; any of the sizes the file has had; a page that never came is zeros.
- Changes of names reach the disk in their order (a journal keeps it): some first part of them is there.

Standard library only.
"""
import os

from powerloss_trace import Unmodelled

PAGE, SECTOR = 4096, 512


class Change:
    """One write or truncation that is not certain yet."""
    __slots__ = ("offset", "data", "size", "done")

    def __init__(self, offset, data, size=None):
        self.offset, self.data, self.size, self.done = offset, data, size, False

    def size_after(self, size):
        return self.size if self.size is not None else max(size, self.offset + len(self.data))

    def apply(self, octets):
        if self.size is not None:
            del octets[self.size:]
            octets.extend(bytes(self.size - len(octets)))
            return
        if self.offset > len(octets):
            octets.extend(bytes(self.offset - len(octets)))
        octets[self.offset:self.offset + len(self.data)] = self.data

    def pages(self):
        return range(self.offset // PAGE, -(-(self.offset + len(self.data)) // PAGE))

    def apply_to_page(self, page, octets):
        start = page * PAGE
        if self.size is not None:
            keep = min(max(self.size - start, 0), PAGE)
            octets[keep:] = bytes(PAGE - keep)
            return
        first, last = max(self.offset, start), min(self.offset + len(self.data), start + PAGE)
        if first < last:
            octets[first - start:last - start] = self.data[first - self.offset:last - self.offset]


class File:
    def __init__(self, is_folder=False):
        self.is_folder, self.certain, self.now, self.pending = is_folder, bytearray(), bytearray(), []

    def change(self, change):
        self.pending.append(change)
        change.apply(self.now)

    def synced(self, changes):
        chosen = set(map(id, changes))
        for change in changes:
            change.apply(self.certain)
        self.pending = [c for c in self.pending if id(c) not in chosen]

    def possible(self, chance):
        """One of the contents that may be found after a power loss."""
        if not self.pending:
            return bytes(self.certain)
        result, newest = bytearray(self.certain), chance.choice((0.1, 0.5, 0.9))
        for page in sorted(set().union(*(c.pages() for c in self.pending))):
            octets = self._page(page, chance, newest)
            Change(page * PAGE, octets).apply(result)
        Change(0, b"", self._size(chance, newest)).apply(result)
        return bytes(result)

    def _page(self, page, chance, newest):
        changes = [c for c in self.pending if c.size is not None or page in c.pages()]
        octets = self._version(page, changes, len(changes) if chance.random() < newest else chance.randint(0, len(changes)))
        if chance.random() < 0.2:
            border = SECTOR * chance.randint(1, PAGE // SECTOR - 1)
            octets[border:] = self._version(page, changes, chance.randint(0, len(changes)))[border:]
        return octets

    def _version(self, page, changes, count):
        octets = bytearray(self.certain[page * PAGE:(page + 1) * PAGE])
        octets.extend(bytes(PAGE - len(octets)))
        for change in changes[:count]:
            change.apply_to_page(page, octets)
        return octets

    def _size(self, chance, newest):
        sizes = [len(self.certain)]
        for change in self.pending:
            sizes.append(change.size_after(sizes[-1]))
        return sizes[-1] if chance.random() < newest else chance.choice(sizes)


class Naming:
    """One change of names: `add` a file under a name, `remove` a name, or both at once for a rename in one folder."""
    __slots__ = ("folder", "add", "remove", "file")

    def __init__(self, folder, file=None, add=None, remove=None):
        self.folder, self.file, self.add, self.remove = folder, file, add, remove

    def apply(self, names):
        if self.remove is not None:
            names.pop(self.remove, None)
        if self.add is not None:
            names[self.add] = self.file


class Disk:
    """Fed with the events of a trace. `forgets(path)` names the files whose syncs do nothing, to see that this is noticed."""

    def __init__(self, forgets=lambda path: False):
        self.names, self.certain_names, self.namings = {"": File(True)}, {"": File(True)}, []
        self.positions, self.forgets = {}, forgets

    def feed(self, when, call):
        step = getattr(self, "_%s_%s" % (when, call.kind), None)
        if step is None:
            return
        if when == "end" and (call.result is None or call.result < 0):
            if call.kind in ("write", "truncate", "extend", "sync"):
                raise Unmodelled("%s of %s failed" % (call.kind, call.path))
            return
        step(call)

    # ------------------------------------------------------------ octets
    def _file(self, call):
        file = self.names.get(call.path)
        if file is None:
            raise Unmodelled("%s of %s, which was never made" % (call.kind, call.path))
        return file

    def _begin(self, call, change):
        call.effect = change
        self._file(call).change(change)

    def _begin_write(self, call):
        offset = call.offset
        if offset is None:
            position, appends = self.positions[call.fd]
            offset = len(self._file(call).now) if appends else position
            self.positions[call.fd] = (offset + len(call.data), appends)
        self._begin(call, Change(offset, call.data))

    def _end_write(self, call):
        if call.result != len(call.data):
            raise Unmodelled("only a part of a write to %s was taken" % call.path)
        call.effect.done = True

    def _begin_truncate(self, call):
        self._begin(call, Change(0, b"", call.offset))

    def _begin_extend(self, call):
        self._begin(call, Change(0, b"", max(call.offset, len(self._file(call).now))))

    def _end_truncate(self, call):
        call.effect.done = True

    _end_extend = _end_truncate

    def _end_seek(self, call):
        self.positions[call.fd] = (call.result, self.positions.get(call.fd, (0, False))[1])

    def _begin_sync(self, call):
        if self._file(call).is_folder:
            call.effect = [n for n in self.namings if n.folder == call.path]
        else:
            call.effect = [c for c in self._file(call).pending if c.done]

    def _end_sync(self, call):
        if self.forgets(call.path):
            return
        file = self.names.get(call.path)
        if file is None:
            return              # it was renamed while it was synced: nothing more is certain than before
        if not file.is_folder:
            return file.synced([c for c in call.effect if c in file.pending])
        for naming in call.effect:
            naming.apply(self.certain_names)
        self.namings = [n for n in self.namings if n not in call.effect]

    # ------------------------------------------------------------ names
    def _name(self, naming):
        naming.apply(self.names)
        self.namings.append(naming)

    def _end_open(self, call):
        if "O_TMPFILE" in call.flags:
            raise Unmodelled("a file without a name: %s" % call.path)
        if call.path not in self.names:
            if "O_CREAT" not in call.flags:
                raise Unmodelled("%s was there before the run" % call.path)
            self._name(Naming(os.path.dirname(call.path), File(), add=call.path))
        elif "O_TRUNC" in call.flags:
            change = Change(0, b"", 0)
            change.done = True
            self.names[call.path].change(change)
        self.positions[call.result] = (0, "O_APPEND" in call.flags)

    def _end_mkdir(self, call):
        self._name(Naming(os.path.dirname(call.path), File(True), add=call.path))

    def _end_unlink(self, call):
        self._name(Naming(os.path.dirname(call.path), remove=call.path))

    _end_rmdir = _end_unlink

    def _end_link(self, call):
        self._name(Naming(os.path.dirname(call.other), self._file(call), add=call.other))

    def _end_rename(self, call):
        file = self._file(call)
        if file.is_folder:
            raise Unmodelled("a folder was renamed: %s" % call.path)
        here, there = os.path.dirname(call.path), os.path.dirname(call.other)
        if here == there:
            return self._name(Naming(here, file, add=call.other, remove=call.path))
        self._name(Naming(there, file, add=call.other))
        self._name(Naming(here, remove=call.path))

    # ------------------------------------------------------------ what may be found
    def certain(self):
        """Path to octets (None for a folder): nothing but what is certain."""
        return self._image(self.certain_names, lambda file: bytes(file.certain))

    def possible(self, chance):
        names = dict(self.certain_names)
        for naming in self.namings[:chance.randint(0, len(self.namings))]:
            naming.apply(names)
        return self._image(names, lambda file: file.possible(chance))

    def now(self):
        """As the running system sees it."""
        return self._image(self.names, lambda file: bytes(file.now))

    @staticmethod
    def _image(names, octets):
        image = {}
        for path in sorted(names):
            if path and (os.path.dirname(path) == "" or os.path.dirname(path) in image):
                image[path] = None if names[path].is_folder else octets(names[path])
        return image
