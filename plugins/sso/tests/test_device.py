"""Logging in by device code, at the level of challenges."""

import json
import time

import pytest

import runas
from runas_sso import kept
from runas_sso.place import Place
from runas_sso.testing import Person


@pytest.fixture
def device(profile):
    return profile(use_device_code="true")


def test_code_and_whole_address_are_shown_until_the_person_agrees(device, login, front, center):
    identity = login(device, front.answer)
    browse = front.asked[0]
    assert browse.user_code
    assert browse.url.endswith(f"/device?user_code={browse.user_code}")
    assert browse.poll_after == 1
    assert identity.expiration
    assert [one.outcome for one in center.calls("/token")] == [
        "AuthorizationPendingException",
        "done",
    ]


def test_profile_of_the_older_form_always_logs_in_by_device_code(profile, login, front, center):
    login(profile(sso_session=None, use_device_code="false", redirect_port="8400"), front.answer)
    assert center.calls("/device_authorization")


def test_a_registration_without_a_sensible_end(device, login, front, center):
    made = {"clientId": "c", "clientSecret": "s", "clientSecretExpiresAt": 10**13 - 1}
    center.fail("/client/register", 200, json.dumps(made).encode())
    assert login(device, front.answer).expiration


def test_client_that_is_already_approved_troubles_nobody(device, login, center):
    center.approve_next()
    login(device)


def test_each_slow_down_adds_five_seconds(device, login, front, center):
    center.slow_downs = 2
    login(device, front.answer)
    assert [one.poll_after for one in front.asked] == [6, 11]


def test_pending_is_asked_again(device, login, center):
    asked = []

    def third_time(challenge):
        asked.append(challenge)
        if len(asked) == 3:
            Person().open(challenge.url)

    login(device, third_time)
    assert len(asked) == 3
    assert len(set(asked)) == 1


def test_declined(device, login, center):
    center.deny_next()
    with pytest.raises(runas.ApprovalRejected, match="declined") as caught:
        login(device)
    assert caught.value.status == 77
    assert caught.value.hint == "to try again: runas login dev"


def test_what_the_service_may_leave_out(device, login, center):
    """The address with the code in it, and how often to ask."""
    page = center.url + "/device"
    begun = {"deviceCode": "d", "userCode": "A-B", "verificationUri": page, "expiresIn": 600}
    center.fail("/device_authorization", 200, json.dumps(begun).encode())
    center.fail("/token", 400, b"{}", x_amzn_ErrorType="AuthorizationPendingException")
    asked = []

    def look(challenge):
        asked.append(challenge)
        raise runas.Cancelled("seen")

    with pytest.raises(runas.Cancelled):
        login(device, look)
    assert [(one.url, one.user_code, one.poll_after) for one in asked] == [(page, "A-B", 5)]


def test_code_that_has_ended(device, login, center):
    with pytest.raises(runas.ApprovalExpired) as caught:
        login(device, lambda challenge: center.advance(601))
    assert caught.value.status == 77


def test_wait_ends_by_itself_where_the_service_never_says_so(device, login, center):
    center.device_life = 1
    clock = center.now
    center.now = lambda: clock() - 3600  # its clock stands still for our purposes
    with pytest.raises(runas.ApprovalExpired):
        login(device, lambda challenge: time.sleep(0.3))


def test_nobody_to_ask_names_the_command(device, login):
    def headless(challenge):
        raise runas.InteractionRequired("a sign-in in the browser is needed", "some hint")

    with pytest.raises(runas.InteractionRequired) as caught:
        login(device, headless)
    assert caught.value.status == 75
    assert caught.value.hint == "sign in at a terminal first: runas login dev"


def test_nobody_to_ask_without_a_profile(profile, login, center):
    settings = dict(profile(sso_session=None).settings)
    typed = runas.Profile("Admin", settings, {"sso_start_url": "--sso-start-url"}, None, "sso")

    def headless(challenge):
        raise runas.InteractionRequired("needed")

    with pytest.raises(runas.InteractionRequired, match=r"runas login --sso-start-url 'https://"):
        login(typed, headless)


