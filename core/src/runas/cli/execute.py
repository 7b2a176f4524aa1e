"""``runas exec``: the plain run, for a profile that has a subcommand's name."""

from __future__ import annotations

from typing import Annotated

import typer

from runas.config.commandline import Invocation


def execute(
    invocation: Invocation,
    words: Annotated[list[str] | None, typer.Argument(metavar="PROFILE [COMMAND [ARG]...]")] = None,
) -> int:
    """Run a command, or print credentials, even where PROFILE has a subcommand's name.

    \b
    Examples:
      runas exec list aws s3 ls
      runas -E exec sandbox env
    """
    from runas.cli.run import run

    return run(invocation, words or [])
