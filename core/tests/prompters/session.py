"""A terminal session for one program: a pseudo-terminal as its controlling terminal, pipes around.

The session's leader is a small shell. It gives the terminal to the program (or not), and reports
when the program is stopped, as `jobs` would, so that Ctrl-Z, fg and bg can be tried.
"""

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time

LEADER = """
import fcntl, os, signal, sys, termios
path, foreground, script = sys.argv[1:]
terminal = os.open(path, os.O_RDWR)
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
go, ready = os.pipe()
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os.close(ready)
    os.read(go, 1)
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.close(terminal)
    quiet = os.open(os.devnull, os.O_RDONLY)
    os.dup2(quiet, 0)
    os.execv(sys.executable, [sys.executable, "-c", script])
try:
    os.setpgid(child, child)
except OSError:
    pass
os.close(1)
os.tcsetpgrp(terminal, child if foreground == "fg" else os.getpgrp())
os.write(ready, b"x")
while True:
    _, status = os.waitpid(child, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        break
    os.tcsetpgrp(terminal, os.getpgrp())
    os.write(terminal, b"[stopped %d]" % os.WSTOPSIG(status))
    if os.read(0, 2) == b"fg":
        os.tcsetpgrp(terminal, child)
    os.killpg(child, signal.SIGCONT)
os._exit(os.waitstatus_to_exitcode(status) % 256)
"""


class Session:
    """A running program and the person at its terminal."""

    def __init__(
        self,
        script: str,
        foreground: bool = True,
        stop_writers: bool = False,
        term: str = "xterm",
        size: tuple = (80, 24),
    ) -> None:
        self.screen = self.seen = ""
        self._master, self._slave = os.openpty()
        if stop_writers:
            modes = self.modes()
            modes[3] |= termios.TOSTOP
            termios.tcsetattr(self._slave, termios.TCSANOW, modes)
        columns, lines = size
        window = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, window)
        place = "fg" if foreground else "bg"
        self.process = subprocess.Popen(
            [sys.executable, "-c", LEADER, os.ttyname(self._slave), place, script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "TERM": term},
        )

    def see(self, text: str, seconds: float = 20) -> None:
        """Read the screen until *text* stands there, after all that was seen before."""
        deadline = time.monotonic() + seconds
        while text not in self.screen:
            left = deadline - time.monotonic()
            assert left > 0, f"not seen: {text!r}; the screen: {self.screen!r}; {self._ended()}"
            self._look(min(left, 0.2))
        self.seen, _, self.screen = self.screen.partition(text)

    def _look(self, seconds: float) -> bool:
        found = bool(select.select([self._master], [], [], seconds)[0])
        if found:
            self.screen += os.read(self._master, 65536).decode(errors="replace")
        return found

    def _ended(self) -> str:
        return "running" if self.process.poll() is None else self.process.stderr.read().decode()

    def type(self, text: str | bytes) -> None:
        """Press keys."""
        os.write(self._master, text.encode() if isinstance(text, str) else text)

    def job(self, command: str) -> None:
        """Tell the shell to go on with a stopped program: `fg` or `bg`."""
        self.process.stdin.write(command.encode())
        self.process.stdin.flush()

    @property
    def echo(self) -> bool:
        """Whether the terminal shows what is typed."""
        return bool(termios.tcgetattr(self._slave)[3] & termios.ECHO)

    def modes(self) -> list:
        """Return all of the terminal's settings."""
        return termios.tcgetattr(self._slave)

    def end(self) -> tuple[int, str, str]:
        """Wait for the program; return its status, stdout and stderr. Read the rest it showed."""
        out, err = self.process.communicate(timeout=20)
        while self._look(0):
            pass
        return self.process.returncode, out.decode(), err.decode()

    def close(self) -> None:
        """Hang up, as a window does that is closed."""
        os.close(self._slave)
        os.close(self._master)
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
