"""Every state of the Classic authentication API, at the level of challenges."""

import logging
import time

import pytest

import runas
from runas_okta.testing import OktaOrg, Push, Reply, Totp

from .driving import NAME, PASSWORD, Hasty, Person, begin, sign_in


@pytest.fixture
def org():
    with OktaOrg("classic") as org:
        yield org


def test_a_password_is_enough_where_no_factor_is_wanted(org):
    org.user(NAME, PASSWORD)
    person = Person()
    identity = sign_in(org, person)
    assert identity.subject == NAME
    assert person.asked == [
        runas.Username(org.url.removeprefix("http://"), NAME),
        runas.Password(org.url, NAME),
    ]
    assert org.primary_authentications == 1


def test_what_is_said_at_the_primary_authentication(org):
    org.user(NAME, PASSWORD)
    sign_in(org)
    (sent,) = [one for one in org.requests if one.path == "/api/v1/authn"]
    assert sent.json["username"] == NAME
    assert sent.json["options"]["warnBeforePasswordExpired"] is True
    assert sent.headers["user-agent"] == "runas-okta"
    assert sent.headers["accept"] == "application/json"


def test_no_secret_stands_in_an_address(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp])
    sign_in(org, Person(totp.code))
    addresses = [f"{one.path}?{one.query}" for one in org.requests]
    assert not [one for one in addresses if PASSWORD in one or "20111" in one]


@pytest.mark.parametrize(("days", "words"), [(5, "in 5 days"), (1, "soon"), (0, "in 0 days")])
def test_a_password_near_its_end_is_a_notice(org, caplog, days, words):
    org.user(NAME, PASSWORD, expires_in=days)
    with caplog.at_level(logging.WARNING, "runas.notice"):
        sign_in(org)
    assert words in caplog.text


def test_optional_enrolment_is_skipped_with_a_notice(org, caplog):
    org.user(NAME, PASSWORD, enrolment="optional")
    with caplog.at_level(logging.WARNING, "runas.notice"):
        sign_in(org)
    assert "second factor" in caplog.text


def test_a_warning_after_the_second_factor_is_skipped_too(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp], expires_in=3)
    assert sign_in(org, Person(totp.code)).subject == NAME


@pytest.mark.parametrize(
    ("user", "error", "words"),
    [
        ({"expired": True}, runas.ActionRequired, "password at .* has expired"),
        ({"state": "PASSWORD_RESET"}, runas.ActionRequired, "being reset"),
        ({"state": "RECOVERY"}, runas.ActionRequired, "being reset"),
        ({"state": "RECOVERY_CHALLENGE"}, runas.ActionRequired, "being reset"),
        ({"state": "MFA_ENROLL_ACTIVATE"}, runas.ActionRequired, "not set up to the end"),
        ({"enrolment": "required"}, runas.ActionRequired, "none is set up"),
        ({"locked": True}, runas.AccountLocked, "locked"),
        ({"locked": True, "shows_lock": False}, runas.WrongPassword, "refused"),
        ({"state": "TELEPATHY"}, runas.PageNotRecognised, "TELEPATHY"),
        ({"state": "MFA_REQUIRED"}, runas.ActionRequired, "no second factor that runas can use"),
    ],
)
def test_states_that_end_a_sign_in(org, user, error, words):
    org.user(NAME, PASSWORD, **user)
    with pytest.raises(error, match=words) as caught:
        sign_in(org)
    assert caught.value.hint
    assert org.primary_authentications == 1


def test_an_expired_password_comes_after_the_factor(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp], expired=True)
    with pytest.raises(runas.ActionRequired, match="expired"):
        sign_in(org, Person(totp.code))


def test_a_wrong_password_is_never_sent_again(org):
    org.user(NAME, PASSWORD)
    person = Person(Password="wrong-canary")
    with pytest.raises(runas.WrongPassword, match="refused") as caught:
        sign_in(org, person)
    assert caught.value.status == 77
    assert "locked" in caught.value.hint
    assert org.primary_authentications == 1
    assert person.kinds == ["Username", "Password"]


def test_an_app_that_is_not_assigned(org):
    org.user(NAME, PASSWORD, assigned=False)
    with pytest.raises(runas.AccessDenied, match="does not open the app") as caught:
        sign_in(org)
    assert "not assigned" in caught.value.hint


