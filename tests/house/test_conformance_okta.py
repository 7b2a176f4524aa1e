"""The Okta provider keeps what every provider promises, on both of Okta's engines."""

from contextlib import contextmanager

import runas
from runas.testing import Case, ProviderConformance, Trouble
from runas_okta.testing import OktaOrg, Push, Totp

USERNAME, PASSWORD = "me@example.com", "pa55-canary-word"


class Okta(ProviderConformance):
    """An org with one user, who has one second factor or none."""

    provider = "okta"
    ways = ("", "totp", "push")
    engine = "classic"

    @contextmanager
    def identity_provider(self, way):
        """Start the org."""
        push, totp = Push(after=1, number="42"), Totp()
        with OktaOrg(self.engine) as org:
            factors = [one for name, one in (("totp", totp), ("push", push)) if name == way]
            user = org.user(USERNAME, PASSWORD, factors)
            yield Case(
                {"saml_auth_url": org.app_url},
                USERNAME,
                PASSWORD,
                totp.code if way == "totp" else "",
                reject=lambda: setattr(push, "outcome", "reject"),
                expire=lambda: setattr(push, "outcome", "timeout"),
                troubles={
                    "locked": Trouble(lambda: setattr(user, "locked", True), runas.AccountLocked),
                    "expired": Trouble(
                        lambda: setattr(user, "expired", True), runas.ActionRequired
                    ),
                },
            )


class TestOktaClassic(Okta):
    """Classic."""


class TestOktaIdentityEngine(Okta):
    """Identity Engine."""

    engine = "identity"
