"""What exists in an Identity Center: accounts and roles, registrations, logins, tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Keys:
    """A role's credentials; ``expiration`` in seconds since the epoch."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)
    expiration: float


@dataclass
class Account:
    """An AWS account, and the permission sets that the user has in it, with their durations."""

    id: str
    name: str
    email: str
    roles: dict[str, int] = field(default_factory=dict)

    def role(self, name: str, duration: int = 3600) -> Account:
        """Assign a permission set to the user; ``duration`` in seconds."""
        if not 3600 <= duration <= 43200:
            raise ValueError("a permission set's session lasts 3600 to 43200 seconds")
        self.roles[name] = duration
        return self

    def unassign(self, name: str) -> None:
        """Take a permission set away."""
        del self.roles[name]


@dataclass
class Client:
    """A registered client."""

    expires_at: float
    scopes: tuple[str, ...]
    grants: tuple[str, ...]
    redirects: tuple[str, ...]
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    secret: str = field(default_factory=lambda: "eyJ" + secrets.token_urlsafe(900), repr=False)


@dataclass
class DeviceLogin:
    """A device login: ``status`` is pending, approved, denied or spent."""

    client: Client
    user_code: str
    expires_at: float
    status: str = "pending"
    polls: int = 0
    polled_at: float = 0.0
    code: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


@dataclass
class Redirect:
    """A login by redirect: from the sign-in page until its code is traded."""

    client: Client
    uri: str
    state: str
    challenge: str
    expires_at: float
    spent: bool = False
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    code: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)


@dataclass
class Login:
    """A session at the portal; ``refresh`` is the one refresh token that is still good."""

    client: Client
    ends_at: float
    ended: bool = False
    refresh: str | None = field(default=None, repr=False)
    access: dict[str, float] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Asked:
    """One request, as it is remembered: what was asked, and how that ended. No secrets."""

    operation: str
    outcome: str
    status: int
    at: float
