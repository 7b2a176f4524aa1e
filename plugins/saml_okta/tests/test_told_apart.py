"""Each thing that can go wrong has an error of its own: table by table, word by word."""

import json

import pytest

import runas
from runas_okta.testing import OktaOrg, Push, Reply

from .driving import NAME, PASSWORD, Person, sign_in

AUTHN = "/api/v1/authn"


def refusing(code, status=401):
    return lambda reply: Reply.of({"errorCode": code, "errorSummary": "Because."}, status)


def altered(**fields):
    def alter(reply):
        body = {**json.loads(reply.body), **fields}
        return Reply.of({key: one for key, one in body.items() if one is not None}, reply.status)

    return alter


ANSWERS = {
    "a wrong password": (refusing("E0000207"), runas.WrongPassword, "user name or the password"),
    "an expired one": (refusing("E0000064"), runas.ActionRequired, "has expired"),
    "not permitted": (refusing("E0000015"), runas.AccessDenied, "does not permit"),
    "nor this": (refusing("E0000006", 403), runas.AccessDenied, "does not permit"),
    "denied": (refusing("E0000014", 403), runas.AccessDenied, "E0000014"),
    "out of step": (refusing("E0000079", 403), runas.Refused, "another step"),
    "its own fault": (refusing("E0000009", 500), runas.ServiceUnavailable, "fault of its own"),
    "a page": (lambda reply: Reply.page("<p>Hello"), runas.ServiceUnavailable, "not Okta's JSON"),
    "no status": (altered(status=None), runas.ServiceUnavailable, ""),
    "no session": (altered(sessionToken=None), runas.ServiceUnavailable, "lacks the session"),
    "asked again": (altered(status="UNAUTHENTICATED"), runas.ServiceUnavailable, "in circles"),
    "a step unknown": (altered(status="DANCE"), runas.PageNotRecognised, "DANCE"),
    "which may be skipped": (
        altered(status="DANCE", _links={"skip": {"href": "/api/v1/authn/skip"}}),
        runas.PageNotRecognised,
        "DANCE",
    ),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_answer_to_a_password(answer):
    alter, error, said = ANSWERS[answer]
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD)
        org.tamper = lambda request, reply: alter(reply) if request.path == AUTHN else reply
        with pytest.raises(error) as caught:
            sign_in(org)
    assert said in str(caught.value)
    assert PASSWORD not in str(caught.value)
    assert caught.value.hint
    if error is runas.AccessDenied:
        assert caught.value.hint == "okta says: Because; ask your Okta administrator"


@pytest.mark.parametrize("link", [b"https://evil.example", b"http://[", b"nonsense"])
@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_a_link_that_leads_elsewhere_is_not_followed(engine, link):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [Push()])

        def elsewhere(request, reply):
            if request.method == "POST" and "json" in reply.kind:
                reply.body = reply.body.replace(org.url.encode(), link)
            return reply

        org.tamper = elsewhere
        with pytest.raises(runas.ServiceUnavailable, match="a link that leads elsewhere"):
            sign_in(org, Person())


def test_a_link_that_is_missing_is_named():
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD, [Push()])
        cut = altered(_links=None)
        org.tamper = lambda request, reply: cut(reply) if "/verify" in request.path else reply
        with pytest.raises(runas.ServiceUnavailable, match="lacks the link"):
            sign_in(org, Person())


def test_a_refusal_counts_whatever_else_it_offers():
    with OktaOrg("identity") as org:
        org.user(NAME, PASSWORD)

        def refused(request, reply):
            if request.path.startswith("/idp/idx/identify"):
                reply.status = 403
            return reply

        org.tamper = refused
        with pytest.raises(runas.RunasError, match="HTTP 403"):
            sign_in(org, Person())
