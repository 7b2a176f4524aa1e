"""Import the plugins that a login needs, and register their hooks beside core's defaults."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Iterable, Mapping
from inspect import signature
from typing import TYPE_CHECKING

import pluggy

from runas import hookspecs
from runas.errors import PluginError
from runas.plugins.installed import Installed, extensions
from runas.plugins.narrow import confine
from runas.plugins.versions import check

if TYPE_CHECKING:
    from types import ModuleType

notice = logging.getLogger("runas.notice")

_ANYTHING = (Exception, SystemExit)
"""What somebody else's code may raise while it loads; it breaks itself only."""


def load(plugins: list[Installed]) -> pluggy.PluginManager:
    """Import *plugins* and the extensions, and register their hooks beside core's defaults.

    A broken provider among several costs a notice; one alone is an error, and so is an extension:
    what guards every login must not fall away unseen.
    """
    manager = _manager()
    told = {"runas_provider": plugins[0].name} if len(plugins) == 1 else {}
    for plugin in extensions():
        _register(manager, plugin, told)
    broken: list[PluginError] = []
    for plugin in plugins:
        try:
            _register(manager, plugin, told)
        except PluginError as error:
            broken.append(error)
    if broken and len(broken) == len(plugins):
        raise broken[0]
    for each in broken:
        notice.warning("%s", each)
    return manager


def compose(modules: Iterable[str]) -> pluggy.PluginManager:
    """Register plugins by their modules' names, installed or not; for tests. No extensions."""
    manager = _manager()
    for module in modules:
        _register(manager, Installed(module, module, module, "(under test)"), {})
    return manager


def _manager() -> pluggy.PluginManager:
    from runas import defaults

    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(defaults, "runas")
    return manager


def _register(manager: pluggy.PluginManager, plugin: Installed, told: Mapping[str, str]) -> None:
    check(plugin)
    module = _import(plugin)
    try:
        manager.register(module, plugin.name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        if manager.is_registered(module):
            manager.unregister(module)
        raise PluginError(
            f"{plugin} does not fit this runas: {_misfit(manager, module) or error}",
            f"upgrade both: pip install -U runas-core {plugin.distribution};"
            " or mend it, if it is your own",
        ) from error
    try:
        confine(manager, module, told)
    except _ANYTHING as error:
        manager.unregister(module)
        raise _broken(plugin, error) from error


def _misfit(manager: pluggy.PluginManager, module: ModuleType) -> str:
    """Say which hook or argument core does not have; empty where it is something else."""
    hooks = {
        name: list(signature(spec).parameters)
        for name, spec in vars(hookspecs).items()
        if manager.parse_hookspec_opts(hookspecs, name)
    }
    for name in dir(module):
        if manager.parse_hookimpl_opts(module, name) is None:
            continue
        if name not in hooks:
            return f"its hook '{name}' is none of {', '.join(hooks)}"
        for argument in signature(getattr(module, name)).parameters:
            if argument not in hooks[name]:
                there = ", ".join(hooks[name]) or "nothing"
                return f"its hook '{name}' asks for '{argument}'; there is {there}"
    return ""


def _import(plugin: Installed) -> ModuleType:
    try:
        return importlib.import_module(plugin.module)
    except _ANYTHING as error:
        raise _broken(plugin, error) from error


def _broken(plugin: Installed, error: BaseException) -> PluginError:
    return PluginError(
        f"the plugin {plugin} cannot be loaded: {type(error).__name__}: {error}",
        f"reinstall it: pip install -U {plugin.distribution}",
    )
