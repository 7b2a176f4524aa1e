"""Find the role that was asked for among those that the identity offers."""

from __future__ import annotations

from collections.abc import Sequence

from runas.challenges import Choice, Flow
from runas.errors import AmbiguousRole, ConfigurationError, InteractionRequired, RoleNotOffered
from runas.model import Profile, Role, RoleArn

_SHOWN = 20


def choose(profile: Profile, offered: Sequence[Role]) -> Flow[Role]:
    """Return the one role that fits: by ARN, by name, by ``account/name``, or as the only one.

    Several that fit become a Choice; where nobody can be asked, an error that lists them.
    """
    wanted = profile.role_arn or profile.get("role_name")
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
            f"{name} several roles: {_listed(fitting)}", "name one by its ARN"
        ) from error


def wanted_arn(profile: Profile) -> RoleArn:
    """Take the profile's ``role_arn`` apart; raise the error that says where it is written."""
    text = profile.role_arn or ""
    try:
        return RoleArn.parse(text)
    except ValueError:
        raise ConfigurationError(
            f"{profile.origin('role_arn')}: not the ARN of a role: {text!r}",
            "write arn:aws:iam::ACCOUNT:role/NAME",
        ) from None


def fits(role: Role, wanted: str) -> bool:
    """Tell whether *wanted* means the role: its ARN, its name, or ``account/name``."""
    arn = role.arn
    accounts = (arn.account_id, role.account_name)
    return wanted in (str(arn), arn.name) or any(wanted == f"{one}/{arn.name}" for one in accounts)


def describe(role: Role) -> str:
    """Show a role as a person would pick it: account, name, ARN."""
    account = role.account_name or role.arn.account_id
    return f"{account}/{role.arn.name}  ({role.arn})"


def _listed(roles: Sequence[Role]) -> str:
    names = sorted(str(role.arn) for role in roles)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
