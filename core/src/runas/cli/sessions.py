"""``runas login`` and ``runas logout``: the session with a provider, without taking a role."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from runas import formats
from runas.cli.listing import Word, chosen_profile
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.config.keys import EVIDENCE
from runas.config.load import open_config
from runas.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.model import Identity
    from runas.profile import Profile

Session = Annotated[str | None, typer.Option("--sso-session", help="An [sso-session] by name.")]
All = Annotated[bool, typer.Option("--all", help="Every Identity Center session of the config.")]


def login(
    invocation: Invocation,
    profile: Word = None,
    sso_session: Session = None,
    everything: All = False,
    force: Annotated[bool, typer.Option("--force", help="Log in even if still known.")] = False,
) -> int:
    """Log in to a profile's provider; commands then run without a question.

    \b
    Examples:
      runas login
      runas login my-profile
      runas login --sso-session corp
      runas login --all
    """
    from runas.cli.answers import login as session_of

    config = open_config(invocation)
    session = session_of(invocation, config)
    again = force or invocation.count("refresh") > 0
    for chosen in _chosen(config, invocation, profile, sso_session, everything):
        flow = session.engine(chosen).login(again=again)
        say(_signed_in(chosen, session.drive(chosen, flow)))
    return 0


def logout(
    invocation: Invocation,
    profile: Word = None,
    sso_session: Session = None,
    everything: All = False,
) -> int:
    """End the session with a profile's provider, and drop the credentials won by it.

    \b
    Examples:
      runas logout my-profile
      runas logout --all
    """
    from runas.cli.answers import login as session_of

    config = open_config(invocation)
    session = session_of(invocation, config)
    for chosen in _chosen(config, invocation, profile, sso_session, everything):
        dropped = session.drive(chosen, session.engine(chosen).logout())
        say(f"logged out of {chosen.name}; cached credentials dropped: {dropped}")
    return 0


def _chosen(
    config: Config,
    invocation: Invocation,
    word: str | None,
    sso_session: str | None,
    everything: bool,
) -> list[Profile]:
    if sum((word is not None, sso_session is not None, everything)) > 1:
        raise UsageError("a profile, --sso-session and --all exclude each other", "choose one")
    if sso_session is not None:
        return [config.sso_session(sso_session)]
    if not everything:
        return [_usual(config, invocation, word)]
    found = _instances(config)
    if not found:
        raise ConfigurationError(f"{config.config.shown} names no Identity Center session")
    return found


def _usual(config: Config, invocation: Invocation, word: str | None) -> Profile:
    """Return the profile that is meant; where nothing says so, the only session there is."""
    profile = chosen_profile(config, invocation, word)
    proves = profile.family != "keys" or profile.source or EVIDENCE & profile.settings.keys()
    if profile.name != "default" or proves:
        return profile
    found = _instances(config)
    if len(found) > 1:
        names = ", ".join(one.name for one in found)
        raise ConfigurationError(
            f"nothing says which session is meant; there are: {names}",
            "name a profile or --sso-session, or take --all",
        )
    return found[0] if found else profile


def _instances(config: Config) -> list[Profile]:
    """Return one profile for each Identity Center session or start address of the config."""
    found: dict[str, Profile] = {}
    for section in config.config.sections([]):
        if section.kind == "sso-session":
            found.setdefault(f"session {section.name}", config.sso_session(section.name))
        elif section.values.get("sso_start_url") and not section.values.get("sso_session"):
            found.setdefault(section.values["sso_start_url"], config.profile(section.name))
    return list(found.values())


def _signed_in(profile: Profile, identity: Identity) -> str:
    who = f" as {identity.subject}" if identity.subject else ""
    end = identity.expiration
    if end is None:
        return f"{profile.name}: signed in{who}"
    until = f"until {formats.moment(end)} ({formats.left(round(end - time.time()))})"
    return f"{profile.name}: signed in{who} {until}"
