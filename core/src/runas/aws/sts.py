"""The Security Token Service: who am I, session tokens, and roles.

Every function makes one call (or one more for each life that a role refuses), asks nobody, and
raises errors of `runas.errors`. Plugins use it as it is.
Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

import calendar
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from runas.aws.clients import call, client, complete
from runas.aws.faults import DurationRefused, SignInKeysRefused
from runas.aws.keys import sendable
from runas.aws.limits import chained, granted, session_life
from runas.aws.parameters import narrowing, session_name, tagging
from runas.errors import Refused
from runas.model import Credentials, KeyIdentity, MfaCode, Profile, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Caller",
    "DurationRefused",
    "SignInKeysRefused",
    "assume_with_keys",
    "assume_with_web_identity",
    "caller",
    "credentials_in",
    "session_token",
]

log = logging.getLogger(__name__)

_PAUSES = (0.2, 0.8)  # seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom AWS takes the bearer of some keys for."""

    account_id: str
    arn: str
    user_id: str

    @property
    def name(self) -> str:
        """The user's or the session's own name: the last part of the ARN."""
        return self.arn.rpartition("/")[2].rpartition(":")[2]


def caller(profile: Profile, credentials: Credentials) -> Caller:
    """Ask whose keys these are. Needs no permission and cannot be forbidden.

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    """
    answer = call(client("sts", profile, credentials), "get_caller_identity", profile)
    with complete():
        return Caller(answer["Account"], answer["Arn"], answer["UserId"])


def session_token(
    profile: Profile, credentials: Credentials, mfa: MfaCode | None = None
) -> Credentials:
    """Trade a user's long-term keys for temporary ones, which remember that MFA was used.

    They last for ``session_token_duration`` (12 h), take roles for an hour at most, and without
    MFA may not call IAM.
    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
    """
    answer = call(
        client("sts", profile, credentials),
        "get_session_token",
        profile,
        DurationSeconds=session_life(profile.get("session_token_duration")),
        SerialNumber=mfa and mfa.serial,
        TokenCode=mfa and mfa.code,
    )
    return credentials_in(answer)


def assume_with_keys(
    profile: Profile,
    identity: KeyIdentity,
    role: Role,
    maximum: Callable[[], int | None] = lambda: None,
) -> Credentials:
    """Take a role with AWS keys. The profile says how: life, external id, policies, tags.

    Temporary keys get an hour at most. Where the role refuses the life asked for, shorter ones are
    tried (see `runas.aws.limits`), except with an MFA code, which the refused try has used up:
    then DurationRefused goes to the caller.
    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    arn, mfa = role.arn, identity.mfa
    temporary = identity.credentials.temporary
    sts = client("sts", profile, identity.credentials, arn.partition)
    parameters = {
        "RoleArn": str(arn),
        "RoleSessionName": session_name(profile, identity.subject),
        "ExternalId": profile.get("external_id"),
        "SerialNumber": mfa and mfa.serial,
        "TokenCode": mfa and mfa.code,
        "SourceIdentity": profile.get("source_identity"),
        **narrowing(profile, arn.partition),
        **tagging(profile),
    }

    def attempt(life: int | None) -> Credentials:
        return credentials_in(call(sts, "assume_role", profile, DurationSeconds=life, **parameters))

    asked = chained(arn, profile.duration) if temporary else profile.duration
    return attempt(asked) if mfa else granted(arn, asked, attempt, maximum)


def assume_with_web_identity(profile: Profile, token: str, subject: str, role: Role) -> Credentials:
    """Take a role with a token of an OpenID Connect provider; the call is not signed.

    Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
    """
    arn = role.arn
    sts = client("sts", profile, None, arn.partition)
    parameters = {
        "RoleArn": str(arn),
        "RoleSessionName": session_name(profile, subject),
        "WebIdentityToken": token,
        **narrowing(profile, arn.partition),
    }

    def attempt(life: int | None) -> Credentials:
        return credentials_in(
            call(sts, "assume_role_with_web_identity", profile, DurationSeconds=life, **parameters)
        )

    return granted(arn, profile.duration, lambda life: _patiently(lambda: attempt(life)))


def _patiently(attempt: Callable[[], Credentials]) -> Credentials:
    """Try again a little later where AWS could not fetch the provider's signing keys."""
    for pause in _PAUSES:
        try:
            return attempt()
        except Refused as refused:
            if "retrieve verification key" not in refused.fact:
                raise
            log.debug("AWS cannot fetch the provider's signing keys; asking again")
        time.sleep(pause)
    return attempt()


def credentials_in(answer: Mapping[str, Any]) -> Credentials:
    """Take the credentials out of an STS answer."""
    with complete():
        found = answer["Credentials"]
        return Credentials(
            _plain(found["AccessKeyId"]),
            _plain(found["SecretAccessKey"]),
            _plain(found["SessionToken"]),
            _seconds(found["Expiration"]),
        )


def _plain(key: str) -> str:
    """Return a key that can go into headers and variables; raise ValueError for any other text."""
    if not (key and sendable(key)):
        raise ValueError
    return key


def _seconds(moment: datetime) -> int:
    return calendar.timegm(moment.utctimetuple())
