"""Okta Identity Engine: answers that lead elsewhere, in circles, or nowhere."""

import json

import pytest

import runas
from runas_okta.testing import OktaOrg, Push, Reply, Totp

from .driving import NAME, PASSWORD, Person, sign_in


@pytest.fixture
def org():
    with OktaOrg("identity") as org:
        yield org


def answering(path, body, status=200):
    return lambda request, reply: Reply.of(body, status) if request.path.endswith(path) else reply


def wrapped(*forms, **more):
    return {"stateHandle": "02.x", "remediation": {"value": list(forms)}, **more}


def test_a_login_that_another_provider_does(org):
    form = {"name": "redirect-idp", "href": org.url + "/sso/idps/1", "idp": {"name": "Entra"}}
    org.tamper = answering("/introspect", wrapped(form))
    with pytest.raises(runas.PageNotRecognised, match="Entra"):
        sign_in(org)


def test_every_unknown_remediation_is_named(org):
    forms = [{"name": one, "href": org.url + "/x"} for one in ("launch-rocket", "dance")]
    org.tamper = answering("/introspect", wrapped(*forms))
    with pytest.raises(runas.PageNotRecognised, match="dance, launch-rocket"):
        sign_in(org)


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("idx.session.expired", runas.Refused),
        ("idx.error.user.not.assigned.to.app", runas.AccessDenied),
        ("security.access_denied", runas.AccessDenied),
        ("tooManyRequests", runas.ServiceUnavailable),
        ("something.new", runas.Refused),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 403])
def test_messages_that_end_a_sign_in(org, key, error, status):
    words = {"message": "Words of Okta.", "i18n": {"key": key}, "class": "ERROR"}
    org.tamper = answering("/identify", {"messages": {"value": [words]}}, status)
    with pytest.raises(error):
        sign_in(org)


def test_faults_in_the_classic_shape_are_understood(org):
    body = {"errorCode": "E0000011", "errorSummary": "Invalid token provided"}
    org.tamper = answering("/identify", body, 401)
    with pytest.raises(runas.Refused, match="too long"):
        sign_in(org)


def test_a_password_asked_for_twice_is_not_sent_twice(org):
    org.user(NAME, PASSWORD)
    first = []

    def again(request, reply):
        if request.path.endswith("/identify"):
            first.append(json.loads(reply.body))
        if request.path.endswith("/answer"):
            return Reply.of(first[0])
        return reply

    org.tamper = again
    with pytest.raises(runas.ServiceUnavailable, match="second time"):
        sign_in(org)
    assert org.primary_authentications == 1


def test_a_server_in_circles_is_left(org):
    org.user(NAME, PASSWORD, expires_in=3)
    circle = []

    def skipping(request, reply):
        if request.path.endswith("/answer"):
            circle.append(reply.body)
        return Reply(200, circle[0]) if request.path.endswith("/skip") else reply

    org.tamper = skipping
    with pytest.raises(runas.ServiceUnavailable, match="circles"):
        sign_in(org)


def test_a_factor_that_is_asked_for_without_a_choice(org):
    """Where only one is enrolled, Okta may go to its challenge by itself."""
    totp = Totp(provider="GOOGLE")
    org.user(NAME, PASSWORD, [totp])

    def straight(request, reply):
        if not request.path.endswith("/answer") or b"select-auth" not in reply.body:
            return reply
        body = json.loads(reply.body)
        (sign_in,) = [one for one in org.handles.values() if one.user is not None]
        sign_in.stage, sign_in.factor = "MFA_CHALLENGE", totp
        handle = body["stateHandle"]
        field = {"name": "passcode"}
        form = {
            "name": "challenge-authenticator",
            "href": org.url + "/idp/idx/challenge/answer",
            "value": [{"name": "credentials", "form": {"value": [field]}}],
        }
        current = {"key": "google_otp", "id": "autgoogle_otp", "displayName": "Google"}
        return Reply.of(wrapped(form, stateHandle=handle, currentAuthenticator={"value": current}))

    org.tamper = straight
    person = Person(totp.code)
    sign_in(org, person)
    assert person.asked[-1] == runas.Code("Google")


@pytest.mark.parametrize("status", [200, 401])
def test_a_complaint_that_asks_for_the_password_again_is_a_refusal(org, status):
    org.user(NAME, PASSWORD)
    asked = []

    def complaining(request, reply):
        if request.path.endswith("/identify"):
            asked.append(json.loads(reply.body))
        if request.path.endswith("/answer"):
            words = {"message": "No.", "i18n": {"key": "incorrectPassword"}, "class": "ERROR"}
            return Reply.of({**asked[0], "messages": {"value": [words]}}, status)
        return reply

    org.tamper = complaining
    with pytest.raises(runas.WrongPassword):
        sign_in(org)


def test_okta_verify_whose_use_is_asked_in_a_second_step(org):
    push = Push()
    org.user(NAME, PASSWORD, [push])
    method = b'{"name": "methodType", "value": "push"}'

    def terse(request, reply):
        reply.body = reply.body.replace(b", " + method, b"")
        return reply

    org.tamper = terse
    assert sign_in(org, kind="push").subject == NAME
