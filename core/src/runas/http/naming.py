"""What a field, a key or a header holds, by its name and its looks: for transcripts only."""

from __future__ import annotations

import re

_KINDS = (
    ("assertion", re.compile(r"samlresponse|wresult|assertion$", re.IGNORECASE)),
    (
        "code",
        re.compile(
            r"pass_?code|otp|oath|verification_?code|security_?code|mfa_?code|^code$|^answer$|pin$",
            re.IGNORECASE,
        ),
    ),
    ("password", re.compile(r"passw|pwd|passphrase|(^|[._-])pass$|^pw$", re.IGNORECASE)),
    (
        "token",
        re.compile(
            r"token|csrf|xsrf|secret|nonce|session|ticket|canary|cookie|jwt|^sid|[._-]sid$|assertion"
            r"|context|ctx|^sft$|signature|^sig|viewstate|eventvalidation|execution|credential"
            r"|authorization|authenticate$|authkey|^tx$|^h$|bearer|relaystate|^state$|duo_code",
            re.IGNORECASE,
        ),
    ),
)
_OPAQUE = re.compile(r"(?=[^\d]*\d)(?=[^a-zA-Z]*[a-zA-Z])[\w+/=.:~%-]{20,}")
_ADDRESS = re.compile(r"https?[:%]", re.IGNORECASE)


def kind_of(name: str, value: str = "") -> str:
    """Name the kind of secret that a value is; empty where it is none.

    A long value without a space and with digits counts as a token whatever its name: there is no
    list of all the names that providers give to their states.
    """
    for kind, pattern in _KINDS:
        if pattern.search(name):
            return kind
    return "token" if opaque(value) else ""


def opaque(value: str) -> bool:
    """Tell what a machine made from what a person reads."""
    return _OPAQUE.fullmatch(value) is not None and not _ADDRESS.match(value)
