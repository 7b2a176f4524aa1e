"""Run the commands that print an answer: ``mfa_process`` and ``password_process``."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

from runas.config.given import Given
from runas.config.options import SECRET_VARIABLES
from runas.errors import ConfigurationError

__all__ = ["output", "split"]

TIMEOUT = 60.0
_HINT = "run the command by itself to see why"


def output(setting: str, command: Given, timeout: float = TIMEOUT) -> str:
    """Run a command line and return the one line it prints.

    The command sees the terminal and our stderr, for it may want a touch or a PIN, but neither our
    stdin nor the secrets given to runas. Whatever it printed stays out of every message.
    """
    name = f"{setting} ({command.origin})"
    printed = _run(name, _arguments(name, command.text), timeout)
    try:
        text = printed.decode().strip()
    except UnicodeDecodeError:
        raise ConfigurationError(f"{name} printed something that is not UTF-8 text") from None
    if not text:
        raise ConfigurationError(f"{name} printed nothing", _HINT)
    if len(text.splitlines()) > 1:
        raise ConfigurationError(f"{name} printed several lines", "make it print the answer alone")
    return text


def _arguments(name: str, line: str) -> list[str]:
    try:
        arguments = split(line)
    except ValueError:
        raise ConfigurationError(f"{name} has a quote that is never closed") from None
    if not arguments:
        raise ConfigurationError(f"{name} is empty")
    return arguments


def _run(name: str, arguments: Sequence[str], timeout: float) -> bytes:
    import subprocess

    from runas.cache.locks import inside_login

    env = {key: value for key, value in os.environ.items() if key.upper() not in SECRET_VARIABLES}
    program = _program(arguments[0]) if sys.platform == "win32" else arguments[0]
    try:
        done = subprocess.run(
            [program, *arguments[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=timeout,
            env=inside_login(env),
            check=False,
        )
    except subprocess.TimeoutExpired:
        # Not chained: that exception carries the output so far.
        raise ConfigurationError(
            f"{name} did not finish within {timeout:g} seconds", _HINT
        ) from None
    except FileNotFoundError:
        raise ConfigurationError(f"{name}: there is no command '{arguments[0]}'") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a command line"
        raise ConfigurationError(f"{name}: cannot run '{arguments[0]}': {reason}") from None
    if done.returncode < 0:
        raise ConfigurationError(f"{name} was ended by signal {-done.returncode}", _HINT)
    if done.returncode:
        raise ConfigurationError(f"{name} failed with status {done.returncode}", _HINT)
    return done.stdout


def split(line: str, platform: str = sys.platform) -> list[str]:
    """Split a command line as ``credential_process`` is: by the shell's rules, or Windows' own."""
    if platform == "win32":
        return _split_windows(line)
    import shlex

    return shlex.split(line)


# What an argument is made of: backslashes before a quote, a quote, a blank, anything else.
_PIECE = re.compile(r'(\\*)"|([ \t]+)|(\\+|[^\\" \t]+)')


def _split_windows(line: str) -> list[str]:
    """Split by the rules of the Microsoft C runtime; raise ValueError for an open quote.

    Before a double quote, two backslashes stand for one and an odd one makes the quote ordinary;
    anywhere else a backslash is itself.
    Source: https://learn.microsoft.com/cpp/cpp/main-function-command-line-args
    """
    done: list[str] = []
    current: str | None = None  # None between arguments; "" is an argument all the same
    quoted = False
    for piece in _PIECE.finditer(line):
        slashes, blank, text = piece.groups()
        if slashes is not None:
            current = (current or "") + "\\" * (len(slashes) // 2)
            if len(slashes) % 2:
                current += '"'
            else:
                quoted = not quoted
        elif blank and not quoted:
            if current is not None:
                done.append(current)
            current = None
        else:
            current = (current or "") + (blank or text)
    if quoted:
        raise ValueError("no closing quotation")
    return done if current is None else [*done, current]


def _program(name: str) -> str:
    """Find a program on the PATH, and nowhere else: Windows would try the current directory."""
    if os.path.dirname(name):
        return name
    endings = ["", *os.environ.get("PATHEXT", ".COM;.EXE;.BAT;.CMD").split(";")]
    for folder in filter(None, os.environ.get("PATH", "").split(os.pathsep)):
        for ending in endings:
            path = os.path.join(folder, name + ending)
            if os.path.isabs(path) and os.path.isfile(path):
                return path
    raise FileNotFoundError(name)
