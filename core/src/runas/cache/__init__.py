"""Credentials on disk: atomic, private to the user, and won by one login at a time.

The room knows files, not providers. A file that cannot be used, for whatever reason, is a `Miss`;
a folder that cannot be written costs one notice and the caching. The way to use it::

    try:
        entry = cache.read(key)             # the fast lane: nothing is locked
    except Miss:
        with cache.lock(key):               # of many processes one logs in ...
            try:
                entry = cache.read(key)     # ... and the others find what it won
            except Miss:
                entry = log_in()
                cache.write(key, entry)

Every cached command imports this module: what only writing and locking need is imported there.
"""

from __future__ import annotations

import os
import sys
import time

from .document import VERSION, Entry, Miss, entry_of, facts_of, fields_of, seal, unseal, with_facts
from .keys import UNKEYED, key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from .locks import Lock

__all__ = ["UNKEYED", "VERSION", "Cache", "Entry", "Miss", "key"]

_CREDENTIALS = ".credentials"
_NOTE = ".note"
_LOCK = ".lock"
_SHORTEST_KEY = 32  # hex digits: 128 bits
_LARGEST = 1 << 20  # bytes; session tokens reach some 10 KiB

# Neither a link nor a pipe that somebody left under our name leads astray or hangs.
if sys.platform == "win32":
    _READ = os.O_RDONLY | os.O_BINARY
else:
    _READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def _to_stderr(text: str) -> None:
    sys.stderr.write(f"runas: {text}\n")


class Cache:
    """The entries in *folder*; touches nothing until asked.

    *notice* is told, in a sentence for a person, what went less well than it should.
    """

    __slots__ = ("_complained", "_folder", "_notice")

    def __init__(self, folder: str, notice: Callable[[str], None] = _to_stderr) -> None:
        self._folder = folder
        self._notice = notice
        self._complained = False

    def read(self, key: str) -> Entry:
        """Return what is cached; Miss unless it is whole, ours, of this version and this key.

        The entry may have expired: ask `Entry.fresh`.
        """
        return entry_of(self._load(key, _CREDENTIALS))

    def write(self, key: str, entry: Entry) -> None:
        """Replace an entry at once and durably; where the disk refuses, notice and go on."""
        self._store(key, _CREDENTIALS, fields_of(entry))

    def drop(self, key: str) -> None:
        """Forget an entry's credentials; its notes stay (a used code stays used)."""
        self._remove(self._path(key, _CREDENTIALS))

    def clear(self) -> int:
        """Forget everything, notes included; return how many sets of credentials that were.

        Lock files stay: to remove one that is held would let a second process in.
        """
        from .files import TEMPORARY

        removed = 0
        for name in self._names(_CREDENTIALS, _NOTE, TEMPORARY):
            if self._remove(os.path.join(self._folder, name)) and name.endswith(_CREDENTIALS):
                removed += 1
        return removed

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Yield every readable entry with its key, expired ones included, in the keys' order."""
        for name in self._names(_CREDENTIALS):
            key = name[: -len(_CREDENTIALS)]
            try:
                yield key, self.read(key)
            except Miss:
                continue

    def lock(self, key: str) -> Lock:
        """Return a context manager that only one thread of one process enters at a time.

        The kernel releases it when its holder dies. It is not re-entrant; other keys may be locked
        inside. Who waits for more than two seconds is told for whom. Without a folder to write to
        it excludes nobody.
        """
        from .locks import Lock

        return Lock(self._path(key, _LOCK), self._notice, self._complain)

    def note(self, key: str, facts: Mapping[str, str], expires: int) -> None:
        """Remember facts, none of them a secret, until *expires* (epoch seconds).

        Replaces what was noted before; hold the lock to add to it.
        """
        self._store(key, _NOTE, {"expires": str(expires)} | with_facts(facts))

    def noted(self, key: str) -> dict[str, str]:
        """Return the facts noted; none when there are none, or their time is over."""
        try:
            fields = self._load(key, _NOTE)
            return facts_of(fields) if time.time() < int(fields["expires"]) else {}
        except (Miss, KeyError, ValueError):
            return {}

    def _path(self, key: str, suffix: str) -> str:
        if not _is_key(key):
            raise ValueError("not a cache key; make one with runas.cache.key()")
        return os.path.join(self._folder, key + suffix)

    def _load(self, key: str, suffix: str) -> dict[str, str]:
        try:
            fields = unseal(_content(self._path(key, suffix)))
        except OSError:
            raise Miss from None
        if fields.get("key") != key:
            raise Miss
        return fields

    def _store(self, key: str, suffix: str, fields: Mapping[str, str]) -> None:
        from .files import publish, sweep

        path = self._path(key, suffix)
        try:
            publish(path, seal({"key": key, **fields}))
            sweep(self._folder, self._names(""))
        except OSError as error:
            self._complain(error)

    def _remove(self, path: str) -> bool:
        try:
            os.unlink(path)
        except FileNotFoundError:
            return False
        except OSError as error:
            if os.path.lexists(path):
                self._complain(error)
            return False
        return True

    def _names(self, *suffixes: str) -> list[str]:
        """List our own files, whoever else keeps things in the folder."""
        try:
            names = os.listdir(self._folder)
        except OSError:
            return []
        return sorted(n for n in names if n.endswith(suffixes) and _is_key(n.partition(".")[0]))

    def _complain(self, error: OSError) -> None:
        if not self._complained:
            self._complained = True
            reason = error.strerror or type(error).__name__
            self._notice(f"cannot write to the cache {self._folder} ({reason}); not caching")


def _is_key(text: str) -> bool:
    """Accept what `key` makes: nothing that leads out of the folder or fits a stranger's file."""
    return len(text) >= _SHORTEST_KEY and not text.strip("0123456789abcdef")


def _content(path: str) -> bytes:
    """Read a small file that only its owner, who is us, can read or write; Miss if others can."""
    handle = os.open(path, _READ)
    try:
        if sys.platform != "win32":
            status = os.fstat(handle)
            if status.st_uid != os.geteuid() or status.st_mode & 0o077:
                raise Miss
        return os.read(handle, _LARGEST)
    finally:
        os.close(handle)
