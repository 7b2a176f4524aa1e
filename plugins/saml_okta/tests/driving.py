"""Sign in as core does, with a person whose answers are known beforehand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import runas
import runas_okta
from runas.challenges import Challenge, drive
from runas.http import Session
from runas_okta.testing import OktaOrg

NAME, PASSWORD = "me@example.com", "pass-canary-9d1"
ATTEMPTS = 3
PATIENCE = 500  # challenges until a login counts as endless


class Hasty(Session):
    """A session that waits no longer than a test may."""

    def send(self, request: Any, **options: Any) -> Any:
        options["timeout"] = 0.5
        return super().send(request, **options)


class Person:
    """Answers challenges, and remembers them.

    ``code`` makes codes; an exception is raised; a choice is answered by a part of its label.
    """

    def __init__(self, code: Callable[[], str] | None = None, **answers: Any) -> None:
        self.asked: list[Challenge[Any]] = []
        self._code = code
        self._answers = {"Username": NAME, "Password": PASSWORD, "Approval": None, **answers}

    def __call__(self, challenge: Challenge[Any]) -> Any:
        self.asked.append(challenge)
        assert len(self.asked) < PATIENCE, "the login does not end"
        kind = type(challenge).__name__
        if kind == "Code" and self._code is not None:
            return self._code()
        answer = self._answers[kind]
        if isinstance(answer, BaseException):
            raise answer
        if isinstance(challenge, runas.Choice):
            return next(one for one in challenge.options if answer in challenge.label(one))
        return answer

    def seen(self, kind: type[Challenge[Any]]) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]

    @property
    def kinds(self) -> list[str]:
        return [type(one).__name__ for one in self.asked]


def profile(org: OktaOrg, **settings: str) -> runas.Profile:
    known = {"saml_auth_url": org.app_url, "username": NAME, **settings}
    return runas.Profile("work", known, family="saml")


def begin(org: OktaOrg, person: Any, http: Session, **settings: str) -> Any:
    """Go as far as `authenticate` does."""
    flow = runas_okta.authenticate(profile=profile(org, **settings), http=http)
    return drive(flow, person)


def satisfy(http: Session, pending: runas.MfaRequired, person: Any, kind: str) -> Any:
    """Satisfy one factor; mistyped codes are typed again, as core has it."""
    factor = next(one for one in pending.factors if kind in (one.kind, one.device))
    for attempt in range(ATTEMPTS):
        try:
            flow = runas_okta.mfa(http=http, pending=pending, factor=factor)
            assert flow is not None
            return drive(flow, person)
        except runas.WrongCode:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError


def sign_in(
    org: OktaOrg,
    person: Any = None,
    kind: str = "",
    http: Session | None = None,
    **settings: str,
) -> Any:
    """Sign in to the end, with the first factor or the one of that kind."""
    person = person or Person()
    http = http if http is not None else Hasty()
    outcome = begin(org, person, http, **settings)
    while isinstance(outcome, runas.MfaRequired):
        outcome = satisfy(http, outcome, person, kind or outcome.factors[0].kind)
    assert isinstance(outcome, runas.SamlIdentity)
    assert org.violations == []
    return outcome
