"""Prove who the user is: with keys, with keys and a code, or with a web identity's token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import runas
from runas.aws import iam, sts
from runas.aws.limits import HOUR
from runas_iam import keys, token


@dataclass(frozen=True)
class WebIdentity(runas.Identity):
    """A token of an OpenID Connect provider; it is good for its own role only."""

    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class LimitedKeys(runas.KeyIdentity):
    """Keys for a role that is known to allow sessions of ``longest`` seconds only."""

    longest: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A login that waits for a code: the user's own keys, and what is known of the role."""

    subject: str
    keys: runas.Credentials
    longest: int | None = None


def prove(profile: runas.Profile) -> runas.Flow[runas.Identity | runas.MfaRequired]:
    """Find the profile's keys or token, and say what is still wanted of the user.

    Long-term keys take a role as they are; where no role is wanted, GetSessionToken makes them
    temporary. With ``mfa_serial`` a code is wanted first.
    """
    yield from ()  # nothing to ask: AWS takes the keys' word
    holder = _token_holder(profile)
    if holder is not None:
        text = token.read(holder)
        return WebIdentity(token.subject(text), token=text)
    found = keys.find(profile)
    if found.temporary:
        subject = _subject(profile, found) if wants_role(profile) else ""
        return runas.KeyIdentity(subject, found.expiration, found)
    subject = _subject(profile, found)
    serials = _serials(profile, found)
    if serials:
        return wanting(serials, Waiting(subject, found))
    if wants_role(profile):
        return runas.KeyIdentity(subject, credentials=found)
    return _kept(subject, sts.session_token(profile, found))


def prove_code(
    profile: runas.Profile, waiting: Waiting, factor: runas.Factor
) -> runas.Flow[runas.Identity | runas.MfaRequired]:
    """Ask for a code of the device, and spend it where it goes furthest.

    A session token serves every role for 12 h, but takes a role for an hour at most; a longer role
    session needs the code itself, beside the user's own keys.
    """
    code = (yield from runas.Code(factor.device)).replace(" ", "")
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        raise runas.WrongCode("an MFA code has six digits", "type it as the device shows it")
    mfa = runas.MfaCode(factor.id, code)
    if _direct(profile, waiting):
        return LimitedKeys(
            waiting.subject, credentials=waiting.keys, mfa=mfa, longest=waiting.longest
        )
    known = profile.having(mfa_serial=factor.id)
    return _kept(waiting.subject, sts.session_token(known, waiting.keys, mfa), waiting.longest)


def wanting(serials: Sequence[str], waiting: Waiting, reason: str = "") -> runas.MfaRequired:
    """Say that a code of one of these devices is wanted."""
    factors = (runas.Factor("totp", device=serial, id=serial) for serial in serials)
    return runas.MfaRequired(tuple(factors), waiting, reason)


def wants_role(profile: runas.Profile) -> bool:
    """Tell whether keys are wanted for a role, or for their own sake (``-s``, or no role)."""
    if profile.enabled("session"):
        return False
    return any(profile.get(name) for name in ("role_arn", "role_name"))


def _direct(profile: runas.Profile, waiting: Waiting) -> bool:
    longest = waiting.longest or profile.duration or 0
    return wants_role(profile) and min(profile.duration or 0, longest) > HOUR


def _kept(
    subject: str, credentials: runas.Credentials, longest: int | None = None
) -> runas.KeyIdentity:
    return LimitedKeys(subject, credentials.expiration, credentials, keepable=True, longest=longest)


def _subject(profile: runas.Profile, found: runas.Credentials) -> str:
    """Return the user's own name: as core remembers it for these keys, else as AWS tells it."""
    return profile.get("runas_subject") or sts.caller(profile, found).name


def _serials(profile: runas.Profile, found: runas.Credentials) -> list[str]:
    serial = profile.get("mfa_serial")
    if serial == "auto":
        return iam.find_devices(profile, found)
    return [serial] if serial else []


def _token_holder(profile: runas.Profile) -> runas.Profile | None:
    """Return the profile that names a token file, unless keys stand nearer."""
    for hop in keys.nearest_first(profile):
        if keys.static(hop) is not None:
            return None
        if hop.get("web_identity_token_file"):
            if not wants_role(profile):
                raise runas.ConfigurationError(
                    f"{hop.origin('web_identity_token_file')}: a token needs a role to take",
                    "add role_arn",
                )
            return hop
    return None
