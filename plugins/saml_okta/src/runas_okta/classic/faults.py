"""Okta's error codes as runas's errors.

https://developer.okta.com/docs/reference/error-codes/
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import runas
from runas_okta.reading import rows, text
from runas_okta.wire import Answer


class Step(Enum):
    """What was being tried; the same code means another thing at another step."""

    PASSWORD = "password"
    FACTOR = "factor"
    POLL = "poll"
    OTHER = "other"


EXPIRED = "E0000011"
"""The transaction's token has ended, or was used up."""


class TooSoon(runas.ServiceUnavailable):
    """A code is on its way already; Okta sends another only after 30 seconds."""


_AGAIN = "run the command again"
_WRONG = (
    "check the user name and the password; after several tries Okta may have locked the account"
)
_ADMIN = "ask your Okta administrator"
_WAIT = "wait for the next one"

_KINDS: dict[str, tuple[type[runas.RunasError], str, str]] = {
    "E0000004": (runas.WrongPassword, "okta refused the user name or the password", _WRONG),
    "E0000207": (runas.WrongPassword, "okta refused the user name or the password", _WRONG),
    "E0000064": (
        runas.ActionRequired,
        "the password at Okta has expired",
        "sign in to Okta in a browser and change it",
    ),
    EXPIRED: (runas.Refused, "the sign-in at Okta took too long and has ended", _AGAIN),
    "E0000079": (runas.Refused, "the sign-in at Okta has come to another step meanwhile", _AGAIN),
    "E0000015": (runas.AccessDenied, "okta does not permit this sign-in", ""),
    "E0000006": (runas.AccessDenied, "okta does not permit this sign-in", ""),
    "E0000068": (runas.WrongCode, "okta refused the code", ""),
    "E0000082": (runas.WrongCode, "okta refused the code: it has been used already", _WAIT),
    "E0000083": (runas.WrongCode, "okta refused the code: it came too late", _WAIT),
    "E0000069": (
        runas.AccountLocked,
        "okta has locked the account after too many wrong codes",
        "ask your Okta administrator to unlock it, or wait until Okta does",
    ),
    "E0000109": (
        TooSoon,
        "okta sent a text message a moment ago and sends no other yet",
        "try again in 30 seconds",
    ),
    "E0000133": (
        TooSoon,
        "okta called a moment ago and does not call again yet",
        "try again in 30 seconds",
    ),
}


def translated(answer: Answer, step: Step, safe: Callable[[str], str]) -> runas.RunasError:
    """Return the error for a refusal; Okta's own words follow where they add anything.

    *safe* takes out of them what Okta was sent.
    """
    code = text(answer.body, "errorCode")
    if code in _KINDS:
        kind, fact, hint = _KINDS[code]
    elif not code:
        kind, hint = runas.ServiceUnavailable, "try again later"
        fact = f"okta answered with HTTP {answer.status} and no reason"
    else:
        kind, fact, hint = runas.AccessDenied, f"okta refused the sign-in ({code})", ""
    if kind is runas.WrongCode and step is not Step.FACTOR:
        kind = runas.Refused
    if code == EXPIRED and step is Step.POLL:
        kind, fact, hint = runas.ApprovalExpired, "nobody answered at Okta in time", _AGAIN
    if kind is runas.WrongPassword and step is not Step.PASSWORD:
        # With the password long accepted, 'authentication failed' is the sign-on policy's word.
        kind, fact, hint = runas.AccessDenied, "okta's sign-on policy denies this sign-in", ""
    said = _words(answer, safe)
    if kind is runas.AccessDenied:
        hint = f"{said}; {_ADMIN}" if said else _ADMIN
    return kind(fact, hint or said or _ADMIN)


def _words(answer: Answer, safe: Callable[[str], str]) -> str:
    causes = [text(cause, "errorSummary") for cause in rows(answer.body, "errorCauses")]
    said = "; ".join(filter(None, causes)) or text(answer.body, "errorSummary")
    return f"okta says: {safe(said)}" if said else ""
