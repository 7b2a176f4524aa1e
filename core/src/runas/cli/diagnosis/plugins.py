"""Which plugins there are, and whether each one loads."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Iterator

import runas
from runas import plugins
from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.errors import RunasError
from runas.plugins import Installed

_TOPIC = "plugins"


def check(case: Case) -> Iterator[Finding]:
    """Load every installed plugin; a broken one harms the profiles that name it, and no others."""
    fact = f"runas-core {runas.__version__}, Python {platform.python_version()}, {_system()}"
    yield Finding(Mark.FINE, _TOPIC, fact)
    found = plugins.installed()
    for plugin in found:
        yield _one(case, plugin)
    if not any(not plugin.extension for plugin in found):
        fact = "no provider is installed: nobody can be signed in"
        yield Finding(Mark.WRONG, _TOPIC, fact, "pip install 'runas-core[all]'")


def _one(case: Case, plugin: Installed) -> Finding:
    kind = "extension" if plugin.extension else "provider"
    if not plugins.allowed(plugin.name):
        fact = f"{plugin} ({kind} {plugin.name}): left out by RUNAS_PLUGINS"
        return Finding(Mark.LOOK, _TOPIC, fact)
    try:
        manager = plugins.load([plugin])
    except RunasError as error:
        mark = Mark.WRONG if plugin.extension else Mark.LOOK
        return Finding(mark, _TOPIC, error.fact, error.hint)
    declared = importlib.import_module(plugin.module)
    if manager.is_registered(declared) and hasattr(declared, "settings"):
        case.settings[plugin.name] = declared.settings()
    return Finding(Mark.FINE, _TOPIC, f"{plugin} ({kind} {plugin.name})")


def _system() -> str:
    return f"{platform.system()} {platform.release()}".strip()
