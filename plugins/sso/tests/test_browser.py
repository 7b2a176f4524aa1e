"""Logging in by redirect (PKCE), at the level of challenges."""

import re
import socket
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import runas
import runas_sso
from runas.challenges import drive
from runas.errors import UsageError
from runas.testing import Script
from runas_sso import browser
from runas_sso.testing import Person


@pytest.fixture
def local(profile):
    return profile(use_device_code="false")


def profile_anew(profile):
    return profile.having(runas_anew="true")


def query_of(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def fetch(url, **headers):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=headers), timeout=5) as response:
            return response.status, response.read().decode(), dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


def listens(url):
    parts = urlsplit(url)
    with socket.socket() as sock:
        return sock.connect_ex((parts.hostname, parts.port)) == 0


def test_browser_comes_back_with_a_code(local, login, front, center):
    identity = login(local, front.answer)
    asked = query_of(front.asked[0].url)
    assert front.asked[0].user_code is None
    assert asked["code_challenge_method"] == "S256"
    assert urlsplit(asked["redirect_uri"]).path == "/oauth/callback"
    assert urlsplit(asked["redirect_uri"]).hostname == "127.0.0.1"
    assert asked["scopes"] == "sso:account:access"
    assert identity.expiration
    assert center.calls("/token")[-1].outcome == "done"


def test_listener_is_there_before_anybody_is_asked_and_gone_after(local, login):
    seen = []

    def answer(challenge):
        if not seen:
            seen.append(query_of(challenge.url)["redirect_uri"])
            assert listens(seen[0])
            Person().open(challenge.url)

    login(local, answer)
    assert not listens(seen[0])


def test_cancelling_closes_the_listener(local, http):
    flow: Any = runas_sso.authenticate(local, http)
    redirect = query_of(next(flow).url)["redirect_uri"]
    with pytest.raises(KeyboardInterrupt):
        flow.throw(KeyboardInterrupt())
    assert not listens(redirect)


def test_leaving_closes_the_listener(local, http):
    flow: Any = runas_sso.authenticate(local, http)
    redirect = query_of(next(flow).url)["redirect_uri"]
    flow.close()
    assert not listens(redirect)


def test_declined(local, login):
    with pytest.raises(runas.ApprovalRejected):
        login(local, lambda challenge: Person("deny").open(challenge.url) and None)


