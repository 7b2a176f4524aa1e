"""From the session token that ends a transaction to the app's page.

https://developer.okta.com/docs/guides/session-cookie/main/
"""

from __future__ import annotations

from http.cookiejar import CookieJar
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import runas
from runas import html
from runas_okta import pages
from runas_okta.classic.transaction import Transaction
from runas_okta.reading import text
from runas_okta.visit import Visit
from runas_okta.wire import NotJson, Org

SESSIONS = "/api/v1/sessions"

_COOKIES = ("sid", "idx")


def open_app(org: Org, visit: Visit, done: Transaction) -> html.Page:
    """Open the app with the transaction that has just succeeded.

    A step-up began at the app and leads back there by itself. Otherwise the session token (good
    once, for 5 minutes) buys a session: in a body, so that no address ever holds it. Orgs that
    close the sessions API take it at the app's address.
    """
    if done.offers("next"):
        return pages.get(org, org.own(done.link("next")))
    if not done.session_token:
        raise runas.ServiceUnavailable("okta's last answer lacks the session", "try again later")
    # With an old session's cookie present, Okta ignores the new session's token.
    _drop(org)
    if _buy(org, done.session_token):
        return pages.get(org, visit.app)
    parts = urlsplit(visit.app)
    query = [*parse_qsl(parts.query), ("sessionToken", done.session_token)]
    return pages.get(org, urlunsplit(parts._replace(query=urlencode(query))))


def _buy(org: Org, token: str) -> bool:
    """Exchange the token for a session; False where the org does not offer that."""
    try:
        answer = org.post(org.origin + SESSIONS, {"sessionToken": token})
    except NotJson:
        return False
    if answer.status == 401:
        raise runas.Refused("okta did not accept its own session token", "run the command again")
    session = text(answer.body, "id")
    if not answer.fine or not session:
        return False
    parts = urlsplit(org.origin)
    secure = parts.scheme == "https"
    org.http.cookies.set("sid", session, domain=parts.hostname, path="/", secure=secure)
    return True


def _drop(org: Org) -> None:
    jar: CookieJar = org.http.cookies
    for cookie in list(jar):
        if cookie.name in _COOKIES:
            jar.clear(cookie.domain, cookie.path, cookie.name)
