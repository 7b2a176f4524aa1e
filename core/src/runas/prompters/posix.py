"""The terminal device of POSIX systems: ``/dev/tty``.

Echo is switched off on the device itself, and comes back whatever ends the question: an answer,
Ctrl-C, SIGTERM, or Ctrl-Z for as long as the process is stopped.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any

from runas.errors import Cancelled
from runas.prompters.device import BACKGROUND, LOOK, NoTerminal, Tty, closed, without_paste_marks
from runas.prompters.keyboard import keys_in, line_of

assert sys.platform != "win32"

__all__ = ["PosixTty", "open_device"]

# A process in the background is stopped by these when it uses the terminal. Blocked, the read
# fails at once instead (EIO), which can be said in words.
_JOB_CONTROL = {signal.SIGTTIN, signal.SIGTTOU}
_DEADLY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_CLOSE = b"\x04"  # Ctrl-D, where keys are read
_LONGEST = 65536
_INPUT_FLAGS, _LOCAL_FLAGS, _CHARACTERS = 0, 3, 6  # positions in what tcgetattr returns


def open_device(path: str = "/dev/tty") -> PosixTty:
    """Open the controlling terminal; raise NoTerminal without one, or in the background."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise NoTerminal("there is no terminal") from error
    tty = PosixTty(fd)
    if not tty.interactive:
        tty.close()
        raise NoTerminal(BACKGROUND)
    return tty


class PosixTty(Tty):
    """A terminal behind a file descriptor, which it owns."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._parent = os.getppid()
        self.dumb = os.environ.get("TERM", "dumb") in ("", "dumb", "unknown")

    @property
    def interactive(self) -> bool:
        """Whether this process is in the terminal's foreground."""
        try:
            return os.tcgetpgrp(self._fd) == os.getpgrp()
        except OSError:  # hung up, or closed
            return False

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines; 80 by 24 where the terminal does not know."""
        try:
            columns, lines = os.get_terminal_size(self._fd)
        except OSError:
            return 80, 24
        return columns or 80, lines or 24

    def read_line(self, prompt: str) -> str:
        """Read what a person types."""
        return self._ask(prompt, echo=True)

    def read_hidden(self, prompt: str) -> str:
        """Read a secret."""
        return self._ask(prompt, echo=False)

    def read_unless(self, prompt: str, done: Callable[[], bool]) -> str | None:
        """Read a line by its keys: a terminal takes whole lines up to a length only (MAX_CANON)."""
        if not self.interactive:
            raise NoTerminal(BACKGROUND)
        line = b""
        again = partial(self.write, prompt)
        with _blocked(_JOB_CONTROL), self._asking(again, echo=True, lines=False):
            self.write(prompt)
            while not done():
                byte = self._key_soon()
                if byte == _CLOSE and not line:
                    closed()
                if byte == b"\n":
                    self.write("\n")
                    return line_of(line)
                line = (line + byte)[:_LONGEST]
            self.write("\n")
        return None

    def _key_soon(self) -> bytes:
        """Return the next byte typed, if one comes soon: the rest may be somebody else's."""
        if not self.interactive:
            time.sleep(LOOK)
        elif select.select((self._fd,), (), (), LOOK)[0]:
            with suppress(NoTerminal):  # sent to the background meanwhile: the wait goes on
                return self._some(1)
        return b""

    @property
    def live(self) -> bool:
        """Whether the cursor can be moved; a thread may be called off, and reads lines."""
        return not self.dumb and threading.current_thread() is threading.main_thread()

    @contextmanager
    def keys(self, redraw: Callable[[], None]) -> Iterator[Callable[[], str]]:
        """Read single keys."""
        if not self.interactive:
            raise NoTerminal(BACKGROUND)
        waiting: list[str] = []
        rest = b""

        def next_key() -> str:
            nonlocal rest
            while not waiting:
                found, rest = keys_in(rest + self._some())
                waiting.extend(found)
            return waiting.pop(0)

        with _blocked(_JOB_CONTROL), self._asking(redraw, echo=True, lines=False):
            yield next_key

    def _ask(self, prompt: str, echo: bool) -> str:
        if not self.interactive:
            raise NoTerminal(BACKGROUND)
        with _blocked(_JOB_CONTROL), self._asking(lambda: self.write(prompt), echo):
            while True:
                self.write(prompt)
                line = self._line()
                if not echo:
                    self.write("\n")
                try:
                    return without_paste_marks(line.decode(_encoding()))
                except UnicodeDecodeError:  # half a character could only be a wrong answer
                    self.write(f"that is not text in {_encoding()}; please type it again\n")

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            line += self._some()
        return line

    def _some(self, most: int = 4096) -> bytes:
        """Wait for input, and return what there is."""
        self._await()
        try:
            more = os.read(self._fd, most)
        except OSError as error:
            if not self.interactive:
                raise NoTerminal(BACKGROUND) from error
            raise Cancelled("cancelled: the terminal was closed") from error
        if not more:
            closed()
        return more

    def _await(self) -> None:
        """Wait for input, but not as an orphan: what is typed then is meant for somebody else."""
        while self.interactive:  # else reading fails at once
            ready, _, _ = select.select((self._fd,), (), (), LOOK)
            if os.getppid() != self._parent:
                raise Cancelled("cancelled: the program that asked for this has ended")
            if ready:
                return

    @contextmanager
    def _asking(self, again: Callable[[], None], echo: bool, lines: bool = True) -> Iterator[None]:
        """Prepare the terminal for a line, or for keys, and leave it as it was."""
        try:
            before = termios.tcgetattr(self._fd)
        except termios.error as error:
            raise Cancelled("cancelled: the terminal was closed") from error
        prepared = False

        def prepare(flush: bool = not echo) -> None:
            nonlocal prepared
            prepared = True
            self._set(_modes(before, echo, lines), flush)

        def leave() -> None:
            nonlocal prepared
            ours = self.interactive or os.getppid() == self._parent
            if prepared and ours:  # else it has been left already, or is the shell's by now
                self._set(before, flush=not echo)
            prepared = False

        def resume() -> None:
            if self.interactive:  # else the next read fails, and says so
                prepare(flush=True)
                again()

        with _guarded(leave, resume):
            try:
                prepare()
                yield
            except BaseException:
                self.write("\n")
                raise
            finally:
                leave()

    def _set(self, modes: list[Any], flush: bool) -> None:
        """Apply terminal modes without waiting for output that may be held up (Ctrl-S).

        Around a secret, input that is not yet read is dropped: what was typed before echo was off,
        and the rest of a paste that had more lines than one.
        """
        with suppress(termios.error):  # the terminal is gone: there is nothing left to restore
            termios.tcsetattr(self._fd, termios.TCSANOW, modes)
            if flush:
                termios.tcflush(self._fd, termios.TCIFLUSH)

    def _put(self, text: str) -> None:
        rest = text.encode(_encoding(), "replace")
        with _blocked({signal.SIGTTOU}):
            while rest:
                try:
                    rest = rest[os.write(self._fd, rest) :]
                except OSError:
                    return  # nobody is looking any more; reading will say so

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._fd)


