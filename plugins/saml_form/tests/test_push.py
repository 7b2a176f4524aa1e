"""Pages that only wait for a tap on a phone (PingID's)."""

import re
from dataclasses import replace

import pytest

import runas
from runas_form.testing import Answer, FormIdp, Screen, login, page, push

from .conftest import CODE, PASSWORD, issue
from .products import PING_LOGIN, body, form

LOGIN = login({"alice": PASSWORD})
HAND_OVER = Screen(
    '<body onload="document.forms[0].submit()"><form method="post" action="$action">$token'
    '<input type="hidden" name="ppm_request" value="r1"></form></body>',
    {"ppm_request": "r1"},
)
PROBE = Screen(
    body(
        form('<input type="hidden" name="isWebAuthnSupportedByBrowser">')
        + '<script src="/probe.js"></script>'
    ),
    {"isWebAuthnSupportedByBrowser": "false"},
)
DEVICES = Screen(
    body(
        '<h1>Select device</h1><ul class="device-list">'
        '<li data-id="d1"><div class="device-name">iPhone 15</div></li>'
        '<li data-id="d2"><div class="device-name">iPad</div></li></ul>'
        + form('<input type="hidden" name="deviceId"><input type="hidden" name="csrfToken">')
    ),
    {"deviceId": "d2"},
)


def waits(person):
    return [one for one in person.asked if isinstance(one, runas.Approval)]


def test_pingfederate_with_pingid(person, sign_in):
    waiting = push("ASYNC_AUTH_WAIT", "ASYNC_AUTH_WAIT", "OK", number="42")
    with FormIdp(issue, [PING_LOGIN, HAND_OVER, PROBE, waiting]) as idp:
        assert sign_in(idp.url).subject == "alice@example.com"
        assert len(idp.posted("pf.pass")) == 1
        looks = [one for one in idp.requests if one.path.endswith("/status")]
        assert [one.method for one in looks] == ["GET"] * 3
        assert {one.fields["csrfToken"] for one in looks} == {"c1"}
    assert person.kinds == ["Username", "Password", *["Approval"] * 3]
    assert {(one.device, one.number) for one in waits(person)} == {("iPhone", "42")}


def test_a_server_that_answers_when_the_tap_is_there(person, sign_in):
    with FormIdp(issue, [LOGIN, push()]) as idp:
        assert sign_in(idp.url).subject == "alice@example.com"
    assert person.kinds == ["Username", "Password", "Approval"]


def test_a_way_to_a_code_that_leads_nowhere_is_none(person, sign_in):
    waiting = push("OK", code=CODE)
    markup = re.sub(r'(useCodeUrl"[^>]* value=)"[^"]*"', r'\1"http://["', waiting.markup)
    assert markup != waiting.markup
    with FormIdp(issue, [LOGIN, replace(waiting, markup=markup)]) as idp:
        sign_in(idp.url)
    assert person.kinds[-1] == "Approval"


def test_a_device_is_chosen_first(person, sign_in):
    person.picks = ["iPad"]
    with FormIdp(issue, [LOGIN, DEVICES, push("OK", device="iPad")]) as idp:
        sign_in(idp.url)
    assert person.kinds == ["Username", "Password", "Choice", "Approval"]
    assert waits(person) == [runas.Approval("iPad", None, 3.0)]


def test_a_code_instead_of_the_tap(person, sign_in):
    person.picks, person.codes = ["totp"], ["000000", CODE]
    with FormIdp(issue, [LOGIN, push("ASYNC_AUTH_WAIT", code=CODE)]) as idp:
        sign_in(idp.url)
        assert idp.posted("otp") == ["000000", CODE]
    assert person.kinds == ["Username", "Password", "Choice", "Code", "Code"]


@pytest.mark.parametrize(
    ("statuses", "error"),
    [
        (["ASYNC_AUTH_WAIT", "DEVICE_CLAIM_TIMEOUT"], runas.ApprovalExpired),
        (["TIMEOUT"], runas.ApprovalExpired),
        (["ASYNC_AUTH_WAIT"], runas.ApprovalExpired),
        (["REJECTED"], runas.ApprovalRejected),
    ],
)
def test_no_tap(statuses, error, person, sign_in):
    with FormIdp(issue, [LOGIN, push(*statuses)]) as idp:
        with pytest.raises(error) as caught:
            sign_in(idp.url)
        assert len(idp.requests) < 200
    assert "iPhone" in caught.value.hint


@pytest.mark.parametrize("waiting", [push("OK"), push()], ids=["asked", "answered"])
def test_a_page_that_says_it_was_denied(waiting, person, sign_in):
    denied = Screen(waiting.markup, {"status": "never"}, waiting.refusal, final=True,
                    statuses=waiting.statuses)  # fmt: skip
    with FormIdp(issue, [LOGIN, denied]) as idp, pytest.raises(runas.ApprovalRejected) as caught:
        sign_in(idp.url)
    assert "Authentication was denied" in caught.value.fact


@pytest.mark.parametrize(
    "answer",
    [
        Answer("<html>"),
        Answer("{}"),
        Answer('{"status": 1}'),
        Answer("[]"),
        Answer("no", 403),
        Answer("[" * 100_000),
    ],
    ids=["a page", "nothing", "a number", "a list", "a refusal", "a list without end"],
)
def test_a_state_that_cannot_be_read(answer, person, sign_in):
    def trouble(request):
        return answer if request.path.endswith("/status") else None

    unread = pytest.raises(runas.ServiceUnavailable, match="does not say whether")
    with FormIdp(issue, [LOGIN, push("OK")], trouble) as idp, unread:
        sign_in(idp.url)


def test_another_factor_after_the_tap(person, sign_in):
    code = page('<input name="otp" autocomplete="one-time-code"><button>Go</button>', {"otp": CODE})
    with FormIdp(issue, [LOGIN, push("OK"), code]) as idp:
        sign_in(idp.url)
    assert person.kinds == ["Username", "Password", "Approval", "Code"]
