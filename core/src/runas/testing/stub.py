"""A provider without a service, to try extensions with: a password, then a one-time code.

Its user's name, password and code are the constants below; a login makes no request.
"""

from __future__ import annotations

from dataclasses import dataclass

import runas

USERNAME = "alice"
PASSWORD = "stub-pa55word"
CODE = "471108"

Outcome = runas.Identity | runas.MfaRequired


@dataclass(frozen=True)
class Waiting:
    """A login whose password was right."""

    username: str


@runas.hookimpl
def authenticate(profile: runas.Profile) -> runas.Flow[Outcome]:
    """Ask for name and password."""
    username = profile.get("username") or (yield from runas.Username("the stub"))
    password = yield from runas.Password("https://stub.example", username)
    if (username, password) != (USERNAME, PASSWORD):
        raise runas.WrongPassword("the stub refused the name or password")
    return runas.MfaRequired((runas.Factor("totp", "the stub's app"),), Waiting(username))


@runas.hookimpl(trylast=True)
def mfa(pending: runas.MfaRequired, factor: runas.Factor) -> runas.Flow[Outcome] | None:
    """Ask for the code."""
    return _check(pending.state, factor) if isinstance(pending.state, Waiting) else None


def _check(waiting: Waiting, factor: runas.Factor) -> runas.Flow[Outcome]:
    if (yield from runas.Code(factor.device)) != CODE:
        raise runas.WrongCode("the stub refused the code")
    keys = runas.Credentials("ASIASTUB", "stub", "stub")
    return runas.KeyIdentity(waiting.username, credentials=keys)
