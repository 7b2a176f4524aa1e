"""Pickers, in front of the whole program: of a profile, of a role, of an account and role."""

from contextlib import ExitStack

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed
from .moving import USER, Mover


@pytest.fixture
def mover(world):
    """Open an Identity Center and an Okta org."""
    with ExitStack() as stack:
        yield Mover(world, "my-saml-profile my-sso-profile", stack)


def test_a_profile_is_picked_and_comes_first_the_next_time(world, at_terminal):
    window = at_terminal(RUNAS, "-w", "--profile", "ops")  # -w alone would mean [default]
    assert window.ends() == 0
    window = at_terminal(RUNAS)
    window.shows("8 of 8")
    window.types("op 1234")
    window.shows("1 of 8")
    window.types("\r")
    assert window.ends() == 0
    assert any("export AWS_ACCESS_KEY_ID='ASIA" in line for line in window.screen())
    window = at_terminal(RUNAS)
    shown = window.shows("8 of 8")
    assert shown[1].split() == [">", "ops", "123456789012", "ops"]
    assert shown[2].split() == ["default", "-", "-"]
    assert shown[1].index("1234") == shown[3].index("1234")
    window.types("\x03")
    assert window.ends() == 130


@pytest.mark.parametrize(
    ("term", "seen", "keys"),
    [("xterm", "2 of 2", "jump\r"), ("dumb", "filter by:", "2\n")],
    ids=["lines move", "dumb"],
)
def test_a_role_where_the_provider_offers_several(term, seen, keys, mover, at_terminal):
    mover.world.add(
        f"[profile any]\nsaml_auth_url = {mover.okta.app_url}\nsaml_username = {USER}\n"
    )
    window = at_terminal(RUNAS, "any", "true", TERM=term, NO_COLOR="1")
    shown = window.shows(seen)
    assert any(line.split()[-2:] == ["123456789012", "corp-jump"] for line in shown), shown
    window.types(keys)
    assert window.ends() == 0, window.screen()
    (taken,) = mover.world.aws.calls("AssumeRoleWithSAML")
    assert taken.parameters["RoleArn"] == "arn:aws:iam::123456789012:role/corp-jump"
    if term == "dumb":
        assert "\x1b" not in window.written


@pytest.mark.parametrize("environ", [{}, {"SSH_CONNECTION": "192.0.2.1 5 192.0.2.2 22"}])
def test_account_and_role_of_an_identity_center(environ, mover, at_terminal):
    mover.center.account("111122223333", "corp-people").role("Developer")
    mover.world.add("[profile any]\nsso_session = corp\nregion = eu-west-1\n")
    window = at_terminal(RUNAS, "-w", "any", **environ)
    shown = window.shows("3 of 3")
    assert [line.split()[-3:] for line in shown if "people" in line] == [
        ["corp-people", "111122223333", "Developer"]
    ]
    window.types("people dev")
    window.shows("1 of 3")
    window.types("\r")
    assert window.ends() == 0, window.screen()
    assert "111122223333:assumed-role/AWSReservedSSO_Developer_" in "".join(window.screen())


def test_where_nobody_can_pick_the_roles_are_listed(mover):
    mover.world.add("[profile any]\nsso_session = corp\nregion = eu-west-1\n")
    done = mover.world.run("any", "true")
    assert done.returncode == 78
    assert "role/Developer, arn:aws:iam::123456789012:role/ReadAccess" in done.stderr
    assert mover.world.run().returncode == 2
