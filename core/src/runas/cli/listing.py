"""``runas list``: the roles, MFA devices and profiles that there are."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.config.selection import NoProfile, select

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.login import Login
    from runas.profile import Profile

Word = Annotated[str | None, typer.Argument(metavar="[PROFILE]", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Names = Annotated[bool, typer.Option("--names", help="Print the names alone, one a line.")]


def roles(invocation: Invocation, profile: Word = None, as_json: Json = False) -> int:
    """List the roles that you may assume.

    \b
    Examples:
      runas list roles
      runas list roles my-profile --json
      runas -l my-profile
    """
    session, chosen = _login(invocation, profile)
    offered = session.drive(chosen, session.engine(chosen).roles())
    plain = sorted({str(role) for role in offered if not role.pattern})
    patterns = sorted({str(role) for role in offered if role.pattern})
    if as_json:
        print(json.dumps({"roles": plain, "patterns": patterns}, indent=2))
        return 0
    for arn in plain:
        print(arn)
    if patterns:
        say("also any role that matches: " + ", ".join(patterns))
    if not plain and not patterns:
        say("no roles found")
    return 0


def mfa(invocation: Invocation, profile: Word = None, as_json: Json = False) -> int:
    """List your second factors: for an IAM user the MFA devices' ARNs.

    \b
    Examples:
      runas list mfa
      runas -m my-profile
    """
    session, chosen = _login(invocation, profile)
    from runas.model import MfaRequired

    outcome = session.drive(chosen, session.engine(chosen).factors())
    factors = outcome.factors if isinstance(outcome, MfaRequired) else ()
    if as_json:
        print(json.dumps([{"kind": one.kind, "device": one.device} for one in factors], indent=2))
        return 0
    for factor in factors:
        print(factor.device)
    if not factors:
        say("no second factor found")
    return 0


def profiles(invocation: Invocation, as_json: Json = False, names: Names = False) -> int:
    """List the profiles of the AWS files: how each signs in, its account and role, its state.

    \b
    Examples:
      runas list profiles
      runas list profiles --names
      runas list profiles --json
    """
    from runas.cache import Cache
    from runas.cli.overview import rows
    from runas.cli.tables import columns
    from runas.config.folders import cache_folder

    config = open_config(invocation)
    if names:
        print("\n".join(config.profile_names()))
        return 0
    found = list(rows(config, Cache(cache_folder(config.environ, os.path.expanduser("~")))))
    if as_json:
        print(json.dumps([row.document() for row in found], indent=2))
        return 0
    cells = [(r.name, r.provider or r.family, r.account, r.role, r.state) for r in found]
    print(columns(("PROFILE", "SIGNS IN BY", "ACCOUNT", "ROLE", "CREDENTIALS"), cells), end="")
    for row in found:
        if row.problem:
            say(f"profile '{row.name}': {row.problem}")
    return 0


def chosen_profile(config: Config, invocation: Invocation, word: str | None) -> Profile:
    """Resolve the profile that a verb is about: the word, what stands in for it, or ``default``."""
    try:
        return select(config, invocation, [word] if word else []).profile
    except NoProfile:
        return config.profile("default")


def _login(invocation: Invocation, word: str | None) -> tuple[Login, Profile]:
    from runas.cli.answers import login

    config = open_config(invocation)
    chosen = chosen_profile(config, invocation, word)
    return login(invocation, config), chosen
