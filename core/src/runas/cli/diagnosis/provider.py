"""Which provider signs in, and why that one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from runas import plugins
from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.errors import RunasError
from runas.plugins import Installed
from runas.profile import Profile

if TYPE_CHECKING:
    from runas.html import Page

_TOPIC = "provider"


def check(case: Case) -> Iterator[Finding]:
    """Choose the provider as a login would, and see that it has the settings it needs."""
    first = case.first
    found = plugins.candidates(first)
    if first.provider:
        yield _chosen(case, found[0], f"named by {first.origin('runas_provider')}")
    elif len(found) == 1:
        why = f"the only one installed for {first.family.replace('_', ' ')}"
        yield _chosen(case, found[0], why)
    else:
        yield from _recognised(case, found)
    yield from _required(case)


def _chosen(case: Case, plugin: Installed, why: str) -> Finding:
    case.chosen = plugin
    return Finding(Mark.FINE, _TOPIC, f"{plugin.name} ({plugin}): {why}")


def _recognised(case: Case, found: list[Installed]) -> Iterator[Finding]:
    """Ask each provider whether the address, or the page there, is its own."""
    from runas.provider import recognise

    try:
        names = recognise(plugins.load(found), case.first, cache(partial(_page, case)))
    except _PageNeeded:
        asked = ", ".join(plugin.name for plugin in found)
        yield Finding(Mark.LOOK, _TOPIC, f"one of {asked}: only the sign-in page would tell")
        return
    except RunasError as error:
        yield Finding(Mark.WRONG, _TOPIC, f"the sign-in page: {error.fact}", error.hint)
        return
    if len(names) == 1:
        plugin = next(one for one in found if one.name == names[0])
        yield _chosen(case, plugin, f"recognises {sign_in(case.first)}")
        return
    asked = ", ".join(plugin.name for plugin in found)
    fact = f"{' and '.join(names) or 'none'} of {asked} claim {sign_in(case.first)}"
    yield Finding(Mark.WRONG, _TOPIC, fact, "name the provider: -R, or saml_provider")


class _PageNeeded(RunasError):
    """The address alone does not tell whose it is, and the network is to be left alone."""


def _page(case: Case) -> Page:
    from runas import html, http

    if case.offline:
        raise _PageNeeded("offline")
    return html.read(http.session(case.first).get(sign_in(case.first)))


def _required(case: Case) -> Iterator[Finding]:
    """See that what the provider cannot do without is there."""
    chosen = case.chosen
    for setting in case.settings.get(chosen.name, ()) if chosen else ():
        if setting.required and not any(hop.get(setting.name) for hop in case.hops):
            example = f": {setting.name} = {setting.example}" if setting.example else ""
            fact = f"{setting.name} is missing: {setting.help}"
            yield Finding(Mark.WRONG, _TOPIC, fact, f"set it in the profile{example}")


def sign_in(profile: Profile) -> str:
    """Return the profile's sign-in address; empty where it has none."""
    return profile.get("saml_auth_url") or profile.get("web_identity_auth_url") or ""
