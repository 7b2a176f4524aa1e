"""One login: open the app, sign in where Okta asks for it, bring the assertion home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import runas
from runas import html, saml
from runas_okta import pages
from runas_okta.classic import flow as classic
from runas_okta.classic import offers as classic_offers
from runas_okta.classic.transaction import Authn
from runas_okta.idx import flow as idx
from runas_okta.idx import offers as idx_offers
from runas_okta.idx.client import Client
from runas_okta.idx.faults import explained
from runas_okta.pages import Next
from runas_okta.reading import text
from runas_okta.visit import ROUNDS, Visit
from runas_okta.wire import AGENT, NotJson, Org, host, origin

if TYPE_CHECKING:
    from requests import Session

Outcome = runas.Identity | runas.MfaRequired
Arrival = Callable[[], runas.Flow[Next]]

WELL_KNOWN = "/.well-known/okta-organization"
"""Says which engine an org runs on; open to everybody."""


def authenticate(profile: runas.Profile, http: Session) -> runas.Flow[Outcome]:
    """Open the app: a session that still lives asks nothing, else sign in."""
    app = profile.get("saml_auth_url")
    if not app:
        raise runas.ConfigurationError(
            f"profile '{profile.name}' has no saml_auth_url",
            "set it to the link of the AWS app's tile in Okta",
        )
    _introduce(http)
    remember = profile.enabled("remember_device", default=True)
    visit = Visit(app, origin(app), profile.get("username") or "", remember=remember)
    return (yield from _onward(http, visit, *_first(http, visit)))


def second(http: Session, pending: runas.MfaRequired, factor: runas.Factor) -> runas.Flow[Outcome]:
    """Satisfy the factor that core chose, and bring the assertion home."""
    _introduce(http)
    waiting = pending.state
    result: Next
    if isinstance(waiting, classic_offers.Waiting):
        org = Org(http, waiting.visit.origin)
        result = yield from classic.second(org, waiting, factor)
    elif isinstance(waiting, idx_offers.Waiting):
        org = Org(http, waiting.visit.origin)
        result = yield from idx.second(org, waiting, factor)
    else:
        raise TypeError("not a state of this provider")
    if isinstance(result, runas.MfaRequired):
        return result
    visit, page = result
    return (yield from _onward(http, visit, page, None))


def _first(http: Session, visit: Visit) -> tuple[html.Page, Arrival | None]:
    """Open the app with the cookies of last time; where they lead astray, once without."""
    kept = len(http.cookies) > 0
    org = Org(http, visit.origin)
    try:
        page = pages.get(org, visit.app)
        return page, _arrive(http, visit, page)
    except (runas.Refused, runas.PageNotRecognised):
        if not kept:
            raise
    _forget(http)
    page = pages.get(org, visit.app)
    return page, _arrive(http, visit, page)


def _onward(
    http: Session, visit: Visit, page: html.Page, arrival: Arrival | None
) -> runas.Flow[Outcome]:
    """Go from page to page until one holds the assertion, or a person must choose a factor."""
    for _ in range(ROUNDS):
        found = html.assertion(page)
        if found is not None:
            return saml.identity(found)
        arrival = arrival or _arrive(http, visit, page)
        if arrival is None:
            break
        result = yield from arrival()
        if isinstance(result, runas.MfaRequired):
            return result
        (visit, page), arrival = result, None
    raise runas.ServiceUnavailable(
        f"{host(visit.origin)} leads the sign-in in circles", "try again later"
    )


def _arrive(http: Session, visit: Visit, page: html.Page) -> Arrival | None:
    """Look at a page that may ask for a sign-in, and begin it; None where it has the assertion."""
    if html.assertion(page) is not None:
        return None
    visit = replace(visit, origin=origin(page.url))
    org, token = Org(http, visit.origin), pages.token(page)
    if not token and (trouble := pages.complaint(page)):
        raise trouble
    if _identity_engine(org, page, token) and token:
        client = Client(org)
        response = client.introspect(token)
        if response.status >= 400:
            raise explained(response)
        return lambda: idx.enter(org, visit, response, client)
    authn = Authn(org, remember=False)
    transaction = None
    if token:
        try:
            transaction = authn.resume(token)
        except runas.Refused:
            # The token of an ordinary sign-in page starts nothing; that of a step-up must.
            if visit.password_sent:
                raise
    return lambda: classic.enter(org, visit, authn, transaction)


def _identity_engine(org: Org, page: html.Page, token: str) -> bool:
    """Tell Identity Engine from Classic; raise PageNotRecognised for an org that is none."""
    pipeline = ""
    try:
        pipeline = text(org.get(WELL_KNOWN).body, "pipeline")
    except NotJson:
        pass
    if pipeline in ("idx", "v1"):
        return pipeline == "idx"
    if not token and not pages.looks_okta(page.document):
        raise runas.PageNotRecognised(
            f"the sign-in page at {host(org.origin)} is not Okta's",
            "set saml_auth_url to the sign-in page of the provider that Okta hands you to",
        )
    return token.startswith("02.")


def _introduce(http: Session) -> None:
    """Give the session a User-Agent that stays the same: Okta takes another for a new device."""
    http.headers["User-Agent"] = AGENT


def _forget(http: Session) -> None:
    """Drop the cookies, those that core keeps for the next login included."""
    forget: Callable[[], None] = getattr(http, "forget", http.cookies.clear)
    forget()
