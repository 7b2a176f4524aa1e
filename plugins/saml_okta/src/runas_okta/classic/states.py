"""The state machine: from any state to a second factor, a session token, or a plain reason why not.

https://developer.okta.com/docs/reference/api/authn/#transaction-state
"""

from __future__ import annotations

import logging

import runas
from runas_okta.classic.transaction import Authn, Transaction
from runas_okta.reading import shown, text
from runas_okta.wire import host

notice = logging.getLogger("runas.notice")

STEPS = 10
"""More states than any sign-in has; a server that leads in circles is left."""

READY = ("MFA_REQUIRED", "MFA_CHALLENGE", "SUCCESS", "UNAUTHENTICATED")
"""The states that somebody else deals with."""

_RESET = ("the password at {} is being reset", "set a new one")
_DUE = {
    "PASSWORD_EXPIRED": ("the password at {} has expired", "change it"),
    "PASSWORD_WARN": ("the password at {} must be changed", "change it"),
    "PASSWORD_RESET": _RESET,
    "RECOVERY": _RESET,
    "RECOVERY_CHALLENGE": _RESET,
    "MFA_ENROLL": ("{} wants a second factor, and none is set up", "set one up"),
    "MFA_ENROLL_ACTIVATE": ("the second factor at {} is not set up to the end", "finish that"),
}


def settle(authn: Authn, transaction: Transaction) -> Transaction:
    """Skip what may be skipped until a state in READY is reached; raise for what cannot be."""
    for _ in range(STEPS):
        if transaction.status in READY:
            return transaction
        if transaction.status not in ("PASSWORD_WARN", "MFA_ENROLL"):
            raise explained(authn, transaction)
        transaction = _skip(authn, transaction)
    raise runas.ServiceUnavailable("okta leads the sign-in in circles", "try again later")


def _skip(authn: Authn, transaction: Transaction) -> Transaction:
    name = host(authn.org.origin)
    if not transaction.offers("skip"):
        raise explained(authn, transaction)
    if transaction.status == "PASSWORD_WARN":
        days = text(transaction.embedded, "policy", "expiration", "passwordExpireDays")
        when = f"in {days} days" if days.isdigit() and days != "1" else "soon"
        notice.warning("your password at %s expires %s; change it there in a browser", name, when)
    else:
        notice.warning("%s wants a second factor to be set up; skipped for now", name)
    return authn.follow(transaction, "skip")


def explained(authn: Authn, transaction: Transaction) -> runas.RunasError:
    """Return the error for a state that only a browser, or an administrator, gets out of."""
    name = host(authn.org.origin)
    browser = f"sign in at {authn.org.origin} in a browser"
    if transaction.status == "LOCKED_OUT":
        return runas.AccountLocked(
            f"the account at {name} is locked",
            "unlock it in a browser ('Need help signing in?') or ask your Okta administrator",
        )
    if transaction.status in _DUE:
        what, first = _DUE[transaction.status]
        return runas.ActionRequired(what.format(name), f"{browser} and {first}")
    return runas.PageNotRecognised(
        f"{name} asks for a step that runas does not know: {shown(transaction.status)}",
        f"{browser} once; if that does not help: pip install -U runas-plugin-okta",
    )
