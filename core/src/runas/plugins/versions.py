"""Whether a plugin and this core speak the same version of the plugin interface.

A plugin says in its metadata what it was written for, so the answer is known before it is imported:

    [project.entry-points."runas.api"]
    "1.0" = "runas_acme"

``1.2`` means: any 1.x from 1.2 on. A plugin that works with several majors has a line for each; one
without a line is taken for the first version, 1.0.
"""

from __future__ import annotations

from importlib.metadata import version

from runas.errors import PluginError
from runas.hookspecs import api_version
from runas.plugins.installed import Installed

FIRST = "1.0"


def check(plugin: Installed) -> None:
    """Raise PluginError, naming what to upgrade, where plugin and core do not fit."""
    error = mismatch(plugin)
    if error is not None:
        raise error


def mismatch(plugin: Installed, core: str = "") -> PluginError | None:
    """Return why a plugin does not fit this core (or one of interface version *core*)."""
    here = _numbers(core or api_version)
    wanted = [_numbers(text) for text in plugin.api or (FIRST,)]
    if here is None or None in wanted:
        return PluginError(
            f"the plugin {plugin} states a version of the plugin interface that cannot be read:"
            f" {', '.join(plugin.api)}",
            f"upgrade it: pip install -U {plugin.distribution}",
        )
    known = [one for one in wanted if one is not None]
    if any(major == here[0] and minor <= here[1] for major, minor in known):
        return None
    says = " or ".join(f"{major}.{minor}" for major, minor in known)
    fact = f"the plugin {plugin} needs plugin interface {says};"
    fact += f" runas-core {version('runas-core')} has"
    fact += f" {here[0]}.{here[1]}"
    outdated = "runas-core" if max(known) > here else plugin.distribution
    return PluginError(fact, f"upgrade {outdated}: pip install -U {outdated}")


def _numbers(text: str) -> tuple[int, int] | None:
    major, _, minor = text.partition(".")
    if not (major.isdigit() and (minor or "0").isdigit()):
        return None
    return int(major), int(minor or 0)
