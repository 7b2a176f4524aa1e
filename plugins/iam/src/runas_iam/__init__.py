"""Sign in with the keys of an IAM user, with or without an MFA device.

The keys come from the environment, the credentials file, `credential_process`,
`credential_source` or `web_identity_token_file`; chains of `source_profile` are core's work. The
modules, in the order of a login: `keys` and `token` find them, `login` proves the user, `assuming`
takes the role; `roles` reads the user's `policies`.
"""

from __future__ import annotations

from collections.abc import Sequence

import runas
from runas_iam import assuming, login
from runas_iam.settings import SETTINGS

Outcome = runas.Identity | runas.MfaRequired


@runas.hookimpl
def settings() -> Sequence[runas.Setting]:
    """List the profile keys that this provider reads."""
    return SETTINGS


@runas.hookimpl
def authenticate(profile: runas.Profile) -> runas.Flow[Outcome]:
    """Find the profile's keys; ask for a code where an MFA device is configured."""
    return login.prove(profile)


@runas.hookimpl
def mfa(
    profile: runas.Profile, pending: runas.MfaRequired, factor: runas.Factor
) -> runas.Flow[Outcome] | None:
    """Ask for a code of one of the user's own devices."""
    if not isinstance(pending.state, login.Waiting):
        return None
    return login.prove_code(profile, pending.state, factor)


@runas.hookimpl
def list_roles(profile: runas.Profile, identity: runas.Identity) -> Sequence[runas.Role] | None:
    """Read the user's policies for roles; patterns such as `role/team-*` come last."""
    if not isinstance(identity, runas.KeyIdentity):
        return None
    from runas_iam import roles

    return roles.offered(profile, identity)


@runas.hookimpl
def assume(
    profile: runas.Profile, identity: runas.Identity, role: runas.Role
) -> runas.Credentials | runas.MfaRequired | None:
    """Take the role; where it turns out to want MFA, look for the user's device."""
    if isinstance(identity, login.WebIdentity):
        return assuming.with_token(profile, identity, role)
    if isinstance(identity, runas.KeyIdentity):
        return assuming.with_keys(profile, identity, role)
    return None
