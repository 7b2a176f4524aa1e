"""Log in by redirect: the browser on this machine comes back with a code (PKCE).

Source: RFC 7636; aws-cli v2, ``SSOTokenFetcherAuth``.
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import runas
from runas_sso import kept, oidc
from runas_sso.listener import Listener
from runas_sso.place import Place, runas_error
from runas_sso.refusals import ask, explain, nobody_came, registration_ended
from runas_sso.token import Client, Token
from runas_sso.wire import Fault

if TYPE_CHECKING:
    from requests import Session

PATIENCE = 600.0
"""Seconds for a person to sign in; Identity Center's own device codes last as long."""

_NO_REDIRECT = ("unsupportedgranttype", "invalidclientmetadata", "invalidredirecturi")

_POLL = 0.5  # seconds between two looks; they cost nothing, the listener is ours


class NoRedirect(Exception):
    """Logins by redirect are not for this instance. Never leaves the plugin."""


def by_browser(profile: runas.Profile, http: Session, place: Place) -> runas.Flow[Token]:
    """Send the browser to the sign-in page, and trade the code that it brings back."""
    try:
        return (yield from _attempt(profile, http, place))
    except Fault as fault:
        if not registration_ended(fault):
            raise _explained(fault, place, profile) from fault
    # The registration was kept, but the service does not know it any more.
    kept.forget_client(place, oidc.CODE)
    try:
        return (yield from _attempt(profile, http, place))
    except Fault as fault:
        raise _explained(fault, place, profile) from fault


def _explained(fault: Fault, place: Place, profile: runas.Profile) -> Exception:
    return NoRedirect() if fault.code in _NO_REDIRECT else explain(fault, place, profile)


def _attempt(profile: runas.Profile, http: Session, place: Place) -> runas.Flow[Token]:
    client = oidc.register(place, http, oidc.CODE)
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    listener = Listener(state, _port(profile))
    try:
        url = _address(place, client, listener.redirect, verifier, state)
        code = yield from _code(profile, place, listener, url)
        grant = {"code": code, "codeVerifier": verifier, "redirectUri": listener.redirect}
        return oidc.code_token(place, http, client, grant)
    finally:
        listener.close()


def _code(profile: runas.Profile, place: Place, listener: Listener, url: str) -> runas.Flow[str]:
    """Wait for the browser, or for the address that a person copied from one elsewhere."""
    end = time.monotonic() + PATIENCE
    wrong = 0  # addresses pasted that were not this login's

    def over() -> bool:
        return listener.done or time.monotonic() > end

    while not listener.done:
        if over():
            raise nobody_came(profile, place)
        browse = runas.Browse(url, None, _POLL, over, wrong)
        pasted = yield from ask(profile, place, browse)
        if pasted is not None and not listener.pasted(pasted):
            wrong += 1
    if listener.code is None:
        word = (listener.error or "").replace("_", "").lower()
        raise Fault(word if word.isalnum() and word.isascii() else "unknown", 400)
    return listener.code


def _address(place: Place, client: Client, redirect: str, verifier: str, state: str) -> str:
    """Write the sign-in page's address. AWS's parameter is `scopes`, OAuth's would be `scope`."""
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": client.id,
        "redirect_uri": redirect,
        "state": state,
        "code_challenge_method": "S256",
        "scopes": " ".join(place.scopes),
        "code_challenge": challenge,
    }
    return f"{place.oidc}/authorize?{urlencode(query, quote_via=quote, safe='')}"


def _port(profile: runas.Profile) -> int:
    text = (profile.get("redirect_port") or "0").strip()
    if text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    origin = profile.origin("redirect_port")
    error = runas_error(origin)
    raise error(f"{origin}: {text!r} is no port", "use a number from 1024 to 65535")
