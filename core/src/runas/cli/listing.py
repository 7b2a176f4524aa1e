"""``runas list``: the roles, MFA devices and profiles that there are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.login import Login, open_cache
from runas.cli.report import once, say
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.config.selection import NoProfile, select
from runas.model import MfaRequired

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.profile import Profile

Word = Annotated[str | None, typer.Argument(metavar="[PROFILE]", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def roles(invocation: Invocation, profile: Word = None, as_json: Json = False) -> int:
    """List the roles that you may assume.

    \b
    Examples:
      runas list roles
      runas list roles my-profile --json
      runas -l my-profile
    """
    login, chosen = _login(invocation, profile)
    offered = login.drive(chosen, login.engine(chosen).roles())
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
    login, chosen = _login(invocation, profile)
    outcome = login.drive(chosen, login.engine(chosen).factors())
    factors = outcome.factors if isinstance(outcome, MfaRequired) else ()
    if as_json:
        print(json.dumps([{"kind": one.kind, "device": one.device} for one in factors], indent=2))
        return 0
    for factor in factors:
        print(factor.device)
    if not factors:
        say("no second factor found")
    return 0


def profiles(invocation: Invocation, as_json: Json = False) -> int:
    """List the profiles of the AWS config and credentials files.

    \b
    Examples:
      runas list profiles
      runas list profiles --json
    """
    config = open_config(invocation)
    names = config.profile_names()
    print(json.dumps(names, indent=2) if as_json else "\n".join(names))
    return 0


def chosen_profile(config: Config, invocation: Invocation, word: str | None) -> Profile:
    """Resolve the profile that a verb is about: the word, what stands in for it, or ``default``."""
    try:
        return select(config, invocation, [word] if word else []).profile
    except NoProfile:
        return config.profile("default")


def _login(invocation: Invocation, word: str | None) -> tuple[Login, Profile]:
    config = open_config(invocation)
    chosen = chosen_profile(config, invocation, word)
    return Login(config, invocation, open_cache(config, once())), chosen
