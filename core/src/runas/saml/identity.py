"""The proof that a SAML plugin returns, and the roles that core reads off it."""

from __future__ import annotations

import re
import time

from runas.config.values import bad_value
from runas.errors import ConfigurationError, Refused, RoleNotOffered
from runas.model import Profile, Role, RoleArn, SamlIdentity
from runas.saml.assertion import REDEEMABLE, Assertion
from runas.saml.response import read

_CLOCKS = 300
"""Seconds by which the clocks of this machine and the provider may differ."""

_LEAST, _MOST = 900, 43200
"""Seconds that AWS lets a role session last."""

_PROVIDER = re.compile(r"arn:aws[a-z0-9-]*:iam::\d{12}:saml-provider/[\w.-]{1,128}", re.ASCII)


def identity(text: str, subject: str = "") -> SamlIdentity:
    """Make the proof out of a ``SAMLResponse``.

    Without a *subject* the user is named as in the assertion: by the RoleSessionName, which is
    what CloudTrail will show, else by the NameID. Raises what `read` raises, and Refused for a
    response whose time has passed.
    """
    assertion = read(text)
    now, end = time.time(), assertion.expiration
    if end is not None and end + _CLOCKS < now:
        raise Refused(
            f"the SAML response has expired {_age(now - end)} ago",
            "log in again; if it happens at once, this machine's clock is wrong",
        )
    known = subject or assertion.subject
    return SamlIdentity(known, end if end is not None else int(now) + REDEEMABLE, assertion.text)


def session_life(profile: Profile, identity: SamlIdentity) -> int | None:
    """Return the life to ask AWS for, in seconds: the profile's word, else the provider's.

    It ends no later than the provider's own session. None leaves it to AWS (an hour).
    """
    assertion = read(identity.assertion)
    asked = profile.duration or assertion.session_duration
    if asked is None:
        return None
    if assertion.session_end is not None:
        asked = min(asked, assertion.session_end - int(time.time()))
    return min(max(asked, _LEAST), _MOST)


def roles(identity: SamlIdentity, profile: Profile) -> list[Role]:
    """List the roles that the assertion offers.

    An encrypted one hides them: then the profile's ``role_arn`` and ``saml_principal_arn`` name
    the one to take. Raises RoleNotOffered where the assertion has none.
    """
    assertion = read(identity.assertion)
    if assertion.encrypted:
        return [_told(profile)]
    if not assertion.roles:
        raise RoleNotOffered(
            "the SAML response offers no AWS role",
            "ask for a role to be assigned to you at the identity provider (attribute"
            " https://aws.amazon.com/SAML/Attributes/Role)",
        )
    return list(assertion.roles)


def _told(profile: Profile) -> Role:
    """Make the role out of the settings, because the assertion is readable to AWS only."""
    missing = [name for name in ("role_arn", "saml_principal_arn") if not profile.get(name)]
    if missing:
        raise ConfigurationError(
            f"the identity provider encrypts its assertion, so profile '{profile.name}' must say"
            f" which role is meant: {' and '.join(missing)} missing",
            "set role_arn = arn:aws:iam::ACCOUNT:role/NAME and"
            " saml_principal_arn = arn:aws:iam::ACCOUNT:saml-provider/NAME",
        )
    principal = profile.get("saml_principal_arn") or ""
    if not _PROVIDER.fullmatch(principal):
        raise bad_value(
            profile.origin("saml_principal_arn"),
            f"not the ARN of a SAML provider: {principal!r}",
            "write arn:aws:iam::ACCOUNT:saml-provider/NAME",
        )
    try:
        return Role(RoleArn.parse(profile.role_arn or ""), principal)
    except ValueError:
        raise bad_value(
            profile.origin("role_arn"),
            f"not the ARN of a role: {profile.role_arn!r}",
            "write arn:aws:iam::ACCOUNT:role/NAME",
        ) from None


def _age(seconds: float) -> str:
    return f"{int(seconds // 60)} minutes" if seconds < 7200 else f"{int(seconds // 3600)} hours"


__all__ = ["Assertion", "identity", "roles", "session_life"]
