"""The made-up org is strict: what a real one refuses, it refuses."""

import time

import pytest
import requests

from runas_okta.testing import Call, OktaOrg, Push, Sms, Totp, User, WebAuthn

from .driving import NAME, PASSWORD

AUTHN = "/api/v1/authn"


@pytest.fixture
def org():
    with OktaOrg("classic") as org:
        yield org


def primary(org, password=PASSWORD, **more):
    body = {"username": NAME, "password": password, **more}
    return requests.post(org.url + AUTHN, json=body, timeout=5)


def verify(org, answer, **body):
    (factor,) = answer["_embedded"]["factors"]
    return requests.post(factor["_links"]["verify"]["href"], json=body, timeout=5)


def test_a_body_must_be_json(org):
    org.user(NAME, PASSWORD)
    answer = requests.post(org.url + AUTHN, data={"username": NAME}, timeout=5)
    assert answer.status_code == 400
    assert org.violations


def test_addresses_that_are_made_up_are_refused(org):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])
    token = primary(org).json()["stateToken"]
    url = f"{org.url}{AUTHN}/factors/{sms.id}/verify"
    assert requests.post(url, json={"stateToken": token}, timeout=5).status_code == 400
    assert org.violations


def test_a_token_is_needed(org):
    org.user(NAME, PASSWORD, [Totp()])
    answer = verify(org, primary(org).json(), stateToken="00made-up", passCode="1")
    assert answer.json()["errorCode"] == "E0000011"


def test_a_code_that_was_not_sent_cannot_be_checked(org):
    org.user(NAME, PASSWORD, [Call()])
    body = primary(org).json()
    answer = verify(org, body, stateToken=body["stateToken"], passCode="1")
    assert answer.json()["errorCode"] == "E0000079"


def test_a_code_is_good_once(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp])
    code = totp.code()
    for expected in (None, "E0000082"):
        body = primary(org).json()
        answer = verify(org, body, stateToken=body["stateToken"], passCode=code).json()
        assert answer.get("errorCode") == expected


def test_a_finished_transaction_is_over(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp])
    body = primary(org).json()
    verify(org, body, stateToken=body["stateToken"], passCode=totp.code())
    again = verify(org, body, stateToken=body["stateToken"], passCode=totp.code())
    assert again.json()["errorCode"] == "E0000011"


def test_a_transaction_ends(org):
    org.policy.lifetime = 0.05
    org.user(NAME, PASSWORD, [Push()])
    body = primary(org).json()
    time.sleep(0.1)
    assert verify(org, body, stateToken=body["stateToken"]).status_code == 401


def test_wrong_passwords_lock(org):
    user = org.user(NAME, PASSWORD)
    for _ in range(5):
        primary(org, "wrong")
    assert user.locked
    assert primary(org).json()["status"] == "LOCKED_OUT"


def test_a_warning_comes_only_where_it_was_asked_for(org):
    org.user(NAME, PASSWORD, expires_in=3)
    assert primary(org).json()["status"] == "SUCCESS"
    wanted = {"warnBeforePasswordExpired": True}
    assert primary(org, options=wanted).json()["status"] == "PASSWORD_WARN"


def test_a_session_token_is_good_once(org):
    org.user(NAME, PASSWORD)
    token = {"sessionToken": primary(org).json()["sessionToken"]}
    codes = [
        requests.post(org.url + "/api/v1/sessions", json=token, timeout=5).status_code
        for _ in range(2)
    ]
    assert codes == [200, 401]


def test_a_token_beside_a_session_s_cookie_is_ignored(org):
    org.user(NAME, PASSWORD)
    token = {"sessionToken": primary(org).json()["sessionToken"]}
    answer = requests.get(org.app_url, token, cookies={"sid": "stale"}, timeout=5)
    assert "SAMLResponse" not in answer.text
    assert "SAMLResponse" in requests.get(org.app_url, token, timeout=5).text


def test_the_app_s_page_escapes_as_okta_does(org):
    user = org.user(NAME, PASSWORD)
    cookies = {"sid": org.open_session(user)}
    text = requests.get(org.app_url, cookies=cookies, timeout=5).text
    assert "https&#x3a;&#x2f;&#x2f;signin.aws.amazon.com" in text


def test_a_device_that_changes_its_user_agent_is_noted(org):
    for agent in ("one", "one", "two"):
        assert org.violations == []
        headers = {"User-Agent": agent}
        requests.get(org.app_url, cookies={"DT": "DI1"}, headers=headers, timeout=5)
    assert org.violations


def test_a_request_from_another_origin_is_refused(org):
    headers = {"Origin": "https://evil.example"}
    answer = requests.get(org.app_url, headers=headers, timeout=5)
    assert answer.status_code == 403


def test_a_key_s_challenge_has_a_nonce(org):
    org.user(NAME, PASSWORD, [WebAuthn()])
    body = primary(org).json()
    answer = verify(org, body, stateToken=body["stateToken"]).json()
    assert answer["_embedded"]["factor"]["_embedded"]["challenge"]["challenge"]


def test_responses_come_from_the_builder():
    with OktaOrg("classic", issue=lambda name: f"for:{name}") as org:
        assert org.assertion(NAME) == f"for:{NAME}"


class TestIdentityEngine:
    @pytest.fixture
    def org(self):
        with OktaOrg("identity") as org:
            org.user(NAME, PASSWORD)
            yield org

    def begin(self, org, http):
        http.get(org.app_url, timeout=5)
        token = http.cookies["oktaStateToken"]
        return self.post(org, http, "introspect", stateToken=token)

    def post(self, org, http, path, **body):
        return http.post(f"{org.url}/idp/idx/{path}", json=body, timeout=5)

    def test_the_cookies_must_come_along(self, org):
        with requests.Session() as http:
            http.get(org.app_url, timeout=5)
            token = http.cookies["oktaStateToken"]
        answer = requests.post(
            org.url + "/idp/idx/introspect", json={"stateToken": token}, timeout=5
        )
        assert answer.status_code == 401

    def test_classic_takes_up_none_of_its_sign_ins(self, org):
        with requests.Session() as http:
            self.begin(org, http)
            token = {"stateToken": http.cookies["oktaStateToken"]}
            answer = http.post(org.url + AUTHN, json=token, timeout=5)
        assert (answer.status_code, answer.json()["errorCode"]) == (401, "E0000011")

    def test_only_the_latest_handle_counts(self, org):
        with requests.Session() as http:
            old = self.begin(org, http).json()["stateHandle"]
            body = {"identifier": NAME, "stateHandle": old}
            assert self.post(org, http, "identify", **body).status_code == 200
            assert self.post(org, http, "identify", **body).status_code == 401

    def test_the_order_counts(self, org):
        with requests.Session() as http:
            handle = self.begin(org, http).json()["stateHandle"]
            body = {"credentials": {"passcode": PASSWORD}, "stateHandle": handle}
            assert self.post(org, http, "challenge/answer", **body).status_code == 400
            assert org.violations
            assert org.primary_authentications == 0


def test_secrets_stay_out_of_a_user_s_repr():
    assert PASSWORD not in repr(User(NAME, PASSWORD))
