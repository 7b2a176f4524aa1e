"""Say in one line why runas ends, and with which status; the streams that this is said on.

One file, for every command loads both.
"""

from __future__ import annotations

import io
import os
import sys

from runas.errors import ConfigurationError, RunasError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

# What steers a terminal, C1 included, or turns the direction of writing.
# Source: ECMA-48; Unicode Standard Annex #9
_HIDDEN = dict.fromkeys(
    (
        *(*range(32), *range(127, 160), 0x061C, 0x200E, 0x200F),
        *(*range(0x2028, 0x202F), *range(0x2066, 0x206A)),
    ),
    "?",
)


def failure(error: RunasError) -> int:
    """Print *error* as one line on stderr and return its exit status.

    What a helper process has already said to the person is not said again.
    """
    if not getattr(error, "said", False):
        say(str(error))
    return error.status


def say(text: str) -> None:
    """Print one line on stderr, even where stderr is closed or narrow in what it can encode."""
    line = f"runas: {text.translate(_HIDDEN)}\n"
    stream = sys.stderr
    try:
        stream.write(line)
        stream.flush()
    except UnicodeEncodeError:
        stream.write(line.encode("ascii", "backslashreplace").decode("ascii"))
    except (AttributeError, OSError, ValueError):
        pass  # nobody listens; the exit status still tells


def once() -> Callable[[str], None]:
    """Return a way to say things that says each text only once."""
    said: set[str] = set()

    def speak(text: str) -> None:
        if text not in said:
            said.add(text)
            say(text)

    return speak


class ReaderGone(RunasError):
    """Whoever read stdout has gone: runas ends as a program that SIGPIPE killed, in silence."""

    status = 141
    said = True


class _Stream(io.TextIOWrapper):
    """A standard stream that has its own way to fail, whichever library was writing."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except UnicodeEncodeError:
            narrow = text.encode(self.encoding, "backslashreplace")
            return self.write(narrow.decode(self.encoding))
        except OSError as error:
            self.lost(error)
        return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self.lost(error)

    def lost(self, error: OSError) -> None:
        """Do without the stream: nobody listens, and the exit status still tells."""


class _Output(_Stream):
    """Stdout, which has what was asked for: without it, runas has failed."""

    def lost(self, error: OSError) -> None:
        """Raise an error of runas; what is still to be written goes nowhere, and cannot fail."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.fileno())
        if isinstance(error, BrokenPipeError):
            raise ReaderGone("nobody reads stdout") from error
        reason = (error.strerror or str(error)).lower()
        fact = f"cannot write to stdout: {reason}"
        raise ConfigurationError(fact, "send it somewhere else") from error


def furnish() -> None:
    """Put something in the place of streams that are closed, and watch over those for writing.

    Else the next file to be opened would get a stream's number, and be written to. The command
    does not inherit it, and finds the stream closed. Nothing can be written to such a stdout: who
    asks for credentials shall hear that they went nowhere.
    """
    for name, mode, flags in (
        ("stdin", "r", os.O_RDONLY),
        ("stdout", "w", os.O_RDONLY),
        ("stderr", "w", os.O_WRONLY),
    ):
        if getattr(sys, name) is None:
            stream = open(os.open(os.devnull, flags), mode, closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
    sys.stdout = _watched(sys.stdout, _Output)
    sys.stderr = _watched(sys.stderr, _Stream)


def _watched(plain: TextIO, kind: type[_Stream]) -> TextIO:
    if type(plain) is not io.TextIOWrapper:  # another program has taken the stream
        return plain
    return kind(
        plain.buffer,
        plain.encoding,
        plain.errors,
        line_buffering=plain.line_buffering,
        write_through=plain.write_through,
    )


def flushed(status: int) -> int:
    """Write out what is pending; return *status*, or that of the loss where all else went well."""
    try:
        sys.stdout.flush()
    except RunasError as error:
        return status or failure(error)
    return status
