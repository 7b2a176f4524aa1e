"""Answers that are none: every one ends in an error with a status, soon, and gives nothing away."""

import json
import logging
import sys
import traceback
from typing import Any

import pytest

import runas
import runas_sso

CANARY = "CANARY7f3aSECRET"
STAGES = (
    "/client/register",
    "/device_authorization",
    "/token",
    "/assignment/accounts",
    "/assignment/roles",
    "/federation/credentials",
)
HTML = f"<html><title>Proxy</title>{CANARY}</html>".encode()
BODIES = [
    pytest.param(200, b"", id="nothing"),
    pytest.param(200, HTML, id="html"),
    pytest.param(200, b"{", id="half an object"),
    pytest.param(200, f'["{CANARY}"]'.encode(), id="list"),
    pytest.param(200, f'"{CANARY}"'.encode(), id="text"),
    pytest.param(200, b"null", id="null"),
    pytest.param(200, f'{{"x":"{CANARY}"}}'.encode(), id="other members"),
    pytest.param(200, b"\xff\xfe\x00" + CANARY.encode(), id="bytes"),
    pytest.param(200, b"[" * 50_000, id="deep"),
    pytest.param(200, f'{{"accessToken":"{CANARY}\\r\\nx: y"}}'.encode(), id="header in a token"),
    pytest.param(201, f'{{"accessToken":"{CANARY}"}}'.encode(), id="created"),
    pytest.param(204, b"", id="no content"),
    pytest.param(302, HTML, id="redirect"),
    pytest.param(400, HTML, id="400 of a proxy"),
    pytest.param(400, f'{{"error":"{CANARY} x"}}'.encode(), id="fault that is no word"),
    pytest.param(400, f'{{"error":{{"a":"{CANARY}"}}}}'.encode(), id="fault that is an object"),
    pytest.param(401, b"", id="401 of a proxy"),
    pytest.param(403, HTML, id="403 of a proxy"),
    pytest.param(404, b"", id="404"),
    pytest.param(407, HTML, id="proxy wants a password"),
    pytest.param(418, f'{{"message":"{CANARY}"}}'.encode(), id="teapot"),
    pytest.param(500, HTML, id="500"),
    pytest.param(502, HTML, id="502"),
    pytest.param(503, f'{{"message":"{CANARY}"}}'.encode(), id="503"),
    pytest.param(0, b"", id="hangs up"),
]


def whole_way(profile, login, center, http):
    center.approve_next()
    identity = login(profile, lambda challenge: None)
    found = runas_sso.list_roles(profile, http, identity)
    return runas_sso.assume(profile, http, identity, found[0])


def quiet(error, caplog):
    """Look everywhere that a secret could have gone."""
    chain = "".join(traceback.format_exception(error))
    assert CANARY not in f"{error}{error!r}{error.fact}{error.hint}{chain}{caplog.text}"


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("status", "body"), BODIES)
def test_no_answer_at_all(profile, login, center, http, caplog, stage, status, body):
    caplog.set_level(logging.DEBUG)
    center.fail(stage, status, body, times=99, Location="https://elsewhere.example/")
    with pytest.raises(runas.RunasError) as caught:
        whole_way(profile(use_device_code="true"), login, center, http)
    assert caught.value.status == 69
    assert caught.value.hint
    quiet(caught.value, caplog)


GOOD: dict[str, dict[str, Any]] = {
    "/client/register": {
        "clientId": "c",
        "clientSecret": CANARY,
        "clientSecretExpiresAt": 4_000_000_000,
    },
    "/device_authorization": {
        "deviceCode": CANARY,
        "userCode": "AAAA-BBBB",
        "verificationUri": "http://127.0.0.1:1/",
        "verificationUriComplete": "http://127.0.0.1:1/",
        "expiresIn": 600,
        "interval": 1,
    },
    "/token": {"accessToken": CANARY, "expiresIn": 3600, "refreshToken": CANARY},
    "/assignment/accounts": {"accountList": [], "nextToken": None},
    "/assignment/roles": {"roleList": [], "nextToken": None},
    "/federation/credentials": {
        "roleCredentials": {
            "accessKeyId": "ASIA",
            "secretAccessKey": CANARY,
            "sessionToken": CANARY,
            "expiration": 4_000_000_000_000,
        }
    },
}
WRONG = [None, "", 0, -1, True, [], {}, 1.5, "a b", "\x00", "é", "x" * 70_000, 10**30, float("nan")]
NUMBERS = {"clientSecretExpiresAt", "expiresIn", "expiration"}


