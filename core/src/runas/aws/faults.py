"""What AWS's refusals and botocore's own errors mean to a person.

One table, read by `runas.aws.clients`. The service's own words are kept wherever they hold no
input: they say who was denied what.
Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runas import tls
from runas.config.values import bad_setting
from runas.errors import (
    AccessDenied,
    ConfigurationError,
    Refused,
    RunasError,
    ServiceUnavailable,
    WrongCode,
)

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

    from runas.model import Profile

_WRONG_CODE = "invalid MFA one time pass code"
_WRONG_DEVICE = "unable to validate MFA code"
_TOO_LONG = re.compile(r"DurationSeconds exceeds the (MaxSessionDuration|1 hour session limit)")
_INVALID = re.compile(r"at '([\w.]+)' failed to satisfy constraint: (.+?)(?:;|$)", re.DOTALL)
_CLOCK = re.compile(r"(\d{8}T\d{6}Z) is .*\((\d{8}T\d{6}Z) [-+]")
_CORRECT = "correct the value"
_LOCAL_NAME = re.compile(r"parameter (?:input\.)?(\w+)")

SETTINGS = {
    "durationseconds": "credentials_duration",
    "externalid": "external_id",
    "policy": "session_policy",
    "policyarns": "session_policy_arns",
    "rolearn": "role_arn",
    "rolesessionname": "role_session_name",
    "serialnumber": "mfa_serial",
    "sourceidentity": "source_identity",
    "tags": "session_tags",
    "transitivetagkeys": "transitive_session_tags",
    "webidentitytoken": "web_identity_token_file",
}
"""Which setting an API parameter (in lower case) is made from."""


class DurationRefused(Refused):
    """The role does not allow sessions of the life asked for."""


class SignInKeysRefused(Refused):
    """AWS does not know the access key, or not with this session token."""


def explain(fault: ClientError | BotoCoreError, profile: Profile) -> RunasError:
    """Turn one of botocore's exceptions into the error to raise."""
    from botocore.exceptions import ClientError

    if isinstance(fault, ClientError):
        error = fault.response.get("Error", {})
        status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        code, message = (
            str(error.get("Code", "")),
            str(error.get("Message", "")).strip().rstrip("."),
        )
        return refusal(code, message, int(status), profile)
    return _local(fault, profile)


def refusal(code: str, message: str, status: int, profile: Profile) -> RunasError:
    """Explain an answer of AWS by its code, its words and its HTTP status."""
    if code in ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation"):
        return _denied(message, profile)
    if status >= 500 or "Throttl" in code or code in _TRANSIENT:
        return ServiceUnavailable(f"AWS cannot answer now: {code}: {message}", "try again later")
    if code in _TOKENS:
        return _token(code, message)
    if "Signature" in code or code in ("RequestExpired", "IncompleteSignature"):
        return _signature(message)
    if code in ("ValidationError", "ValidationException", "InvalidParameterValue"):
        return _invalid(message, profile)
    return _other(code, message, profile)


def _other(code: str, message: str, profile: Profile) -> RunasError:
    kind, fact, hint = _OTHERS.get(code, (Refused, f"AWS refused: {code}", _SEE))
    words = f"{fact}: {message}" if message else fact
    if kind is not ConfigurationError or "policy" not in hint:
        return kind(words, hint)
    return bad_setting(profile, _policy_setting(message, profile), words, hint)


_SEE = "check what was asked for; 'runas diagnose' looks at the profile"
_TRANSIENT = frozenset(
    "IDPCommunicationError InternalError InternalFailure RequestLimitExceeded RequestTimeout"
    " ServiceFailure ServiceUnavailable SlowDown TooManyRequestsException".split()
)
_TOKENS = frozenset(
    "ExpiredToken ExpiredTokenException InvalidClientTokenId UnrecognizedClientException"
    " InvalidAccessKeyId AuthFailure".split()
)
_OTHERS: dict[str, tuple[type[RunasError], str, str]] = {
    "IDPRejectedClaim": (
        Refused,
        "the identity provider no longer vouches for this token",
        "renew it",
    ),
    "InvalidIdentityToken": (
        Refused,
        "AWS does not accept the identity provider's token",
        "check the provider's registration in IAM, its audience and its signing keys",
    ),
    "MalformedPolicyDocument": (
        ConfigurationError,
        "AWS cannot read the session policy",
        "correct the policy",
    ),
    "NoSuchEntity": (Refused, "AWS knows no such entity", "check its name and the account"),
    "PackedPolicyTooLarge": (
        ConfigurationError,
        "session policies and tags together are too large",
        "shorten the policy, or use fewer tags",
    ),
    "RegionDisabledException": (
        ConfigurationError,
        "STS is switched off in this region",
        "choose another region, or have the account's administrator activate STS there",
    ),
    "OptInRequired": (
        ConfigurationError,
        "the account has not opted in to this region",
        "choose another region",
    ),
}


