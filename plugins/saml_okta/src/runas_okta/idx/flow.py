"""Walk through IDX: from the sign-in page's token to a factor, or to the address of success."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import runas
from runas_okta import pages
from runas_okta.abandon import Abandon
from runas_okta.idx import faults, offers, verify
from runas_okta.idx.client import Client
from runas_okta.idx.offers import ANSWER, METHOD, POLL, SELECT, Waiting
from runas_okta.idx.response import Response
from runas_okta.pages import Next
from runas_okta.reading import rows, shown, text
from runas_okta.visit import ROUNDS, Visit
from runas_okta.wire import Org, host

notice = logging.getLogger("runas.notice")

STEPS = 16
"""More steps than any sign-in has; a server that leads in circles is left."""

PROBE, IDENTIFY, KEEP, SKIP = "device-challenge-poll", "identify", "keep-me-signed-in", "skip"
WARNING, RENEW = "reenroll-authenticator-warning", "reenroll-authenticator"
ENROLL, ELSEWHERE = "select-authenticator-enroll", "redirect-idp"


def enter(org: Org, visit: Visit, response: Response, client: Client) -> runas.Flow[Next]:
    """Sign in from the first answer on."""
    with Abandon(client.cancel):
        return (yield from Walk(org, client, visit).on(response))


def second(org: Org, waiting: Waiting, factor: runas.Factor) -> runas.Flow[Next]:
    """Satisfy the factor that was chosen, and walk on."""
    client = waiting.client
    client.take_up(waiting.reached.get(factor.id, waiting.response))
    with Abandon(client.cancel):
        offer = waiting.offers.get(factor.id)
        if offer is None or offer.factor.kind in ("webauthn", "duo"):
            raise pages.browser_only(factor, waiting.visit.origin)
        way = verify.push if offer.factor.kind == "push" else verify.code
        response = yield from way(client, waiting, offer)
        return (yield from Walk(org, client, waiting.visit).on(response))


class Walk:
    """One walk; ``visit`` learns the user's name and that the password was sent."""

    def __init__(self, org: Org, client: Client, visit: Visit) -> None:
        self._org = org
        self._client = client
        self.visit = visit

    def on(self, response: Response) -> runas.Flow[Next]:
        """Do what each answer asks for until a person must choose a factor, or all is done."""
        for _ in range(STEPS):
            if response.status >= 400:
                raise faults.explained(response)
            if response.success:
                self._client.finish()
                return self.visit, pages.get(self._org, self._org.own(response.success))
            step = self._step(response)
            if step is None:
                return self._factors(response)
            response = yield from step(response)
        raise runas.ServiceUnavailable("okta leads the sign-in in circles", "try again later")

    def _step(self, response: Response) -> Callable[[Response], runas.Flow[Response]] | None:
        """Choose what to do by the remediations; None leaves it to a second factor."""
        forms = response.forms
        steps = (
            (PROBE in forms and _probe(response), self._no_fastpass),
            (KEEP in forms, self._keep),
            (SKIP in forms and IDENTIFY not in forms, self._skip),
            (IDENTIFY in forms, self._identify),
            (ANSWER in forms and _password_asked(response), self._password),
            (SELECT in forms and not self.visit.password_sent, self._select_password),
        )
        return next((step for applies, step in steps if applies), None)

    def _no_fastpass(self, response: Response) -> runas.Flow[Response]:
        """Say that no Okta Verify listens on this computer, so that Okta asks another way."""
        yield from ()
        body = {"reason": "OV_UNREACHABLE_BY_LOOPBACK", "statusCode": None}
        return self._client.post(_probe(response), body)

    def _keep(self, response: Response) -> runas.Flow[Response]:
        yield from ()
        return self._client.send(response.form(KEEP), keepMeSignedIn=self.visit.remember)

    def _skip(self, response: Response) -> runas.Flow[Response]:
        yield from ()
        name = host(self._org.origin)
        if WARNING in response.forms:
            days = text(response.current, "settings", "daysToExpiry")
            when = f"in {days} days" if days.isdigit() and days != "1" else "soon"
            notice.warning("your password at %s expires %s; change it in a browser", name, when)
        else:
            notice.warning("%s wants a second factor to be set up; skipped for now", name)
        return self._client.send(response.form(SKIP))

    def _identify(self, response: Response) -> runas.Flow[Response]:
        form = response.form(IDENTIFY)
        if not self.visit.username:
            realm, known = host(self._org.origin), self.visit.hint
            username = yield from runas.Username(realm, known)
            self.visit = replace(self.visit, username=username)
        values: dict[str, object] = {"identifier": self.visit.username}
        if form.row("rememberMe"):
            values["rememberMe"] = self.visit.remember
        if "passcode" not in form.credentials():
            return self._known(self._client.send(form, **values))
        password = yield from self._ask_password()
        values["credentials"] = {"passcode": password}
        return self._checked(self._client.send(form, **values))

    def _password(self, response: Response) -> runas.Flow[Response]:
        password = yield from self._ask_password()
        form = response.form(ANSWER)
        answered = self._client.send(form, credentials={"passcode": password})
        return self._checked(answered)

    def _ask_password(self) -> runas.Flow[str]:
        if self.visit.password_sent:
            raise runas.ServiceUnavailable(
                "okta asks for the password a second time", "sign in there in a browser once"
            )
        password = yield from runas.Password(self._org.origin, self.visit.username)
        self.visit = replace(self.visit, password_sent=True)
        return password

    def _known(self, response: Response) -> Response:
        """Take an answer that asks for nothing but the name again for one that does not know it."""
        if response.status >= 400:
            return response
        again = response.forms.get(IDENTIFY)
        if again is not None and not response.problems and "passcode" not in again.credentials():
            raise faults.unknown_name()
        return self._checked(response)

    def _checked(self, response: Response) -> Response:
        """Take an error, and an answer with a complaint that asks the same again, for a refusal."""
        again = IDENTIFY in response.forms or _password_asked(response)
        if response.status >= 400 or (response.problems and again):
            raise faults.refused_password(response)
        return response

    def _select_password(self, response: Response) -> runas.Flow[Response]:
        yield from ()
        found = [o for o in offers.read(response).values() if o.factor.kind == "password"]
        if not found:
            # Signing in without a password: the factors are all there is.
            self.visit = replace(self.visit, password_sent=True)
            return response
        return self._client.send(response.form(SELECT), authenticator=dict(found[0].body))

    def _factors(self, response: Response) -> runas.MfaRequired:
        forms = response.forms
        if not {SELECT, METHOD, ANSWER, POLL} & set(forms):
            raise self._no_way(response)
        found = {
            name: offer
            for name, offer in offers.read(response).items()
            if offer.factor.kind != "password"
        }
        if not found:
            raise pages.none_usable(offers.unknown(response), self._org.origin)
        if self.visit.rounds >= ROUNDS:
            raise runas.ServiceUnavailable("okta asks for one factor after the other")
        visit = replace(self.visit, rounds=self.visit.rounds + 1)
        factors = tuple(offer.factor for offer in found.values())
        waiting = Waiting(visit, response, found, self._client)
        return runas.MfaRequired(factors, waiting, abandon=self._client.cancel)

    def _no_way(self, response: Response) -> runas.RunasError:
        forms, name = response.forms, host(self._org.origin)
        browser = f"sign in at {self._org.origin} in a browser"
        if WARNING in forms or RENEW in forms:
            fact = f"the password at {name} has expired"
            return runas.ActionRequired(fact, f"{browser} and change it")
        if ENROLL in forms:
            fact = f"{name} wants a second factor, and none is set up"
            return runas.ActionRequired(fact, f"{browser} and set one up")
        if ELSEWHERE in forms:
            listed = rows(response.body, "remediation", "value")
            idp = next((row for row in listed if text(row, "name") == ELSEWHERE), {})
            other = shown(text(idp, "idp", "name"))
            return runas.PageNotRecognised(
                f"{name} leaves the sign-in to another provider ({other or 'unnamed'})",
                "set saml_auth_url to that provider's page for AWS",
            )
        return faults.unknown(response, self._org.origin) if forms else faults.explained(response)


def _password_asked(response: Response) -> bool:
    current = response.current
    return text(current, "key") == "okta_password" or text(current, "type") == "password"


def _probe(response: Response) -> str:
    """Return the address that ends the search for Okta Verify on this computer."""
    top = text(response.body, "authenticatorChallenge", "value", "cancel", "href")
    path = ("contextualData", "challenge", "value", "cancel", "href")
    return top or text(response.current, *path)
