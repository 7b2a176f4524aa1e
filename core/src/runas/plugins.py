"""Find providers by name and load only the one that a profile needs.

Three entry-point groups; listing them reads metadata and imports nothing:

``runas.providers``    the entry point's name is the provider's name
``runas.families``     the protocol families a provider serves (``keys``, ``saml``, ``sso``,
                       ``web_identity``), so that a profile finds its provider without being told
``runas.extensions``   add-ons for every provider: a factor, or a wrapper around ``assume``
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

import pluggy

from runas import hookspecs
from runas.errors import ConfigurationError, PluginError, PluginMissing

if TYPE_CHECKING:
    from types import ModuleType

    from runas.profile import Profile

PROVIDERS, FAMILIES, EXTENSIONS = "runas.providers", "runas.families", "runas.extensions"


@dataclass(frozen=True)
class Installed:
    """One installed plugin, as its metadata describes it."""

    name: str
    module: str
    distribution: str
    version: str
    extension: bool = False

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


def installed() -> list[Installed]:
    """List every provider and extension by metadata alone, sorted by name."""
    found = [_describe(point) for group in (PROVIDERS, EXTENSIONS) for point in _points(group)]
    return sorted(found, key=lambda plugin: (plugin.extension, plugin.name))


def candidates(profile: Profile) -> list[Installed]:
    """Return the providers that may serve a profile: the one it names, or its family's."""
    providers = [_describe(point) for point in _points(PROVIDERS)]
    if profile.provider:
        named = [plugin for plugin in providers if plugin.name == profile.provider]
        return [_only_one(named)] if named else _missing(profile)
    modules = {point.value for point in _points(FAMILIES) if point.name == profile.family}
    found = [plugin for plugin in providers if plugin.module in modules]
    return found or _missing(profile)


def load(plugins: list[Installed]) -> pluggy.PluginManager:
    """Import *plugins* and the extensions, and register their hooks beside core's defaults."""
    from runas import defaults

    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(defaults, "runas")
    extensions = [plugin for plugin in installed() if plugin.extension]
    for plugin in (*extensions, *plugins):
        _register(manager, plugin)
    return manager


def blame(module: str) -> str | None:
    """Name the distribution and version of the plugin that a module belongs to, if any."""
    for plugin in installed():
        if module == plugin.module or module.startswith(plugin.module + "."):
            return str(plugin)
    return None


def _points(group: str) -> list[EntryPoint]:
    return list(entry_points(group=group))


def _describe(point: EntryPoint) -> Installed:
    dist = point.dist
    name, version = (dist.name, dist.version) if dist else ("unknown", "?")
    return Installed(point.name, point.value, name, version, point.group == EXTENSIONS)


def _only_one(named: list[Installed]) -> Installed:
    if len({plugin.module for plugin in named}) > 1:
        both = " and ".join(sorted({str(plugin) for plugin in named}))
        raise ConfigurationError(
            f"two plugins call themselves '{named[0].name}': {both}", "uninstall one of them"
        )
    return named[0]


def _missing(profile: Profile) -> list[Installed]:
    if profile.provider:
        raise PluginMissing(
            f"profile '{profile.name}' needs the provider '{profile.provider}'",
            f"pip install runas-plugin-{profile.provider}",
        )
    raise PluginMissing(
        f"profile '{profile.name}' needs a provider for {profile.family.replace('_', ' ')},"
        " and none is installed",
        "pip install 'runas-core[all]'",
    )


def _register(manager: pluggy.PluginManager, plugin: Installed) -> None:
    try:
        manager.register(_import(plugin), plugin.name)
    except pluggy.PluginValidationError as error:
        raise PluginError(
            f"{plugin} asks for something this runas does not offer: {error}",
            f"upgrade both: pip install -U runas-core {plugin.distribution}",
        ) from error


def _import(plugin: Installed) -> ModuleType:
    try:
        return importlib.import_module(plugin.module)
    except (ImportError, SyntaxError, AttributeError, TypeError, NameError, ValueError) as error:
        raise PluginError(
            f"the plugin {plugin} cannot be loaded: {type(error).__name__}: {error}",
            f"reinstall it: pip install -U {plugin.distribution}",
        ) from error
