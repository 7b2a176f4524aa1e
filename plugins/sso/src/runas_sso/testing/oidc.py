"""The OIDC service: RegisterClient, StartDeviceAuthorization, CreateToken.

Source: botocore's service model ``sso-oidc``, 2019-06-10; RFC 8628; RFC 7636.
"""

from __future__ import annotations

import hmac
import re
import secrets
import string
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from runas_sso.testing.records import Client, DeviceLogin, Login
from runas_sso.testing.wire import Answer, Refusal, Request, invalid, members, ok

if TYPE_CHECKING:
    from runas_sso.testing.center import IdentityCenter

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_GRANTS = ("authorization_code", "refresh_token", DEVICE)
_SCOPES = ("sso:account:access", "codewhisperer:analysis", "codewhisperer:completions")


def register_client(center: IdentityCenter, request: Request) -> Answer:
    """Register a public client; its redirects are on loopback, without a port."""
    optional = "*scopes *grantTypes *redirectUris issuerUrl entitledApplicationArn"
    asked = members(request, "clientName clientType", optional)
    grants = tuple(asked.get("grantTypes", ()))
    redirects = tuple(asked.get("redirectUris", ()))
    if asked["clientType"] != "public":
        raise Refusal("InvalidClientMetadataException", "clientType must be public")
    if set(grants) - set(_GRANTS) or {DEVICE, "authorization_code"} <= set(grants):
        raise Refusal("UnsupportedGrantTypeException", "unsupported grant types")
    if "authorization_code" in grants and not center.allows_redirects:
        raise Refusal("UnsupportedGrantTypeException", "not for this instance")
    if set(asked.get("scopes", ())) - set(_SCOPES):
        raise Refusal("InvalidScopeException", "unknown scope")
    if "authorization_code" in grants:
        _redirecting(center, asked, redirects)
    life = center.now() + center.registration_life
    client = Client(life, tuple(asked.get("scopes", ())), grants, redirects)
    center.clients[client.id] = client
    return ok(
        {
            "clientId": client.id,
            "clientSecret": client.secret,
            "clientIdIssuedAt": int(center.now()),
            "clientSecretExpiresAt": int(client.expires_at),
            "authorizationEndpoint": None,
            "tokenEndpoint": None,
        }
    )


def start_device_authorization(center: IdentityCenter, request: Request) -> Answer:
    """Begin a device login."""
    asked = members(request, "clientId clientSecret startUrl")
    client = _client(center, asked)
    _registered(client, DEVICE)
    if asked["startUrl"].rstrip("/") != center.start_url.rstrip("/"):
        raise invalid("Invalid start url provided")
    login = DeviceLogin(client, _user_code(), center.now() + center.device_life)
    login.status = center.decided() or "pending"
    center.devices[login.code] = login
    page = center.url + "/device"
    return ok(
        {
            "deviceCode": login.code,
            "userCode": login.user_code,
            "verificationUri": page,
            "verificationUriComplete": f"{page}?user_code={login.user_code}",
            "expiresIn": int(center.device_life),
            "interval": center.interval,
        }
    )


def create_token(center: IdentityCenter, request: Request) -> Answer:
    """Trade a grant for tokens."""
    optional = "deviceCode code refreshToken codeVerifier redirectUri *scope"
    asked = members(request, "clientId clientSecret grantType", optional)
    client = _client(center, asked)
    grants = {
        DEVICE: _by_device,
        "authorization_code": _by_code,
        "refresh_token": _by_refresh,
    }
    grant = grants.get(asked["grantType"])
    if grant is None:
        raise Refusal("UnsupportedGrantTypeException", "unknown grant type")
    _registered(client, asked["grantType"])
    login = grant(center, client, asked)
    return ok(_tokens(center, login))


def _redirecting(center: IdentityCenter, asked: dict[str, Any], redirects: tuple[str, ...]) -> None:
    if not redirects or not all(one.startswith("http://127.0.0.1/") for one in redirects):
        raise Refusal("InvalidRedirectUriException", "redirects go to http://127.0.0.1/...")
    if asked.get("issuerUrl", "").rstrip("/") != center.start_url.rstrip("/"):
        raise invalid("Invalid issuer url provided")


