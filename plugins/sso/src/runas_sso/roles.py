"""The roles that a login offers, and their credentials."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import runas
from runas.aws.partitions import partition_of
from runas_sso import kept
from runas_sso.identity import SsoIdentity
from runas_sso.parallel import each
from runas_sso.portal import THREADS, Account, Portal
from runas_sso.refusals import login
from runas_sso.wire import Fault

if TYPE_CHECKING:
    from requests import Session

progress = logging.getLogger("runas.progress")

_SHOWN = 20
_STEP = 5  # the level of what is shown as progress, and in no log


def offered(profile: runas.Profile, http: Session, identity: SsoIdentity) -> list[runas.Role]:
    """List the roles, by account and name: those of one account where the profile wants it."""
    assert identity.place
    portal, count = identity.portal(http), _Count()
    partition = partition_of(identity.place.region)

    def of(account: Account) -> list[runas.Role]:
        arns = (runas.RoleArn(partition, account.id, "/", name) for name in _roles(portal, account))
        found = [runas.Role(arn, account_name=account.name or None) for arn in arns]
        count.ready()
        return found

    wanted = _only_account(profile)
    try:
        accounts = (one for one in portal.accounts() if wanted in ("", one.id, one.name))
        found = [role for roles in each(of, count.all(accounts), THREADS) for role in roles]
    except Fault as fault:
        raise _refused(fault, profile, identity) from fault
    finally:
        portal.pace.stop()
    return sorted(found, key=lambda role: ((role.account_name or "").lower(), *_key(role)))


class _Count:
    """Tells whoever shows it how many accounts are done, of those known so far."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known = self._ready = 0

    def all(self, accounts: Iterator[Account]) -> Iterator[Account]:
        """Count the accounts as they come."""
        for account in accounts:
            with self._lock:
                self._known += 1
            yield account

    def ready(self) -> None:
        """Count an account whose roles are known."""
        with self._lock:
            self._ready += 1
            progress.log(_STEP, "%d of %d accounts", self._ready, self._known)


def assume(
    profile: runas.Profile, http: Session, identity: SsoIdentity, role: runas.Role
) -> runas.Credentials:
    """Fetch a role's credentials; where they are refused, say which roles there are."""
    account, name, won = role.arn.account_id, role.arn.name, identity.won
    if won and (won.account_id, won.role_name) == (account, name):
        return won.credentials
    portal = identity.portal(http)
    try:
        return portal.credentials(account, name)
    except Fault as fault:
        if fault.status not in (403, 404):
            raise _refused(fault, profile, identity) from fault
        raise _not_assigned(profile, identity, portal, role) from fault


def _roles(portal: Portal, account: Account) -> list[str]:
    try:
        return portal.roles(account.id)
    except Fault as fault:
        if fault.status in (403, 404):  # taken away since the account was listed
            return []
        raise


def _only_account(profile: runas.Profile) -> str:
    """Return the account to look into; all of them where the profile names its role in full."""
    return "" if profile.get("sso_role_name") and _settled(profile) else _account(profile)


def _settled(profile: runas.Profile) -> bool:
    return _account(profile).isdigit()


def _account(profile: runas.Profile) -> str:
    return profile.get("sso_account_id") or ""


def _key(role: runas.Role) -> tuple[str, str]:
    return role.arn.account_id, role.arn.name


def _refused(fault: Fault, profile: runas.Profile, identity: SsoIdentity) -> runas.RunasError:
    """Return the error for a fault of the portal."""
    assert identity.place
    assert identity.token
    place = identity.place
    if fault.status == 401:
        with kept.locked(place):
            kept.forget_token(place, identity.token.access)
        return runas.Refused(
            f"the portal in {place.region} does not accept the sign-in (any more)",
            f"sign in again: {login(profile, place)}; check sso_region"
            f" ({profile.origin('sso_region')}) if that does not help",
        )
    return runas.Refused(f"the portal refuses the request ({fault.code})", "check the account id")


def _not_assigned(
    profile: runas.Profile, identity: SsoIdentity, portal: Portal, role: runas.Role
) -> runas.RoleNotOffered:
    assert identity.place
    there = sorted(_listed(portal, role.arn.account_id))
    shown = ", ".join(there[:_SHOWN]) + (" ..." if len(there) > _SHOWN else "")
    fact = f"you have no role '{role.arn.name}' in account {role.arn.account_id}"
    if there:
        return runas.RoleNotOffered(f"{fact}; there you have: {shown}", "change sso_role_name")
    return runas.RoleNotOffered(
        f"{fact}, nor any other there",
        "see 'runas list roles'; if the browser was signed in as somebody else:"
        f" runas logout, then {login(profile, identity.place)}",
    )


def _listed(portal: Portal, account_id: str) -> list[str]:
    """List an account's roles for a message: no second fault may hide the first."""
    try:
        return portal.roles(account_id)
    except (Fault, runas.RunasError):
        return []
