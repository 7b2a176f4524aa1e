"""Find the role that was asked for among those that the identity offers."""

from __future__ import annotations

from collections.abc import Sequence

from runas.challenges import Choice, Flow
from runas.config.values import bad_value
from runas.errors import AmbiguousRole, InteractionRequired, RoleNotOffered
from runas.model import Identity, KeyIdentity, Profile, Role, RoleArn

_SHOWN = 20


def choose(profile: Profile, offered: Sequence[Role]) -> Flow[Role]:
    """Return the one role that fits what the profile wants, or the only one there is.

    Several that fit become a Choice; where nobody can be asked, an error that lists them.
    """
    wanted = _wanted(profile)
    fitting = [role for role in offered if not wanted or fits(role, wanted)]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise RoleNotOffered(
            f"the role '{wanted}' is not offered" if wanted else "no role is offered",
            f"offered: {_listed(offered)}" if offered else "ask for a role to be assigned to you",
        )
    try:
        return (yield from Choice("Which role?", fitting, describe))
    except InteractionRequired as error:
        name = f"the name '{wanted}' fits" if wanted else "the identity offers"
        raise AmbiguousRole(
            f"{name} several roles: {_listed(fitting)}", "name one with --role ACCOUNT/NAME"
        ) from error


def settled(profile: Profile, identity: Identity) -> Role | None:
    """Return the role where the profile says all about it, so that none need be listed.

    Keys want an ARN only. Identity Center wants an account and a permission set's name, which
    together stand for a role whose real ARN only AWS knows.
    """
    if profile.role_arn and isinstance(identity, KeyIdentity):
        return Role(wanted_arn(profile))
    account, name = profile.get("sso_account_id") or "", profile.get("sso_role_name")
    if profile.family == "sso" and name and account.isdigit() and not profile.role_arn:
        return Role(RoleArn("aws", account, "/", name))
    return None


def _wanted(profile: Profile) -> str:
    """Return what the profile wants: an ARN, a name, ``account/name``, or ``account/``."""
    text = profile.role_arn or profile.get("role_name")
    if text or profile.family != "sso":
        return text or ""
    account, name = profile.get("sso_account_id"), profile.get("sso_role_name") or ""
    return f"{account}/{name}" if account else name


def wanted_arn(profile: Profile) -> RoleArn:
    """Take the profile's ``role_arn`` apart; raise the error that says where it is written."""
    text = profile.role_arn or ""
    try:
        return RoleArn.parse(text)
    except ValueError:
        raise bad_value(
            profile.origin("role_arn"),
            f"not the ARN of a role: {text!r}",
            "write arn:aws:iam::ACCOUNT:role/NAME",
        ) from None


def fits(role: Role, wanted: str) -> bool:
    """Tell whether *wanted* means the role: its ARN, its name, ``account/name``, ``account/``."""
    arn = role.arn
    accounts = [one for one in (arn.account_id, role.account_name) if one]
    in_account = [f"{one}/{name}" for one in accounts for name in (arn.name, "")]
    return wanted in (str(arn), arn.name, *in_account)


def describe(role: Role) -> str:
    """Show a role as a person would pick it: account, its number, the role; pickers align them."""
    name = f"{role.account_name}  " if role.account_name else ""
    return f"{name}{role.arn.account_id}  {role.arn.path[1:]}{role.arn.name}"


def _listed(roles: Sequence[Role]) -> str:
    names = sorted(str(role.arn) for role in roles)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