def _client(center: IdentityCenter, asked: dict[str, Any]) -> Client:
    client = center.clients.get(asked["clientId"])
    good = client and hmac.compare_digest(client.secret, asked["clientSecret"])
    if client is None or not good or client.expires_at <= center.now():
        raise Refusal("InvalidClientException", "Invalid client provided", 401)
    return client


def _registered(client: Client, grant: str) -> None:
    """Refuse a grant that the client did not register for; without any named, that is devices'."""
    if grant not in (client.grants or (DEVICE, "refresh_token")):
        raise Refusal("UnauthorizedClientException", "the client is not registered for this grant")


def _by_device(center: IdentityCenter, client: Client, asked: dict[str, Any]) -> Login:
    login = center.devices.get(asked.get("deviceCode", ""))
    if login is None or login.client is not client:
        raise invalid("Invalid device code provided")
    if login.status == "spent":
        raise Refusal("InvalidGrantException", "device code already used")
    if login.expires_at <= center.now():
        raise Refusal("ExpiredTokenException", "the device code has expired")
    _paced(center, login)
    if login.status == "denied":
        raise Refusal("AccessDeniedException", "the user said no")
    if login.status == "pending":
        raise Refusal("AuthorizationPendingException", "the user has not decided yet")
    login.status = "spent"
    return _login(center, client)


def _paced(center: IdentityCenter, login: DeviceLogin) -> None:
    """Refuse whoever asks more often than told; a demand from a test comes before that."""
    login.polls += 1
    hasty = center.strict_interval and center.now() - login.polled_at < center.interval * 0.9
    login.polled_at = center.now()
    if center.slow_downs or (hasty and login.polls > 2):
        center.slow_downs = max(0, center.slow_downs - 1)
        raise Refusal("SlowDownException", "asked too often")


def _by_code(center: IdentityCenter, client: Client, asked: dict[str, Any]) -> Login:
    redirect = center.redirects.get(asked.get("code", ""))
    if redirect is None or redirect.client is not client or redirect.spent:
        raise Refusal("InvalidGrantException", "Invalid authorization code")
    redirect.spent = True  # used once, even where the rest is wrong
    if redirect.expires_at <= center.now():
        raise Refusal("ExpiredTokenException", "the code has expired")
    verifier = asked.get("codeVerifier", "")
    if not re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", verifier):
        raise invalid("codeVerifier is 43 to 128 unreserved characters")
    digest = sha256(verifier.encode()).digest()
    challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
    if challenge != redirect.challenge or asked.get("redirectUri") != redirect.uri:
        raise Refusal("InvalidGrantException", "Invalid verifier or redirect")
    return _login(center, client)


def _by_refresh(center: IdentityCenter, client: Client, asked: dict[str, Any]) -> Login:
    wanted = asked.get("refreshToken", "")
    for login in center.logins:
        live = not login.ended and login.ends_at > center.now()
        if login.refresh and login.refresh == wanted and login.client is client and live:
            center.rotations += 1
            return login
    raise Refusal("InvalidGrantException", "Invalid refresh token provided")


def _login(center: IdentityCenter, client: Client) -> Login:
    login = Login(client, center.now() + center.session_life)
    center.logins.append(login)
    return login


def _tokens(center: IdentityCenter, login: Login) -> dict[str, Any]:
    """Issue an access token, and a new refresh token where the client has asked for scopes."""
    renewable = bool(login.client.scopes)
    left = login.ends_at - center.now()
    life = min(center.token_life, left) if renewable else left
    access = "aoa" + secrets.token_urlsafe(300)
    login.access[access] = center.now() + life
    answer = {"accessToken": access, "tokenType": "Bearer", "expiresIn": int(life)}
    if renewable:
        login.refresh = "aor" + secrets.token_urlsafe(300)
        answer["refreshToken"] = login.refresh
    return answer


def _user_code() -> str:
    letters = "".join(secrets.choice(string.ascii_uppercase) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
