"""Make a diagnosis fit to be pasted into a public issue."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from runas.config.keys import EVIDENCE
from runas.config.options import BY_KEY, OPTIONS

SECRET = frozenset(
    {option.name for option in OPTIONS if option.secret}
    | {key for key in EVIDENCE if key.startswith("aws_")} - {"aws_access_key_id"}
    | {"external_id", "session_policy_document"}
)
"""Settings of which not even a part is shown."""

COMMANDS = frozenset(
    {option.name for option in OPTIONS if option.metavar == "CMD"} | {"credential_process"}
)
"""Settings that are command lines: their arguments may hold anything."""

_PRIVATE = re.compile(r"passw|passphrase|passcode|secret|api_?key|token$|\bpin\b|_pin$")
"""What a setting that nobody here declared may be called, if it is a secret."""

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


def value(key: str, text: str) -> str:
    """Show one setting's value, as far as it may be seen; any of an option's keys will do."""
    option = BY_KEY.get(key)
    name = option.name if option else key
    if name in COMMANDS:
        words = text.split()
        return os.path.basename(words[0]) + (" …" if words[1:] else "") if words else ""
    if name in SECRET or (option is None and _PRIVATE.search(name)):
        return "(hidden)"
    if name == "aws_access_key_id":
        return f"{text[:4]}…{text[-4:]}" if len(text) > 12 else "(hidden)"
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
