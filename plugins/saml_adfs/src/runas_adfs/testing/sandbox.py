"""The AD FS farm of ``runas sandbox``: a user with a password and an app that shows codes."""

from __future__ import annotations

from runas.testing.sandbox import PASSWORD, USER, Offer, World
from runas_adfs.testing.farm import AdfsFarm


def offer(world: World) -> Offer:
    """Open a farm of 2019 that leads to AWS."""
    adfs = world.federate("adfs")
    farm = world.enter(AdfsFarm("2019", issue=adfs.issue))
    farm.user(USER, PASSWORD)
    address = {"saml_auth_url": farm.sign_in, "saml_username": USER}
    profiles = {"adfs": {**address, "role_arn": adfs.developer}}
    answered = ["--set", f"password_process=echo {PASSWORD}"]
    steps = [
        ("AD FS, found by its address:", [*answered, "adfs", "WHO"]),
        (
            "No profile at all, a role by its name:",
            [*_ad_hoc(farm.sign_in), "adfs-developer", "WHO"],
        ),
    ]
    return Offer(profiles, steps, [f"runas -w adfs            AD FS; the password is '{PASSWORD}'"])


def _ad_hoc(url: str) -> list[str]:
    return ["--saml-url", url, "-U", USER]
