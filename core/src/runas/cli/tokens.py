"""Sessions that are no AWS credentials: Identity Center's tokens, cookies of sign-in pages."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import Any

from runas import formats

_LARGEST = 1 << 20


def tokens(home: str) -> list[dict[str, Any]]:
    """Describe the tokens in the folder that the AWS tools share; nothing secret of them.

    Source: aws-cli v2, ``awscli/botocore/utils.py`` (``SSOTokenLoader``)
    """
    folder = os.path.join(home, ".aws", "sso", "cache")
    found = [_token(os.path.join(folder, name)) for name in _files(folder)]
    return [one for one in found if one is not None]


def sign_ins(state: str) -> list[dict[str, Any]]:
    """Describe the sessions with sign-in pages: the host, and when each was used last.

    When they end, only the provider knows; its cookies mostly do not say.
    """
    folder = _cookies(state)
    found = [_sign_in(os.path.join(folder, name)) for name in _files(folder)]
    return [one for one in found if one is not None]


def drop_cookies(state: str) -> int:
    """Forget the sessions with sign-in pages; return how many there were."""
    folder = _cookies(state)
    dropped = 0
    for name in _files(folder):
        with suppress(OSError):
            os.unlink(os.path.join(folder, name))
            dropped += 1
    return dropped


def _cookies(state: str) -> str:
    return os.path.join(state, "cookies")


def _files(folder: str) -> list[str]:
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".json"))
    except OSError:
        return []


def _read(path: str) -> dict[str, Any]:
    """Read one file; what is no table, or cannot be read, is empty."""
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _token(path: str) -> dict[str, Any] | None:
    """Describe one file; a registration, or what is no token at all, is None."""
    document = _read(path)
    if "accessToken" not in document:
        return None
    try:
        text = str(document["expiresAt"]).replace("UTC", "Z")
        end = formats.seconds_of(text)
    except (ValueError, KeyError):
        return None
    address = str(document.get("startUrl") or "an access portal")
    return {
        "kind": "Identity Center token" + (", renewable" if document.get("refreshToken") else ""),
        "profiles": [],
        "role": None,
        "subject": address,
        "ends": end,
        "expiration": formats.rfc3339(end),
        "usable": end > time.time(),
    }


def _sign_in(path: str) -> dict[str, Any] | None:
    """Describe one file of cookies; None where there is none left in it."""
    document = _read(path)
    try:
        used = formats.rfc3339(int(document["saved"]))
        hosts = [str(one["domain"]) for one in document["cookies"]]
    except (ValueError, KeyError, TypeError, OverflowError, OSError):  # no calendar goes so far
        return None
    if not hosts:
        return None
    return {
        "kind": "sign-in session",
        "profiles": [],
        "role": None,
        "subject": max(hosts, key=len).lstrip("."),
        "ends": None,
        "expiration": None,
        "used": used,
        "usable": True,
    }
