"""Take a role, and find out what AWS does not say: which device, and how long."""

from __future__ import annotations

import logging

import runas
from runas.aws import iam, sts
from runas.aws.limits import HOUR, say_less
from runas_iam import keys
from runas_iam.login import LimitedKeys, Waiting, WebIdentity, wanting

log = logging.getLogger(__name__)


def with_token(
    profile: runas.Profile, identity: WebIdentity, role: runas.Role
) -> runas.Credentials:
    """Trade the token for the role's credentials."""
    try:
        return sts.assume_with_web_identity(profile, identity.token, identity.subject, role)
    except runas.AccessDenied as denied:
        raise runas.AccessDenied(denied.fact, _TRUST) from denied


def with_keys(
    profile: runas.Profile, identity: runas.KeyIdentity, role: runas.Role
) -> runas.Credentials | runas.MfaRequired:
    """Take the role; ask for a code where it is refused without one, or refused for so long."""
    asking = _limited(profile, identity)

    def maximum() -> int | None:
        return iam.longest_session(profile, identity.credentials, role.arn)

    try:
        return sts.assume_with_keys(asking, identity, role, maximum)
    except sts.DurationRefused:
        if identity.mfa is None:
            raise
        return _for_less(asking, identity, identity.mfa.serial, role, maximum())
    except runas.AccessDenied as denied:
        return _with_a_device(profile, identity, denied)


def _limited(profile: runas.Profile, identity: runas.KeyIdentity) -> runas.Profile:
    longest = identity.longest if isinstance(identity, LimitedKeys) else None
    if longest is None or (profile.duration or 0) <= longest:
        return profile
    return profile.having(credentials_duration=str(longest))


def _for_less(
    profile: runas.Profile,
    identity: runas.KeyIdentity,
    serial: str,
    role: runas.Role,
    known: int | None,
) -> runas.MfaRequired:
    """Ask for another code: the refused try has used up the first.

    Where the role's maximum cannot be read, the second code opens a session: that is good for an
    hour of any role, again and again, where guessing would take a code for each guess.
    """
    asked = profile.duration or HOUR
    longest = min(known, asked) if known else HOUR
    say_less(role.arn, asked, longest)
    return wanting([serial], Waiting(identity.subject, identity.credentials, longest))


def _with_a_device(
    profile: runas.Profile, identity: runas.KeyIdentity, denied: runas.AccessDenied
) -> runas.MfaRequired:
    """Look for the user's MFA devices: AWS does not say whether it was a code that was missing."""
    own = None if _strong(profile, identity) else _own_keys(profile, identity)
    serials: list[str] = []
    if own is not None:
        try:
            serials = iam.find_devices(profile, own)
        except runas.RunasError as error:
            log.debug("no MFA device can be looked for: %s", error)
    if own is None or not serials:
        raise runas.AccessDenied(denied.fact, _HINT) from denied
    return wanting(serials, Waiting(identity.subject, own), denied.fact)


_TRUST = (
    "the role's trust policy must name the OpenID Connect provider and allow"
    " sts:AssumeRoleWithWebIdentity for the token's sub and aud"
)
_HINT = (
    "the role's trust policy must name you, with your external_id or mfa_serial if it asks for"
    " them, and your own policies must allow sts:AssumeRole"
)


def _strong(profile: runas.Profile, identity: runas.KeyIdentity) -> bool:
    """Tell an identity that no code of the user's can make stronger."""
    through_a_role = profile.source is not None and profile.source.ends_in_role
    return identity.mfa is not None or bool(profile.get("mfa_serial")) or through_a_role


def _own_keys(profile: runas.Profile, identity: runas.KeyIdentity) -> runas.Credentials | None:
    """Return keys that may ask IAM for devices; None where a code has been given already."""
    if not identity.credentials.temporary:
        return identity.credentials
    return None if _carries_mfa(profile, identity.credentials) else keys.long_term(profile)


def _carries_mfa(profile: runas.Profile, session: runas.Credentials) -> bool:
    """Tell a session that was opened with a code: IAM does not know the others at all.

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
    """
    try:
        iam.find_devices(profile, session)
    except sts.SignInKeysRefused:
        return False
    except runas.RunasError:
        return True
    return True
