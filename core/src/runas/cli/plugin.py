"""``runas plugin``, and what ``runas --version`` prints."""

from __future__ import annotations

import json
from importlib.metadata import version

from runas import plugins
from runas.cli.listing import Json
from runas.config.commandline import Invocation


def list_plugins(invocation: Invocation, as_json: Json = False) -> int:
    """List the installed plugins; none of them is loaded for it.

    \b
    Examples:
      runas plugin list
      runas plugin list --json
    """
    found = plugins.installed()
    if as_json:
        keys = ("name", "distribution", "version", "module", "extension")
        print(json.dumps([{key: getattr(one, key) for key in keys} for one in found], indent=2))
        return 0
    width = max((len(one.name) for one in found), default=0)
    for one in found:
        kind = "  (extension)" if one.extension else ""
        print(f"{one.name:{width}}  {one}{kind}")
    return 0


def print_versions() -> int:
    """Print core's version and each installed plugin's, a line each."""
    print(f"runas-core {version('runas-core')}")
    for line in sorted({str(plugin) for plugin in plugins.installed()}):
        print(line)
    return 0
