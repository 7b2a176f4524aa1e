"""Roles, and trust policies written from the nouns that are trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from runas.testing.aws.arns import unique_id
from runas.testing.aws.people import Clock, PolicyHolder, User
from runas.testing.aws.policy import Document
from runas.testing.aws.saml_provider import SamlProvider


@dataclass(frozen=True)
class OidcProvider:
    """An OpenID Connect identity provider that an account trusts."""

    arn: str
    issuer: str
    client_ids: tuple[str, ...]


@dataclass(kw_only=True)
class Role(PolicyHolder):
    """An IAM role; times are seconds."""

    partition: str
    account_id: str
    name: str
    trust: Document
    clock: Clock = field(repr=False)
    path: str = "/"
    max_session_duration: int = 3600
    role_id: str = field(default_factory=lambda: unique_id("AROA"))
    created_at: float = 0.0

    def __post_init__(self) -> None:
        if not 3600 <= self.max_session_duration <= 43200:
            raise ValueError("max_session_duration is 3600 to 43200 seconds")

    @property
    def arn(self) -> str:
        """The role's ARN, its path included."""
        return f"arn:{self.partition}:iam::{self.account_id}:role{self.path}{self.name}"

    def session_arn(self, session_name: str) -> str:
        """Write the ARN of a session of the role: the path is dropped."""
        resource = f"assumed-role/{self.name}/{session_name}"
        return f"arn:{self.partition}:sts::{self.account_id}:{resource}"


_SAML_ACTIONS = ["sts:AssumeRoleWithSAML", "sts:TagSession", "sts:SetSourceIdentity"]

Trusted = User | Role | OidcProvider | SamlProvider | str


def trust_document(
    trusts: Sequence[Trusted], *, mfa: bool = False, external_id: str | None = None
) -> dict[str, Any]:
    """Write a trust policy: who may take the role, and under which conditions.

    Strings are principals as AWS writes them: an ARN, an account's number, `*`.
    """
    statements = []
    people = [each if isinstance(each, str) else each.arn for each in trusts if _signs(each)]
    if people:
        actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
        statements.append(_allow({"AWS": people}, actions, _asked(mfa, external_id)))
    for provider in trusts:
        if isinstance(provider, OidcProvider):
            host = provider.issuer.removeprefix("https://")
            audience = {"StringEquals": {f"{host}:aud": list(provider.client_ids)}}
            action = "sts:AssumeRoleWithWebIdentity"
            statements.append(_allow({"Federated": provider.arn}, action, audience))
        elif isinstance(provider, SamlProvider):
            audience = {"StringEquals": {"SAML:aud": list(provider.audiences)}}
            statements.append(_allow({"Federated": provider.arn}, _SAML_ACTIONS, audience))
    if not statements:
        raise ValueError("a role must trust somebody")
    return {"Version": "2012-10-17", "Statement": statements}


def _signs(principal: Trusted) -> bool:
    return not isinstance(principal, OidcProvider | SamlProvider)


def _allow(principal: object, action: object, condition: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return made | ({"Condition": condition} if condition else {})


def _asked(mfa: bool, external_id: str | None) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if mfa:
        asked["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
    if external_id is not None:
        asked["StringEquals"] = {"sts:ExternalId": external_id}
    return asked
