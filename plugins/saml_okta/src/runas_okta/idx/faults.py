"""What IDX says went wrong, as runas's errors. Messages are told apart by their keys."""

from __future__ import annotations

from collections.abc import Sequence

import runas
from runas_okta.idx.response import Problem, Response
from runas_okta.reading import shown

_AGAIN = "run the command again"
_ADMIN = "ask your Okta administrator"
_WRONG = (
    "check the user name and the password; after several tries Okta may have locked the account"
)

_KINDS: tuple[tuple[tuple[str, ...], type[runas.RunasError], str, str], ...] = (
    (("locked",), runas.AccountLocked, "okta has locked the account", _ADMIN),
    (
        ("session.expired", "E0000011"),
        runas.Refused,
        "the sign-in at Okta took too long and has ended",
        _AGAIN,
    ),
    (
        ("not.assigned",),
        runas.AccessDenied,
        "the AWS app is not assigned to you at Okta",
        _ADMIN,
    ),
    (
        ("access_denied", "E0000006", "E0000015"),
        runas.AccessDenied,
        "okta's policy denies this sign-in",
        _ADMIN,
    ),
    (("push_rejected", "rejected"), runas.ApprovalRejected, "the sign-in was declined", ""),
    (
        ("tooManyRequests", "E0000047"),
        runas.ServiceUnavailable,
        "okta refuses further requests for now (its rate limit)",
        "try again in a minute",
    ),
)


def explained(response: Response) -> runas.RunasError:
    """Return the error for an answer that leads no further."""
    problems = response.problems
    for marks, kind, fact, hint in _KINDS:
        if any(mark.lower() in one.key.lower() for mark in marks for one in problems):
            return kind(fact, hint or _words(problems))
    if problems:
        said = _words(problems)
        return runas.Refused("okta refused the sign-in", f"{said}; {_AGAIN}" if said else _AGAIN)
    return runas.ServiceUnavailable(
        f"okta's answer offers no way on (HTTP {response.status})", "try again later"
    )


def refused_password(response: Response) -> runas.RunasError:
    """Return the error after a password; a refused one is the rule among the reasons."""
    found = explained(response)
    if type(found) is runas.Refused or not response.problems:
        return runas.WrongPassword("okta refused the user name or the password", _WRONG)
    return found


def unknown_name() -> runas.RunasError:
    """Return the error for a name that no account has."""
    return runas.Refused(
        "okta does not know the user name",
        "check how it is spelled, in the profile's username too",
    )


def refused_code(response: Response) -> runas.RunasError:
    """Return the error after a code: one that may be typed again while the form is still there."""
    found = explained(response)
    if type(found) is not runas.Refused or "challenge-authenticator" not in response.forms:
        return found
    return runas.WrongCode("okta refused the code", _words(response.problems))


def unknown(response: Response, origin: str) -> runas.RunasError:
    """Return the error for an answer whose remediations runas does not know; it names them."""
    names = shown(", ".join(sorted(response.forms)))
    return runas.PageNotRecognised(
        f"okta asks for a step that runas does not know: {names}",
        f"sign in at {origin} in a browser once; if that does not help:"
        " pip install -U runas-plugin-okta",
    )


def _words(problems: Sequence[Problem]) -> str:
    said = "; ".join(dict.fromkeys(one.words for one in problems if one.words))
    return f"okta says: {shown(said)}" if said else ""
