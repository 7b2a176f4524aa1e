"""``runas plugin check``: the conformance kit, run against what is installed, in plain words."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from runas import plugins
from runas.cli.plugin import named
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.errors import ConfigurationError, PluginError, UsageError

if TYPE_CHECKING:
    from runas.testing.checking import Result

Ways = Annotated[
    list[str] | None,
    typer.Option("--way", metavar="WAY", help="Only this way through the login; may be repeated."),
]
Name = Annotated[str | None, typer.Argument(metavar="[NAME]", show_default=False)]

_ALIKE = 3  # promises that are named where one thing breaks many


def check(invocation: Invocation, name: Name = None, way: Ways = None) -> int:
    """Check what every plugin promises, for one plugin or for all; -v shows what holds too.

    \b
    Examples:
      runas plugin check acme
      runas plugin check
      runas plugin check -v acme
      runas plugin check acme --way push
    """
    if find_spec("pytest") is None:
        raise ConfigurationError(
            "the conformance kit needs pytest", "pip install 'runas-core[testing]'"
        )
    if way and not name:
        raise UsageError("--way wants the name of a plugin: runas plugin check NAME --way WAY")
    from runas.testing.checking import run

    chosen = [named(name)] if name else plugins.installed()
    failed = 0
    for plugin in chosen:
        if sys.stderr is not None and sys.stderr.isatty():
            say(f"checking {plugin.name}: a minute or two, for every request is made to fail")
        report = run(plugin, way or ())
        print(f"{plugin.name} ({plugin}): {report.summary}")
        if not report.complete:
            say(
                f"{plugin.module}.testing has no conformance class, so no login was tried;"
                " docs/plugins/testing.md shows one"
            )
        _show(report.results, invocation.count("verbose") > 0)
        failed += len(report.failed)
    return PluginError.status if failed else 0


def _show(results: list[Result], everything: bool) -> None:
    """Print what is broken, and a reason that several promises share once, below the last."""
    broken: dict[str, list[Result]] = {}
    for result in results:
        if result.outcome == "failed":
            broken.setdefault(result.words, []).append(result)
        elif everything:
            what = "ok    " if result.outcome == "passed" else "n/a   "
            print(f"  {what} {result.promise}{result.shown_ways}")
    for words, alike in broken.items():
        shown = len(alike) if everything else _ALIKE
        for result in alike[:shown]:
            print(f"  FAILS  {result.promise}{result.shown_ways}")
        if len(alike) > shown:
            print(f"  FAILS  and {len(alike) - shown} more (-v shows them), all because:")
        for line in words.splitlines():
            print(f"         {line}")
