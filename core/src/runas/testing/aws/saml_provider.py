"""A SAML identity provider as an account knows it: its name, its issuer, its keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

SIGN_IN = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
}
"""Where AWS takes responses, by partition: the recipient they must name."""


class Keys(Protocol):
    """What the metadata of an identity provider gives to AWS."""

    @property
    def entity_id(self) -> str:
        """The issuer of its responses."""
        ...

    def genuine(self, response: bytes) -> bool:
        """Tell a response that it issued, unchanged, from any other."""
        ...

    def decrypted(self, response: bytes) -> bytes:
        """Return the response with its assertion readable."""
        ...


@dataclass(frozen=True)
class SamlProvider:
    """A registered identity provider; `audiences` are the recipients that roles trust."""

    arn: str
    idp: Keys = field(repr=False)
    audiences: tuple[str, ...]
