"""The factors of a transaction, in runas's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import runas
from runas_okta.classic.transaction import Authn, Transaction
from runas_okta.reading import Json, shown, text
from runas_okta.visit import Visit

_KINDS = {
    "push": "push",
    "token:software:totp": "totp",
    "token:hotp": "hotp",
    "token": "token",
    "token:hardware": "token",
    "sms": "sms",
    "call": "call",
    "email": "email",
    "question": "question",
    "webauthn": "webauthn",
    "u2f": "webauthn",
}
_NAMES = {
    "OKTA": "Okta Verify",
    "GOOGLE": "Google Authenticator",
    "RSA": "RSA SecurID",
    "SYMANTEC": "Symantec VIP",
    "YUBICO": "YubiKey",
}
_LABELS = {
    "push": ("name",),
    "sms": ("phoneNumber",),
    "call": ("phoneNumber",),
    "email": ("email",),
    "question": ("questionText", "question"),
    "webauthn": ("authenticatorName",),
}


@dataclass(frozen=True)
class Offer:
    """One way to satisfy the second step."""

    factor: runas.Factor
    href: str


@dataclass(frozen=True)
class Waiting:
    """A transaction that waits for a factor: the state between ``authenticate`` and ``mfa``.

    ``sent`` holds, by factor, the transaction after its code went out: a code that was mistyped is
    typed again, not sent again. ``ways`` holds, by factor, how the person wants to use it.
    """

    visit: Visit
    transaction: Transaction = field(repr=False)
    offers: Mapping[str, Offer] = field(repr=False)
    authn: Authn = field(repr=False)
    sent: dict[str, Transaction] = field(default_factory=dict, repr=False)
    ways: dict[str, runas.Factor] = field(default_factory=dict, repr=False)


def read(transaction: Transaction) -> dict[str, Offer]:
    """Return the factors that runas knows, by their ids."""
    if transaction.status == "MFA_CHALLENGE":
        return {offer.factor.id: offer for offer in _of(transaction.factor, transaction)}
    rows = transaction.factors()
    return {offer.factor.id: offer for row in rows for offer in _of(row, transaction)}


def unknown(transaction: Transaction) -> str:
    """Name the factors that the org offers, for the case that runas can use none of them."""
    rows = transaction.factors() or [transaction.factor]
    kinds = {text(row, "vendorName") or text(row, "factorType") for row in rows}
    return shown(", ".join(sorted(filter(None, kinds)))) or "none"


def _of(row: Json, transaction: Transaction) -> Iterator[Offer]:
    name = text(row, "id")
    # While a challenge is open its factor has no link of its own: the transaction's goes on.
    href = text(row, "_links", "verify", "href") or text(transaction.links, "next", "href")
    if not name or not href:
        return
    if (text(row, "factorType"), text(row, "provider")) == ("web", "DUO"):
        yield Offer(runas.Factor("duo", "Duo", name), href)
    elif kind := _KINDS.get(text(row, "factorType")):
        yield Offer(runas.Factor(kind, _device(kind, row), name), href)


def _device(kind: str, row: Json) -> str:
    labels = (text(row, "profile", label) for label in _LABELS.get(kind, ()))
    vendor = text(row, "provider")
    named = next(filter(None, labels), "") or _NAMES.get(vendor) or text(row, "vendorName")
    return shown(named)
