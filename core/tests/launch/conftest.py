"""Small programs that stand in for runas and for what it runs, and a person at a terminal."""

import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest

PATIENCE = 20

# runas without the part before the command: what the tests of this room are about.
RUNAS = """
import os, sys
from runas.errors import RunasError
from runas.launch.supervise import Child
try:
    sys.exit(Child.start(sys.argv[1:], os.environ).wait())
except RunasError as error:
    print(f"runas: {error}", file=sys.stderr)
    sys.exit(error.status)
"""

EXEC = """
import os, sys
from runas.errors import RunasError
from runas.launch.execute import replace
try:
    replace(sys.argv[1:], os.environ)
except RunasError as error:
    print(f"runas: {error}", file=sys.stderr)
    sys.exit(error.status)
"""

# Tells every signal it gets, until its input ends; then it exits with 7. The numbers come through a
# pipe: a handler in Python would wait for the end of a read that began just after the signal.
RECORDER = """
import os, select, signal, sys
heard, hearing = os.pipe()
os.set_blocking(hearing, False)
signal.set_wakeup_fd(hearing)
for name in "HUP INT QUIT USR1 USR2 TERM CONT TSTP WINCH".split():
    signal.signal(getattr(signal, "SIG" + name), lambda number, frame: None)
os.write(1, b"ready\\n")
while True:
    readable = select.select([heard, 0], [], [])[0]
    if heard in readable:
        for number in os.read(heard, 64):
            os.write(1, signal.Signals(number).name.encode() + b"\\n")
    elif not os.read(0, 64):
        sys.exit(7)
"""


class Terminal:
    """A program on a pseudo-terminal of its own, and what has appeared there."""

    def __init__(self, argv: list[str], environ: dict[str, str] | None = None) -> None:
        self.seen = ""
        self.pid, self.handle = pty.fork()
        if self.pid == 0:
            os.execvpe(argv[0], argv, environ or dict(os.environ))
        self._reaped: int | None = None

    def type(self, text: str) -> None:
        os.write(self.handle, text.encode())

    def expect(self, pattern: str) -> str:
        """Wait until a pattern shows; return what came up to its end, and forget that."""
        end = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self.seen)) is None:
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"no {pattern!r} in {self.seen!r}")
        before, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return before

    def rest(self) -> str:
        """Return all that still comes until the program has ended."""
        end = time.monotonic() + PATIENCE
        while self._read(end - time.monotonic()):
            continue
        return self.seen

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.handle, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def status(self) -> int:
        if self._reaped is None:
            self._reaped = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._reaped

    def close(self) -> None:
        if self._reaped is None:
            os.kill(self.pid, signal.SIGKILL)
            self.status()
        os.close(self.handle)

    def _read(self, patience: float) -> bool:
        if patience <= 0 or not select.select([self.handle], [], [], patience)[0]:
            return False
        try:
            text = os.read(self.handle, 4096)
        except OSError:  # how Linux says that the other side is closed
            return False
        self.seen += text.decode(errors="replace")
        return bool(text)


@pytest.fixture
def terminal():
    opened = []

    def open_terminal(argv, environ=None):
        opened.append(Terminal([str(word) for word in argv], environ))
        return opened[-1]

    yield open_terminal
    for each in opened:
        each.close()


@pytest.fixture
def programs(tmp_path):
    """Give the small programs as files: their command lines by name."""
    texts = {"runas": RUNAS, "execute": EXEC, "recorder": RECORDER}

    def program(name, text=None):
        path = tmp_path / f"the-{name}.py"  # no module shall go by its name
        path.write_text(text if text is not None else texts[name])
        return [sys.executable, str(path)]

    return program


@pytest.fixture
def run():
    """Run a command line to its end; return what became of it."""

    def run_it(*argv, **options):
        options.setdefault("capture_output", True)
        words = [str(word) for word in argv]
        return subprocess.run(words, text=True, timeout=PATIENCE, check=False, **options)

    return run_it


class Recorded:
    """The recorder under runas, at pipes: whom to signal, and what the recorder says."""

    def __init__(self, argv: list[str]) -> None:
        self.process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self._seen = b""
        assert self.line() == "ready"

    def signal(self, name: str) -> None:
        self.process.send_signal(getattr(signal, f"SIG{name}"))

    def line(self) -> str:
        """Return the next line, '' at the end."""
        handle = self.process.stdout.fileno()
        while b"\n" not in self._seen:
            assert select.select([handle], [], [], PATIENCE)[0], "nothing more was said"
            part = os.read(handle, 4096)
            if not part:
                return ""
            self._seen += part
        line, _, self._seen = self._seen.partition(b"\n")
        return line.decode()

    def finish(self) -> list[str]:
        """End the recorder's input, and with it the recorder; return what it said since."""
        self.process.stdin.close()
        lines = list(iter(self.line, ""))
        self.process.wait(PATIENCE)
        return lines

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def recorded(programs):
    recorder = Recorded([*programs("runas"), *programs("recorder")])
    yield recorder
    recorder.close()


@pytest.fixture
def shell_home(tmp_path):
    """Give a home folder in which every shell finds the same aliases and functions."""
    show = tmp_path / "show.py"
    show.write_text("import json, sys\nprint(json.dumps(sys.argv[1:]))\nsys.exit(3)\n")
    rc = tmp_path / "rc"
    rc.write_text(
        "case $- in *i*) ;; *) return;; esac\n"
        "BEFORE='be fore'\n"
        f"alias show='{sys.executable} {show}'\n"
        "alias showing='show \"$BEFORE\"'\n"
        f'shown() {{ {sys.executable} {show} "$BEFORE" "$@"; }}\n'
        'viafunction() { shown "$@"; }\n'
    )
    for name in (".bashrc", ".zshrc", ".kshrc", ".mkshrc"):
        shutil.copy(rc, tmp_path / name)
    fish = tmp_path / "config" / "fish"
    fish.mkdir(parents=True)
    (fish / "config.fish").write_text(
        "if status is-interactive\n"
        "set BEFORE 'be fore'\n"
        f"alias show '{sys.executable} {show}'\n"
        "alias showing 'show $BEFORE'\n"
        f"function shown; {sys.executable} {show} $BEFORE $argv; end\n"
        "function viafunction; shown $argv; end\n"
        "end\n"
    )
    return {
        "HOME": str(tmp_path),
        "ZDOTDIR": str(tmp_path),
        "ENV": str(rc),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
