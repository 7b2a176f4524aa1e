"""Role credentials that work: issued by the emulated AWS, so that STS knows whose they are."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from runas_sso.testing.records import Keys

if TYPE_CHECKING:
    from runas.testing import AwsEmulator

Mint = Callable[[str, str, str, int], Keys]
"""Issues keys: account id, permission set, user, seconds."""


def made_up(account_id: str, role_name: str, user: str, duration: int) -> Keys:
    """Issue keys that no service knows."""
    key = "ASIA" + secrets.token_hex(8).upper()
    return Keys(key, secrets.token_hex(20), secrets.token_urlsafe(90), time.time() + duration)


def minted_by(aws: AwsEmulator, region: str = "us-east-1") -> Mint:
    """Return what issues keys of the roles that Identity Center makes in each account.

    Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
    """
    from runas.testing.aws.issued import IssuedCredentials
    from runas.testing.aws.sessions import issue

    def mint(account_id: str, role_name: str, user: str, duration: int) -> Keys:
        suffix = sha256(f"{account_id}/{role_name}".encode()).hexdigest()[:16]
        with aws.lock:
            account = aws.account(account_id)
            name = f"AWSReservedSSO_{role_name}_{suffix}"
            role = account.roles.get(name) or account.role(
                name,
                [account_id],
                path=f"/aws-reserved/sso.amazonaws.com/{region}/",
                max_session_duration=43200,
            )
            issued = IssuedCredentials(
                operation="AssumeRoleWithSAML",
                expiration=aws.now() + duration,
                duration=duration,
                source=None,
                mfa=False,
                issued_at=aws.now(),
                role=role,
                session_name=user,
                chain_depth=1,
            )
            issue(aws, issued)
        return Keys(
            issued.access_key_id,
            issued.secret_access_key,
            issued.session_token,
            issued.expiration,
        )

    return mint
