"""Okta's web pages: the sign-in page with its token, the app's page with the assertion."""

from __future__ import annotations

import re
from dataclasses import replace

import runas
from runas import html
from runas_okta.reading import shown
from runas_okta.visit import Visit
from runas_okta.wire import Org, host

Next = runas.MfaRequired | tuple[Visit, html.Page]
"""What a sign-in leads to: a second factor, or the next page and what is known by then."""

_TOKEN = re.compile(
    r"(?:\b(?:let|var|const)\s{1,9}stateToken\s{0,9}=|[\"']stateToken[\"']\s{0,9}:)"
    r"\s{0,9}[\"']([^\"'\s]{8,4000})[\"']"
)
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4}))")
_MARKS = ("okta-sign-in", "oktaData", "OktaLogin", "okta-signin-widget", "oktacdn.com")


def get(org: Org, url: str) -> html.Page:
    """Open a page as a browser would, up to the sign-in page or the form for AWS."""
    page = html.read(org.http.get(url))
    if token(page):
        # Its script is the sign-in, which is ours to do, whatever else it would do.
        return page
    return html.follow(org.http, page)


def token(page: html.Page) -> str:
    r"""Return the token of the sign-in that a page goes on with; empty where it has none.

    Okta writes it into a script, as a JavaScript string: `02.id.abc\x2Ddef`.
    """
    for script in page.document.find_all("script"):
        if found := _TOKEN.search(script.get_text()):
            return _ESCAPE.sub(lambda code: chr(int(code[1] or code[2], 16)), found[1])
    return ""


def looks_okta(document: object) -> bool:
    """Tell whether a parsed page shows signs of Okta's sign-in widget."""
    markup = str(document)
    return any(mark in markup for mark in _MARKS)


def complaint(page: html.Page) -> runas.RunasError | None:
    """Return the error that a page shows in place of a sign-in or an assertion, if it does."""
    said = shown(page.text(".error-content") or "")
    if not said and page.status < 400:
        return None
    said = said or shown(html.error_text(page))
    fact = f"{page.host} does not open the app for you (HTTP {page.status})"
    if page.status == 404:
        return runas.PageNotRecognised(fact, "check saml_auth_url: the link of the app's tile")
    hint = "check saml_auth_url, and that the app is assigned to you"
    return runas.AccessDenied(fact, f"okta says: {said}; {hint}" if said else hint)


def browser_only(factor: runas.Factor, origin: str) -> runas.RunasError:
    """Return the error for a factor that only a browser can use."""
    name = "a security key (WebAuthn)" if factor.kind == "webauthn" else str(factor)
    return runas.ActionRequired(
        f"okta's factor {name} works in a browser only",
        f"choose another with --mfa-type, or set one up at {origin} in a browser",
    )


def none_usable(names: str, origin: str) -> runas.RunasError:
    """Return the error for a user all of whose factors are unknown here."""
    return runas.ActionRequired(
        f"{host(origin)} offers no second factor that runas can use: {names}",
        f"set another one up at {origin} in a browser, such as Okta Verify",
    )


def learned(visit: Visit, username: str) -> Visit:
    """Note the name that the user gave, and that the password goes out with it."""
    return replace(visit, username=username, password_sent=True)
