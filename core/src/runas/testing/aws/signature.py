"""Signature Version 4, from the verifier's side.

Source: AWS General Reference, "Signing AWS API requests" (canonical request, string to sign,
signing key), and "Troubleshooting Signature Version 4" for what is said when it fails.
"""

from __future__ import annotations

import calendar
import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote

from runas.testing.aws.errors import AwsError

ALGORITHM = "AWS4-HMAC-SHA256"
SKEW = 15 * 60  # seconds that STS and IAM allow between the clocks
_SCHEME = re.compile(rf"{ALGORITHM}\s+(.*)", re.DOTALL)


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came over the wire; header names in lower case (they hold tokens)."""

    method: str
    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Signed:
    """What a request says about its signature."""

    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str
    signed_headers: tuple[str, ...]
    signature: str = field(repr=False)
    timestamp: str
    session_token: str | None = field(repr=False)
    presigned: bool = False
    lifetime: int = 0

    @property
    def scope(self) -> str:
        """The credential scope."""
        return "/".join((self.date, self.region, self.service, self.terminator))


def _incomplete(message: str) -> AwsError:
    return AwsError("IncompleteSignature", message)


def mismatch(message: str) -> AwsError:
    """Refuse a signature."""
    return AwsError("SignatureDoesNotMatch", message, 403)


def read(request: HttpRequest) -> Signed | None:
    """Read the signature of a request: from its header, or a presigned query; None if unsigned."""
    query = dict(parse_qsl(request.query, keep_blank_values=True))
    if "X-Amz-Algorithm" in query:
        if query["X-Amz-Algorithm"] != ALGORITHM:
            raise _incomplete("Unsupported AWS 'algorithm'")
        parts = {name.removeprefix("X-Amz-"): value for name, value in query.items()}
        stamp, token = parts.get("Date"), parts.get("Security-Token")
        return _signed(parts, stamp, token, presigned=True)
    header = request.headers.get("authorization")
    if header is None:
        return None
    match = _SCHEME.fullmatch(header.strip())
    if match is None:
        raise _incomplete(f"Unsupported AWS 'algorithm': '{header.split(' ')[0]}'.")
    items = (each.strip().partition("=") for each in match[1].split(","))
    parts = {name: value for name, _, value in items}
    stamp = request.headers.get("x-amz-date")
    return _signed(parts, stamp, request.headers.get("x-amz-security-token"), presigned=False)


def _signed(
    parts: Mapping[str, str], stamp: str | None, token: str | None, *, presigned: bool
) -> Signed:
    for name in ("Credential", "Signature", "SignedHeaders"):
        if not parts.get(name):
            raise _incomplete(f"Authorization header requires '{name}' parameter.")
    if not stamp:
        raise _incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a"
                          " 'Date' header.")  # fmt: skip
    _seconds(stamp)
    scope = parts["Credential"].split("/")
    if len(scope) != 5:
        raise _incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g."
            f" keyid/date/region/service/term, got '{parts['Credential']}'"
        )
    lifetime = parts.get("Expires", "0")
    return Signed(
        access_key_id=scope[0],
        date=scope[1],
        region=scope[2],
        service=scope[3],
        terminator=scope[4],
        signed_headers=tuple(parts["SignedHeaders"].split(";")),
        signature=parts["Signature"],
        timestamp=stamp,
        session_token=token,
        presigned=presigned,
        lifetime=int(lifetime) if lifetime.isdigit() else 0,
    )


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def canonical_request(request: HttpRequest, signed: Signed) -> str:
    """Write the request in the form that both sides hash."""
    pairs = parse_qsl(request.query, keep_blank_values=True)
    query = sorted((_encode(k), _encode(v)) for k, v in pairs if k != "X-Amz-Signature")
    values = ((name, request.headers.get(name, "")) for name in signed.signed_headers)
    lines = [
        request.method,
        quote(unquote(request.path), safe="/-_.~") or "/",
        "&".join(f"{name}={value}" for name, value in query),
        *(f"{name}:{' '.join(value.split())}" for name, value in values),
        "",
        ";".join(signed.signed_headers),
        hashlib.sha256(request.body).hexdigest(),
    ]
    return "\n".join(lines)


def sign(secret: str, signed: Signed, canonical: str) -> str:
    """Compute the signature that the holder of a secret key arrives at."""
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((ALGORITHM, signed.timestamp, signed.scope, digest))
    key = f"AWS4{secret}".encode()
    for part in (signed.date, signed.region, signed.service, signed.terminator):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def check_headers(request: HttpRequest, signed: Signed) -> None:
    """Insist on signed `host` and `x-amz-*` headers, in order and all present."""
    names = signed.signed_headers
    if "host" not in names:
        raise mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    for name in request.headers:
        if name.startswith("x-amz-") and name not in names:
            raise mismatch(f"'{name}' must be a 'SignedHeader' in the AWS Authorization.")
    for name in names:
        if name not in request.headers:
            raise mismatch(f"Header '{name}' is signed but missing in the request.")
    if list(names) != sorted(names):
        raise mismatch("SignedHeaders must be sorted.")


def check_time(signed: Signed, now: float) -> None:
    """Refuse signatures that are older or newer than the clocks may differ."""
    when = _seconds(signed.timestamp)
    if signed.date != signed.timestamp[:8]:
        raise mismatch(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date"
            f" from HTTP: '{signed.date}' != '{signed.timestamp[:8]}', from '{signed.timestamp}'."
        )
    limit = signed.lifetime if signed.presigned else SKEW
    if when + limit < now:
        raise mismatch(
            f"Signature expired: {signed.timestamp} is now earlier than {_basic(now - limit)}"
            f" ({_basic(now)} - {limit // 60} min.)"
        )
    if when - SKEW > now:
        raise mismatch(
            f"Signature not yet current: {signed.timestamp} is still later than"
            f" {_basic(now + SKEW)} ({_basic(now)} + {SKEW // 60} min.)"
        )


def _seconds(stamp: str) -> int:
    try:
        return calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
    except ValueError as error:
        raise _incomplete(f"Date must be in ISO-8601 'basic format'. Got '{stamp}'.") from error


def _basic(seconds: float) -> str:
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(seconds))


def check_signature(request: HttpRequest, signed: Signed, secret: str) -> None:
    """Refuse a signature that another key, or another request, was signed with."""
    expected = sign(secret, signed, canonical_request(request, signed))
    if not hmac.compare_digest(expected.encode(), signed.signature.encode()):
        raise mismatch(
            "The request signature we calculated does not match the signature you provided."
            " Check your AWS Secret Access Key and signing method."
            " Consult the service documentation for details."
        )
