"""The authenticators that an IDX answer offers, in runas's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import runas
from runas_okta.idx.client import Client
from runas_okta.idx.response import Response
from runas_okta.reading import Json, rows, shown, table, text
from runas_okta.visit import Visit

SELECT = "select-authenticator-authenticate"
METHOD = "authenticator-verification-data"
ANSWER = "challenge-authenticator"
POLL = "challenge-poll"

_METHODS = {
    "push": "push",
    "totp": "totp",
    "hotp": "hotp",
    "sms": "sms",
    "voice": "call",
    "email": "email",
    "security_question": "question",
    "webauthn": "webauthn",
    "password": "password",
}
_KEYS = {
    "google_otp": "totp",
    "okta_email": "email",
    "security_question": "question",
    "webauthn": "webauthn",
    "yubikey_token": "token",
    "rsa_token": "token",
    "symantec_vip": "token",
    "onprem_mfa": "token",
    "custom_otp": "token",
    "okta_password": "password",
}


@dataclass(frozen=True)
class Offer:
    """One way on. ``body`` is what selects it; ``key`` and ``method`` are Okta's names for it."""

    factor: runas.Factor
    key: str
    method: str
    body: Mapping[str, str] = field(repr=False)

    def opened(self, response: Response) -> bool:
        """Tell whether the answer already asks for this very factor."""
        if not {ANSWER, POLL} & set(response.forms) or METHOD in response.forms:
            return False
        methods = {text(row, "type") for row in rows(response.current, "methods")}
        same = self.key == text(response.current, "key")
        return same and (not self.method or not methods or self.method in methods)


@dataclass(frozen=True)
class Waiting:
    """A sign-in that waits for a factor: the state between ``authenticate`` and ``mfa``.

    ``reached`` holds, by factor, the latest answer of its challenge: a code that was mistyped is
    typed again, not sent again.
    """

    visit: Visit
    response: Response = field(repr=False)
    offers: Mapping[str, Offer] = field(repr=False)
    client: Client = field(repr=False)
    reached: dict[str, Response] = field(default_factory=dict, repr=False)


def read(response: Response) -> dict[str, Offer]:
    """Return what may be chosen, by id; the factor that is asked for already comes first."""
    found: dict[str, Offer] = {}
    for offer in (*_open(response), *by_method(response), *_selectable(response)):
        known = {(one.key, one.method) for one in found.values() if one.key}
        if (offer.key, offer.method) not in known or offer.body.get("enrollmentId"):
            found.setdefault(offer.factor.id, offer)
    return found


def unknown(response: Response) -> str:
    """Name the authenticators offered, for the case that runas can use none of them."""
    labels = [text(option, "label") for option in rows(_row(response, SELECT), "options")]
    labels.append(text(response.current, "displayName"))
    return shown(", ".join(sorted(set(filter(None, labels))))) or "none"


def _row(response: Response, form: str) -> Json:
    found = response.forms.get(form)
    return found.row("authenticator") if found else {}


def _selectable(response: Response) -> Iterator[Offer]:
    for option in rows(_row(response, SELECT), "options"):
        # Two shapes are seen: with `value` around the form, and without.
        fields = rows(option, "value", "form", "value") or rows(option, "form", "value")
        yield from _offers(response, fields, text(option, "label"))


def by_method(response: Response) -> Iterator[Offer]:
    """Yield the ways to use the authenticator that has been selected."""
    row = _row(response, METHOD)
    yield from _offers(response, rows(row, "form", "value"), text(row, "label"))


def _open(response: Response) -> Iterator[Offer]:
    """Yield the factor that the answer asks for without having been told to."""
    current = response.current
    if not {ANSWER, POLL} & set(response.forms) or METHOD in response.forms:
        return
    method = text(current, "methods", 0, "type")
    body = {"id": text(current, "id")}
    if method:
        body["methodType"] = method
    yield from _offer(current, body, text(current, "displayName"))


def _offers(response: Response, fields: list[Json], label: str) -> Iterator[Offer]:
    body = {text(row, "name"): text(row, "value") for row in fields if text(row, "value")}
    if not body.get("id"):
        return
    about = _about(response, body)
    choice = next((row for row in fields if text(row, "name") == "methodType"), {})
    methods = [text(option, "value") for option in rows(choice, "options")]
    if not methods and "methodType" not in body and text(about, "key") not in _KEYS:
        # Phones and Okta Verify: how they are used is asked in a second step.
        methods = [text(row, "type") for row in rows(about, "methods")]
    for method in filter(None, methods):
        yield from _offer(about, {**body, "methodType": method}, label)
    if not methods:
        yield from _offer(about, body, label)


def _about(response: Response, body: Mapping[str, str]) -> Json:
    """Find the authenticator's description: its key and, where it has one, its phone number.

    An enrolment tells more than the authenticator that it is one of.
    """
    enrolled = rows(response.body, "authenticatorEnrollments", "value")
    known = [*enrolled, *rows(response.body, "authenticators", "value"), response.current]
    wanted = [body[name] for name in ("enrollmentId", "id") if name in body]
    found = next((row for name in wanted for row in known if text(row, "id") == name), {})
    if "enrollmentId" not in body and found not in enrolled:
        same = [row for row in enrolled if text(row, "key") == text(found, "key") != ""]
        return same[0] if len(same) == 1 else found
    return found


def _offer(about: Json, body: Mapping[str, str], label: str) -> Iterator[Offer]:
    key, method = text(about, "key"), body.get("methodType", "")
    kind = _KEYS.get(key) or _METHODS.get(method)
    if kind is None:
        return
    name = "/".join(filter(None, (body["id"], method, body.get("enrollmentId"))))
    yield Offer(runas.Factor(kind, _device(about, label), name), key, method, dict(body))


def _device(about: Json, label: str) -> str:
    profile = table(about, "profile")
    found = (text(profile, name) for name in ("phoneNumber", "email", "deviceName"))
    return shown(next(filter(None, found), "") or label or text(about, "displayName"))
