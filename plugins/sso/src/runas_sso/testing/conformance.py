"""The conformance kit's cases for this plugin; `runas plugin check sso` finds them here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import runas
from runas.errors import ApprovalExpired, ApprovalRejected, ConfigurationError
from runas.testing.case import Case, Trouble
from runas.testing.conformance import ProviderConformance
from runas_sso.testing.center import IdentityCenter
from runas_sso.testing.person import Person

ACCOUNT, ROLE = "123456789012", "Developer"
SESSION = {"sso_session": "corp", "use_device_code": "false"}
"""What makes a login come back to this machine; without it there is a code to compare."""


class Visitor:
    """Whoever opens the address: ``decision`` is ``allow`` or ``deny``; ``late`` is too late."""

    def __init__(self, center: IdentityCenter) -> None:
        self.center = center
        self.decision, self.late = "allow", False

    def visit(self, challenge: runas.Browse) -> None:
        """Open it, type the code where it is not in the address, and press the button."""
        if self.late:
            self.center.advance(self.center.device_life + 1)
            return
        code = challenge.user_code
        there = code is None or "user_code" in challenge.url
        url = challenge.url if there else f"{challenge.url}?user_code={code}"
        Person(self.decision).open(url)


class Conformance(ProviderConformance):
    """Every promise, kept by device code and by redirect."""

    provider = "sso"
    ways: Sequence[str] = ("device code", "redirect")

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Start an instance that lets its user into two accounts."""
        with IdentityCenter() as center:
            visitor = Visitor(center)
            center.account(ACCOUNT, "prod").role(ROLE).role("Auditor")
            center.account("210987654321").role(ROLE)
            address = {"sso_start_url": center.start_url, "sso_region": center.region}
            services = {"endpoint_url_sso": center.url, "endpoint_url_sso_oidc": center.url}
            yield Case(
                {**address, **services, **(SESSION if way == "redirect" else {})},
                role=f"arn:aws:iam::{ACCOUNT}:role/{ROLE}",
                browse=visitor.visit,
                troubles=_troubles(visitor, way),
            )


def _troubles(visitor: Visitor, way: str) -> dict[str, Trouble]:
    """Say what else may come of a login."""
    found = {"declined": Trouble(lambda: setattr(visitor, "decision", "deny"), ApprovalRejected)}
    if way == "device code":
        found["nobody came in time"] = Trouble(
            lambda: setattr(visitor, "late", True), ApprovalExpired
        )
        found["another instance"] = Trouble(
            lambda: setattr(visitor.center, "start_url", "https://other.awsapps.com/start"),
            ConfigurationError,
        )
    return found
