"""What core answers when no plugin does: assuming a role with keys is the same for everybody."""

from __future__ import annotations

from runas.hookspecs import hookimpl
from runas.model import Credentials, Identity, KeyIdentity, Profile, Role


@hookimpl(trylast=True)
def assume(profile: Profile, identity: Identity, role: Role) -> Credentials | None:
    """Call AssumeRole for any identity that consists of AWS keys."""
    if not isinstance(identity, KeyIdentity):
        return None
    from runas.aws.sts import assume_with_keys

    return assume_with_keys(profile, identity, role)
