"""What an org demands, and in which order; both engines obey it."""

from __future__ import annotations

from dataclasses import dataclass

from runas_okta.testing.factors import Enrolled
from runas_okta.testing.people import SignIn, User

LOCKED_AFTER = 5
"""Wrong passwords, or wrong codes, until the account is locked."""


@dataclass
class Policy:
    """The org's own rules.

    ``step_up``: the app wants a second factor of its own, once a session. ``remember``: devices
    may be remembered. ``sessions_api``: session tokens may be exchanged by API. ``page_token``:
    the ordinary sign-in page carries a token too. ``identifier_first``, ``probe``,
    ``keep_signed_in``: how Identity Engine signs in. ``refresh``: milliseconds between two looks at
    a phone, as Identity Engine asks for. ``app_token``: the sign-in page carries the token of the
    app's own transaction. ``limit``: requests until HTTP 429. ``tells_unknown``: Identity Engine
    says which names it does not know.
    """

    step_up: bool = False
    remember: bool = True
    sessions_api: bool = True
    page_token: bool = False
    identifier_first: bool = True
    probe: bool = False
    keep_signed_in: bool = False
    password_first: bool = True
    refresh: int = 4000
    app_token: bool = False
    limit: int | None = None
    tells_unknown: bool = False
    lifetime: float = 300.0


def due(sign_in: SignIn, remembered: bool) -> str:
    """Return the state that a sign-in with the right password has reached."""
    user = sign_in.user
    assert user is not None
    if user.state:
        return user.state
    wanted = (sign_in.for_app or not remembered) and not sign_in.verified
    if user.factors and wanted:
        return "MFA_REQUIRED"
    if not user.factors and user.enrolment and "MFA_ENROLL" not in sign_in.skipped:
        return "MFA_ENROLL"
    if user.expired:
        return "PASSWORD_EXPIRED"
    warned = "PASSWORD_WARN" in sign_in.skipped or not sign_in.warns
    return "SUCCESS" if warned or user.expires_in is None else "PASSWORD_WARN"


def judge(user: User, factor: Enrolled, code: str) -> str:
    """Return an error code for a factor's code, or nothing where it is right."""
    if user.locked:
        return "E0000069"
    if code in factor.used and factor.accepts(code):
        return "E0000082" if code in factor.used else ""
    if not factor.accepts(code):
        user.failures += 1
        user.locked = user.failures >= LOCKED_AFTER
        return "E0000069" if user.locked else "E0000068"
    factor.used.add(code)
    user.failures = 0
    return ""


def password_right(user: User | None, password: str) -> bool:
    """Check a password and count the wrong ones."""
    if user is None:
        return False
    if user.password != password:
        user.failures += 1
        user.locked = user.locked or user.failures >= LOCKED_AFTER
        return False
    user.failures = 0
    return True
