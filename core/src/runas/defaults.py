"""What core answers when no plugin does: the roles of an assertion, and how to take a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from runas.hookspecs import hookimpl
from runas.model import Credentials, Identity, KeyIdentity, Profile, Role, SamlIdentity

if TYPE_CHECKING:
    from runas.http import Session


@hookimpl(trylast=True)
def list_roles(profile: Profile, http: Session, identity: Identity) -> Sequence[Role] | None:
    """Read the roles off any SAML assertion; name their accounts where a person may have to pick.

    AWS's own sign-in page knows the names. It is not asked where an ARN settles the role, nor
    where the profile's AWS is not AWS's own.
    """
    if not isinstance(identity, SamlIdentity):
        return None
    from runas import saml

    roles = saml.roles(identity, profile)
    private = profile.get("endpoint_url") or profile.get("endpoint_url_sts")
    if len(roles) < 2 or (profile.role_arn or "").startswith("arn:") or private:
        return roles
    from runas.aws.federation import account_names

    names = account_names(http, saml.read(identity.assertion))
    return [replace(role, account_name=names.get(role.arn.account_id)) for role in roles]


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
