"""An OpenID Connect token in a file, as Kubernetes and CI systems lay it down.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
"""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import runas

_LONGEST = 20000  # characters: AssumeRoleWithWebIdentity's own limit


def read(profile: runas.Profile) -> str:
    """Read the token; the file is replaced now and then, so nothing of it is kept."""
    origin = f"web_identity_token_file ({profile.origin('web_identity_token_file')})"
    path = Path(os.path.expanduser(profile.get("web_identity_token_file") or ""))
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise runas.ConfigurationError(f"{origin}: {error.strerror}: {path}") from error
    except ValueError:  # no UTF-8, or a NUL in the path
        raise runas.ConfigurationError(f"{origin}: {path} holds no token") from None
    if not 4 <= len(text) <= _LONGEST:
        raise runas.ConfigurationError(f"{origin}: {path} holds no token")
    return text


def subject(token: str) -> str:
    """Return whom the token is about, for the session's name; AWS alone judges the token."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["sub"])
    except (IndexError, KeyError, TypeError, ValueError, RecursionError):
        return ""
