"""Satisfy one factor: a tap on a phone, or something typed."""

from __future__ import annotations

import logging

import runas
from runas_okta.classic.faults import TooSoon
from runas_okta.classic.offers import Offer, Waiting
from runas_okta.classic.transaction import Authn, Transaction
from runas_okta.reading import shown, text
from runas_okta.wire import RateLimited

notice = logging.getLogger("runas.notice")

LOOKS = 150
"""How often a phone is looked after: at 2 seconds each, Okta's own 5 minutes."""

SOON, PAUSE, LONGEST_PAUSE = 0.5, 2.0, 30.0
"""Seconds between two looks: the first comes soon, for the number to be told in time."""

RESENDS = 5
RESEND = "resend"
"""What to type in place of a code that never arrived."""

_DELIVERED = ("sms", "call", "email")


def push(authn: Authn, waiting: Waiting, offer: Offer) -> runas.Flow[Transaction]:
    """Send a push and wait for the tap. Asked for again after nobody answered, send another."""
    # Asked before anything is sent: where nobody may be waited for, no phone rings.
    yield from runas.Approval(offer.factor.device, None, SOON)
    transaction = authn.verify(waiting.transaction, offer.href)
    number, pause = "", SOON
    for _ in range(LOOKS):
        if transaction.status != "MFA_CHALLENGE":
            return transaction
        if transaction.result not in ("", "WAITING", "CHALLENGE"):
            raise _ended(transaction.result, offer)
        # The number is told only while the phone shows it; it stays right after that.
        path = ("_embedded", "challenge", "correctAnswer")
        number = shown(text(transaction.factor, *path)) or number
        yield from runas.Approval(offer.factor.device, number or None, pause)
        try:
            transaction, pause = authn.verify(transaction, transaction.link("next")), PAUSE
        except RateLimited as limit:
            pause = min(limit.wait, LONGEST_PAUSE)
    raise _ended("TIMEOUT", offer)


def code(authn: Authn, waiting: Waiting, offer: Offer) -> runas.Flow[Transaction]:
    """Ask for a code, after having it sent where it comes by phone or e-mail."""
    at = waiting.transaction
    if offer.factor.kind in _DELIVERED:
        at = waiting.sent.get(offer.factor.id) or authn.verify(at, offer.href)
        waiting.sent[offer.factor.id] = at
    typed = yield from _typed(authn, at, offer)
    name = "answer" if offer.factor.kind == "question" else "passCode"
    href = at.link("next") if at.offers("next") else offer.href
    transaction = authn.verify(at, href, **{name: typed})
    if transaction.status == "MFA_CHALLENGE":
        raise _ended(transaction.result, offer)
    return transaction


def _typed(authn: Authn, at: Transaction, offer: Offer) -> runas.Flow[str]:
    device = offer.factor.device
    if offer.factor.kind not in _DELIVERED:
        return (yield from runas.Code(device))
    for _ in range(RESENDS):
        typed = yield from runas.Code(device, words=(RESEND,))
        if typed.strip().lower() not in ("", RESEND):
            return typed
        try:
            authn.verify(at, at.link("resend") if at.offers("resend") else offer.href)
        except TooSoon as refusal:
            notice.warning("%s", refusal)
    raise runas.Refused("no code arrived", "choose another factor: --mfa-type")


def _ended(result: str, offer: Offer) -> runas.RunasError:
    """Return the error for a factor that came to an end without success.

    https://developer.okta.com/docs/reference/api/authn/#factor-result
    """
    device = offer.factor.device or "the device"
    match result:
        case "REJECTED":
            hint = "if that was not you, tell your administrator: somebody may know your password"
            return runas.ApprovalRejected(f"the sign-in was declined on {device}", hint)
        case "TIMEOUT":
            fact = f"nobody approved the sign-in on {device} in time"
            return runas.ApprovalExpired(fact, "run the command again for a new push")
        case "PASSCODE_REPLAYED":
            return runas.WrongCode("the code has been used already", "wait for the next one")
        case "TIME_WINDOW_EXCEEDED":
            return runas.WrongCode("the code came too late", "wait for the next one")
        case "CANCELLED":
            return runas.Refused("the sign-in at Okta was cancelled", "run the command again")
    word = shown(result) or "without a reason"
    return runas.Refused(f"okta did not accept the factor {offer.factor} ({word})", "try another")
