"""What core answers when no plugin does: the roles of an assertion, and how to take a role."""

from __future__ import annotations

from collections.abc import Sequence

from runas.hookspecs import hookimpl
from runas.model import Credentials, Identity, KeyIdentity, Profile, Role, SamlIdentity


@hookimpl(trylast=True)
def list_roles(profile: Profile, identity: Identity) -> Sequence[Role] | None:
    """Read the roles off any SAML assertion."""
    if not isinstance(identity, SamlIdentity):
        return None
    from runas import saml

    return saml.roles(identity, profile)


@hookimpl(trylast=True)
def assume(profile: Profile, identity: Identity, role: Role) -> Credentials | None:
    """Take a role with AWS keys or with a SAML assertion."""
    if isinstance(identity, KeyIdentity):
        from runas.aws.sts import assume_with_keys

        return assume_with_keys(profile, identity, role)
    if isinstance(identity, SamlIdentity):
        from runas.aws.federation import assume_with_saml

        return assume_with_saml(profile, identity, role)
    return None
