"""Prove who the user is: by the login that is kept, else by a new one."""

from __future__ import annotations

import logging
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import runas
from runas_sso import alias, kept, session
from runas_sso.browser import NoRedirect, by_browser
from runas_sso.device import by_device
from runas_sso.identity import SsoIdentity, Won
from runas_sso.place import Place, runas_error
from runas_sso.portal import Portal
from runas_sso.refusals import login as login_command
from runas_sso.surroundings import by_device as device_suits
from runas_sso.token import Token
from runas_sso.wire import Fault

if TYPE_CHECKING:
    from requests import Session

_POLICIES = ("session_policy_arns", "session_policy", "session_policy_document")

log = logging.getLogger(__name__)


def authenticate(profile: runas.Profile, http: Session) -> runas.Flow[SsoIdentity]:
    """Return the kept login where the portal still takes it; else send the person to a browser.

    Two settings of core's own: ``runas_kept`` only looks at what is kept, and asks neither the
    network nor anybody (status, logout); ``runas_anew`` logs in whatever is kept (``-rr``).
    """
    place = alias.remembered(Place.of(profile), profile)
    if profile.enabled("runas_kept"):
        return _identity(profile, http, place, _kept(profile, place))
    _refuse_policy(profile)
    if not profile.enabled("runas_anew"):
        identity = _continued(profile, http, place)
        if identity is not None:
            return identity
    place = alias.resolved(place, profile, http)
    token = yield from _login(profile, http, place)
    with kept.locked(place):
        kept.keep_token(place, token)
    return _identity(profile, http, place, token)


def _refuse_policy(profile: runas.Profile) -> None:
    """Refuse a session policy: GetRoleCredentials takes none, and whoever asks relies on it."""
    wanted = "read_only" if profile.enabled("read_only") else None
    given = next((name for name in _POLICIES if profile.get(name)), wanted)
    if given is None:
        return
    origin = profile.origin(given)
    raise runas_error(origin)(
        f"{origin}: AWS takes no session policy for a role of Identity Center",
        "narrow a role behind it, in a profile with role_arn and source_profile, or with"
        f" --role ARN --source-profile {profile.name or 'PROFILE'}",
    )


def _login(
    profile: runas.Profile, http: Session, place: Place
) -> Generator[runas.Challenge[Any], Any, Token]:
    try:
        if not device_suits(profile, place):
            try:
                return (yield from by_browser(profile, http, place))
            except NoRedirect:
                log.debug("%s refuses logins by redirect", place.name)
        return (yield from by_device(profile, http, place))
    except runas.ServiceUnavailable as outage:
        if "cannot be reached" not in outage.fact:
            raise
        raise runas.ServiceUnavailable(
            outage.fact,
            f"check the network, HTTPS_PROXY and sso_region ({profile.origin('sso_region')}:"
            f" {place.region})",
        ) from outage


def _kept(profile: runas.Profile, place: Place) -> Token:
    found = kept.token(place)
    if found is None:
        raise runas.InteractionRequired(
            f"nobody is signed in to {place.name}", login_command(profile, place)
        )
    return found


def _continued(profile: runas.Profile, http: Session, place: Place) -> SsoIdentity | None:
    """Go on with the kept login. A session can be ended from elsewhere, so it is tried out."""
    token = session.current(place, http)
    if token is None:
        return None
    try:
        won = _tried(profile, Portal(place, http, token.access))
    except Fault:
        return _renewed(profile, http, place, token)
    return _identity(profile, http, place, token, won)


def _renewed(
    profile: runas.Profile, http: Session, place: Place, token: Token
) -> SsoIdentity | None:
    """Renew a token that the portal refused, else drop it."""
    fresh = session.renewed(place, http, token)
    if fresh is None:
        with kept.locked(place):
            kept.forget_token(place, token.access)
        return None
    return _identity(profile, http, place, fresh)


def _tried(profile: runas.Profile, portal: Portal) -> Won | None:
    """See whether the portal takes the token: raises Fault where it does not.

    Where the profile says all about the role, the try is the very question that is wanted.
    """
    account, role = profile.get("sso_account_id") or "", profile.get("sso_role_name") or ""
    try:
        if account.isdigit() and role:
            return Won(account, role, portal.credentials(account, role))
        portal.probe()
    except Fault as fault:
        if fault.status == 401:
            raise
        # The token is good; what is wrong with the role is for `assume` to say.
    return None


def _identity(
    profile: runas.Profile, http: Session, place: Place, token: Token, won: Won | None = None
) -> SsoIdentity:
    subject = profile.get("runas_subject") or ""
    return SsoIdentity(subject, token.expires_at, place, token, won, http)
