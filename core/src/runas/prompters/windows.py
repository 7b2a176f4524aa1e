"""The terminal device of Windows: the console, ``CONIN$`` and ``CONOUT$``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import TextIO

from runas.prompters.device import LOOK, NoTerminal, Tty, closed, without_paste_marks

__all__ = ["WindowsTty", "open_device"]

_END = ("\r", "\n")
_CTRL_C, _CTRL_D, _CTRL_Z, _BACKSPACE = "\x03", "\x04", "\x1a", "\b"
_PREFIXES = ("\x00", "\xe0")  # of a function or arrow key; the second is also the letter à


class WindowsTty(Tty):
    """A console: two streams, and its keys one by one (``getwch``) where nothing may be echoed."""

    def __init__(
        self, typed: TextIO, shown: TextIO, key: Callable[[], str], waiting: Callable[[], bool]
    ) -> None:
        self._typed, self._shown, self._key, self._waiting = typed, shown, key, waiting

    @property
    def interactive(self) -> bool:
        """Whether the console is open: there is no background here."""
        return not self._shown.closed

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        import os

        try:
            columns, lines = os.get_terminal_size(self._shown.fileno())
        except OSError:
            return 80, 24
        return columns, lines

    def read_line(self, prompt: str) -> str:
        """Read what a person types."""
        self.write(prompt)
        line = self._typed.readline()
        if line.startswith((_CTRL_D, _CTRL_Z)) or not line:
            closed()
        return without_paste_marks(line)

    def read_hidden(self, prompt: str) -> str:
        """Read a secret, key by key."""
        self.write(prompt)
        try:
            return without_paste_marks(self._keys())
        finally:
            self.write("\n")

    def read_unless(self, prompt: str, done: Callable[[], bool]) -> str | None:
        """Read a line key by key, as long as it is wanted."""
        self.write(prompt)
        typed: list[str] = []
        try:
            while not done():
                if not self._waiting():
                    time.sleep(LOOK)
                elif self._takes(typed):
                    return without_paste_marks("".join(typed))
            return None
        finally:
            self.write("\n")

    def _keys(self) -> str:
        typed: list[str] = []
        while not self._takes(typed):
            pass
        return "".join(typed)

    def _takes(self, typed: list[str]) -> bool:
        """Wait for a key and add it to what was typed; tell whether it ends the line."""
        key = self._key()
        if key == _CTRL_C:  # in this mode the console reports it as a key
            raise KeyboardInterrupt
        if key in (_CTRL_D, _CTRL_Z) and not typed:
            closed()
        if key in _PREFIXES and self._waiting():
            self._key()  # the rest of an arrow key
        elif key == _BACKSPACE:
            del typed[-1:]
        elif key != "\x00" and key not in _END:
            typed.append(key)
        return key in _END

    def _put(self, text: str) -> None:
        self._shown.write(text)
        self._shown.flush()

    def close(self) -> None:
        """Close both streams."""
        self._typed.close()
        self._shown.close()


if sys.platform == "win32":

    def open_device() -> WindowsTty:
        """Open the console of the process; raise NoTerminal where it has none."""
        import msvcrt

        with ExitStack() as opened:
            try:
                typed = opened.enter_context(open("CONIN$", encoding="utf-8", newline=""))
                shown = opened.enter_context(
                    open("CONOUT$", "w", encoding="utf-8", errors="replace")
                )
            except OSError as error:
                raise NoTerminal("there is no terminal") from error
            opened.pop_all()  # the console closes them
        return WindowsTty(typed, shown, msvcrt.getwch, msvcrt.kbhit)