def test_registration_is_kept_and_used_again(device, login, front, center, profile):
    login(device, front.answer)
    login(profile(use_device_code="true", runas_anew="true"), front.answer)
    assert len(center.calls("/client/register")) == 1


def test_registration_that_the_service_forgot_is_made_anew_once(device, login, front, center):
    login(device, front.answer)
    center.forget_clients()
    kept.forget_token(Place.of(device), kept.token(Place.of(device)).access)
    login(device, front.answer)
    assert len(center.calls("/client/register")) == 2


def test_registration_that_ends_while_waiting(device, login, center):
    with pytest.raises(runas.Refused, match="ended before it was complete"):
        login(device, lambda challenge: center.forget_clients())
    assert kept.client(Place.of(device), "device") is None


def test_registration_about_to_end_is_not_used(device, login, front, center, profile):
    center.registration_life = 600
    login(device, front.answer)
    login(profile(use_device_code="true", runas_anew="true"), front.answer)
    assert len(center.calls("/client/register")) == 2


def test_wait_survives_a_change_of_network(device, login, center):
    seen = []

    def away(challenge):
        seen.append(challenge)
        if len(seen) == 1:
            center.fail("/token", 0, times=2)
        elif len(seen) == 3:
            Person().open(challenge.url)

    assert login(device, away).expiration


def test_wait_gives_up_after_a_while_without_network(device, login, center):
    with pytest.raises(runas.ServiceUnavailable) as caught:
        login(device, lambda challenge: center.fail("/token", 0, times=9))
    assert caught.value.status == 69


@pytest.mark.parametrize("name", ["sso_start_url", "region"])
def test_instance_that_is_not_there(profile, login, center, name):
    wrong = (
        profile(use_device_code="true", sso_start_url="https://other.awsapps.com/start")
        if name == "sso_start_url"
        else profile(use_device_code="true", endpoint_url_sso_oidc=center.elsewhere)
    )
    with pytest.raises(runas.ConfigurationError, match=r"there is no Identity Center .* in us-ea"):
        login(wrong)


def test_page_of_the_portal_is_not_sent_along(profile, login, front, center):
    login(profile(use_device_code="true", sso_start_url=center.start_url + "/#/"), front.answer)
    assert center.calls("/device_authorization")[0].outcome == "done"


@pytest.mark.parametrize(
    ("operation", "fault", "reason"),
    [
        ("/device_authorization", "InvalidRequestException", "KMS_DisabledException"),
        ("/token", "AccessDeniedException", "KMS_AccessDeniedException"),
    ],
)
def test_instance_whose_encryption_key_fails(device, login, center, operation, fault, reason):
    body = {"error": "x", "error_description": "x", "reason": reason}
    center.fail(operation, 400, json.dumps(body).encode(), x_amzn_ErrorType=fault)
    with pytest.raises(runas.Refused, match=f"its encryption key .{reason}") as caught:
        login(device)
    assert not isinstance(caught.value, runas.ApprovalRejected)
    assert "administrator" in caught.value.hint


def test_scope_that_is_refused(profile, login):
    with pytest.raises(runas.ConfigurationError, match="sso:nothing"):
        login(profile(use_device_code="true", sso_registration_scopes="sso:nothing"))


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "javascript:alert(1)", "https://a@b.example/", "https://x/\x1b["]
)
def test_address_that_no_browser_should_open(device, login, center, url):
    body = {
        "deviceCode": "d",
        "userCode": "AAAA-BBBB",
        "verificationUri": url,
        "verificationUriComplete": url,
        "expiresIn": 600,
    }
    center.fail("/device_authorization", 200, json.dumps(body).encode())
    with pytest.raises(runas.ServiceUnavailable, match="does not answer as Identity Center"):
        login(device)
