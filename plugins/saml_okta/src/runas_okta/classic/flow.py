"""Walk through Classic: from the password to a factor, or to the app's page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import runas
from runas_okta import pages
from runas_okta.abandon import Abandon
from runas_okta.classic import duo, offers, session, states, verify
from runas_okta.classic.offers import Offer, Waiting
from runas_okta.classic.transaction import Authn, Transaction
from runas_okta.pages import Next
from runas_okta.visit import ROUNDS, Visit
from runas_okta.wire import Org, host

Way = Callable[[Authn, Waiting, Offer], runas.Flow[Transaction]]


def enter(
    org: Org, visit: Visit, authn: Authn, transaction: Transaction | None
) -> runas.Flow[Next]:
    """Sign in, in a transaction that a page began or in one of our own."""
    with Abandon(authn.cancel):
        if transaction is None or transaction.status == "UNAUTHENTICATED":
            visit, transaction = yield from _password(org, visit, authn, transaction)
        return _onward(org, visit, authn, transaction)


def second(org: Org, waiting: Waiting, factor: runas.Factor) -> runas.Flow[Next]:
    """Satisfy the factor that was chosen, and go on."""
    visit = waiting.visit
    authn = waiting.authn
    authn.take_up(waiting.transaction, visit.remember)
    with Abandon(authn.cancel):
        offer = waiting.offers.get(factor.id)
        if offer is None or offer.factor.kind == "webauthn":
            raise pages.browser_only(factor, visit.origin)
        transaction = yield from _way(offer)(authn, waiting, offer)
        return _onward(org, visit, authn, transaction)


def _way(offer: Offer) -> Way:
    ways: dict[str, Way] = {"push": verify.push, "duo": duo.verify}
    return ways.get(offer.factor.kind, verify.code)


def _password(
    org: Org, visit: Visit, authn: Authn, transaction: Transaction | None
) -> runas.Flow[tuple[Visit, Transaction]]:
    """Ask for name and password, and send them: once in a login."""
    name = host(org.origin)
    if visit.password_sent:
        raise runas.AccessDenied(
            f"{name} accepted the sign-in and then asked for it again",
            "check that the app in saml_auth_url is assigned to you, and opens in a browser",
        )
    username = visit.username or (yield from runas.Username(name, visit.hint))
    password = yield from runas.Password(org.origin, username)
    visit = pages.learned(visit, username)
    if transaction is None:
        return visit, authn.sign_in(username, password)
    return visit, authn.follow(transaction, "next", username=username, password=password)


def _onward(org: Org, visit: Visit, authn: Authn, transaction: Transaction) -> Next:
    transaction = states.settle(authn, transaction)
    if transaction.status == "SUCCESS":
        return visit, session.open_app(org, visit, transaction)
    if transaction.status == "UNAUTHENTICATED" or visit.rounds >= ROUNDS:
        raise runas.ServiceUnavailable("okta leads the sign-in in circles", "try again later")
    found = offers.read(transaction)
    if not found:
        raise pages.none_usable(offers.unknown(transaction), org.origin)
    visit = replace(visit, rounds=visit.rounds + 1)
    factors = tuple(offer.factor for offer in found.values())
    waiting = Waiting(visit, transaction, found, authn)
    return runas.MfaRequired(factors, waiting, abandon=authn.cancel)
