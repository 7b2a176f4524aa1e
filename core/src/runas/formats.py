"""Credentials as text: for shells, files, SDKs and eyes. Pure; no input, no output."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas._credentials import Credentials

FORMATS = ("env", "json", "dotenv", "fish", "powershell", "cmd")

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+/=.:,@%")
# PowerShell takes the typographic quotes for a plain one, where a string ends too.
_POWERSHELL_QUOTES = "'\u2018\u2019\u201a\u201b"
# Seconds in a unit, and how many units to name from it on: nobody counts seconds in minutes.
_UNITS = (("day", 86400, 2), ("hour", 3600, 2), ("minute", 60, 1), ("second", 1, 1))


def environment(credentials: Credentials) -> dict[str, str]:
    """Return the variables that every AWS SDK reads; only those that the credentials have."""
    return {name: text for name, text in _variables(credentials).items() if text is not None}


def render(
    format: str,
    credentials: Credentials,
    account_id: str | None = None,
) -> str:
    """Write credentials in one of `FORMATS`, ending in a line break.

    The shell formats also unset what these credentials lack: an older session token beside
    long-term keys would make every request fail. *account_id* shows in ``json`` only.
    Source of ``json``:
    https://docs.aws.amazon.com/cli/latest/topic/config-vars.html#sourcing-credentials-from-external-processes
    """
    if format == "json":
        return _process_document(credentials, account_id)
    if format not in FORMATS:
        from runas.errors import UsageError

        raise UsageError(f"no such output format: '{format}'", f"use one of {', '.join(FORMATS)}")
    line = LINES[format]
    lines = [line(name, text) for name, text in _variables(credentials).items()]
    return "".join(f"{text}\n" for text in lines if text)


def container_document(
    credentials: Credentials, role_arn: str | None = None, account_id: str | None = None
) -> str:
    """Write the answer of an ECS credentials endpoint, a JSON object.

    The session token is called ``Token`` here. botocore fails on an answer without ``Expiration``:
    an endpoint should serve temporary credentials only.
    Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
    """
    return _json_object(
        {
            "AccessKeyId": credentials.access_key_id,
            "SecretAccessKey": credentials.secret_access_key,
            "Token": credentials.session_token,
            "Expiration": _expiration(credentials),
            "RoleArn": role_arn,
            "AccountId": account_id,
        }
    )


def rfc3339(seconds: int) -> str:
    """Write epoch seconds in UTC with a ``Z`` and no fraction, the one form all SDKs read."""
    t = time.gmtime(seconds)
    day = f"{t.tm_year:04}-{t.tm_mon:02}-{t.tm_mday:02}"
    return f"{day}T{t.tm_hour:02}:{t.tm_min:02}:{t.tm_sec:02}Z"


def seconds_of(text: str) -> int:
    """Read a moment with ``Z`` or an offset as epoch seconds, fractions cut off.

    ValueError for anything else, a time without offset included: nobody knows whose it is.
    Source: RFC 3339, section 5.6
    """
    from datetime import datetime

    marks = text[4:5] + text[7:8] + text[10:11].replace(" ", "T") + text[13:14] + text[16:17]
    if marks.upper() != "--T::":  # fromisoformat would also take week dates and half a time
        raise ValueError(f"not an RFC 3339 time: {text!r}")
    moment = datetime.fromisoformat(text.upper())
    if moment.tzinfo is None:
        raise ValueError(f"a time without offset from UTC: {text!r}")
    return int(moment.replace(microsecond=0).timestamp())


def left(seconds: int) -> str:
    """Say how far off a moment is: ``in 2 hours 5 minutes``, ``3 minutes ago``, ``now``."""
    words: list[str] = []
    rest, wanted = abs(seconds), 0
    for unit, size, units in _UNITS:
        count, rest = divmod(rest, size)
        if count and not words:
            wanted = units
        if count and wanted:
            words.append(f"{count} {unit}{'' if count == 1 else 's'}")
        wanted = max(0, wanted - 1)
    text = " ".join(words)
    if not text:
        return "now"
    return f"in {text}" if seconds > 0 else f"{text} ago"


def moment(epoch: int) -> str:
    """Write a moment for a person, in the machine's zone: ``Fri 20 Nov 2026 14:05:09 CET``."""
    return time.strftime("%a %d %b %Y %H:%M:%S %Z", time.localtime(epoch)).strip()


def _variables(credentials: Credentials) -> dict[str, str | None]:
    return {
        "AWS_ACCESS_KEY_ID": credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        "AWS_SESSION_TOKEN": credentials.session_token,
        "AWS_CREDENTIAL_EXPIRATION": _expiration(credentials),
    }


def _expiration(credentials: Credentials) -> str | None:
    return None if credentials.expiration is None else rfc3339(credentials.expiration)


def _env(name: str, text: str | None) -> str:
    if text is None:
        return f"unset {name}"
    return f"export {name}='" + text.replace("'", r"'\''") + "'"


def _dotenv(name: str, text: str | None) -> str:
    """Quote only where needed: Docker's ``--env-file`` takes quotes for a part of the value."""
    if text is None:
        return ""
    if not _PLAIN.issuperset(text):
        for character in '\\"$`':
            text = text.replace(character, "\\" + character)
        text = '"' + text.replace("\n", r"\n").replace("\r", r"\r") + '"'
    return f"{name}={text}"


def _fish(name: str, text: str | None) -> str:
    if text is None:
        return f"set -eg {name}"
    return f"set -gx {name} '" + text.replace("\\", r"\\").replace("'", r"\'") + "'"


def _powershell(name: str, text: str | None) -> str:
    if text is None:
        return f"$Env:{name} = $null"
    for quote in _POWERSHELL_QUOTES:
        text = text.replace(quote, quote * 2)
    return f"$Env:{name} = '{text}'"


def _cmd(name: str, text: str | None) -> str:
    """Write a line of a batch file; no value there can hold a line break."""
    text = text or ""
    if "\n" in text or "\r" in text:
        from runas.errors import UsageError

        raise UsageError(f"{name} holds a line break, which cmd cannot express", "use -O json")
    for character in '^&|<>()"':
        text = text.replace(character, "^" + character)
    return f"SET {name}=" + text.replace("%", "%%")


LINES = {
    "env": _env,
    "dotenv": _dotenv,
    "fish": _fish,
    "powershell": _powershell,
    "cmd": _cmd,
}


def _process_document(credentials: Credentials, account_id: str | None) -> str:
    fields = {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": _expiration(credentials),
        "AccountId": account_id,
    }
    return '{"Version": 1, ' + _json_object(fields)[1:] + "\n"


def _json_object(fields: dict[str, str | None]) -> str:
    pairs = (f'"{name}": {_json(text)}' for name, text in fields.items() if text is not None)
    return "{" + ", ".join(pairs) + "}"


def _json(text: str) -> str:
    """Write a JSON string; keys and tokens are plain, so that json is hardly ever loaded."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    import json

    return json.dumps(text)
