"""A helper behind a running command: quiet, and ended with it."""

from __future__ import annotations

import os
import sys
import threading

from runas.errors import Cancelled

from .pipe import rest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _FileAction = tuple[int, int, int] | tuple[int, int, str, int, int]

_PATIENCE = 1.0  # seconds that a helper gets to end by itself
_LOOK_EVERY = 0.05  # seconds

if sys.platform == "win32":
    import subprocess

    class Background:
        """A helper behind a running command."""

        def __init__(self) -> None:
            self._lock = threading.Lock()
            self._process: subprocess.Popen[bytes] | None = None
            self._cancelled = False

        def run(
            self, argv: Sequence[str], environ: Mapping[str, str], quiet: bool
        ) -> tuple[int, bytes, str]:
            """Run to the end; return the status, stdout and the last line of stderr."""
            with self._lock:
                if self._cancelled:
                    raise Cancelled("the login was cancelled")
                self._process = subprocess.Popen(
                    list(argv),
                    env=dict(environ),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE if quiet else None,
                )
            output, complaint = self._process.communicate()
            return self._process.returncode, output, _last_line(complaint or b"")

        def cancel(self) -> None:
            """End the helper."""
            with self._lock:
                self._cancelled = True
                if self._process is not None:
                    self._process.kill()

    def terminal_is_ours() -> bool:
        """Tell whether a question would reach the person."""
        return sys.stderr is not None and sys.stderr.isatty()

else:
    import signal
    import tempfile
    import time

    class Background:
        """A helper behind a running command.

        Started without ``subprocess``, which would hand on the signals that runas has blocked.
        """

        def __init__(self) -> None:
            self._lock = threading.Lock()
            self._pid = 0
            self._cancelled = False

        def run(
            self, argv: Sequence[str], environ: Mapping[str, str], quiet: bool
        ) -> tuple[int, bytes, str]:
            """Run to the end; return the status, stdout and the last line of stderr.

            A quiet helper is no part of the job on the terminal: Ctrl-C is for the command.
            """
            reading, writing = os.pipe()
            with tempfile.TemporaryFile() as complaints:
                try:
                    self._start(argv, environ, writing, complaints.fileno() if quiet else None)
                    os.close(writing)
                    writing = -1
                    status = self._wait()
                    output = rest(reading)
                finally:
                    os.close(reading)
                    if writing >= 0:
                        os.close(writing)
                complaints.seek(0)
                return status, output, _last_line(complaints.read())

        def _start(
            self,
            argv: Sequence[str],
            environ: Mapping[str, str],
            stdout: int,
            stderr: int | None,
        ) -> None:
            files: list[_FileAction] = [
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, stdout, 1),
            ]
            if stderr is not None:
                files.append((os.POSIX_SPAWN_DUP2, stderr, 2))
            with self._lock:
                if self._cancelled:
                    raise Cancelled("the login was cancelled")
                self._pid = _spawn(argv, environ, files, own_group=stderr is not None)

        def _wait(self) -> int:
            while True:
                with self._lock:
                    pid, status = os.waitpid(self._pid, os.WNOHANG)
                    if pid:
                        self._pid = 0
                        code = os.waitstatus_to_exitcode(status)
                        return code if code >= 0 else 128 - code
                time.sleep(_LOOK_EVERY)

        def cancel(self) -> None:
            """End the helper: politely, then at once."""
            self._send(signal.SIGTERM, signal.SIGCONT)
            give_up = time.monotonic() + _PATIENCE
            while self._pid and time.monotonic() < give_up:
                time.sleep(_LOOK_EVERY)
            self._send(signal.SIGKILL)

        def _send(self, *numbers: signal.Signals) -> None:
            with self._lock:
                self._cancelled = True
                for number in numbers:
                    if self._pid:
                        os.kill(self._pid, number)

    def _spawn(
        argv: Sequence[str],
        environ: Mapping[str, str],
        files: list[_FileAction],
        own_group: bool,
    ) -> int:
        def spawn(**more: int) -> int:
            return os.posix_spawn(
                argv[0],
                list(argv),
                environ,
                file_actions=files,
                setsigmask=(),
                setsigdef=(signal.SIGPIPE, signal.SIGXFSZ),
                **more,  # type: ignore[arg-type]
            )

        return spawn(setpgroup=0) if own_group else spawn()

    def terminal_is_ours() -> bool:
        """Tell whether a question would reach the person without taking a command's terminal.

        Without any terminal it is ours too: then a push may still be approved on a phone.
        """
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return True
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:
            return False
        finally:
            os.close(terminal)


def _last_line(text: bytes) -> str:
    lines = text.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("runas: ") if lines else ""
