"""The portal: roles, credentials, limits, and the words for what it refuses."""

import time

import pytest

import runas
import runas_sso
from runas_sso import kept, pace
from runas_sso.place import Place

WORK, SPARE = "123456789012", "000011112222"


@pytest.fixture
def signed_in(profile, login, front):
    def make(**settings):
        own = profile(use_device_code="true", **settings)
        return own, login(own, front.answer)

    return make


def names(roles):
    return [f"{role.account_name}/{role.arn.name}" for role in roles]


def test_roles_by_account_and_name(signed_in, center, http):
    center.account(SPARE, "Backup").role("Reader")
    center.account("999999999999", "without roles")
    own, identity = signed_in()
    found = runas_sso.list_roles(own, http, identity)
    assert names(found) == ["Backup/Reader", "prod/Admin", "prod/Developer"]
    assert str(found[0].arn) == f"arn:aws:iam::{SPARE}:role/Reader"


def test_account_without_a_name(signed_in, center, http):
    center.account(SPARE).role("Reader")
    own, identity = signed_in()
    nameless = [role for role in runas_sso.list_roles(own, http, identity) if not role.account_name]
    assert nameless[0].arn.account_id == SPARE


@pytest.mark.parametrize("account", [WORK, "prod"])
def test_only_the_account_that_the_profile_names(signed_in, center, http, account):
    center.account(SPARE, "Backup").role("Reader")
    own, identity = signed_in(sso_account_id=account)
    assert names(runas_sso.list_roles(own, http, identity)) == ["prod/Admin", "prod/Developer"]
    asked = len(center.calls("/assignment/roles"))
    assert asked == 1


def test_partition_is_the_regions(profile, login, front, http):
    own = profile(use_device_code="true", sso_region="us-gov-west-1")
    found = runas_sso.list_roles(own, http, login(own, front.answer))
    assert found[0].arn.partition == "aws-us-gov"


def test_pages_are_followed(signed_in, center, http):
    center.page_size = 3
    for number in range(10):
        center.account(f"{number:012}", f"a{number}").role("One").role("Two").role("Three")
    center.account(WORK).role("X").role("Y").role("Z")
    own, identity = signed_in()
    assert len(runas_sso.list_roles(own, http, identity) or ()) == 35


def test_thousands_of_roles_within_the_rate_limit(signed_in, center, http):
    for number in range(120):
        account = center.account(f"{number:012}", f"account {number}")
        for name in range(20):
            account.role(f"Role{name}")
    center.rate = 60
    own, identity = signed_in()
    started = time.monotonic()
    assert len(runas_sso.list_roles(own, http, identity) or ()) == 2402
    assert time.monotonic() - started < 20
    assert [one for one in center.asked if one.status == 429]


def test_retry_after_is_respected(signed_in, center, http, role):
    own, identity = signed_in()
    body = b'{"message":"Rate exceeded"}'
    center.fail("/federation/credentials", 429, body, Retry_After="1")
    started = time.monotonic()
    assert runas_sso.assume(own, http, identity, role())
    assert 0.9 < time.monotonic() - started < 5


@pytest.mark.parametrize("wait", ["99999", "3600"])
def test_wait_that_is_too_long_is_an_outage(signed_in, center, http, role, wait):
    own, identity = signed_in()
    center.fail("/federation/credentials", 429, b"{}", Retry_After=wait)
    with pytest.raises(runas.ServiceUnavailable):
        runas_sso.assume(own, http, identity, role())


def test_refusals_without_end_are_an_outage(signed_in, center, http, role, monkeypatch):
    monkeypatch.setattr(pace, "PATIENCE", 0.5)
    own, identity = signed_in()
    center.rate = 0
    with pytest.raises(runas.ServiceUnavailable) as caught:
        runas_sso.list_roles(own, http, identity)
    assert caught.value.status == 69


@pytest.mark.parametrize("status", [502, 503, 0])
def test_questions_are_repeated_after_a_failure(signed_in, center, http, role, status):
    own, identity = signed_in()
    center.fail("/federation/credentials", status, times=2)
    assert runas_sso.assume(own, http, identity, role())
    assert len(center.calls("/federation/credentials")) == 3


