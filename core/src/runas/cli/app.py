"""The Typer app: help, and every subcommand. The plain run never loads it."""

from __future__ import annotations

from typing import Annotated

import typer

from runas.cli import listing, plugin, sandbox
from runas.cli.helptext import options_help
from runas.cli.options import with_options
from runas.config.commandline import Invocation
from runas.errors import UsageError

_MALFORMED: type[Exception] = typer.BadParameter.__mro__[
    1
]  # UsageError; typer exports only this leaf of it

_ABOUT = """Run COMMAND with the credentials of the role that PROFILE names.

\b
  runas [OPTIONS] PROFILE [COMMAND [ARG]...]      run COMMAND with the role's credentials
  runas [OPTIONS] PROFILE                         print the credentials (see -O)
  runas [OPTIONS] --role ROLE [COMMAND [ARG]...]  no profile needed: ROLE takes its place
  runas SUBCOMMAND ...

\b
Examples:
  runas admin aws s3 ls
  runas -E admin docker run -e AWS_ACCESS_KEY_ID -e AWS_SECRET_ACCESS_KEY -e AWS_SESSION_TOKEN IMAGE
  eval "$(runas admin)"
  runas -O json admin
"""


def run_app(invocation: Invocation) -> int:
    """Run one subcommand, or show help; return the exit status."""
    words = list(invocation.words)
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    elif invocation.on("help"):
        words = [*words[:2], "--help"] if invocation.subcommand else ["--help"]
    try:
        status = _app()(words, prog_name="runas", standalone_mode=False, obj=invocation)
    except _MALFORMED as error:
        message = str(getattr(error, "format_message", error.__str__)())
        raise UsageError(message.rstrip("."), "see --help") from error
    except typer.Exit as end:
        return end.exit_code
    return status if isinstance(status, int) else 0


def _app() -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=_ABOUT + options_help(),
    )
    app.callback()(_root)
    app.command("exec", context_settings=_REST)(with_options(execute))
    app.command("sandbox", context_settings=_REST)(with_options(sandbox.sandbox))
    lists = typer.Typer(help="List roles, MFA devices or profiles.", no_args_is_help=True)
    for verb in (listing.roles, listing.mfa, listing.profiles):
        lists.command(verb.__name__)(with_options(verb))
    app.add_typer(lists, name="list", rich_help_panel=None)
    plugins = typer.Typer(help="Show the installed plugins.", no_args_is_help=True)
    plugins.command("list")(with_options(plugin.list_plugins))
    app.add_typer(plugins, name="plugin")
    return app


_REST = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}


def _root() -> None:
    return None


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
