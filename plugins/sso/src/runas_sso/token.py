"""A token of Identity Center, as the AWS tools write it to ``~/.aws/sso/cache``.

The format is the SDKs' own, so that a login by any of them serves all.
Source: botocore's ``SSOTokenProvider`` and ``SSOTokenLoader``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from runas_sso.wire import plain


@dataclass(frozen=True)
class Client:
    """A registration with the OIDC service; ``expires_at`` is in seconds since the epoch."""

    id: str
    secret: str = field(repr=False)
    expires_at: int


@dataclass(frozen=True)
class Token:
    """An access token, what renews it, and what it is for; times in seconds since the epoch."""

    start_url: str
    region: str
    access: str = field(repr=False)
    expires_at: int
    refresh: str | None = field(default=None, repr=False)
    client: Client | None = None

    def left(self) -> float:
        """Return how many seconds it is still good for."""
        return self.expires_at - time.time()

    def renewable(self) -> bool:
        """Tell a token that can be renewed without a person."""
        client = self.client
        return bool(self.refresh) and client is not None and client.expires_at > time.time()

    def content(self) -> dict[str, str]:
        """Return what is written to the file."""
        content = {
            "startUrl": self.start_url,
            "region": self.region,
            "accessToken": self.access,
            "expiresAt": moment(self.expires_at),
        }
        if self.client:
            content |= {
                "clientId": self.client.id,
                "clientSecret": self.client.secret,
                "registrationExpiresAt": moment(self.client.expires_at),
            }
        return content | ({"refreshToken": self.refresh} if self.refresh else {})


def read_token(content: Mapping[str, Any]) -> Token | None:
    """Read a file's content; None where it is no token, or not one to send anywhere."""
    access, ends = content.get("accessToken"), seconds(content.get("expiresAt"))
    if not isinstance(access, str) or not plain(access) or ends is None:
        return None
    refresh = content.get("refreshToken")
    return Token(
        _text(content.get("startUrl")),
        _text(content.get("region")),
        access,
        ends,
        refresh if isinstance(refresh, str) and plain(refresh) else None,
        read_client(content, "registrationExpiresAt"),
    )


def read_client(content: Mapping[str, Any], end: str = "expiresAt") -> Client | None:
    """Read a registration; ``end`` names the key of its end."""
    name, secret, ends = content.get("clientId"), content.get("clientSecret"), content.get(end)
    moment = seconds(ends)
    if not isinstance(name, str) or not isinstance(secret, str) or moment is None:
        return None
    return Client(name, secret, moment) if plain(name) and plain(secret) else None


def moment(at: float) -> str:
    """Write a time as the AWS tools do."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: object) -> int | None:
    """Read a time; early versions of the AWS CLI ended it in ``UTC``."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text.replace("UTC", "Z"))
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, OSError):
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
