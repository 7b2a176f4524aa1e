"""What ``runas serve`` says at its start: on stdout for a shell to read, on stderr for a person."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from runas import formats
from runas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHELLS = {"sh, bash, zsh": "env", "fish": "fish", "PowerShell": "powershell", "cmd": "cmd"}
_LEFT = 15


def lines(style: str, variables: Mapping[str, str]) -> str:
    """Write variables in one of the shells' formats, a line each."""
    line = formats.LINES[style]
    return "".join(line(name, text) + "\n" for name, text in variables.items())


def stdout(style: str | None, variables: Mapping[str, str]) -> None:
    """Print the variables for a shell to read."""
    sys.stdout.write(lines(style if style in formats.LINES else "env", variables))
    sys.stdout.flush()


def message(what: str, variables: Mapping[str, str], link: str, env_file: str | None = None) -> str:
    """Say what is served, how each shell and a container are led there, and where the page is."""
    blocks = [f"runas: serving {what}\n"]
    for name, style in _SHELLS.items():
        told = lines(style, variables).splitlines()
        heads = [f"  {name}:", *[""] * (len(told) - 1)]
        blocks += [f"{head:{_LEFT + 2}} {text}\n" for head, text in zip(heads, told, strict=True)]
    blocks.append(f"{'  docker:':{_LEFT + 2}} {docker(variables, env_file)}\n")
    blocks.append(f"{'  page:':{_LEFT + 2}} {link}\n")
    return "".join(blocks)


def docker(variables: Mapping[str, str], env_file: str | None = None) -> str:
    """Return the command for a container, which needs this machine's own network.

    It takes the values from the shell or from the file: on a command line all users see them.
    """
    wanted = " ".join(f"-e {name}" for name in variables)
    if env_file:
        wanted = f"--env-file {shlex.quote(env_file)}"
    return f"docker run --network host {wanted} IMAGE"


def write_private(path: str, text: str) -> None:
    """Write a file that its owner alone can read, whatever was there before; raises UsageError."""
    path = os.path.abspath(path)
    temporary = ""
    try:
        if os.path.lexists(path) and not os.path.isfile(path):
            raise UsageError(f"{path} is no regular file", "name another")
        handle, temporary = tempfile.mkstemp(prefix=".runas-", dir=os.path.dirname(path))  # 0600
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise UsageError(f"cannot write {path}: {error.strerror}", "name another") from error
