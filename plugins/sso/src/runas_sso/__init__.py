"""Sign in with AWS IAM Identity Center (formerly AWS SSO).

The modules, in the order of a login: `place` and `instances` say which Identity Center is meant,
`endpoints` where it is, `alias` where its address leads; `session` goes on with the login that
`kept` holds for all AWS tools; `surroundings` chooses between `browser` (with its `listener`) and
`device` for a new one; `roles` asks the `portal`. `wire` judges every answer, `refusals` has the
words for bad ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import runas
from runas_sso.settings import SETTINGS

if TYPE_CHECKING:
    from requests import Session


@runas.hookimpl
def settings() -> Sequence[runas.Setting]:
    """List the profile keys that this provider reads."""
    return SETTINGS


@runas.hookimpl
def authenticate(
    profile: runas.Profile, http: Session
) -> runas.Flow[runas.Identity | runas.MfaRequired]:
    """Go on with the login that the AWS tools share, or send the person to a browser."""
    from runas_sso import login

    return (yield from login.authenticate(profile, http))


@runas.hookimpl
def list_roles(
    profile: runas.Profile, http: Session, identity: runas.Identity
) -> Sequence[runas.Role] | None:
    """List accounts and their permission sets."""
    from runas_sso import roles
    from runas_sso.identity import SsoIdentity

    return roles.offered(profile, http, identity) if isinstance(identity, SsoIdentity) else None


@runas.hookimpl
def assume(
    profile: runas.Profile, http: Session, identity: runas.Identity, role: runas.Role
) -> runas.Credentials | None:
    """Fetch the credentials of a permission set in an account."""
    from runas_sso import roles
    from runas_sso.identity import SsoIdentity

    if not isinstance(identity, SsoIdentity):
        return None
    return roles.assume(profile, http, identity, role)
