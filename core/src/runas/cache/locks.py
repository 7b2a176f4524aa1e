"""One login at a time: a lock that the kernel holds for a process and frees when it dies."""

from __future__ import annotations

import os
import sys
import time
from _thread import get_ident, get_native_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

# Who waits in a login for a program to end: told to a runas that this program starts.
_ANCESTORS = "RUNAS_LOGGING_IN"

_PATIENCE = 2.0  # seconds of waiting before the person is told why
_SHORTEST, _LONGEST = 0.005, 0.05  # seconds between two attempts
_LONGEST_NAME = 80  # bytes: three numbers

if sys.platform == "win32":
    import msvcrt

    _OPEN = os.O_RDWR | os.O_CREAT | os.O_BINARY
    # Windows keeps others from reading a locked byte: lock one far behind the process id.
    _FAR = 1 << 20

    def _take(handle: int) -> bool:
        """Lock without waiting; say whether that worked."""
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

    def _free(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    _OPEN = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW

    def _take(handle: int) -> bool:
        """Lock without waiting; say whether that worked.

        flock, not lockf: it belongs to the opened file and not to the process, so that threads
        exclude each other and closing an unrelated handle does not let go.
        """
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


def inside_login(environ: Mapping[str, str]) -> dict[str, str]:
    """Return *environ* for a program that a login waits for, and that may use runas itself.

    To be called by the thread that holds the login's locks.
    """
    ours = f"{environ.get(_ANCESTORS, '')} {_ourselves()}"
    return {**environ, _ANCESTORS: ours.strip()}


def _ourselves() -> str:
    """Name this thread as no other is named, in another container with the same folder neither.

    The process alone would not do: of its threads, each may log in for another profile.
    """
    return f"{os.getpid()}.{get_native_id()}.{get_ident()}"


class Lock:
    """Hold the lock file *path* inside a ``with``; used once.

    *notice* is told for whom we wait. Where no lock file can be had, *complain* gets the error and
    the block runs unprotected: two logins are better than none.
    """

    def __init__(
        self, path: str, notice: Callable[[str], None], complain: Callable[[OSError], None]
    ) -> None:
        self._path = path
        self._notice = notice
        self._complain = complain
        self._handle = -1

    def __enter__(self) -> None:
        try:
            self._handle = self._acquire()
        except OSError as error:
            self._complain(error)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        handle, self._handle = self._handle, -1
        if handle >= 0:
            _sign(handle, b"")
            try:
                _free(handle)
            finally:
                os.close(handle)

    def _acquire(self) -> int:
        """Wait for the lock; return the open file that holds it.

        Polls, in order to speak up after a while and to hear Ctrl-C on every system.
        """
        asked, pause, told = time.monotonic(), _SHORTEST, False
        while (handle := self._attempt()) < 0:
            self._refuse_circle()
            if not told and time.monotonic() - asked > _PATIENCE:
                told = True
                holder = self._holder().partition(".")[0]
                named = f"process {holder}" if holder.isdigit() else "another process"
                self._notice(f"waiting for {named}, which is logging in")
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST)
        return handle

    def _attempt(self) -> int:
        """Open and lock the file; -1 while somebody else holds it."""
        handle = self._open()
        try:
            if _take(handle) and self._current(handle):
                _sign(handle, f"{_ourselves()}\n".encode())
                taken, handle = handle, -1
                return taken
        finally:
            if handle >= 0:
                os.close(handle)
        return -1

    def _open(self) -> int:
        try:
            return os.open(self._path, _OPEN, 0o600)
        except FileNotFoundError:  # the first of all, or the folder was removed while we wait
            os.makedirs(os.path.dirname(self._path), 0o700, exist_ok=True)
            return os.open(self._path, _OPEN, 0o600)

    def _current(self, handle: int) -> bool:
        """Tell the file under that name from one that was deleted while we opened it."""
        try:
            return os.path.samestat(os.fstat(handle), os.stat(self._path))
        except FileNotFoundError:
            return False

    def _holder(self) -> str:
        """Return what its thread wrote into the file; it may be about to."""
        try:
            with open(self._path, "rb") as file:
                return file.read(_LONGEST_NAME).strip().decode(errors="replace")
        except OSError:
            return ""

    def _refuse_circle(self) -> None:
        """Raise ConfigurationError where whoever holds the lock waits for us."""
        ancestors = os.environ.get(_ANCESTORS, "").split()
        if ancestors and self._holder() in ancestors:
            from runas.errors import ConfigurationError

            raise ConfigurationError(
                "these credentials come from a command that asks for them itself",
                "name another profile in that command",
            )


def _sign(handle: int, text: bytes) -> None:
    """Say in the file who holds it; a full disk does not matter for that."""
    try:
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, text)
    except OSError:
        pass
