"""A terminal that is asked beside a web page: its prompt goes away when the page was quicker."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Any

from runas.challenges import Challenge
from runas.errors import Cancelled, InteractionRequired

__all__ = ["Beside"]

if sys.platform == "win32":

    class Beside:
        """Windows reads its console without a way to stop: the page is asked alone."""

        def ask(self, challenge: Challenge[Any], done: Callable[[Any], None]) -> None:
            """Leave it to the page."""

        def withdraw(self) -> None:
            """Nothing is being asked."""

        def tell(self, text: str) -> None:
            """Show one line."""
            from runas.prompters.headless import to_stderr

            to_stderr(text)

else:
    import os
    import select

    from runas.prompters.posix import PosixTty, open_device
    from runas.prompters.terminal import Terminal
    from runas.prompters.tty import NoTerminal

    class _Withdrawn(Exception):
        """The question was answered elsewhere."""

    class _Tty(PosixTty):
        """A terminal whose readers can be called off by another thread."""

        def __init__(self, fd: int) -> None:
            super().__init__(fd)
            self._calls, self._call = os.pipe()
            self._lock = threading.Lock()

        def call_off(self) -> None:
            """End the reading that is under way."""
            with self._lock:
                if self._call >= 0:
                    os.write(self._call, b"x")

        def _line(self) -> bytes:
            ready, _, _ = select.select((self._fd, self._calls), (), ())
            if self._calls in ready:
                raise _Withdrawn
            return super()._line()

        def close(self) -> None:
            """Give the device back."""
            with self._lock:
                os.close(self._call)
                os.close(self._calls)
                self._call = -1
            super().close()

    class Beside:
        """The terminal of this process, asked in a thread; one question at a time."""

        _free = threading.Lock()  # of all that ask: there is one terminal

        def __init__(self) -> None:
            self._tty: _Tty | None = None
            self._thread: threading.Thread | None = None

        def ask(self, challenge: Challenge[Any], done: Callable[[Any], None]) -> None:
            """Begin to ask, where there is a terminal and nobody else asks at it."""
            if not self._free.acquire(blocking=False):
                return
            self._tty = tty = _opened()
            if tty is None:
                self._free.release()
                return
            self._thread = threading.Thread(
                target=self._read, args=(tty, challenge, done), name="terminal", daemon=True
            )
            self._thread.start()

        def withdraw(self) -> None:
            """Stop asking, and leave the terminal as it was."""
            if self._tty is not None:
                self._tty.call_off()
            if self._thread is not None:
                self._thread.join(1.0)
            self._tty = self._thread = None

        def tell(self, text: str) -> None:
            """Show one line."""
            from runas.prompters.headless import to_stderr

            to_stderr(text)

        def _read(self, tty: _Tty, challenge: Challenge[Any], done: Callable[[Any], None]) -> None:
            try:
                done(Terminal(tty).answer(challenge))
            except _Withdrawn:
                return
            except InteractionRequired:
                return  # in the background now: the page is left
            except Cancelled as cancelled:
                done(cancelled)
            finally:
                tty.close()
                self._free.release()

    def _opened() -> _Tty | None:
        try:
            tty = open_device()
        except NoTerminal:
            return None
        fd = os.dup(tty._fd)
        tty.close()
        return _Tty(fd)
