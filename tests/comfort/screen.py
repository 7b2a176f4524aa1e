"""A terminal window: what a program writes becomes lines on a screen, as a person sees them."""

import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence

LEADER = (
    "import fcntl, os, sys, termios;"
    " fd = os.open(sys.argv[1], os.O_RDWR); fcntl.ioctl(fd, termios.TIOCSCTTY, 0);"
    " [os.dup2(fd, n) for n in range(3)]; fd > 2 and os.close(fd);"
    " os.execvp(sys.argv[2], sys.argv[2:])"
)
_SEQUENCE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>78]|\x1b\][^\x07]*\x07")


class Window:
    """A program on a pseudo-terminal, and what its screen shows."""

    def __init__(
        self, argv: Sequence[str], environ: Mapping[str, str], cwd: str, lines: int, columns: int
    ) -> None:
        self.written = ""
        self.lines, self.columns = lines, columns
        self._master, slave = os.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", LEADER, os.ttyname(slave), *argv],
            env={"TERM": "xterm", **environ},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._slave = slave

    def types(self, text: str) -> None:
        """Press keys."""
        os.write(self._master, text.encode())

    def shows(self, text: str, seconds: float = 20) -> list[str]:
        """Wait until the screen shows *text*; return its lines."""
        deadline = time.monotonic() + seconds
        while text not in "\n".join(self.screen()):
            assert time.monotonic() < deadline, f"not shown: {text!r}\n" + "\n".join(self.screen())
            self._read(0.05)
        return self.screen()

    def wrote(self, text: str, seconds: float = 20) -> None:
        """Wait until *text* has been written, wherever it went on the screen."""
        deadline = time.monotonic() + seconds
        while text not in self.written:
            assert time.monotonic() < deadline, f"not written: {text!r} in {self.written!r}"
            self._read(0.05)

    def screen(self) -> list[str]:
        """Play what was written; return the lines without what is blank at the end."""
        return play(self.written, self.lines, self.columns)

    def ends(self) -> int:
        """Wait for the program's end; return its status."""
        deadline = time.monotonic() + 30
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "\n".join(self.screen())
            self._read(0.05)
        while self._read(0.05):
            pass
        return self.process.returncode

    @property
    def modes(self) -> list:
        """The terminal's settings."""
        return termios.tcgetattr(self._slave)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _read(self, seconds: float) -> bool:
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        self.written += os.read(self._master, 65536).decode(errors="replace")
        return True


def play(text: str, height: int, width: int) -> list[str]:
    """Do what a VT100 does with *text*, as far as our programs go; return the screen's lines."""
    screen, at = _Screen(width), 0
    while at < len(text):
        found = _SEQUENCE.match(text, at)
        if found:
            screen.steer(found[2] or "", int(found[1]) if (found[1] or "").isdigit() else 0)
        else:
            screen.put(text[at])
        at = found.end() if found else at + 1
    shown = [line.rstrip() for line in screen.rows[-height:]]
    while shown and not shown[-1]:
        shown.pop()
    return shown


class _Screen:
    def __init__(self, width: int) -> None:
        self.rows, self.row, self.column, self.width = [""], 0, 0, width

    def steer(self, letter: str, count: int) -> None:
        """Move the cursor, or clear."""
        if letter in "AB" and letter:
            self.row = max(self.row + max(count, 1) * (1 if letter == "B" else -1), 0)
        elif letter == "C":
            self.column += max(count, 1)
        elif letter == "K":
            self.rows[self.row] = self.rows[self.row][: self.column]
        elif letter == "J":
            self.rows[self.row :] = [self.rows[self.row][: self.column]]
        self._grow()

    def put(self, character: str) -> None:
        """Show one character, or do what it means."""
        if character in "\r\n\b":
            self.column = {"\r": 0, "\n": self.column, "\b": max(self.column - 1, 0)}[character]
            self.row += character == "\n"
        elif character >= " ":
            if self.column == self.width:
                self.row, self.column = self.row + 1, 0
            self._grow()
            line = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = line[: self.column] + character + line[self.column + 1 :]
            self.column += 1
        self._grow()

    def _grow(self) -> None:
        self.rows += [""] * (self.row + 1 - len(self.rows))
