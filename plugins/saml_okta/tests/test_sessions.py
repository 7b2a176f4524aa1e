"""The second login: cookies, remembered devices, and what happens when they are stale."""

import pytest

import runas
from runas_okta.testing import OktaOrg, Push, Reply, Totp

from .driving import NAME, PASSWORD, Hasty, Person, sign_in

ENGINES = pytest.mark.parametrize("engine", ["classic", "identity"])


def forget(org, http):
    """End the session at the org, as time does."""
    org.sessions.clear()


@ENGINES
def test_a_session_that_lives_asks_nothing(engine):
    with OktaOrg(engine) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        http, again = Hasty(), Person()
        sign_in(org, Person(totp.code), http=http)
        before = len(org.requests)
        assert sign_in(org, again, http=http).subject == NAME
        assert again.asked == []
        assert len(org.requests) == before + 1
        assert org.primary_authentications == 1


@ENGINES
def test_a_session_that_ended_falls_back_to_the_password(engine):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD)
        http, again = Hasty(), Person()
        sign_in(org, http=http)
        org.sessions.clear()
        assert sign_in(org, again, http=http).subject == NAME
        assert again.kinds == ["Username", "Password"]
        assert org.primary_authentications == 2


@ENGINES
@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_cookies_that_break_the_page_are_dropped_once(engine, status):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD)
        http = Hasty()
        sign_in(org, http=http)
        org.tamper = lambda request, reply: (
            Reply.page("<p>broken", status) if "old" in request.cookies else reply
        )
        http.cookies.set("old", "stale", domain="127.0.0.1", path="/")
        assert sign_in(org, http=http).subject == NAME
        assert org.primary_authentications == 2


def test_cookies_that_spoil_the_token_are_dropped_once():
    expired = {"message": "Too late.", "i18n": {"key": "idx.session.expired"}, "class": "ERROR"}

    def refused(request, reply):
        if request.path.endswith("/introspect") and "old" in request.cookies:
            return Reply.of({"messages": {"value": [expired]}}, 401)
        return reply

    with OktaOrg("identity") as org:
        org.user(NAME, PASSWORD)
        org.tamper = refused
        http = Hasty()
        http.cookies.set("old", "stale", domain="127.0.0.1", path="/")
        assert sign_in(org, http=http).subject == NAME


def test_a_page_that_stays_broken_is_tried_twice_and_no_more():
    with OktaOrg("classic") as org:
        org.tamper = lambda request, reply: Reply.page("<p>broken", 403)
        http = Hasty()
        http.cookies.set("old", "stale", domain="127.0.0.1", path="/")
        with pytest.raises(runas.AccessDenied):
            sign_in(org, http=http)
        assert len(org.requests) == 2


@pytest.mark.parametrize(("setting", "asked"), [("true", 0), ("false", 1)])
def test_a_remembered_device_is_asked_no_second_factor(setting, asked):
    with OktaOrg("classic") as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        http, again = Hasty(), Person(totp.code)
        sign_in(org, Person(totp.code), http=http, remember_device=setting)
        org.sessions.clear()
        sign_in(org, again, http=http, remember_device=setting)
        assert again.kinds.count("Code") == asked
        assert bool(org.devices) is (setting == "true")


def test_a_push_remembers_the_device_too():
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD, [Push()])
        http, again = Hasty(), Person()
        sign_in(org, http=http)
        org.sessions.clear()
        sign_in(org, again, http=http)
        assert again.kinds == ["Username", "Password"]


def test_the_policy_may_forbid_to_remember():
    with OktaOrg("classic", remember=False) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        sign_in(org, Person(totp.code))
        assert not [one for one in org.requests if "rememberDevice" in one.query]


def test_identity_engine_remembers_by_keeping_signed_in():
    with OktaOrg("identity", keep_signed_in=True) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        http, again = Hasty(), Person(totp.code)
        sign_in(org, Person(totp.code), http=http)
        org.sessions.clear()
        sign_in(org, again, http=http)
        assert again.kinds == ["Username", "Password"]


def test_the_device_s_cookie_stays():
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD)
        http = Hasty()
        sign_in(org, http=http)
        device = http.cookies.get("DT")
        org.sessions.clear()
        sign_in(org, http=http)
        assert device
        assert http.cookies.get("DT") == device


def test_a_stale_session_is_dropped_before_the_token_is_redeemed():
    """Okta ignores a session token that comes with a session's cookie."""
    with OktaOrg("classic", sessions_api=False) as org:
        org.user(NAME, PASSWORD)
        http = Hasty()
        http.cookies.set("sid", "102stale", domain="127.0.0.1", path="/")
        assert sign_in(org, http=http).subject == NAME


@pytest.mark.parametrize("sessions_api", [True, False])
def test_both_ways_from_the_token_to_the_session(sessions_api):
    with OktaOrg("classic", sessions_api=sessions_api) as org:
        org.user(NAME, PASSWORD)
        assert sign_in(org).subject == NAME
        redeemed = [one for one in org.requests if "sessionToken" in one.query]
        assert bool(redeemed) is not sessions_api


@ENGINES
def test_a_session_s_token_that_is_refused(engine):
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD)
        org.tamper = lambda request, reply: (
            Reply.of({"errorCode": "E0000004"}, 401)
            if request.path == "/api/v1/sessions"
            else reply
        )
        with pytest.raises(runas.Refused, match="session token"):
            sign_in(org)
