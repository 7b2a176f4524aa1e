"""The fast lane: credentials that are cached and fresh go straight out.

``main`` is the ``runas`` command. What it loads, every command pays for, so it loads the config,
cache, formats and launch rooms and nothing else. Whatever needs a login, a question, a listing or
a help text is handed over to the full program in ``runas.cli``.
"""

from __future__ import annotations

import os
import sys

from runas.cli.report import failure, flushed, furnish
from runas.errors import RunasError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

_SLOW = (
    "ec2", "version", "whoami", "list_roles", "list_mfa", "diagnose", "update", "record",
    "write_credentials",
)  # fmt: skip


def main() -> int:
    """Run ``sys.argv`` and return the exit status."""
    furnish()
    words = sys.argv[1:]
    try:
        status = _fast(words)
    except RunasError as error:
        return failure(error)
    except KeyboardInterrupt:
        return 130
    return flushed(_full(words)) if status is None else _leave(flushed(status))


def _fast(words: list[str]) -> int | None:
    """Serve the invocation from the cache; return None where the full program is needed."""
    from runas.config.commandline import parse

    if not words:
        return None
    if words[0] == "completion" and words[1:2] in (["--words"], ["--next"]):
        from runas.cli.complete import main as complete

        return complete(words[1], words[2:])
    invocation = parse(words, os.environ)
    if invocation.subcommand not in (None, "exec") or invocation.wants_help:
        return None
    if any(map(invocation.on, _SLOW)):
        return None
    from runas.cli.cached import serve

    return serve(invocation)


def _leave(status: int) -> NoReturn:
    """End at once: taking the interpreter apart would cost a tenth of what starting it did."""
    sys.stderr.flush()
    os._exit(status)


def _full(words: list[str]) -> int:
    from runas.cli.main import main as full

    return full(words)


if __name__ == "__main__":
    sys.exit(main())
