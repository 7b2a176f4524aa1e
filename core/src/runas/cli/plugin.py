"""``runas plugin list`` and ``info``, and what ``runas --version`` prints."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from difflib import get_close_matches
from importlib.metadata import metadata, version
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from runas import plugins
from runas.cli.listing import Json
from runas.config.commandline import Invocation
from runas.errors import PluginMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from runas.model import Setting
    from runas.plugins import Installed

Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]


def list_plugins(invocation: Invocation, as_json: Json = False) -> int:
    """List the installed plugins, and where their code comes from; none of them is loaded for it.

    \b
    Examples:
      runas plugin list
      runas plugin list --json
      RUNAS_PLUGINS=acme,audit-log runas plugin list  # which may load then
    """
    found = [(one, _facts(one)) for one in plugins.installed()]
    if as_json:
        print(json.dumps([{**asdict(one), **facts} for one, facts in found], indent=2))
        return 0
    width = max((len(one.name) for one, _ in found), default=0)
    for one, facts in found:
        kind = "  (extension)" if one.extension else ""
        print(f"{one.name:{width}}  {one}{kind}")
        for line in _about(facts):
            print(f"{'':{width}}  {line}")
    return 0


def info(invocation: Invocation, name: Name, as_json: Json = False) -> int:
    """Show one plugin: its settings, an example of a profile, where its documentation is.

    \b
    Examples:
      runas plugin info acme
      runas plugin info acme --json
    """
    plugin = named(name)
    facts = _facts(plugin)
    settings: list[Setting] = [] if facts["problem"] else _settings(plugin)
    about = metadata(plugin.distribution)
    links = _links(about.get_all("Project-URL") or [])
    if as_json:
        shown = {**asdict(plugin), **facts, "settings": list(map(asdict, settings)), "links": links}
        print(json.dumps(shown, indent=2))
        return 0
    print(f"{plugin.name}: {about['Summary'] or 'no summary'}\n{plugin}")
    for line in _about(facts):
        print(line)
    for title, link in links.items():
        print(f"{title.lower()}: {link}")
    print("\n".join(_described(plugin, settings)))
    return 0


def named(name: str) -> Installed:
    """Find an installed plugin; raise PluginMissing with the names there are."""
    found = plugins.installed()
    for one in found:
        if one.name == name.lower():
            return one
    names = sorted({one.name for one in found})
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"pip install runas-plugin-{name}"
    raise PluginMissing(
        f"no plugin is called '{name}'; installed: {', '.join(names) or 'none'}", hint
    )


def print_versions() -> int:
    """Print core's version and each installed plugin's, a line each."""
    print(f"runas-core {version('runas-core')}")
    for line in sorted({str(plugin) for plugin in plugins.installed()}):
        print(line)
    return 0


def _facts(plugin: Installed) -> dict[str, Any]:
    from runas.plugins.installed import families
    from runas.plugins.source import look

    seen = look(plugin)
    return {
        "families": families(plugin),
        "hooks": list(seen.hooks),
        "origin": seen.origin,
        "problem": seen.problem,
        "allowed": plugins.allowed(plugin.name),
    }


def _about(facts: dict[str, Any]) -> Iterator[str]:
    yield f"from {facts['origin']}"
    if facts["hooks"]:
        yield f"hooks: {', '.join(facts['hooks'])}"
    if facts["families"]:
        yield f"serves: {', '.join(facts['families'])}"
    if facts["problem"]:
        yield f"broken: {facts['problem']}"
    if not facts["allowed"]:
        yield f"left out by RUNAS_PLUGINS={os.environ.get('RUNAS_PLUGINS', '')}"


def _settings(plugin: Installed) -> list[Setting]:
    """Import the plugin and ask it."""
    hook = plugins.load([plugin]).hook.settings
    own = [impl for impl in hook.get_hookimpls() if impl.plugin_name == plugin.name]
    found: list[Setting] = []
    for impl in own:
        found += cast("Sequence[Setting]", impl.function())
    return found


def _described(plugin: Installed, settings: Sequence[Setting]) -> Iterator[str]:
    if not settings:
        return
    yield "\nSettings:"
    for one in settings:
        default = f" (default: {one.default})" if one.default else ""
        more = " (required)" if one.required else default
        yield f"  {one.name}{more}\n      {one.help}"
    yield "\nExample:"
    yield "  [profile example]"
    if not plugin.extension:
        yield f"  runas_provider = {plugin.name}"
    for one in settings:
        if one.example:
            yield f"  {one.name} = {one.example}"


def _links(urls: Sequence[str]) -> dict[str, str]:
    pairs = (url.partition(",") for url in urls)
    return {title.strip(): link.strip() for title, _, link in pairs}