def test_the_token_of_an_ordinary_page_is_tried_and_left():
    with OktaOrg("classic", page_token=True) as org:
        org.user(NAME, PASSWORD)
        assert sign_in(org).subject == NAME
        assert org.primary_authentications == 1


@pytest.mark.parametrize("remembered", [False, True])
def test_a_step_up_of_the_app_asks_for_its_factor(remembered):
    with OktaOrg("classic", step_up=True) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        person, http = Person(totp.code), Hasty()
        sign_in(org, person, http=http)
        assert person.kinds == ["Username", "Password", "Code", "Code"]
        if remembered:
            org.sessions[next(iter(org.sessions))].stepped_up = False
            again = Person(totp.code)
            sign_in(org, again, http=http)
            assert again.kinds == ["Code"]
        assert org.primary_authentications == 1


def test_a_step_up_without_a_session_takes_the_password_in_its_own_transaction():
    with OktaOrg("classic", app_token=True) as org:
        org.user(NAME, PASSWORD)
        assert sign_in(org).subject == NAME
        (sent,) = [one for one in org.requests if one.path.endswith("/primary")]
        assert sent.json["stateToken"] in org.tokens
        assert org.primary_authentications == 1


def test_a_server_in_circles_is_left(org):
    org.user(NAME, PASSWORD, expires_in=3)
    circle = []

    def skipping(request, reply):
        if request.path.endswith("/authn"):
            circle.append(reply.body)
        return Reply(200, circle[0]) if request.path.endswith("/skip") else reply

    org.tamper = skipping
    with pytest.raises(runas.ServiceUnavailable, match="circles"):
        sign_in(org)


def test_a_rate_limit_says_how_long():
    with OktaOrg("classic", limit=3) as org:
        org.user(NAME, PASSWORD)
        with pytest.raises(runas.ServiceUnavailable, match="rate limit") as caught:
            sign_in(org)
        assert "seconds" in caught.value.hint
        assert caught.value.status == 69


def test_a_rate_limit_that_ends_soon_is_waited_for(org):
    org.user(NAME, PASSWORD)
    refused = []

    def limiting(request, reply):
        if request.path != "/api/v1/authn" or refused:
            return reply
        refused.append(request)
        body = {"errorCode": "E0000047", "errorSummary": "API call exceeded rate limit"}
        soon = Reply.of(body, 429)
        soon.headers.append(("X-Rate-Limit-Reset", str(int(time.time()) + 1)))
        return soon

    org.tamper = limiting
    assert sign_in(org).subject == NAME
    assert len(refused) == 1


def test_a_rate_limit_while_a_phone_is_waited_for_only_slows_down(org):
    push = Push(after=3)
    org.user(NAME, PASSWORD, [push])
    polls = []

    def limiting(request, reply):
        if not request.path.endswith("/verify"):
            return reply
        polls.append(request)
        if len(polls) != 2:
            return reply
        body = {"errorCode": "E0000047", "errorSummary": "API call exceeded rate limit"}
        return Reply.of(body, 429)

    org.tamper = limiting
    person = Person()
    sign_in(org, person)
    assert 30.0 in [one.poll_after for one in person.seen(runas.Approval)]


def test_a_transaction_that_ran_out():
    with OktaOrg("classic", lifetime=0.0) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        with pytest.raises(runas.Refused, match="took too long"):
            sign_in(org, Person(totp.code))


def test_the_policy_of_an_org_that_denies_the_sign_in(org):
    org.user(NAME, PASSWORD)
    causes = [{"errorSummary": "Sign in not allowed for app 'aws'."}]
    body = {"errorCode": "E0000001", "errorSummary": "Api validation failed", "errorCauses": causes}
    org.tamper = lambda request, reply: (
        Reply.of(body, 400) if request.path.endswith("/authn") else reply
    )
    with pytest.raises(runas.AccessDenied) as caught:
        sign_in(org)
    assert "not allowed for app" in caught.value.hint


def test_factors_come_back_without_a_password_in_them(org):
    org.user(NAME, PASSWORD, [Push()])
    pending = begin(org, Person(), Hasty())
    assert PASSWORD not in repr(pending) + repr(vars(pending.state))
    assert "007" not in repr(pending)
