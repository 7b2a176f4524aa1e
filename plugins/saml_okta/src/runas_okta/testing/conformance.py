"""The conformance kit's cases for this plugin; `runas plugin check okta` finds them here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from runas.errors import AccessDenied, AccountLocked, ActionRequired
from runas.testing.case import Case, Trouble
from runas.testing.conformance import ProviderConformance
from runas_okta.testing.factors import Email, Enrolled, Push, Question, Sms, Totp
from runas_okta.testing.org import OktaOrg

NAME, PASSWORD = "alice.canary@example.com", "pass-canary-51c7"


class Conformance(ProviderConformance):
    """Every promise, kept on both engines and with every sort of factor."""

    provider = "okta"
    engine = "classic"
    ways: Sequence[str] = ("", "push", "totp")

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Start an org whose user has one factor."""
        factor = _factor(way)
        with OktaOrg(self.engine) as org:
            user = org.user(NAME, PASSWORD, [factor] if factor else [])
            troubles = {
                "locked": Trouble(lambda: setattr(user, "locked", True), AccountLocked),
                "expired": Trouble(lambda: setattr(user, "expired", True), ActionRequired),
                "unassigned": Trouble(lambda: setattr(user, "assigned", False), AccessDenied),
            }
            push = factor if isinstance(factor, Push) else Push()
            yield Case(
                {"saml_auth_url": org.app_url},
                NAME,
                PASSWORD,
                _code(factor),
                approve=lambda: setattr(push, "after", 0),
                reject=lambda: _end(push, "reject"),
                expire=lambda: _end(push, "timeout"),
                waiting=lambda: bool(push.sent) and not org.cancelled,
                troubles=troubles,
            )


class IdentityEngine(Conformance):
    """The same on Identity Engine."""

    engine = "identity"
    ways: Sequence[str] = ("", "push", "sms")


def _factor(way: str) -> Enrolled | None:
    made: dict[str, Enrolled] = {
        "push": Push(after=10**6),
        "totp": Totp(),
        "sms": Sms(),
        "email": Email(),
        "question": Question(),
    }
    return made.get(way)


def _code(factor: Enrolled | None) -> str | Callable[[], str]:
    if isinstance(factor, Totp):
        return factor.code
    if isinstance(factor, Question):
        return factor.answer
    return (lambda: factor.sent[-1]) if isinstance(factor, Sms) else ""


def _end(push: Push, outcome: str) -> None:
    push.outcome, push.after = outcome, 0
