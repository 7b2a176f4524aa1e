"""``runas update``: look for newer releases of core and of the plugins."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version

from runas.cli.listing import Json
from runas.cli.progress import working
from runas.cli.report import say
from runas.config.commandline import Invocation


def update(invocation: Invocation, as_json: Json = False) -> int:
    """Look for newer releases of core and the installed plugins, where pip gets its packages.

    Nothing is installed. Where the package index cannot be reached, nothing is said.

    \b
    Examples:
      runas update
      runas -u
    """
    from runas.cli.releases import newer

    with working("asking the package index"):
        found = newer(installed())
    if as_json:
        print(json.dumps([one.document() for one in found], indent=2))
        return 0
    outdated = [one for one in found if one.newer]
    for one in outdated:
        print(f"{one.name} {one.installed} -> {one.newest}")
    if outdated:
        say("to upgrade: " + command([one.name for one in outdated]))
    elif found:
        say("everything is up to date")
    return 0


def installed() -> dict[str, str]:
    """Return core and the plugins, with their versions."""
    from runas import plugins

    found = {"runas-core": version("runas-core")}
    found.update({plugin.distribution: plugin.version for plugin in plugins.installed()})
    return found


def command(names: list[str]) -> str:
    """Say how to upgrade, by whatever keeps this installation."""
    if "pipx" in sys.prefix:
        return "pipx upgrade --include-injected runas-core"
    if "/uv/tools/" in sys.prefix.replace("\\", "/"):
        return "uv tool upgrade runas-core"
    return f"pip install -U {' '.join(names)}"
