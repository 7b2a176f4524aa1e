"""The Okta org of ``runas sandbox``: a user with a password and a phone that approves."""

from __future__ import annotations

from runas.testing.sandbox import PASSWORD, USER, Offer, World
from runas_okta.testing.factors import Push
from runas_okta.testing.org import OktaOrg


def offer(world: World) -> Offer:
    """Open an org whose app leads to AWS, with a plain role and one behind a jump role."""
    okta = world.federate("okta")
    org = world.enter(OktaOrg(issue=okta.issue))
    org.user(USER, PASSWORD, [Push(number="42")])
    common = {"saml_auth_url": org.app_url, "saml_username": USER, "saml_provider": "okta"}
    profiles = {
        "okta": {**common, "role_arn": okta.developer},
        "okta-deploy": {**common, "jump_role_arn": okta.jump, "role_arn": okta.target},
    }
    answered = ["--set", f"password_process=echo {PASSWORD}"]
    steps = [
        ("Okta, with a password and an approval on the phone:", [*answered, "okta", "WHO"]),
        ("Another role behind a jump role; Okta still knows us:", ["okta-deploy", "WHO"]),
    ]
    line = (
        f"runas -w okta            Okta; the password is '{PASSWORD}', the phone approves by itself"
    )
    return Offer(profiles, steps, [line])
