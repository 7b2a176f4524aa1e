"""What is installed, by metadata alone: the only room that mentions entry points."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from runas.errors import ConfigurationError, PluginMissing

if TYPE_CHECKING:
    from runas.profile import Profile

PROVIDERS, FAMILIES, EXTENSIONS = "runas.providers", "runas.families", "runas.extensions"
API = "runas.api"
VARIABLE = "RUNAS_PLUGINS"


@dataclass(frozen=True)
class Installed:
    """One installed plugin, as its metadata describes it.

    ``api`` holds the versions of the plugin interface that it was written for; empty where it does
    not say.
    """

    name: str
    module: str
    distribution: str
    version: str
    extension: bool = False
    api: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.distribution} {self.version}"


def installed() -> list[Installed]:
    """List every provider and extension by metadata alone, sorted by name."""
    found = [_describe(point) for group in (PROVIDERS, EXTENSIONS) for point in _points(group)]
    return sorted(found, key=lambda plugin: (plugin.extension, plugin.name))


def allowed(name: str) -> bool:
    """Tell whether RUNAS_PLUGINS lets a plugin load; without the variable all may."""
    listed = os.environ.get(VARIABLE)
    return listed is None or name in listed.replace(",", " ").lower().split()


def extensions() -> list[Installed]:
    """List the extensions that may load."""
    return [plugin for plugin in installed() if plugin.extension and allowed(plugin.name)]


def candidates(profile: Profile) -> list[Installed]:
    """Return the providers that may serve a profile: the one it names, or its family's."""
    providers = [_describe(point) for point in _points(PROVIDERS)]
    if profile.provider:
        named = [plugin for plugin in providers if plugin.name == profile.provider]
        if not named:
            raise _missing(profile)
        if not allowed(profile.provider):
            raise _left_out(profile, profile.provider)
        return [_only_one(named)]
    modules = {point.value for point in _points(FAMILIES) if point.name == profile.family}
    found = [plugin for plugin in providers if plugin.module in modules]
    if not found:
        raise _missing(profile)
    free = [plugin for plugin in found if allowed(plugin.name)]
    if not free:
        raise _left_out(profile, " and ".join(plugin.name for plugin in found))
    return free


def families(plugin: Installed) -> list[str]:
    """List the protocol families that a provider says it serves."""
    return sorted(point.name for point in _points(FAMILIES) if point.value == plugin.module)


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
    api = tuple(sorted(one.name for one in _points(API) if one.value == point.value))
    return Installed(point.name, point.value, name, version, point.group == EXTENSIONS, api)


def _only_one(named: list[Installed]) -> Installed:
    if len({plugin.module for plugin in named}) > 1:
        both = " and ".join(sorted({str(plugin) for plugin in named}))
        raise ConfigurationError(
            f"two plugins call themselves '{named[0].name}': {both}", "uninstall one of them"
        )
    return named[0]


def _left_out(profile: Profile, names: str) -> PluginMissing:
    return PluginMissing(
        f"profile '{profile.name}' needs the provider {names}, which {VARIABLE} leaves out",
        f"add it to {VARIABLE}, or unset that",
    )


# What helps where none of the plugins that come with runas would.
_HINTS = {
    "web_identity": "none comes with runas: install one for your provider, write one ('runas plugin"
    " new'), or keep a token in a file and name it as web_identity_token_file"
}


def _missing(profile: Profile) -> PluginMissing:
    if profile.provider:
        return PluginMissing(
            f"profile '{profile.name}' needs the provider '{profile.provider}'",
            f"pip install runas-plugin-{profile.provider}",
        )
    return PluginMissing(
        f"profile '{profile.name}' needs a provider for {profile.family.replace('_', ' ')},"
        " and none is installed",
        _HINTS.get(profile.family, "pip install 'runas-core[all]'"),
    )
