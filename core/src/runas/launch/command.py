"""Find a command as a shell does, and say why one does not start."""

from __future__ import annotations

import os
import sys

from runas.errors import CommandNotExecutable, CommandNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SHELL = "/bin/sh"


def find(command: str, path: str) -> str:
    """Return the file that *command* names: itself where it has a slash, else sought in *path*.

    Raises CommandNotFound, or CommandNotExecutable where something of that name exists.
    Source: POSIX.1-2024, XCU 2.9.1.4 "Command Search and Execution" (exit statuses 126 and 127).
    """
    return _search(command, path)


if sys.platform == "win32":

    def _search(command: str, path: str) -> str:
        endings = os.environ.get("PATHEXT") or ".COM;.EXE;.BAT;.CMD"
        for candidate in windows_places(command, path, endings):
            if os.path.isfile(candidate):
                return candidate
        raise _not_found(command)

else:

    def _search(command: str, path: str) -> str:
        seen = None
        for candidate in _candidates(command, path):
            if os.path.isfile(candidate):
                if os.access(candidate, os.X_OK):
                    return candidate
                seen = seen or candidate
            elif "/" in command and os.path.exists(candidate):
                seen = candidate
        if seen is not None:
            raise _not_executable(seen)
        raise _not_found(command)


def windows_places(command: str, path: str, endings: str) -> Iterator[str]:
    """Yield where Windows may keep a program, in order; *endings* are those of ``PATHEXT``.

    Other than ``shutil.which`` and ``CreateProcess``, never in the working directory unless the
    path or the command says so: that folder may be a clone, with a ``docker.exe`` of its own.
    """
    known = [ending for ending in endings.split(";") if ending]
    whole = command.lower().endswith(tuple(ending.lower() for ending in known))
    folders = (folder.strip('"') for folder in path.split(os.pathsep))
    for folder in [""] if os.path.dirname(command) else filter(None, folders):
        for ending in [""] if whole else [*known, ""]:
            yield os.path.join(folder, command + ending)


def path_of(environ: Mapping[str, str]) -> str:
    """Return the search path of an environment; the system's default where it has none."""
    return environ.get("PATH", os.defpath)


def as_script(path: str, argv: Sequence[str]) -> list[str]:
    """Return how to run a script that does not say by what: ``execvp`` and every shell use sh."""
    # A relative name found through an empty PATH entry must not become an option of sh.
    name = f"./{path}" if path.startswith("-") else path
    return [_SHELL, name, *argv[1:]]


def not_a_program(path: str, error: OSError) -> bool:
    """Tell a script without ``#!`` from what the kernel cannot run for another reason.

    Bash's rule: a program built for another machine has a NUL in what would be its first line.
    """
    import errno

    if error.errno != errno.ENOEXEC:
        return False
    try:
        with open(path, "rb") as file:
            return b"\0" not in file.read(128).split(b"\n", 1)[0]
    except OSError:  # the shell will say so
        return True


def explain(path: str, error: OSError) -> CommandNotExecutable:
    """Return the error for a file that was there and did not start."""
    import errno

    if error.errno == errno.ENOENT:
        return CommandNotExecutable(
            f"cannot execute {path!r}: the interpreter that it names does not exist",
            "correct its first line",
        )
    if error.errno == errno.E2BIG:
        return CommandNotExecutable(
            f"cannot execute {path!r}: its arguments and environment are too long",
            "pass fewer arguments",
        )
    if error.errno == errno.ENOEXEC:
        return CommandNotExecutable(
            f"cannot execute {path!r}: it was built for another kind of machine",
            "install the one for this machine",
        )
    if error.errno == errno.EACCES:
        return _not_executable(path)
    reason = (error.strerror or "unknown reason").lower()
    return CommandNotExecutable(f"cannot execute {path!r}: {reason}", "try it without runas")


def _candidates(command: str, path: str) -> list[str]:
    if "/" in command or not command:
        return [command]
    # An empty entry means the working directory, as it does for every shell.
    return [os.path.join(folder, command) for folder in path.split(os.pathsep)]


def _not_found(command: str) -> CommandNotFound:
    if os.path.dirname(command):
        return CommandNotFound(f"no such command: {command!r}", "check its path")
    return CommandNotFound(f"command not found: {command!r}", "check its spelling and your PATH")


def _not_executable(path: str) -> CommandNotExecutable:
    if os.path.isdir(path):
        return CommandNotExecutable(f"{path!r} is a folder", "name a command")
    return CommandNotExecutable(f"{path!r} is not executable", f"try: chmod +x {path}")
