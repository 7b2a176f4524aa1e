"""The OIDC service: registering, asking for a login, and trading grants for tokens.

Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_Operations.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import runas
from runas_sso import endpoints, kept
from runas_sso.place import Place
from runas_sso.token import Client, Token
from runas_sso.wire import Answer, number, plain, post, strange, text

if TYPE_CHECKING:
    from requests import Session

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
CODE = "authorization_code"
REFRESH = "refresh_token"
REDIRECT = "http://127.0.0.1/oauth/callback"
"""The redirect as it is registered: without a port, which is any (RFC 8252, section 7.3)."""

_LONGEST = 90 * 86400


@dataclass(frozen=True)
class DeviceLogin:
    """A login that waits for a person: they open ``url`` and compare ``user_code``."""

    device_code: str = field(repr=False)
    user_code: str
    url: str
    life: int
    interval: int


def register(place: Place, http: Session, grant: str) -> Client:
    """Return the registration for a kind of login: the one that is kept, else a new one.

    Device logins and redirects are registered apart: some instances refuse one for both.
    """
    found = kept.client(place, grant)
    if found is not None:
        return found
    body: dict[str, object] = {
        "clientName": "runas-" + (place.session or "login"),
        "clientType": "public",
    }
    if place.scopes:
        body["scopes"] = list(place.scopes)
    grants = [CODE, REFRESH] if grant == CODE else []
    if grants:
        body |= {"grantTypes": grants, "redirectUris": [REDIRECT], "issuerUrl": place.address}
    answer = post(http, place.oidc + "/client/register", body)
    made = Client(
        text(answer, "clientId", place.oidc),
        text(answer, "clientSecret", place.oidc),
        min(number(answer, "clientSecretExpiresAt", place.oidc), int(time.time()) + _LONGEST),
    )
    if made.expires_at <= time.time():
        raise clock_is_wrong()
    kept.keep_client(place, grant, made, grants)
    return made


def start_device_login(place: Place, http: Session, client: Client) -> DeviceLogin:
    """Begin a device login (RFC 8628, with AWS's spelling)."""
    body = {"clientId": client.id, "clientSecret": client.secret, "startUrl": place.address}
    answer = post(http, place.oidc + "/device_authorization", body)
    whole = "verificationUriComplete" if answer.get("verificationUriComplete") else None
    url = text(answer, whole or "verificationUri", place.oidc)
    user_code = text(answer, "userCode", place.oidc)
    _openable(url, place)
    interval = number(answer, "interval", place.oidc) if answer.get("interval") else 5
    return DeviceLogin(
        text(answer, "deviceCode", place.oidc),
        user_code,
        url,
        min(number(answer, "expiresIn", place.oidc), 900),
        min(interval, 60),
    )


def device_token(place: Place, http: Session, client: Client, login: DeviceLogin) -> Token:
    """Ask whether the person has agreed; raises Fault ``authorizationpending`` until then."""
    return _token(place, http, client, {"grantType": DEVICE, "deviceCode": login.device_code})


def code_token(place: Place, http: Session, client: Client, grant: Mapping[str, str]) -> Token:
    """Trade the code of a redirect; *grant* has code, codeVerifier and redirectUri."""
    return _token(place, http, client, {"grantType": CODE, **grant})


def refreshed_token(place: Place, http: Session, old: Token) -> Token:
    """Trade a refresh token; a new one comes along, and the old one is spent."""
    assert old.client
    assert old.refresh
    body = {"grantType": REFRESH, "refreshToken": old.refresh}
    return _token(place, http, old.client, body, old.refresh)


def clock_is_wrong() -> runas.ConfigurationError:
    """Say that what AWS has just issued has already ended by this machine's clock."""
    return runas.ConfigurationError(
        "this machine's clock is ahead of AWS's: what was issued just now has ended by it",
        "set the clock",
    )


def _token(
    place: Place,
    http: Session,
    client: Client,
    grant: Mapping[str, str],
    refresh: str | None = None,
) -> Token:
    body = {"clientId": client.id, "clientSecret": client.secret, **grant}
    answer = post(http, place.oidc + "/token", body)
    life = min(number(answer, "expiresIn", place.oidc), _LONGEST)
    return Token(
        place.start_url,
        place.region,
        text(answer, "accessToken", place.oidc),
        int(time.time()) + life,
        _refresh(answer) or refresh,
        client,
    )


def _refresh(answer: Answer) -> str | None:
    found = answer.get("refreshToken")
    return found if isinstance(found, str) and plain(found) else None


def _openable(url: str, place: Place) -> None:
    """Refuse what no browser should be sent to: another scheme starts another program."""
    secure = url.startswith("https://") or place.oidc.startswith("http://")
    if not endpoints.is_web(url) or not secure:
        raise strange(place.oidc)
