"""An account, and the words to furnish it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from runas.testing.aws.people import BASICS, Clock, Group, ManagedPolicy, User, Written
from runas.testing.aws.policy import Document
from runas.testing.aws.roles import OidcProvider, Role, Trusted, trust_document
from runas.testing.aws.saml_provider import SIGN_IN, Keys, SamlProvider


@dataclass
class Account:
    """An AWS account: users, groups, roles, managed policies, identity providers, an alias."""

    account_id: str
    partition: str
    clock: Clock = field(repr=False)
    alias: str | None = None
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    policies: dict[str, ManagedPolicy] = field(default_factory=dict)
    oidc_providers: dict[str, OidcProvider] = field(default_factory=dict)
    saml_providers: dict[str, SamlProvider] = field(default_factory=dict)

    def arn(self, resource: str) -> str:
        """Write the ARN of one of the account's IAM resources."""
        return f"arn:{self.partition}:iam::{self.account_id}:{resource}"

    def user(
        self, name: str, *, path: str = "/", policies: Mapping[str, Written] | None = None
    ) -> User:
        """Get the user of a name, or create it.

        Without `policies` (inline ones, by name) it may read IAM and take every role that
        trusts it; `policies={}` makes a user who may do nothing.
        """
        if name not in self.users:
            self.users[name] = User(
                partition=self.partition,
                account_id=self.account_id,
                name=name,
                clock=self.clock,
                path=path,
                created_at=self.clock(),
                policies=_documents(policies),
            )
        return self.users[name]

    def group(
        self, name: str, *, path: str = "/", policies: Mapping[str, Written] | None = None
    ) -> Group:
        """Get the group of a name, or create it."""
        if name not in self.groups:
            arn = self.arn(f"group{path}{name}")
            documents = _documents(policies or {})
            self.groups[name] = Group(arn=arn, name=name, path=path, policies=documents)
        return self.groups[name]

    def policy(self, name: str, document: Written, *, path: str = "/") -> ManagedPolicy:
        """Create a managed policy."""
        arn = self.arn(f"policy{path}{name}")
        self.policies[arn] = ManagedPolicy(arn, name, path, {"v1": Document.of(document)})
        return self.policies[arn]

    def role(
        self,
        name: str,
        trusts: Sequence[Trusted] = (),
        *,
        trust_policy: Written | None = None,
        mfa: bool = False,
        external_id: str | None = None,
        max_session_duration: int = 3600,
        path: str = "/",
        policies: Mapping[str, Written] | None = None,
    ) -> Role:
        """Get the role of a name, or create one.

        `trusts` names users, roles, identity providers, or principals in AWS's own words.
        `mfa` and `external_id` become conditions of the trust policy; `trust_policy` is a whole
        document instead. Without `policies` the role may do what a user may (see `user`).
        """
        if name in self.roles and not trusts and trust_policy is None:
            return self.roles[name]
        written = trust_policy or trust_document(trusts, mfa=mfa, external_id=external_id)
        self.roles[name] = Role(
            partition=self.partition,
            account_id=self.account_id,
            name=name,
            trust=Document.of(written, trust=True),
            clock=self.clock,
            path=path,
            max_session_duration=max_session_duration,
            created_at=self.clock(),
            policies=_documents(policies),
        )
        return self.roles[name]

    def oidc_provider(
        self, issuer: str = "https://idp.example.com", client_ids: Sequence[str] = ("runas",)
    ) -> OidcProvider:
        """Register an OpenID Connect provider, so that roles can trust its tokens."""
        arn = self.arn(f"oidc-provider/{issuer.removeprefix('https://')}")
        self.oidc_providers[issuer] = OidcProvider(arn, issuer, tuple(client_ids))
        return self.oidc_providers[issuer]

    def saml_provider(
        self, name: str, idp: Keys, *, audiences: Sequence[str] | None = None
    ) -> SamlProvider:
        """Register a SAML identity provider (see `runas.testing.saml`) for roles to trust.

        `audiences` are the recipients that it and the roles' trust policies allow.
        """
        arn = self.arn(f"saml-provider/{name}")
        allowed = tuple(audiences or (SIGN_IN[self.partition],))
        self.saml_providers[arn] = SamlProvider(arn, idp, allowed)
        return self.saml_providers[arn]


def _documents(policies: Mapping[str, Written] | None) -> dict[str, Document]:
    written = {"basics": BASICS} if policies is None else policies
    return {name: Document.of(document) for name, document in written.items()}
