"""A plugin sees core's settings and its own; what others declare is none of its business.

The keys and tokens of one way to sign in stay away from the code of another, though they stand in
one section of one file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from runas.config.keys import CLIENT
from runas.config.options import OPTIONS
from runas.profile import Profile

if TYPE_CHECKING:
    from types import ModuleType

    import pluggy

SHARED = frozenset(
    {name for option in OPTIONS for name in (option.name, *option.keys)}
    | CLIENT
    | set(
        "login_session role_name runas_anew runas_command runas_kept runas_subject session"
        " session_policy_document"
        " session_tags source_identity sso_instances sso_registration_scopes"
        " transitive_session_tags trusted_hosts".split()
    )
)
"""What every plugin may read: the option table, how AWS's clients behave, core's own notes."""

ALIASES = {"aws_security_token": "aws_session_token"}
"""Older spellings in people's files."""


def confine(manager: pluggy.PluginManager, module: ModuleType, told: Mapping[str, str]) -> None:
    """Let the hooks of a registered plugin see no more than `visible` leaves, and what is *told*.

    Told are facts of this login that stand in no file: the provider that was found for it.
    """
    own = declared(module)
    for caller in manager.get_hookcallers(module) or ():
        for impl in caller.get_hookimpls():
            if impl.plugin is module:
                confined = _confined(impl.function, impl.argnames, own, told)
                impl.function = confined  # type: ignore[misc]


def declared(module: ModuleType) -> frozenset[str]:
    """Return the names of the settings that a plugin declares."""
    settings = getattr(module, "settings", None)
    return frozenset(one.name for one in settings()) if callable(settings) else frozenset()


def visible(profile: Profile, own: Collection[str]) -> Profile:
    """Return the profile, and those it comes from, without the settings of other plugins."""
    source = visible(profile.source, own) if profile.source is not None else None
    settings = {name: text for name, text in profile.settings.items() if shown(name, own)}
    return Profile(profile.name, settings, profile.origins, source, profile.family)


def shown(name: str, own: Collection[str]) -> bool:
    """Tell whether a plugin that declares the settings *own* may see the one of this name."""
    return name in SHARED or ALIASES.get(name, name) in own or name.startswith("endpoint_url")


def _confined(
    function: Callable[..., Any],
    names: tuple[str, ...],
    own: frozenset[str],
    told: Mapping[str, str],
) -> Callable[..., Any]:
    def narrowed(name: str, value: Any) -> Any:
        if name == "profile" and isinstance(value, Profile):
            return visible(value, own).having(**told, **_command())
        if name == "settings":
            return {key: text for key, text in value.items() if shown(key, own)}
        return value

    def confined(*values: Any) -> Any:
        return function(*map(narrowed, names, values))

    return confined


def _command() -> dict[str, str]:
    """Say which command the credentials are for: its name, where one is to be run."""
    command = os.environ.get("RUNAS_COMMAND")
    return {"runas_command": os.path.basename(command)} if command else {}
