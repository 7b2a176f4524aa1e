"""The conformance kit's cases for this plugin; `runas plugin check adfs` finds them here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from runas.errors import AccessDenied, AccountLocked, ActionRequired
from runas.testing.case import Case, Trouble
from runas.testing.conformance import ProviderConformance
from runas_adfs.testing.farm import AdfsFarm
from runas_adfs.testing.state import User

NAME, PASSWORD, CODE = "CORP\\alice.canary", "pass-canary-51c7", "314159"
ADAPTERS = {"push": "azure-mfa", "totp": "vip-new", "token": "rsa-v2", "duo": "duo"}
"""The MFA adapter of each way."""

_NEVER = 10**6  # looks before the phone answers by itself


class Conformance(ProviderConformance):
    """Every promise, kept at a farm of 2019 with and without an MFA adapter."""

    provider = "adfs"
    ways: Sequence[str] = ("", "push", "totp", "token", "duo")
    version = "2019"

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Start a farm with one account."""
        with AdfsFarm(self.version, ADAPTERS.get(way, ())) as farm:
            user = farm.user(NAME, PASSWORD, codes=[CODE] * 9, polls=_NEVER)
            yield Case(
                {"saml_auth_url": farm.sign_in},
                NAME,
                PASSWORD,
                CODE if way else "",
                approve=lambda: _decide(user, "approve"),
                reject=lambda: _decide(user, "reject"),
                expire=lambda: _decide(user, "timeout"),
                troubles={
                    "locked": Trouble(lambda: _in_trouble(user, "locked"), AccountLocked),
                    "expired": Trouble(lambda: _in_trouble(user, "expired"), ActionRequired),
                    "new password": Trouble(
                        lambda: _in_trouble(user, "must-change"), ActionRequired
                    ),
                    "not for AWS": Trouble(lambda: _in_trouble(user, "denied"), AccessDenied),
                },
            )


class OldFarm(Conformance):
    """The same at AD FS 2.0, whose pages are web forms."""

    version = "2.0"
    ways = ("",)


def _decide(user: User, answer: str) -> None:
    user.answer, user.polls = answer, 0


def _in_trouble(user: User, trouble: str) -> None:
    user.trouble = trouble
