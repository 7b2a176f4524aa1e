"""The terminal device as prompters see it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import NoReturn

from runas.errors import Cancelled

__all__ = ["BACKGROUND", "LOOK", "NoTerminal", "Tty", "closed", "showable", "without_paste_marks"]

Keys = AbstractContextManager[Callable[[], str]]
"""Inside it, every call waits for a key; see `runas.prompters.keyboard` for the names."""

BACKGROUND = "runas runs in the background"
LOOK = 0.1  # seconds between two looks at what may make a question needless


class NoTerminal(OSError):
    """There is no terminal to ask at, or not now; the text says why."""


class Tty(ABC):
    """The controlling terminal, open for reading and writing whatever stdin and stdout are.

    Both readers show *prompt*, return one line without its end, raise Cancelled when the person
    closes the question (Ctrl-D) and NoTerminal when the process may not read now. Ctrl-C comes
    out as KeyboardInterrupt, with echo on again.
    """

    dumb: bool = False
    """No cursor movement: what has been written stays."""

    @property
    @abstractmethod
    def interactive(self) -> bool:
        """Whether a question may be asked right now."""

    @property
    @abstractmethod
    def size(self) -> tuple[int, int]:
        """Columns and lines."""

    @property
    def width(self) -> int:
        """Columns."""
        return self.size[0]

    @property
    def height(self) -> int:
        """Lines."""
        return self.size[1]

    @abstractmethod
    def read_line(self, prompt: str) -> str:
        """Read what a person types."""

    @abstractmethod
    def read_hidden(self, prompt: str) -> str:
        """Read a secret: nothing of it is echoed, and only the newline is shown."""

    def read_unless(self, prompt: str, done: Callable[[], bool]) -> str | None:
        """Read a line that nobody shall see, or return None as soon as *done* says so.

        *done* is asked some times a second. What is typed behind the line, or after the end, is
        left for whoever reads next. A device that cannot stop reading waits for *done* alone.
        """
        while not done():
            time.sleep(LOOK)
        return None

    @abstractmethod
    def _put(self, text: str) -> None:
        """Write *text* as it is."""

    @property
    def live(self) -> bool:
        """Whether single keys can be read and several lines drawn anew."""
        return False

    def keys(self, redraw: Callable[[], None]) -> Keys:
        """Read single keys, nothing echoed; *redraw* is called when the process was stopped."""
        raise NoTerminal("this terminal gives lines only")

    def draw(self, lines: Sequence[str], column: int) -> None:
        """Show lines in place of what `draw` showed before; the cursor waits in the first.

        VT100 sequences that every terminal knows: clear below (J), up (A), right (C).
        """
        shown = "\n".join(showable(line).replace("\n", " ") for line in lines)
        up = f"\x1b[{len(lines) - 1}A" if len(lines) > 1 else ""
        right = f"\x1b[{column}C" if column else ""
        self._put(f"\r\x1b[J{shown}{up}\r{right}")

    def write(self, text: str) -> None:
        """Show *text*; of the characters that steer a terminal only line breaks pass."""
        self._put(showable(text))

    def redraw(self, text: str) -> None:
        """Show *text* in place of the current line, cut to fit; empty text clears the line."""
        room = max(self.width - 1, 1)
        shown = showable(text).replace("\n", " ")[:room]
        self._put("\r" + " " * room + "\r" + shown)

    @abstractmethod
    def close(self) -> None:
        """Give the device back."""


def showable(text: str) -> str:
    """Drop every unprintable character except line breaks."""
    return "".join(c for c in text if c == "\n" or c.isprintable())


def without_paste_marks(line: str) -> str:
    """Drop a line's end and what a terminal in bracketed paste mode puts around pasted text."""
    return line.rstrip("\r\n").replace("\x1b[200~", "").replace("\x1b[201~", "")


def closed() -> NoReturn:
    """Raise for a question that was closed without an answer."""
    raise Cancelled("cancelled: the question was closed without an answer")
