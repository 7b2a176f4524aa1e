"""The full program, for everything that the fast lane hands over."""

from __future__ import annotations

import logging
import os
import re
import sys
import traceback
from typing import TYPE_CHECKING

from runas.cli import report
from runas.config.commandline import Invocation, parse
from runas.config.options import BY_NAME
from runas.errors import Cancelled, RunasError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_VERBS = {
    "list_roles": ("list", "roles"),
    "list_mfa": ("list", "mfa"),
    "ec2": ("serve", "ec2"),
    "diagnose": ("diagnose",),
    "update": ("update",),
}
_USER = re.compile(r"(?<=://)[^\s?#]+@")
_PENDING: tuple[str, ...] = ()
"""Options whose verbs this release does not have yet."""


def main(words: Sequence[str]) -> int:
    """Run one invocation and return its exit status; a traceback gets out with ``-vv`` only."""
    verbose = 0
    try:
        invocation = parse(words, os.environ)
        verbose = invocation.count("verbose")
        _logging(verbose)
        return _dispatch(invocation)
    except RunasError as error:
        _trace(verbose)
        return report.failure(error)
    except KeyboardInterrupt:
        return Cancelled.status
    except Exception as error:  # noqa: BLE001 - the one place that may: a bug is one line too
        _trace(verbose)
        return report.failure(_bug(error))


def _dispatch(invocation: Invocation) -> int:
    for name in _PENDING:
        if invocation.typed(name):
            flag = BY_NAME[name].flags[-1]
            raise UsageError(f"{flag} is not part of this release", "see 'runas --help'")
    if invocation.on("version"):
        from runas.cli.versions import print_versions

        return print_versions()
    for name, verb in _VERBS.items():
        if invocation.on(name):
            invocation = Invocation(
                invocation.given, invocation.options, [*verb, *invocation.words]
            )
    if invocation.wants_help or invocation.subcommand not in (None, "exec"):
        from runas.cli.app import run_app

        return run_app(invocation)
    from runas.cli.run import run

    return run(invocation, invocation.profile_words())


def _bug(error: Exception) -> RunasError:
    """Turn an unexpected exception into one line that names the plugin it came from, if any."""
    frame = error.__traceback__
    culprit = None
    while frame is not None:
        module = frame.tb_frame.f_globals.get("__name__", "")
        if not module.startswith("runas.") and module.startswith("runas"):
            culprit = module
        frame = frame.tb_next
    return RunasError(
        f"unexpected {type(error).__name__} in {_owner(culprit)}",
        "run again with -vv and report what it prints",
    )


def _owner(module: str | None) -> str:
    from runas import plugins

    found = plugins.blame(module) if module else None
    return f"the plugin {found}" if found else "runas itself"


def _trace(verbose: int) -> None:
    """Print the exception being handled, without the passwords of proxies that libraries quote."""
    if verbose >= 2 and sys.stderr is not None:
        sys.stderr.write(_USER.sub("", traceback.format_exc()))


def _logging(verbose: int) -> None:
    """Send notices to stderr, each once; debug output too where it was asked for."""
    notices = logging.getLogger("runas.notice")
    notices.handlers[:] = [_Notices(report.once())]
    notices.propagate = False
    if verbose:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s", "%H:%M:%S"))
        root = logging.getLogger("runas")
        root.handlers[:] = [handler]
        root.setLevel(logging.DEBUG)


class _Notices(logging.Handler):
    """Say a notice in runas's own voice."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self._say(record.getMessage())