@pytest.mark.parametrize("shown", ["  {}\n", "{}"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_address_copied_from_another_machine(local, login, shown, scheme):
    """The front-end may answer with the address that the browser could not open."""
    person = Script(
        browse=lambda browse: shown.format(
            scheme + Person().ends_at(browse.url).removeprefix("http://")
        )
    )
    assert login(local, person.answer).expiration
    assert person.kinds == ["Browse"]


WRONG = {
    "state": lambda url: re.sub("state=[^&]+", "state=other", url),
    "half a character": lambda url: re.sub("state=[^&]+", "state=\ud800", url),
    "no state": lambda url: re.sub("state=[^&]+", "", url),
    "port": lambda url: re.sub(r":\d+/", ":1/", url),
    "host": lambda url: url.replace("127.0.0.1", "evil.example"),
    "path": lambda url: url.replace("/oauth/callback", "/"),
    "scheme": lambda url: url.replace("http:", "https:"),
    "half": lambda url: url.partition("state=")[0],
    "the page itself": lambda url: "https://example.awsapps.com/start",
    "no address": lambda url: "ls -l [::1",
    "declined by nobody": lambda url: url.partition("?")[0] + "?error=access_denied&state=other",
}


@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_a_copied_address_that_is_another_is_asked_for_again(local, login, center, spoil, caplog):
    caplog.set_level("DEBUG")
    right = []

    def answer(browse):
        right.append(right[0] if right else Person().ends_at(browse.url))
        return spoil(right[0]) if browse.attempt < 2 else right[0]

    person = Script(browse=answer)
    assert login(local, person.answer).expiration
    asked: list[Any] = person.asked
    assert [one.attempt for one in asked] == [0, 1, 2]
    assert len({one.url for one in asked}) == 1
    assert query_of(right[0])["code"] not in caplog.text
    assert len(center.calls("/token")) == 1


def test_declined_in_a_browser_elsewhere(local, login):
    person = Script(browse=lambda browse: Person("deny").ends_at(browse.url))
    with pytest.raises(runas.ApprovalRejected):
        login(local, person.answer)


def test_a_front_end_is_told_at_once_that_the_browser_came(local, login, monkeypatch):
    told = []

    def answer(challenge):
        told.append(challenge.returned())
        Person().open(challenge.url)
        told.append(challenge.returned())

    login(local, answer)
    assert told == [False, True]
    monkeypatch.setattr(browser, "PATIENCE", 0.05)
    ends = []

    def idle(challenge):
        while not challenge.returned():
            time.sleep(0.01)
        ends.append(True)

    with pytest.raises(runas.ApprovalExpired):
        login(profile_anew(local), idle)
    assert ends == [True]


@pytest.mark.parametrize(
    "path",
    [
        "/oauth/callback?code=evil&state=wrong",
        "/oauth/callback?code=evil",
        "/oauth/callback?error=access_denied&state=wrong",
        "/oauth/callback",
        "/favicon.ico",
        "/?code=evil&state={state}",
        "/oauth/callback?code=%FF%FE&state=%00",
    ],
)
def test_what_is_not_this_logins_answer_changes_nothing(local, login, path):
    seen = []

    def answer(challenge):
        asked = query_of(challenge.url)
        if not seen:
            base = asked["redirect_uri"].removesuffix("/oauth/callback")
            seen.append(fetch(base + path.format(state=asked["state"])))
        else:
            Person().open(challenge.url)

    login(local, answer)
    assert seen[0][0] in (400, 404)


def test_host_that_somebody_pointed_here_is_refused(local, login):
    seen = []

    def answer(challenge):
        asked = query_of(challenge.url)
        if not seen:
            url = f"{asked['redirect_uri']}?code=evil&state={asked['state']}"
            seen.append(fetch(url, Host="evil.example"))
        else:
            Person().open(challenge.url)

    login(local, answer)
    assert seen[0][0] == 403


def test_page_after_the_login_is_harmless(local, login, center):
    pages = []

    def answer(challenge):
        center.approve_next()
        pages.append(fetch(challenge.url))

    login(local, answer)
    status, text, headers = pages[0]
    assert status == 200
    assert "Signed in" in text
    assert "<script" not in text
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_silent_connection_holds_nobody_up(local, login, front):
    silent = []

    def answer(challenge):
        if not silent:
            parts = urlsplit(query_of(challenge.url)["redirect_uri"])
            silent.append(socket.create_connection((parts.hostname, parts.port)))
        front.answer(challenge)

    login(local, answer)
    silent[0].close()


def test_port_may_be_fixed(profile, login, front):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    for _ in range(2):  # it is free again at once
        login(profile(redirect_port=str(port), runas_anew="true"), front.answer)
    assert f"127.0.0.1:{port}/" in query_of(front.asked[-1].url)["redirect_uri"]


def test_port_in_use(profile, login):
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        with pytest.raises(runas.ServiceUnavailable, match=f"port {port}") as caught:
            login(profile(redirect_port=str(port)))
    assert caught.value.status == 69
    assert "--redirect-port" in caught.value.hint


@pytest.mark.parametrize("text", ["x", "-1", "65536", "8400.5", "\u0663"])
def test_port_that_is_none(profile, login, text):
    with pytest.raises(runas.ConfigurationError, match="is no port"):
        login(profile(redirect_port=text))


def test_port_that_is_none_on_the_command_line(profile, login):
    settings = dict(profile(redirect_port="x").settings)
    with pytest.raises(UsageError, match="--redirect-port: 'x' is no port"):
        login(runas.Profile("dev", settings, {"redirect_port": "--redirect-port"}, None, "sso"))


def test_nobody_comes(local, login, monkeypatch):
    monkeypatch.setattr(browser, "PATIENCE", 0.05)
    with pytest.raises(runas.ApprovalExpired):
        login(local, lambda challenge: time.sleep(0.02))


def test_verifier_must_be_the_logins_own(local, login, front, center):
    """The fake checks it: spoilt on the way, no token comes."""

    def answer(challenge):
        front.answer(challenge)
        for redirect in center.redirects.values():
            redirect.challenge = "x" * 43

    with pytest.raises(runas.Refused, match="ended before"):
        login(local, answer)


def test_registration_the_service_forgot(local, login, front, center, profile):
    login(local, front.answer)
    calls = []

    def answer(challenge):
        calls.append(challenge.url)
        if len(set(calls)) == 1:
            asked = query_of(challenge.url)
            fetch(f"{asked['redirect_uri']}?error=invalid_client&state={asked['state']}")
        else:
            front.answer(challenge)

    login(profile(use_device_code="false", runas_anew="true"), answer)
    assert len(center.calls("/client/register")) == 2


def test_instance_without_redirects_falls_back_to_the_device_code(local, login, front, center):
    center.allows_redirects = False
    login(local, front.answer)
    assert front.asked[0].user_code


def test_instance_that_is_not_there(profile, login):
    with pytest.raises(runas.ConfigurationError, match="there is no Identity Center"):
        login(profile(use_device_code="false", sso_start_url="https://no.awsapps.com/start"))


def test_no_terminal(local, http):
    def headless(challenge):
        raise runas.InteractionRequired("a sign-in in the browser is needed", "x")

    with pytest.raises(runas.InteractionRequired, match="runas login dev"):
        drive(runas_sso.authenticate(local, http), headless)


def test_scopes_of_the_session_are_asked_for(profile, login, front, center):
    scopes = " sso:account:access , codewhisperer:analysis,"
    login(profile(use_device_code="false", sso_registration_scopes=scopes), front.answer)
    assert next(iter(center.clients.values())).scopes == (
        "sso:account:access",
        "codewhisperer:analysis",
    )
