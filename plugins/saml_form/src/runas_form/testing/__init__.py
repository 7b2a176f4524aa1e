"""A small identity provider with sign-in pages of your own making, on a loopback port.

    def issue(user: str) -> str: ...                    # a SAMLResponse, base64

    with FormIdp(issue, [login({"alice": "secret"}), one_time_code("424242")]) as idp:
        ...                                             # saml_auth_url = idp.url

Pages come in the order given, each with a one-time token that must come back; cookies carry the
login and, once it is through, the session. `idp.requests` tells what was asked of it.
"""

from __future__ import annotations

from runas_form.testing.idp import Answer, FormIdp, Request
from runas_form.testing.screens import Screen, login, one_time_code, page, password, push, username

__all__ = [
    "Answer",
    "FormIdp",
    "Request",
    "Screen",
    "login",
    "one_time_code",
    "page",
    "password",
    "push",
    "username",
]
