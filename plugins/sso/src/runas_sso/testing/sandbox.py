"""The Identity Center of ``runas sandbox``: two accounts, and sign-ins that are confirmed."""

from __future__ import annotations

from runas.testing.sandbox import Offer, World
from runas_sso.testing.center import IdentityCenter
from runas_sso.testing.minting import minted_by

_LOGINS = 100


def offer(world: World) -> Offer:
    """Open an instance that lets the user into two accounts."""
    center = world.enter(IdentityCenter(mint=minted_by(world.aws)))
    center.account("123456789012", "work").role("Developer")
    center.account("111122223333", "people").role("Auditor")
    for _ in range(_LOGINS):
        center.approve_next()
    settings = {
        "sso_start_url": center.start_url,
        "sso_region": center.region,
        "sso_account_id": "123456789012",
        "sso_role_name": "Developer",
    }
    steps = [("Identity Center; here its page confirms itself:", ["--no-browser", "sso", "WHO"])]
    lines = ["runas -w sso             Identity Center; the sign-in in the browser confirms itself"]
    return Offer({"sso": settings}, steps, lines, center.environment())
