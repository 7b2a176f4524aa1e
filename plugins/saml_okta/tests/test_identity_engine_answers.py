"""Okta Identity Engine: answers that lead elsewhere, in circles, or nowhere."""

import json

import pytest

import runas
from runas_okta.testing import OktaOrg, Push, Reply, Sms, Totp

from .driving import NAME, PASSWORD, Person, sign_in


@pytest.fixture
def org():
    with OktaOrg("identity") as org:
        yield org


def answering(path, body, status=200):
    return lambda request, reply: Reply.of(body, status) if request.path.endswith(path) else reply


def refusing(path, key, status=400):
    words = {"message": "Words of Okta.", "i18n": {"key": key}, "class": "ERROR"}
    return answering(path, {"messages": {"value": [words]}}, status)


def wrapped(*forms, **more):
    return {"stateHandle": "02.x", "remediation": {"value": list(forms)}, **more}


@pytest.mark.parametrize("others", [(), ("launch-authenticator",)])
def test_a_login_that_another_provider_does(org, others):
    form = {"name": "redirect-idp", "href": org.url + "/sso/idps/1", "idp": {"name": "Entra"}}
    before = [{"name": one, "href": org.url + "/x"} for one in others]
    org.tamper = answering("/introspect", wrapped(*before, form))
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
    org.tamper = refusing("/identify", key, status)
    with pytest.raises(error) as caught:
        sign_in(org)
    again, _, told = caught.value.hint.rpartition("; ")
    assert told in ("run the command again", "ask your Okta administrator", "try again in a minute")
    assert again in ("", "okta says: Words of Okta")


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


def renaming(path, name):
    """Call something in an answer by a name that nobody knows."""

    def strange(request, reply):
        if request.path.endswith(path):
            reply.body = reply.body.replace(f'"{name}"'.encode(), b'"song"')
        return reply

    return strange


def test_a_sign_in_without_a_handle(org):
    org.user(NAME, PASSWORD)
    org.tamper = renaming("/introspect", "stateHandle")
    with pytest.raises(runas.ServiceUnavailable, match="began no sign-in"):
        sign_in(org)


def test_a_factor_without_a_form_for_its_code(org):
    org.user(NAME, PASSWORD, [Totp()])
    org.tamper = renaming("/challenge", "challenge-authenticator")
    with pytest.raises(runas.ServiceUnavailable, match="lacks the step 'challenge-authenticator'"):
        sign_in(org)


def test_a_form_for_a_code_that_has_no_place_for_it(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp])
    org.tamper = renaming("/challenge", "totp")
    person = Person(totp.code)
    with pytest.raises(runas.PageNotRecognised, match="cannot be read") as caught:
        sign_in(org, person)
    assert "--mfa-type" in caught.value.hint
    assert person.seen(runas.Code) == []


@pytest.mark.parametrize("factor", [Sms, Push])
def test_a_factor_that_may_not_be_chosen(org, factor):
    org.user(NAME, PASSWORD, [factor()])
    org.tamper = refusing("/challenge", "security.access_denied")
    with pytest.raises(runas.AccessDenied, match="policy denies"):
        sign_in(org)


def test_a_factor_whose_use_may_not_be_chosen(org):
    org.user(NAME, PASSWORD, [Sms()])
    org.tamper = refusing("/challenge", "core.auth.factor.locked", 403)
    with pytest.raises(runas.AccountLocked):
        sign_in(org)


def test_resending_for_ever_ends(org):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])
    with pytest.raises(runas.Refused, match="no code arrived"):
        sign_in(org, Person(lambda: "resend"))
    assert len(sms.sent) < 10


def test_resending_where_the_authenticator_is_told_of_apart_from_its_enrolment(org):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])

    def apart(request, reply):
        body = json.loads(reply.body) if "ion+json" in reply.kind else {}
        if "currentAuthenticatorEnrollment" in body:
            told = {"key": "phone_number", "id": "autphone_number", "contextualData": {}}
            body["currentAuthenticator"] = {"type": "object", "value": told}
            reply.body = json.dumps(body).encode()
        return reply

    org.tamper = apart
    typed = iter(["resend"])
    sign_in(org, Person(lambda: next(typed, sms.sent[-1])))
    assert len(sms.sent) == 2


def test_a_code_that_may_not_be_sent_again(org):
    org.user(NAME, PASSWORD, [Sms()])
    org.tamper = refusing("/resend", "tooManyRequests", 429)
    with pytest.raises(runas.ServiceUnavailable, match="rate limit"):
        sign_in(org, Person(lambda: "resend"))


@pytest.mark.parametrize("key", ["tooManyRequests", "security.access_denied"])
def test_the_reason_why_no_code_is_sent_again(org, key):
    org.user(NAME, PASSWORD, [Sms()])
    typed = iter(["resend"])
    org.tamper = refusing("/resend", key, 403)
    with pytest.raises((runas.ServiceUnavailable, runas.AccessDenied), match=r"rate|policy"):
        sign_in(org, Person(lambda: next(typed, "000000")))


def test_a_limit_while_waiting_for_a_tap_is_waited_out(org):
    push = Push(after=1)
    org.user(NAME, PASSWORD, [push])
    limits = iter([0, 0])

    def limited(request, reply):
        if request.path.endswith("/poll"):
            org.policy.limit = next(limits, None)
        return reply

    org.tamper = limited
    person = Person()
    assert sign_in(org, person).subject == NAME
    assert [one.poll_after for one in person.seen(runas.Approval)] == [0.5, 4.0, 4.0, 30.0, 30.0]
    assert push.sent == 1


def test_one_factor_after_the_other_is_left(org):
    totp = Totp()
    user = org.user(NAME, PASSWORD, [totp])
    asked = []

    def again(request, reply):
        """Answer a right code as the password was answered: with a choice of factors."""
        if request.path.endswith("/answer"):
            totp.used.clear()
            asked.append(json.loads(reply.body))
            (handle,) = (one for one, begun in org.handles.items() if begun.user is user)
            org.handles[handle].stage = "MFA_REQUIRED"
            body = json.dumps(asked[0]).replace(asked[0]["stateHandle"], handle)
            return Reply(200, body.encode())
        return reply

    org.tamper = again
    with pytest.raises(runas.ServiceUnavailable, match="one factor after the other"):
        sign_in(org, Person(totp.code))