def spoils():
    for stage, answer in GOOD.items():
        inner = answer.get("roleCredentials", answer)
        for name in inner:
            if name in ("interval", "refreshToken", "nextToken", "verificationUriComplete"):
                continue
            for number, wrong in enumerate(WRONG):
                value = CANARY if name in NUMBERS and isinstance(wrong, str) else wrong
                if name in ("accountList", "roleList") and value == []:
                    continue
                changed = inner | {name: value}
                whole = changed if inner is answer else {"roleCredentials": changed}
                yield pytest.param(stage, whole, id=f"{stage}-{name}-{number}")


@pytest.mark.parametrize(("stage", "answer"), list(spoils()))
def test_answer_with_one_thing_wrong(profile, login, center, http, caplog, stage, answer):
    caplog.set_level(logging.DEBUG)
    center.fail(stage, 200, json.dumps(answer).encode(), times=99)
    with pytest.raises(runas.RunasError) as caught:
        whole_way(profile(use_device_code="true"), login, center, http)
    assert caught.value.status in (69, 78)
    quiet(caught.value, caplog)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        ("/assignment/accounts", {"accountList": [5]}),
        ("/assignment/accounts", {"accountList": [{"accountId": "../../x"}]}),
        ("/assignment/accounts", {"accountList": [], "nextToken": "same"}),
        ("/assignment/accounts", {"accountList": [], "nextToken": 5}),
        ("/assignment/roles", {"roleList": [{"roleName": CANARY + "\n"}]}),
        ("/assignment/roles", {"roleList": [], "nextToken": "same"}),
        ("/federation/credentials", {"roleCredentials": [CANARY]}),
    ],
)
def test_lists_that_do_not_end_or_make_no_sense(
    profile, login, center, http, caplog, stage, answer
):
    center.fail(stage, 200, json.dumps(answer).encode(), times=9999)
    with pytest.raises(runas.ServiceUnavailable) as caught:
        whole_way(profile(use_device_code="true"), login, center, http)
    quiet(caught.value, caplog)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(
    "name",
    [
        "InvalidRequestException",
        "InvalidClientException",
        "UnauthorizedClientException",
        "UnsupportedGrantTypeException",
        "InvalidGrantException",
        "ExpiredTokenException",
        "AccessDeniedException",
        "InvalidScopeException",
        "UnauthorizedException",
        "ForbiddenException",
        "ResourceNotFoundException",
        "SomethingNewException",
    ],
)
def test_every_fault_everywhere(profile, login, center, http, caplog, stage, name):
    codes = {"InvalidClient": 401, "Unauthorized": 401, "Forbidden": 403, "ResourceNotFound": 404}
    status = codes.get(name.removesuffix("Exception"), 400)
    body = json.dumps({"error": CANARY, "message": CANARY}).encode()
    center.fail(stage, status, body, times=99, x_amzn_ErrorType=name + ":http://x/")
    try:
        whole_way(profile(use_device_code="true"), login, center, http)
    except runas.RunasError as error:
        assert error.status in (69, 77, 78)
        assert error.hint
        quiet(error, caplog)
    except IndexError:
        assert stage == "/assignment/roles"  # taken away meanwhile: no role is offered
    else:
        raise AssertionError("taken for good")


@pytest.mark.parametrize("stage", STAGES)
def test_answer_that_does_not_come(profile, login, center, http, monkeypatch, stage):
    monkeypatch.setattr(sys.modules["runas.http.transport"], "TIMEOUT", (0.3, 0.3))
    center.fail(stage, 200, b"{}", times=99, delay=2)
    with pytest.raises(runas.ServiceUnavailable) as caught:
        whole_way(profile(use_device_code="true"), login, center, http)
    assert caught.value.status == 69
    assert "127.0.0.1" in caught.value.fact


def test_nobody_listens(profile, login):
    gone = {"endpoint_url_sso": "http://127.0.0.1:1", "endpoint_url_sso_oidc": "http://127.0.0.1:1"}
    with pytest.raises(runas.ServiceUnavailable, match="cannot be reached") as caught:
        login(profile(use_device_code="true", **gone))
    assert "sso_region" in caught.value.hint


def test_plain_http_to_the_world_is_refused(profile, login):
    with pytest.raises(runas.ConfigurationError, match="plain http"):
        login(profile(use_device_code="true", endpoint_url_sso_oidc="http://oidc.example.com"))


def test_nothing_of_a_login_is_logged(profile, login, center, http, caplog):
    caplog.set_level(logging.DEBUG)
    whole_way(profile(use_device_code="true"), login, center, http)
    secrets = [one for login in center.logins for one in (*login.access, login.refresh)]
    secrets += [one.secret for one in center.clients.values()]
    secrets += [one.code for one in center.devices.values()]
    assert len(secrets) >= 4
    assert not [one for one in secrets if one in caplog.text]
