"""The console's federation endpoint: `getSigninToken`, and the page that such a token opens.

Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from runas.testing.aws.cloud import Cloud
from runas.testing.aws.issued import IssuedCredentials

PATH = "/federation"
_TOKEN_LIFE = 15 * 60
_CONSOLES = (".aws.amazon.com", ".amazonaws.cn", ".amazonaws-us-gov.com", ".amazonaws-eusc.eu")
_TAKES_A_DURATION = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")


@dataclass(frozen=True)
class SignIn:
    """What a token opens: a console session, for how long, until when the token works."""

    credentials: IssuedCredentials
    seconds: int | None
    usable_until: float


class Refused(Exception):
    """The endpoint says no; it tells nothing but the status."""


def answer(cloud: Cloud, query: str, body: bytes) -> tuple[int, bytes, str]:
    """Answer one request: status, body, content type."""
    asked = dict(parse_qsl(query) + parse_qsl(body.decode("utf-8", "replace")))
    try:
        if asked.get("Action") == "getSigninToken":
            token = _token(cloud, asked)
            return 200, json.dumps({"SigninToken": token}).encode(), "application/json"
        if asked.get("Action") == "login":
            return 200, _login(cloud, asked).encode(), "text/html; charset=utf-8"
    except Refused as reason:
        return 400, f"<html><body>{reason}</body></html>".encode(), "text/html; charset=utf-8"
    return 400, b"<html><body>Bad Request</body></html>", "text/html; charset=utf-8"


def _token(cloud: Cloud, asked: dict[str, str]) -> str:
    credentials = _credentials(cloud, asked.get("Session", ""))
    seconds = _duration(asked.get("SessionDuration"), credentials)
    token = secrets.token_urlsafe(200)
    cloud.sign_ins[token] = SignIn(credentials, seconds, cloud.now() + _TOKEN_LIFE)
    return token


def _credentials(cloud: Cloud, text: str) -> IssuedCredentials:
    """Find the credentials; a user's long-term keys and its session tokens do not open it."""
    try:
        session: Any = json.loads(text)
        key, secret, token = (session[n] for n in ("sessionId", "sessionKey", "sessionToken"))
    except (ValueError, KeyError, TypeError):
        raise Refused("malformed session") from None
    found = cloud.issued.get(str(key))
    if found is None or (found.secret_access_key, found.session_token) != (secret, token):
        raise Refused("unknown credentials")
    if found.role is None or found.expiration <= cloud.now():
        raise Refused("credentials that do not open the console")
    return found


def _duration(text: str | None, credentials: IssuedCredentials) -> int | None:
    """Judge SessionDuration: 15 min to 12 h, and never for a chained role."""
    if text is None:
        return None
    if not text.isdigit() or not 900 <= int(text) <= 43200:
        raise Refused("SessionDuration out of range")
    if credentials.operation not in _TAKES_A_DURATION or credentials.chain_depth > 1:
        raise Refused("SessionDuration with chained credentials")
    return int(text)


def _login(cloud: Cloud, asked: dict[str, str]) -> str:
    found = cloud.sign_ins.get(asked.get("SigninToken", ""))
    if found is None or found.usable_until < cloud.now():
        raise Refused("unknown or expired sign-in token")
    host = urlsplit(asked.get("Destination", "")).hostname or ""
    if not f".{host}".endswith(_CONSOLES):
        raise Refused("a destination outside of the console")
    return f"<html><body>signed in as {found.credentials.arn}</body></html>"