def _policy_setting(message: str, profile: Profile) -> str:
    """Name the setting that a complaint about policies means: one policy's text, or ARNs."""
    listed = (profile.get("session_policy_arns") or "").replace(",", " ").split()
    alone = listed and not profile.get("session_policy")
    if alone or any(arn in message for arn in listed):
        return "session_policy_arns"
    return "session_policy"


def _denied(message: str, profile: Profile) -> RunasError:
    if _WRONG_CODE in message:
        return WrongCode(
            "AWS did not accept the MFA code", "type the next one that the device shows"
        )
    if _WRONG_DEVICE in message:
        serial = profile.get("mfa_serial")
        named = f" of the device {serial}" if serial and serial != "auto" else ""
        return Refused(
            f"AWS could not check the MFA code{named}",
            "mfa_serial must be your own device (arn:aws:iam::ACCOUNT:mfa/NAME, see"
            " 'runas list mfa'), and the clock of the device must be right",
        )
    return AccessDenied(
        f"access denied: {message}" if message else "access denied",
        "take a role that may do this, or ask the account's administrator to allow it",
    )


def _token(code: str, message: str) -> RunasError:
    if code.startswith("ExpiredToken"):
        return Refused(
            f"the credentials or the token have expired: {message}",
            "renew them where they come from, or log in anew: runas -rr",
        )
    return SignInKeysRefused(
        f"AWS does not know these keys: {message}",
        "was the access key deleted or deactivated, or does it belong to another partition or"
        " endpoint?",
    )


def _signature(message: str) -> RunasError:
    times = _CLOCK.search(message)
    if times is None:
        return Refused(
            "AWS computed another signature for this request",
            "check aws_secret_access_key: it does not belong to the access key id",
        )
    here, there = (f"{t[:4]}-{t[4:6]}-{t[6:11]}:{t[11:13]}:{t[13:]}" for t in times.groups())
    return Refused(
        f"this machine's clock is wrong: it says {here}, AWS says {there}",
        "set the clock, then try again",
    )


def _invalid(message: str, profile: Profile) -> RunasError:
    if _TOO_LONG.search(message):
        return DurationRefused(message[:1].lower() + message[1:], "ask for less: --role-duration")
    found = _INVALID.search(message)
    if found is None:
        return ConfigurationError(f"AWS does not accept a value: {message}", _SEE)
    # Only the constraint is repeated: the value itself may be a code or an external id.
    setting = SETTINGS.get(found[1].partition(".")[0].lower(), found[1])
    words = f"AWS does not accept the value: {found[2].strip()}"
    return bad_setting(profile, setting, words, _CORRECT)


def _local(fault: BotoCoreError, profile: Profile) -> RunasError:
    """Explain what went wrong on the way to AWS."""
    from botocore import exceptions as raised

    if isinstance(fault, (raised.HTTPClientError, raised.ConnectionError)):
        return _unreachable(fault)
    if isinstance(fault, raised.ParamValidationError):
        return _unfit(str(fault), profile)
    named = f"{profile.origin('region')}: " if isinstance(fault, raised.InvalidRegionError) else ""
    words = f"{named}AWS cannot be called: {fault}".rstrip(".")
    return ConfigurationError(words, "check the region, and the settings of FIPS and dual stack")


def not_aws() -> ServiceUnavailable:
    """Say that whatever answered does not speak as AWS does."""
    hint = "check endpoint_url and AWS_ENDPOINT_URL, and whether the network wants a sign-in"
    return ServiceUnavailable("what answered is not AWS", hint)


def _unreachable(fault: BotoCoreError) -> RunasError:
    from botocore import exceptions as raised

    netloc = urlsplit(str(fault.kwargs.get("endpoint_url") or "")).netloc
    host = netloc.rpartition("@")[2] or "AWS"
    if isinstance(fault, raised.SSLError):
        return tls.explain(str(fault), host, _REACH)
    if isinstance(fault, raised.ProxyConnectionError):
        return ServiceUnavailable("the proxy cannot be reached", "check HTTPS_PROXY and NO_PROXY")
    if isinstance(fault, raised.ReadTimeoutError):
        return ServiceUnavailable(f"{host} took too long to answer", "try again later")
    return ServiceUnavailable(f"{host} cannot be reached", _REACH)


_REACH = "check the network, the region, HTTPS_PROXY, and endpoint_url or AWS_ENDPOINT_URL"


def _unfit(words: str, profile: Profile) -> RunasError:
    """Name the setting that botocore itself found unfit; the value is not repeated."""
    found = _LOCAL_NAME.search(words)
    name = SETTINGS.get(found[1].lower(), found[1]) if found else "a parameter"
    return bad_setting(profile, name, "the value is too short or of a wrong form", _CORRECT)
