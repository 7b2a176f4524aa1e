"""A made-up Okta org, for tests and for trying things out: `OktaOrg` and the factors of its users.

It judges the provider, so it shares no code with it: standard library only.
"""

from __future__ import annotations

from runas_okta.testing.exchange import Reply, Request
from runas_okta.testing.factors import (
    Call,
    Duo,
    Email,
    Enrolled,
    Hotp,
    Push,
    Question,
    Sms,
    Token,
    Totp,
    WebAuthn,
)
from runas_okta.testing.org import ACS, OktaOrg
from runas_okta.testing.people import SignIn, User

__all__ = [
    "ACS",
    "Call",
    "Duo",
    "Email",
    "Enrolled",
    "Hotp",
    "OktaOrg",
    "Push",
    "Question",
    "Reply",
    "Request",
    "SignIn",
    "Sms",
    "Token",
    "Totp",
    "User",
    "WebAuthn",
]