def _encoding() -> str:
    return sys.getfilesystemencoding()  # on POSIX: the locale's


def _modes(before: list[Any], echo: bool, lines: bool) -> list[Any]:
    """Return the modes for reading, even on a terminal that a crashed program left raw."""
    modes = list(before)
    modes[_INPUT_FLAGS] |= termios.ICRNL
    modes[_LOCAL_FLAGS] |= termios.ICANON | termios.ISIG
    if not lines:  # key by key; Ctrl-C and Ctrl-Z still mean what they always do
        modes[_LOCAL_FLAGS] &= ~(termios.ICANON | termios.ECHO)
        modes[_CHARACTERS] = list(modes[_CHARACTERS])
        modes[_CHARACTERS][termios.VMIN], modes[_CHARACTERS][termios.VTIME] = 1, 0
    elif echo:
        modes[_LOCAL_FLAGS] |= termios.ECHO
    else:
        modes[_LOCAL_FLAGS] &= ~(termios.ECHO | termios.ECHONL)
    return modes


@contextmanager
def _blocked(signals: set[signal.Signals]) -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _guarded(leave: Callable[[], None], resume: Callable[[], None]) -> Iterator[None]:
    """Call *leave* before a signal ends or stops the process, and *resume* when it goes on.

    Only signals that would act by themselves are taken: a handler that someone installed raises or
    returns, and both go through ``finally``. Only the main thread may install handlers.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def act(number: int, frame: FrameType | None) -> None:
        leave()
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)  # ends here, or stops here until SIGCONT
        signal.signal(number, act)

    def go_on(number: int, frame: FrameType | None) -> None:
        resume()

    wanted = dict.fromkeys((*_DEADLY, signal.SIGTSTP), act) | {signal.SIGCONT: go_on}
    taken = [number for number in wanted if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, wanted[number])
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
