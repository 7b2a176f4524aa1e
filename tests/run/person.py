"""A person at a terminal: the program runs on a pseudo-terminal of its own, streams as asked."""

import fcntl
import os
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Self

from .world import Home

# Take the terminal whose path is given as the controlling one, then become the program.
LEADER = (
    "import fcntl, os, sys, termios;"
    " fd = os.open(sys.argv[1], os.O_RDWR); fcntl.ioctl(fd, termios.TIOCSCTTY, 0);"
    " [os.dup2(fd, n) for n in range(3) if sys.argv[2] == 'tty'];"
    " fd > 2 and os.close(fd); os.execvp(sys.argv[3], sys.argv[3:])"
)


class Person:
    """Someone who sees what the terminal shows, and types."""

    def __init__(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        cwd: str,
        *,
        streams: str = "pipes",
    ) -> None:
        self.shown = ""
        self._master, slave = os.openpty()
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        pipe = subprocess.PIPE if streams == "pipes" else None
        self.process = subprocess.Popen(
            [sys.executable, "-c", LEADER, os.ttyname(slave), streams, *argv],
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            env={**environ, "TERM": "xterm"},
            cwd=cwd,
            start_new_session=True,
            text=True,
        )
        self._slave = slave

    @classmethod
    def seated(
        cls, opened: ExitStack, place: Home, *argv: str, streams: str = "pipes", **environ: str
    ) -> Self:
        """Put someone in front of a program in their home; they leave with *opened*."""
        full = {**os.environ, **place.environ, **environ}
        someone = cls(argv, full, str(place.home), streams=streams)
        opened.callback(someone.close)
        return someone

    def sees(self, text: str, seconds: float = 30) -> str:
        """Wait until *text* is shown; return everything up to it."""
        deadline = time.monotonic() + seconds
        while text not in self.shown:
            assert time.monotonic() < deadline, f"not shown: {text!r} in {self.shown!r}"
            self._read(0.1)
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def types(self, text: str) -> None:
        """Press keys."""
        os.write(self._master, text.encode())

    def resizes(self, lines: int, columns: int) -> None:
        """Change the window's size."""
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    @property
    def echo(self) -> bool:
        """Tell whether what is typed shows."""
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def waits(self) -> tuple[int, str, str]:
        """Wait for the end; return status, stdout and stderr (empty on a terminal)."""
        deadline = time.monotonic() + 30
        if self.process.stdout is None:
            while self.process.poll() is None and time.monotonic() < deadline:
                self._read(0.05)
        out, err = self.process.communicate(timeout=30)
        self._read(0)
        return self.process.returncode, out or "", err or ""

    def close(self) -> None:
        """Leave, whatever still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        os.close(self._master)
        os.close(self._slave)

    def _read(self, seconds: float) -> None:
        if select.select([self._master], [], [], seconds)[0]:
            self.shown += os.read(self._master, 65536).decode(errors="replace")