def test_credentials(signed_in, http, role):
    own, identity = signed_in()
    found = runas_sso.assume(own, http, identity, role())
    assert found.access_key_id.startswith("ASIA")
    assert 3500 < found.expiration - time.time() <= 3600


def test_kept_login_is_tried_out_with_the_very_question(profile, login, front, center, http, role):
    """A second role within the session costs one request."""
    own = profile(use_device_code="true", sso_account_id=WORK, sso_role_name="Admin")
    login(own, front.answer)
    center.asked.clear()
    identity = login(own)
    assert runas_sso.assume(own, http, identity, role("Admin"))
    assert [one.operation for one in center.asked] == ["/federation/credentials"]
    assert runas_sso.assume(own, http, identity, role("Developer"))


def test_role_that_is_not_assigned_says_which_are(signed_in, http, role):
    own, identity = signed_in()
    with pytest.raises(runas.RoleNotOffered, match="there you have: Admin, Developer") as caught:
        runas_sso.assume(own, http, identity, role("Owner"))
    assert caught.value.status == 77


@pytest.mark.parametrize("account", [SPARE, "999999999999"])
def test_account_that_is_not_assigned(signed_in, center, http, role, account):
    center.account("999999999999", "empty")
    own, identity = signed_in()
    with pytest.raises(runas.RoleNotOffered, match="nor any other there") as caught:
        runas_sso.assume(own, http, identity, role("Owner", account))
    assert "somebody else" in caught.value.hint


def test_role_that_is_not_assigned_is_no_reason_for_a_login(
    profile, login, front, center, role, http
):
    own = profile(use_device_code="true", sso_account_id=WORK, sso_role_name="Owner")
    login(own, front.answer)
    with pytest.raises(runas.RoleNotOffered):
        runas_sso.assume(own, http, login(own), role("Owner"))


def test_session_ended_between_login_and_role(signed_in, center, http, role):
    own, identity = signed_in()
    center.revoke()
    with pytest.raises(runas.Refused, match="does not accept the sign-in") as caught:
        runas_sso.assume(own, http, identity, role())
    assert caught.value.status == 77
    assert "runas login dev" in caught.value.hint
    assert kept.token(Place.of(own)) is None


def test_portal_of_another_region(profile, login, front, center, http, role):
    own = profile(use_device_code="true", endpoint_url_sso=center.elsewhere)
    identity = login(own, front.answer)
    with pytest.raises(runas.Refused, match="us-east-1") as caught:
        runas_sso.list_roles(own, http, identity)
    assert "sso_region" in caught.value.hint


def test_assignment_that_goes_while_listing(signed_in, center, http):
    own, identity = signed_in()
    body = b'{"message":"No access"}'
    center.fail("/assignment/roles", 403, body, x_amzn_ErrorType="ForbiddenException")
    assert runas_sso.list_roles(own, http, identity) == []


def test_no_roles_at_all(signed_in, center, http):
    center.accounts.clear()
    own, identity = signed_in()
    assert runas_sso.list_roles(own, http, identity) == []


def test_clock_that_is_ahead(signed_in, center, http, role):
    own, identity = signed_in()
    mint = center.mint

    def long_ago(*arguments):
        keys = mint(*arguments)
        return type(keys)(keys.access_key_id, "s", "t", time.time() - 60)

    center.mint = long_ago
    with pytest.raises(runas.ConfigurationError, match="clock is ahead"):
        runas_sso.assume(own, http, identity, role())


def test_clock_that_is_ahead_of_the_registration(profile, login, center):
    center.registration_life = -10
    with pytest.raises(runas.ConfigurationError, match="clock is ahead") as caught:
        login(profile(use_device_code="true"))
    assert caught.value.hint == "set the clock"


def test_identities_of_others_are_declined(profile, http, role):
    other = runas.SamlIdentity("alice", assertion="x")
    assert runas_sso.list_roles(profile(), http, other) is None
    assert runas_sso.assume(profile(), http, other, role()) is None


def test_ctrl_c_ends_a_listing_at_once(signed_in, center, http):
    import _thread
    import threading

    own, identity = signed_in()
    center.fail("/assignment/roles", 200, b"{}", delay=30)
    threading.Timer(0.3, _thread.interrupt_main).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        runas_sso.list_roles(own, http, identity)
    assert time.monotonic() - started < 5
    center.faults.stop()
