"""Give every subcommand the global options, made from the one table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any

import typer

from runas.config.commandline import REPEATED, Invocation, extended
from runas.config.options import OPTIONS, Option

Verb = Callable[..., int]


def with_options(verb: Verb) -> Verb:
    """Wrap a verb ``f(invocation, ...)`` so that global options may stand behind its name too.

    The verb's own options win where a flag is taken twice.
    """
    own = inspect.signature(verb, eval_str=True)
    parameters = [value for name, value in own.parameters.items() if name != "invocation"]
    taken = {flag for value in parameters for flag in _flags(value)}
    rows = [option for option in OPTIONS if option.flags and not taken & set(option.flags)]
    rows = [option for option in rows if option.name not in ("help", "version")]

    def command(ctx: typer.Context, **values: Any) -> int:
        invocation = _extended(ctx.obj, {row: values.pop(_name(row)) for row in rows})
        return verb(invocation, **values)

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    keyword = [value.replace(kind=inspect.Parameter.KEYWORD_ONLY) for value in parameters]
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [context, *keyword, *(_parameter(row) for row in rows)]
    )
    command.__annotations__ = {}
    command.__doc__ = verb.__doc__
    command.__name__ = verb.__name__
    return command


def _name(option: Option) -> str:
    return "global_" + option.name


def _flags(parameter: inspect.Parameter) -> tuple[str, ...]:
    for extra in getattr(parameter.annotation, "__metadata__", ()):
        declared = (getattr(extra, "default", None), *(getattr(extra, "param_decls", None) or ()))
        return tuple(flag for flag in declared if isinstance(flag, str) and flag.startswith("-"))
    return ()


def _parameter(option: Option) -> inspect.Parameter:
    """Declare one row of the table as a Typer option."""
    kinds: dict[str, Any] = {"switch": bool, "count": int}
    declared = typer.Option(
        *option.flags,
        help=option.help,
        metavar=option.metavar if option.takes_value else None,
        count=option.kind == "count",
        show_default=False,
        rich_help_panel=option.panel,
        hidden=True,
    )
    default: Any = {"switch": False, "count": 0}.get(option.kind)
    kind = kinds.get(option.kind, list[str] if option.name in REPEATED else str | None)
    return inspect.Parameter(
        _name(option),
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, declared],
    )


def _extended(invocation: Invocation, values: dict[Option, Any]) -> Invocation:
    """Add what stood behind the verb to what stood in front of it."""
    words: list[str] = []
    for option, value in values.items():
        flag = option.flags[-1] if option.name != "role_arn" else option.flags[0]
        if option.takes_value:
            texts = value if isinstance(value, list) else [] if value is None else [value]
            words += [word for text in texts for word in (flag, text)]
        else:
            words += [flag] * int(value)
    return extended(invocation, words)


def own_options(target: str) -> list[tuple[str, str]]:
    """Name the options that a verb has for itself, with their help; loads the verb."""
    from importlib import import_module

    module, _, function = target.partition(":")
    verb = getattr(import_module("runas.cli." + module), function)
    found = []
    for parameter in inspect.signature(verb, eval_str=True).parameters.values():
        for flag in _flags(parameter):
            extra = parameter.annotation.__metadata__[0]
            found += [(flag, extra.help or "")] if flag.startswith("--") else []
    return found
