"""The Typer app: help, and every subcommand. The plain run never loads it.

Of the subcommands only the one that was typed is imported; help knows the others by their line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module

import typer

from runas.cli.helptext import options_help
from runas.cli.options import with_options
from runas.cli.verbs import EXAMPLES, GROUPS, VERBS, Verb
from runas.config.commandline import Invocation
from runas.errors import UsageError

# UsageError, of which typer exports this leaf alone.
_MALFORMED: type[Exception] = typer.BadParameter.__mro__[1]

_ABOUT = """Run COMMAND with the credentials of the role that PROFILE names.

\b
  runas [OPTIONS] PROFILE [COMMAND [ARG]...]      run COMMAND as the role
  runas [OPTIONS] PROFILE                         print the credentials
  runas [OPTIONS] --role ROLE [COMMAND [ARG]...]  ROLE instead of a profile
  runas SUBCOMMAND ...

\b
Examples:
  runas admin aws s3 ls
  runas -E admin terraform plan
  eval "$(runas admin)"
  runas -O json admin
"""

_REST = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "allow_interspersed_args": False,
}


def run_app(invocation: Invocation) -> int:
    """Run one subcommand, or show help; return the exit status."""
    words = list(invocation.words)
    if words[:1] == ["help"]:
        words = [*(word for word in words if word != "help"), "--help"]
    elif invocation.wants_help:
        words = (
            [*words[: 2 if words[0] in GROUPS else 1], "--help"]
            if invocation.subcommand
            else ["--help"]
        )
    if len(words) == 1 and words[0] in GROUPS:
        words.append("--help")
    try:
        status = _app(words)(words, prog_name="runas", standalone_mode=False, obj=invocation)
    except _MALFORMED as error:
        raise _malformed(error) from error
    except typer.Exit as end:
        return end.exit_code
    return status if isinstance(status, int) else 0


def _malformed(error: Exception) -> UsageError:
    """Put typer's complaint as ours are: a fact in lower case, and what to type next."""
    message = str(getattr(error, "format_message", error.__str__)())
    fact, *meant = re.split(r" (?:Did you mean |\(Possible options: )", message, maxsplit=1)
    where = getattr(getattr(error, "ctx", None), "command_path", "runas")
    hint = f"did you mean {meant[0].rstrip('?)')}?" if meant else f"see '{where} --help'"
    return UsageError(fact[:1].lower() + fact[1:].rstrip("."), hint)


def _app(words: list[str]) -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        subcommand_metavar="PROFILE [COMMAND [ARG]...]",
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=_ABOUT + options_help(),
    )
    app.callback()(_root)
    groups = {"": app}
    for name, text in GROUPS.items():
        groups[name] = typer.Typer(help=text + _examples(name), no_args_is_help=True)
        app.add_typer(groups[name], name=name)
    for verb in VERBS:
        typed = words[: verb.path.count(" ") + 1] == verb.path.split()
        settings = _REST if verb.rest else {}
        command = groups[verb.group].command(verb.name, context_settings=settings)
        command(_loaded(verb) if typed else _named(verb))
    return app


def _examples(group: str) -> str:
    r"""Show what is typed; ``\b`` keeps the lines as they are."""
    return "\n\n\b\nExamples:\n" + "\n".join(f"  runas {line}" for line in EXAMPLES[group])


def _root() -> None:
    return None


def _loaded(verb: Verb) -> Callable[..., int]:
    module, _, function = verb.target.partition(":")
    return with_options(getattr(import_module("runas.cli." + module), function))


def _named(verb: Verb) -> Callable[..., None]:
    def named() -> None:
        return None

    named.__doc__ = verb.help
    return named
