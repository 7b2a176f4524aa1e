"""Make a diagnosis fit to be pasted into a public issue."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

SECRET = frozenset(
    "aws_secret_access_key aws_session_token aws_security_token external_id password otp"
    " session_policy_document sso_registration_scopes".split()
)
"""Settings of which not even a part is shown."""

COMMANDS = frozenset("credential_process mfa_process password_process".split())
"""Settings that are command lines: their arguments may hold anything."""

_ACCOUNT = re.compile(r"(?<![\w-])(\d{4})\d{4}(\d{4})(?![\w-])")
_ADDRESS = re.compile(r"https?://[^\s'\"]+")
_PERSON = re.compile(r":(mfa|user)/[\w+=,.@/-]+")
_MAIL = re.compile(r"\b([\w])[\w.+-]*@")


def redacted(text: str) -> str:
    """Mask account numbers, users, mail addresses, and what is private in web addresses."""
    text = _ADDRESS.sub(lambda found: _address(found[0]), text)
    text = _PERSON.sub(r":\1/…", text)
    text = _MAIL.sub(r"\1…@", text)
    return _ACCOUNT.sub(r"\1****\2", text)


def value(name: str, text: str) -> str:
    """Show one setting's value, as far as it may be seen."""
    if name in SECRET or "password" in name.replace("password_process", ""):
        return "(hidden)"
    if name == "aws_access_key_id":
        return f"{text[:4]}…{text[-4:]}" if len(text) > 12 else "(hidden)"
    if name in COMMANDS:
        words = text.split()
        return os.path.basename(words[0]) + (" …" if words[1:] else "") if words else ""
    if name == "username":
        return f"{text[:1]}…" + (text[text.rindex("@") :] if "@" in text else "")
    return redacted(text)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that cannot be read)"
    query = "?…" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{parts.path}{query}"
