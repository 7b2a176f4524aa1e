"""``runas list``: the roles, MFA devices and profiles that there are."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.config.selection import NoProfile, select
from runas.errors import UsageError

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.login import Login
    from runas.model import Role
    from runas.profile import Profile

Word = Annotated[str | None, typer.Argument(metavar="[PROFILE]", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV: account id and name, role.")]
Names = Annotated[bool, typer.Option("--names", help="Print the names alone, one a line.")]


def roles(
    invocation: Invocation, profile: Word = None, as_json: Json = False, as_csv: Csv = False
) -> int:
    """List the roles that you may assume.

    Roles of Identity Center, and others whose accounts have names, come as a table; the rest as
    ARNs, one a line.

    \b
    Examples:
      runas list roles
      runas list roles my-profile --json
      runas list roles --csv my-sso-profile
      runas -l my-profile
    """
    from runas.cli.populate_roles import offered

    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other", "choose one")
    session, chosen = _login(invocation, profile)
    found = sorted(offered(session, chosen), key=_place)
    show = _json if as_json else _csv if as_csv else _table
    plain = list({str(role): role for role in found if not role.pattern}.values())
    show(plain, sorted({str(role) for role in found if role.pattern}), _named(chosen, found))
    return 0


def _place(role: Role) -> tuple[str, str]:
    return (role.account_name or "").lower(), str(role)


def _named(profile: Profile, roles: list[Role]) -> bool:
    """Tell roles that go by account and name; an Identity Center's have no ARN anybody knows."""
    return profile.family == "sso" or any(role.account_name for role in roles)


def _document(role: Role) -> dict[str, str | None]:
    return {
        "account_id": role.arn.account_id,
        "account_name": role.account_name,
        "role_name": role.arn.name,
    }


def _json(roles: list[Role], patterns: list[str], named: bool) -> None:
    shown = [_document(role) if named else str(role) for role in roles]
    print(json.dumps({"roles": shown, "patterns": patterns}, indent=2))


def _csv(roles: list[Role], patterns: list[str], named: bool) -> None:
    import csv

    from runas.prompters.words import plain

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["account_id", "account_name", "role_name"])
    writer.writerows([plain(text or "") for text in _document(role).values()] for role in roles)


def _table(roles: list[Role], patterns: list[str], named: bool) -> None:
    from runas.cli.tables import columns

    if named and roles:
        cells = [[text or "" for text in _document(role).values()] for role in roles]
        print(columns(("ACCOUNT ID", "ACCOUNT", "ROLE"), cells), end="")
    elif roles:
        print("\n".join(str(role) for role in roles))
    if patterns:
        say("also any role that matches: " + ", ".join(patterns))
    if not roles and not patterns:
        say("no roles found")


def mfa(invocation: Invocation, profile: Word = None, as_json: Json = False) -> int:
    """List your second factors.

    For an IAM user the MFA devices, as -M takes them: ARNs, and serial numbers of hardware. For a
    provider what it offers: the type, as -t takes it, and the device.

    \b
    Examples:
      runas list mfa
      runas -m my-profile
      runas list mfa my-profile --json
    """
    session, chosen = _login(invocation, profile)
    from runas.model import Identity, MfaRequired
    from runas.prompters.words import plain

    outcome = session.drive(chosen, session.engine(chosen).factors())
    factors = outcome.factors if isinstance(outcome, MfaRequired) else ()
    if as_json:
        print(json.dumps([{"kind": one.kind, "device": one.device} for one in factors], indent=2))
        return 0
    if isinstance(outcome, Identity) and chosen.family != "keys":
        say("the login asked for no second factor; if it is still remembered, 'runas logout' first")
    elif not factors:
        say("no second factor found")
    elif all(factor.device == factor.id for factor in factors):
        print("\n".join(plain(factor.device) for factor in factors))
    else:
        from runas.cli.tables import columns

        cells = [(factor.kind, factor.device) for factor in factors]
        print(columns(("TYPE", "DEVICE"), cells), end="")
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
        print("".join(f"{name}\n" for name in config.profile_names()), end="")
        return 0
    found = list(rows(config, Cache(cache_folder(config.environ, os.path.expanduser("~")))))
    if as_json:
        print(json.dumps([row.document() for row in found], indent=2))
        return 0
    if not found:
        say(
            "there are no profiles yet; 'runas configure profile NAME' writes one,"
            " 'runas sandbox' has some to try"
        )
        return 0
    cells = [(r.name, r.provider or r.family, r.account, r.role, r.state) for r in found]
    print(columns(("PROFILE", "SIGNS IN BY", "ACCOUNT", "ROLE", "CREDENTIALS"), cells), end="")
    for row in found:
        if row.problem:
            named = "" if repr(row.name) in row.problem else f"profile '{row.name}': "
            say(named + row.problem)
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
