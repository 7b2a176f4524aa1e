"""What Duo's frame may answer in place of a signed response: each is told by its own error."""

from dataclasses import replace

import pytest

import runas
from runas_okta.testing import Duo, OktaOrg, Reply

from .driving import NAME, PASSWORD, PATIENCE, Person, sign_in

STATUS = "/frame/status"


@pytest.fixture
def org():
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD, [Duo()])
        yield org


def answering(path, reply):
    return lambda request, usual: replace(reply, headers=[]) if request.path == path else usual


def said(**response):
    return Reply.of({"stat": "OK", "response": response})


def ended(code):
    return said(result="FAILURE", status_code=code)


@pytest.mark.parametrize(
    ("path", "reply", "error", "words"),
    [
        ("/frame/prompt", Reply.of({"stat": "FAIL"}), runas.Refused, "refused the request"),
        ("/frame/web/v1/auth", Reply.page("<p>No."), runas.PageNotRecognised, "cannot be read"),
        *(
            ("/frame/web/v1/auth", Reply.page(f"<p>{odd}"), runas.PageNotRecognised, "be|nested")
            for odd in (f"&#{'1' * 5000};", "<div>" * 20_000, "<![x" * 20)
        ),
        (STATUS, ended("locked_out"), runas.AccountLocked, "locked the account"),
        (STATUS, ended("timeout"), runas.ApprovalExpired, "nobody approved"),
        (STATUS, ended("deny"), runas.ApprovalRejected, "declined"),
        (STATUS, ended("fraud"), runas.ApprovalRejected, "declined"),
        (STATUS, ended("meteor"), runas.Refused, "meteor"),
        (STATUS, ended(""), runas.Refused, "no reason"),
        ("/frame/result", said(), runas.ServiceUnavailable, "lacks the signed response"),
        *(
            (STATUS, said(result="SUCCESS", result_url=url), runas.ServiceUnavailable, "elsewhere")
            for url in ("https://evil.example/", "//evil.example/", ".evil.example/", "")
        ),
    ],
)
def test_an_answer_that_leads_no_further(org, path, reply, error, words):
    org.tamper = answering(path, reply)
    with pytest.raises(error, match=words):
        sign_in(org, Person(Choice="Push"))


def test_a_frame_that_leads_to_another_host(org):
    where = org.url.replace("127.0.0.1", "localhost") + "/frame/prompt?sid=1"
    org.tamper = lambda request, usual: (
        Reply.redirect(where) if request.path == "/frame/web/v1/auth" else usual
    )
    with pytest.raises(runas.ServiceUnavailable, match="leads elsewhere"):
        sign_in(org, Person(Choice="Push"))


def test_what_duo_says_is_passed_on_without_the_passcode(org):
    said = {"stat": "FAIL", "message": "I do not take code-canary-3 any more"}
    org.tamper = answering("/frame/prompt", Reply.of(said))
    with pytest.raises(runas.Refused) as caught:
        sign_in(org, Person(Choice="Passcode", Code="code-canary-3"))
    assert caught.value.hint == "duo says: I do not take *** any more"


def test_duo_is_not_asked_for_ever(org):
    org.tamper = answering(STATUS, said(status_code="pushed"))
    person = Person(Choice="Push")
    with pytest.raises(runas.ApprovalExpired, match="in time"):
        sign_in(org, person)
    assert len(person.seen(runas.Approval)) < PATIENCE


def test_okta_may_refuse_what_duo_signed(org):
    org.tamper = lambda request, reply: (
        Reply.page("<p>No.", 403) if request.path.endswith("/duoCallback") else reply
    )
    with pytest.raises(runas.Refused, match="did not accept duo's answer"):
        sign_in(org, Person(Choice="Push"))
