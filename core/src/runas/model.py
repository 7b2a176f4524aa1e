"""The nouns: what providers and the engine hand to each other. Frozen; no I/O; no secret in a repr.

One meaning a word: a *profile* is a section of the config; a *provider* is the plugin that proves
who the user is; an *identity* is that proof; an *assertion* is a SAML document; a *factor* is one
way to satisfy a second step; a *role* is what AWS lets the identity become; *credentials* are keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from runas._credentials import Credentials
from runas.profile import Profile

__all__ = [
    "Credentials",
    "Factor",
    "Identity",
    "KeyIdentity",
    "MfaCode",
    "MfaRequired",
    "Profile",
    "Role",
    "RoleArn",
    "SamlIdentity",
    "Setting",
]

_ROLE_ARN = re.compile(
    r"arn:(aws[a-z0-9-]*):iam::(\d{12}):role(/(?:[\x21-\x7e]*/)?)([\w+=,.@-]{1,64})"
)


@dataclass(frozen=True, slots=True)
class RoleArn:
    """An IAM role's ARN, taken apart. ``path`` begins and ends with ``/``.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """

    partition: str
    account_id: str
    path: str
    name: str

    @classmethod
    def parse(cls, text: str) -> RoleArn:
        """Take an ARN apart; raise ValueError where it is no role's."""
        found = _ROLE_ARN.fullmatch(text)
        if found is None:
            raise ValueError(f"not the ARN of an IAM role: {text!r}")
        partition, account_id, path, name = found.groups()
        return cls(partition, account_id, path, name)

    def __str__(self) -> str:
        return f"arn:{self.partition}:iam::{self.account_id}:role{self.path}{self.name}"


@dataclass(frozen=True, slots=True)
class Role:
    """A role that an identity may assume.

    ``principal_arn`` is the identity provider's ARN in that account, where the protocol has one
    (SAML); ``account_name`` is the account's alias, where the provider tells it.
    """

    arn: RoleArn
    principal_arn: str | None = None
    account_name: str | None = None

    @property
    def pattern(self) -> bool:
        """Tell a wildcard, such as a policy allows, from a role that can be assumed."""
        return "*" in str(self.arn) or "?" in str(self.arn)

    def __str__(self) -> str:
        return str(self.arn)


@dataclass(frozen=True)
class Identity:
    """Proof of who the user is. Subclasses carry the evidence; its fields stay out of the repr.

    ``subject`` is the user's own name as the provider knows it; it becomes the role session name,
    so that it shows in CloudTrail. ``expiration`` is when the proof ends, in seconds since the
    epoch, or None.
    """

    subject: str
    expiration: int | None = None

    def end(self) -> None:
        """End the session with the provider (``runas logout``); nothing to do for most."""


@dataclass(frozen=True)
class SamlIdentity(Identity):
    """A SAML response, base64-encoded as the provider posted it to AWS."""

    assertion: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MfaCode:
    """A one-time code that has not been spent yet, and the device it belongs to."""

    serial: str
    code: str = field(repr=False)


@dataclass(frozen=True)
class KeyIdentity(Identity):
    """AWS keys that may assume roles: a user's own, a session's, or those of a role in a chain.

    ``mfa`` goes with the next AssumeRole where the keys alone carry no second factor.
    ``keepable`` identities are cached, so that one code serves every role for hours.
    """

    credentials: Credentials = field(default=Credentials("", ""), repr=False)
    mfa: MfaCode | None = field(default=None, repr=False)
    keepable: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """One second factor that the provider offers.

    ``kind`` is one of ``push totp hotp token sms call email question webauthn duo``; ``device`` is
    what a person calls it ("iPhone", "+49 *** 12"); ``id`` is what the provider calls it.
    """

    kind: str
    device: str = ""
    id: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({self.device})" if self.device else self.kind


@dataclass(frozen=True)
class MfaRequired:
    """The provider wants a second factor. ``state`` is the provider's own and comes back to it.

    ``reason`` says why, where that is not plain: what was refused without one. ``abandon`` ends
    what is open at the provider meanwhile: core calls it when the login ends before a factor is
    satisfied, be it at the choice of one or in any plugin's ``mfa``.
    """

    factors: tuple[Factor, ...]
    state: object = field(default=None, repr=False)
    reason: str = ""
    abandon: Callable[[], None] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Setting:
    """A profile key that a provider reads: declared once, used by help, checks, docs and the page.

    ``identity`` says that the value changes who logs in, so that cached sessions are kept apart.
    """

    name: str
    help: str
    required: bool = False
    default: str | None = None
    example: str | None = None
    identity: bool = True
