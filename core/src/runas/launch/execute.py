"""Become a command."""

from __future__ import annotations

import os
import sys

from .command import as_script, explain, find, not_a_program, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

__all__ = ["find", "replace"]


def replace(argv: Sequence[str], environ: Mapping[str, str]) -> NoReturn:
    """Become the command. On Windows, which cannot: run it and exit with its status."""
    if sys.platform == "win32":
        from .supervise import Child

        sys.exit(Child.start(argv, environ).wait())
    else:
        path = find(argv[0], path_of(environ))
        _restore_signals()
        try:
            os.execve(path, list(argv), environ)
        except OSError as error:
            if not_a_program(path, error):
                _replace_by_shell(path, argv, environ)
            raise explain(path, error) from error


def _replace_by_shell(path: str, argv: Sequence[str], environ: Mapping[str, str]) -> None:
    try:
        script = as_script(path, argv)
        os.execve(script[0], script, environ)
    except OSError as error:
        raise explain(path, error) from error


def _restore_signals() -> None:
    """Give back what Python ignores: without SIGPIPE, ``runas -E p yes | head`` never ends."""
    if sys.platform != "win32":
        from .signals import DEFAULTED, signals

        for number in DEFAULTED:
            signals.signal(number, signals.SIG_DFL)
