"""Start the command, stand between it and whoever signals runas, and report how it ended.

The command stays in the process group of runas, so that ``runas p cmd | less`` is one job. What the
terminal sends (Ctrl-C, Ctrl-Z, a new window size) the kernel hands to both; only what somebody
sends to runas alone is handed on. A second SIGINT would make terraform abort instead of stop.

Signals are not handled but *waited for*: they are blocked before the command starts and taken out
one by one, so none is lost between start and wait, and none interrupts the endpoint's threads.
"""

from __future__ import annotations

import os
import sys

from .command import as_script, explain, find, not_a_program, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

if sys.platform == "win32":
    import signal
    import subprocess

    class Child:
        """A running command. The console sends Ctrl-C to it and to runas, which ignores it."""

        def __init__(self, process: subprocess.Popen[bytes]) -> None:
            self._process = process
            self._inherited = [
                (number, signal.signal(number, signal.SIG_IGN))
                for number in (signal.SIGINT, signal.SIGBREAK)
            ]

        @classmethod
        def start(
            cls,
            argv: Sequence[str],
            environ: Mapping[str, str],
            stdin: int | None = None,
            stdout: int | None = None,
        ) -> Child:
            """Start the command; raises CommandNotFound or CommandNotExecutable."""
            path = find(argv[0], path_of(environ))
            words = [path, *argv[1:]]
            try:
                return cls(subprocess.Popen(words, env=dict(environ), stdin=stdin, stdout=stdout))
            except OSError as error:
                raise explain(path, error) from error

        def wait(self) -> int:
            """Return the command's exit status."""
            return self._process.wait()

        def release(self) -> None:
            """Let Ctrl-C mean this process again, once the command has ended."""
            for number, handler in self._inherited:
                signal.signal(number, handler)

else:
    from .signals import AWAITED, DEFAULTED, FORWARDED, TYPED, UNHEARD, signals

    _STOP = int(signals.SIGTSTP)
    _CONTINUE = int(signals.SIGCONT)
    _HANGUP = int(signals.SIGHUP)
    _BY_KERNEL = 0x80  # SI_KERNEL of Linux's <asm-generic/siginfo.h>

    class Child:
        """A running command. Only one at a time, and only from the main thread."""

        def __init__(self, pid: int, inherited: set[int | signals.Signals]) -> None:
            self._pid = pid
            self._inherited = inherited
            self._stopped = False
            self._woken = False

        @classmethod
        def start(
            cls,
            argv: Sequence[str],
            environ: Mapping[str, str],
            stdin: int | None = None,
            stdout: int | None = None,
        ) -> Child:
            """Start the command; raises CommandNotFound or CommandNotExecutable.

            From here on the signals that runas hands on are blocked, until `release`. Do without
            that where runas ends with the command: a Ctrl-C that arrives while it does so must
            not end in a traceback. *stdin* and *stdout* are file descriptors to use instead.
            """
            path = find(argv[0], path_of(environ))
            inherited = set(signals.pthread_sigmask(signals.SIG_BLOCK, AWAITED | UNHEARD))
            _hear()
            instead = [
                (os.POSIX_SPAWN_DUP2, handle, number)
                for number, handle in enumerate((stdin, stdout))
                if handle is not None
            ]
            try:
                return cls(_spawn(path, argv, environ, inherited, instead), inherited)
            except OSError as error:
                signals.pthread_sigmask(signals.SIG_SETMASK, inherited)
                raise explain(path, error) from error

        def wait(self) -> int:
            """Pass signals on until the command has ended; return the status to end with."""
            while True:
                status = self._look()
                if status is not None:
                    return status
                number, code, sender = _next_signal()
                if number == _CONTINUE and self._woken:
                    # The shell continues the whole job; who continues runas alone means both.
                    self._woken = False
                    if self._stopped:
                        self._pass_on(number)
                elif _from_terminal(number, code):
                    if number == _STOP and self._stopped:  # Ctrl-Z, and the command sleeps already
                        self._stop_too()
                elif number in FORWARDED and sender != self._pid:
                    self._pass_on(number)

        def release(self) -> None:
            """Let signals mean this process again, once the command has ended."""
            signals.pthread_sigmask(signals.SIG_SETMASK, self._inherited)

        def _look(self) -> int | None:
            """Take in what has become of the command: its exit status, or None while it lives."""
            options = os.WNOHANG | os.WUNTRACED | os.WCONTINUED
            while True:
                try:
                    pid, status = os.waitpid(self._pid, options)
                except ChildProcessError:  # somebody else reaped it: its status is lost
                    return 255
                if pid == 0:
                    return None
                if os.WIFSTOPPED(status):
                    self._stopped = True
                    self._stop_too()
                elif os.WIFCONTINUED(status):
                    self._stopped = False
                else:
                    code = os.waitstatus_to_exitcode(status)
                    return code if code >= 0 else 128 - code

        def _pass_on(self, number: int) -> None:
            # Not yet reaped, so the process id cannot have become somebody else's.
            # Not permitted where it is sudo: that has no need of us.
            try:
                os.kill(self._pid, number)
            except OSError:
                return

        def _stop_too(self) -> None:
            """Stop like the command, so that the shell notices and takes the terminal back.

            Raised while blocked, the signal merges with one of the terminal that is pending: that
            makes one stop, and SIGCONT discards the rest. In an orphaned process group, where
            nobody could continue runas, the kernel discards it and runas goes on waiting.
            """
            signals.raise_signal(_STOP)
            signals.pthread_sigmask(signals.SIG_UNBLOCK, (_STOP,))
            signals.pthread_sigmask(signals.SIG_BLOCK, (_STOP,))
            self._woken = _CONTINUE in signals.sigpending()

    def _hear() -> None:
        """Keep signals that are ignored by default: some kernels drop them even while blocked."""
        for number in (signals.SIGCHLD, signals.SIGCONT, signals.SIGWINCH):
            signals.signal(number, _nothing)

    def _nothing(number: int, frame: object) -> None:
        """Handle a signal; never called, because it stays blocked."""

    def _spawn(
        path: str,
        argv: Sequence[str],
        environ: Mapping[str, str],
        mask: set[int | signals.Signals],
        files: list[tuple[int, int, int]],
    ) -> int:
        def spawn(path: str, words: list[str]) -> int:
            return os.posix_spawn(
                path, words, environ, file_actions=files, setsigmask=mask, setsigdef=DEFAULTED
            )

        try:
            return spawn(path, list(argv))
        except OSError as error:
            if not not_a_program(path, error):
                raise
        script = as_script(path, argv)
        return spawn(script[0], script)

    if sys.platform == "linux":

        def _next_signal() -> tuple[int, int | None, int]:
            """Wait for a signal; return its number, its code and its sender."""
            info = signals.sigwaitinfo(AWAITED)
            return info.si_signo, info.si_code, info.si_pid

    else:

        def _next_signal() -> tuple[int, int | None, int]:
            """Wait for a signal; this kernel tells nothing but its number."""
            return int(signals.sigwait(AWAITED)), None, 0

    def _from_terminal(number: int, code: int | None) -> bool:
        """Tell a signal that the whole foreground process group got from one sent to runas.

        When a terminal goes away, the kernel tells the session's leader alone: where that is runas
        (a container, ``ssh host runas ...``), the command must hear it too.
        """
        if number == _HANGUP and os.getsid(0) == os.getpid():
            return False
        if code is not None:
            return code == _BY_KERNEL
        return number in TYPED and _in_foreground()

    def _in_foreground() -> bool:
        try:
            terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
        except OSError:
            return False
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:
            return False
        finally:
            os.close(terminal)
