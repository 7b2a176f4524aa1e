"""A faithful Identity Center on a loopback port: OIDC, the sign-in pages and the portal.

    with IdentityCenter() as center:
        center.account("123456789012", "prod").role("Developer")
        center.approve_next()          # or open the addresses it gives out, and press the button
        ...                            # point runas or an SDK at center.environment()

Written from AWS's models alone and of the standard library, it shares nothing with the plugin that
it judges. The rooms, from the bottom up: `records` (what exists), `wire` (requests, answers,
refusals), `oidc`, `pages`, `portal` (the operations), `faults` (failing on demand), `server`,
`center`; `person` is somebody at a browser, `minting` lets an emulated STS issue the keys.
"""

from runas_sso.testing.center import IdentityCenter
from runas_sso.testing.minting import minted_by
from runas_sso.testing.person import Person
from runas_sso.testing.records import Account, Keys

__all__ = ["Account", "IdentityCenter", "Keys", "Person", "minted_by"]
