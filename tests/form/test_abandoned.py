"""Ctrl-C at core's own question ends what the provider left open for the second factor."""

import pytest

from runas.testing.sandbox import PASSWORD, USER
from runas_okta.testing import OktaOrg, Push, Totp

GIVEN = {"RUNAS_PASSWORD": PASSWORD}


@pytest.fixture
def org(request, world):
    """Open an Okta org whose user has two factors, and write a profile for it."""
    with OktaOrg(getattr(request, "param", "classic"), issue=world.trust.issue) as org:
        org.user(USER, PASSWORD, [Push(), Totp()])
        world.add(
            f"[profile okta]\nsaml_auth_url = {org.app_url}\nsaml_username = {USER}\n"
            f"role_arn = {world.trust.developer}\n"
        )
        yield org


@pytest.mark.parametrize("org", ["classic", "identity"], indirect=True)
def test_ctrl_c_at_the_choice_of_a_factor(org, world, person):
    someone = person("-O", "json", "okta", **GIVEN)
    someone.sees("Which second factor?")
    someone.types("\x03")
    status, out, err = someone.waits()
    assert (status, out, err) == (130, "", "")
    assert len(org.cancelled) == 1
    assert (org.primary_authentications, org.violations) == (1, [])


def test_a_factor_that_is_not_enrolled(org, world):
    found = world.run("-O", "json", "-t", "sms", "okta", **GIVEN)
    assert (found.returncode, found.stderr.count("\n")) == (78, 1)
    assert len(org.cancelled) == 1


def test_listing_the_factors_leaves_nothing_open(org, world):
    found = world.run("list", "mfa", "okta", **GIVEN)
    assert found.returncode == 0, found.stderr
    assert "push" in found.stdout
    assert len(org.cancelled) == 1


def test_ctrl_c_at_the_code_ends_it_once(org, world, person):
    someone = person("-t", "totp", "-O", "json", "okta", **GIVEN)
    someone.sees("MFA code")
    someone.types("\x03")
    assert someone.waits()[0] == 130
    asked = [one for one in org.requests if one.path.endswith("/cancel")]
    assert (len(asked), len(org.cancelled), org.violations) == (1, 1, [])
