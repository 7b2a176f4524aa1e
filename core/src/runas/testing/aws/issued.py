"""Temporary credentials, and what they carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runas.testing.aws.arns import secret_key, session_token, unique_id
from runas.testing.aws.people import User
from runas.testing.aws.policy import Document
from runas.testing.aws.roles import Role


@dataclass(frozen=True)
class SessionOptions:
    """What a caller may ask of a role session beyond the role.

    `documents` holds the texts of all session policies: the inline one and the managed ones.
    """

    policy: Document | None = None
    policy_arns: tuple[str, ...] = ()
    documents: tuple[Document, ...] = field(default=(), repr=False)
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive_tag_keys: tuple[str, ...] = ()
    source_identity: str | None = None


@dataclass(frozen=True, kw_only=True)
class IssuedCredentials:
    """Credentials that STS handed out; `user` or `role` is whose they are.

    `source` is the access key id that asked for them (None for a web identity), `chain_depth`
    the number of role sessions they came through (1: a role taken by a user), `duration` what
    was granted, `expiration` the end in seconds since the epoch.
    """

    operation: str
    expiration: float
    duration: int
    source: str | None
    mfa: bool
    issued_at: float
    user: User | None = None
    role: Role | None = None
    session_name: str = ""
    chain_depth: int = 0
    options: SessionOptions = SessionOptions()
    access_key_id: str = field(default_factory=lambda: unique_id("ASIA"))
    secret_access_key: str = field(default_factory=secret_key, repr=False)
    session_token: str = field(default_factory=session_token, repr=False)

    @property
    def arn(self) -> str:
        """The ARN that GetCallerIdentity shows for these credentials."""
        if self.role is not None:
            return self.role.session_arn(self.session_name)
        assert self.user is not None
        return self.user.arn
