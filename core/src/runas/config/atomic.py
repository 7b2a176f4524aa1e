"""Replace a file whole or not at all, one writer at a time."""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from runas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 10.0  # seconds to wait for another writer; each holds the lock for milliseconds

_BEGUN = ".runas-new"
_RANDOM = "[a-z0-9_]{8}"  # what tempfile puts into a name


def replace(
    path: str, content: bytes, mode: int, wanted: Callable[[], bool] = lambda: True
) -> bool:
    """Write next to the file, then rename onto it: a reader sees the old or the new content.

    The mode and the owner of a file that exists are kept, *mode* is for a new one. *path* is the
    file itself, not a link to it: a rename would put the file in the link's place. *wanted* is
    asked last of all; where it says no, nothing happens, and that is returned.
    """
    folder, name = os.path.split(path)
    folder = folder or "."
    handle, temporary = tempfile.mkstemp(_BEGUN, f".{name}.", folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _like(path, temporary, mode)
        if not wanted():
            os.unlink(temporary)
            return False
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync(folder)
    return True


def sweep(path: str) -> None:
    """Remove what killed writers of *path* had begun, secrets and all; who calls holds its lock."""
    folder, name = os.path.split(path)
    begun = re.compile(rf"\.{re.escape(name)}\.{_RANDOM}{re.escape(_BEGUN)}")
    with suppress(OSError):
        for each in filter(begun.fullmatch, os.listdir(folder or ".")):
            with suppress(OSError):
                os.unlink(os.path.join(folder, each))


@contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold ``PATH.lock`` against other writers, other processes included; it is removed again.

    Raise ConfigurationError when another writer holds it for longer than `PATIENCE`.
    """
    name = path + ".lock"
    deadline = time.monotonic() + PATIENCE
    while (file := _acquire(name)) is None:
        if time.monotonic() > deadline:
            raise ConfigurationError(
                f"another program is writing {path}", f"end it, or remove {name} if there is none"
            )
        time.sleep(0.02)
    try:
        yield
    finally:
        # Removed while still held; who waits for this very file notices, see _acquire. Windows
        # refuses to remove an open file: there it is closed first.
        if sys.platform == "win32":
            file.close()
        with suppress(OSError):
            os.unlink(name)
        file.close()


def _acquire(name: str) -> IO[bytes] | None:
    """Lock the file of this name, or return None where that must be tried again."""
    try:
        file = open(name, "ab", opener=lambda path, flags: os.open(path, flags, 0o600))  # noqa: SIM115
    except PermissionError:
        if sys.platform == "win32":  # being removed by its last holder
            return None
        raise
    try:
        _lock(file)
        # The holder before us may have removed the file we opened: a lock on it protects nothing.
        if os.path.samestat(os.fstat(file.fileno()), os.stat(name)):
            return file
    except OSError:
        pass
    file.close()
    return None


def _lock(file: IO[bytes]) -> None:
    """Take the lock or raise OSError at once."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def _like(path: str, temporary: str, mode: int) -> None:
    """Give the new file the mode and owner of the old one."""
    try:
        old = os.stat(path)
    except FileNotFoundError:
        os.chmod(temporary, mode)
        return
    os.chmod(temporary, old.st_mode & 0o7777)
    if sys.platform != "win32" and (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(OSError):  # only root may give a file away
            os.chown(temporary, old.st_uid, old.st_gid)


def _sync(folder: str) -> None:
    """Make the rename itself last through a power cut; Windows has no such call."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            with suppress(OSError):
                os.fsync(handle)
        finally:
            os.close(handle)
