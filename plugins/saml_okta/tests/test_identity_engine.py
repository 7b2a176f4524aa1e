"""Okta Identity Engine: every remediation, every factor, at the level of challenges."""

import logging

import pytest

import runas
from runas_okta.testing import (
    Call,
    Duo,
    Email,
    Hotp,
    OktaOrg,
    Push,
    Question,
    Reply,
    Sms,
    Token,
    Totp,
    WebAuthn,
)

from .driving import NAME, PASSWORD, Hasty, Person, begin, satisfy, sign_in


@pytest.fixture
def org():
    with OktaOrg("identity") as org:
        yield org


@pytest.mark.parametrize("probe", [False, True])
@pytest.mark.parametrize(
    "policy", [{}, {"identifier_first": False}, {"password_first": False}], ids=str
)
def test_a_password_by_every_way_there_is(policy, probe):
    with OktaOrg("identity", probe=probe, **policy) as org:
        org.user(NAME, PASSWORD)
        person = Person()
        assert sign_in(org, person).subject == NAME
        assert person.asked == [
            runas.Username(org.url.removeprefix("http://"), NAME),
            runas.Password(org.url, NAME),
        ]
        assert org.primary_authentications == 1


def test_the_pipeline_is_asked_for(org):
    org.user(NAME, PASSWORD)
    sign_in(org)
    paths = [one.path for one in org.requests]
    assert paths[1:3] == ["/.well-known/okta-organization", "/idp/idx/introspect"]
    assert "/api/v1/authn" not in paths


def test_without_a_well_known_document_the_token_tells(org):
    org.user(NAME, PASSWORD)
    org.tamper = lambda request, reply: (
        Reply.page("nothing", 404) if request.path.startswith("/.well-known") else reply
    )
    assert sign_in(org).subject == NAME


@pytest.mark.parametrize("engine", ["idx", "v1"])
def test_classic_serves_an_org_whose_page_has_no_token(engine):
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD)
        org.tamper = lambda request, reply: (
            Reply.of({"pipeline": engine}) if request.path.startswith("/.well-known") else reply
        )
        assert sign_in(org).subject == NAME


@pytest.mark.parametrize("identifier_first", [False, True])
def test_a_wrong_password_is_never_sent_again(identifier_first):
    with OktaOrg("identity", identifier_first=identifier_first) as org:
        org.user(NAME, PASSWORD)
        with pytest.raises(runas.WrongPassword) as caught:
            sign_in(org, Person(Password="wrong-canary"))
        assert "canary" not in str(caught.value)
        assert org.primary_authentications == 1
        assert len(org.cancelled) == 1


def test_a_name_that_okta_says_it_does_not_know():
    with OktaOrg("identity", tells_unknown=True) as org:
        person = Person()
        with pytest.raises(runas.Refused, match="does not know the user name") as caught:
            sign_in(org, person)
        assert "username" in caught.value.hint
        assert person.kinds == ["Username"]
        assert len([one for one in org.requests if one.path.endswith("/identify")]) == 1


def test_a_step_up_of_the_app_asks_for_its_factor():
    with OktaOrg("identity", step_up=True) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        person, http = Person(totp.code), Hasty()
        sign_in(org, person, http=http)
        assert person.kinds == ["Username", "Password", "Code", "Code"]
        org.sessions[next(iter(org.sessions))].stepped_up = False
        again = Person(totp.code)
        sign_in(org, again, http=http)
        assert again.kinds == ["Code"]
        assert org.primary_authentications == 1


CODES = [
    (Totp(), "totp"),
    (Totp(provider="GOOGLE"), "totp"),
    (Hotp(), "token"),
    (Token(), "token"),
    (Sms(), "sms"),
    (Call(), "call"),
    (Email(), "email"),
    (Question(), "question"),
]


def answers(factor):
    if isinstance(factor, Question):
        return lambda: factor.answer
    return factor.code if hasattr(factor, "code") else lambda: factor.sent[-1]


@pytest.mark.parametrize(("factor", "kind"), CODES, ids=[type(one[0]).__name__ for one in CODES])
def test_a_code(org, factor, kind):
    org.user(NAME, PASSWORD, [factor])
    person = Person(answers(factor))
    sign_in(org, person, kind)
    assert person.kinds == ["Username", "Password", "Code"]
    assert not hasattr(factor, "sent") or len(factor.sent) == 1
    if factor.label:
        assert factor.label in person.seen(runas.Code)[0].device


@pytest.mark.parametrize(("factor", "kind"), CODES, ids=[type(one[0]).__name__ for one in CODES])
def test_a_mistyped_code_is_typed_again(factor, kind):
    with OktaOrg("identity") as org:
        org.user(NAME, PASSWORD, [factor])
        wrong, right = iter(["x", "y"]), answers(factor)
        person = Person(lambda: next(wrong, None) or right())
        before = len(getattr(factor, "sent", ()))
        sign_in(org, person, kind)
        assert person.kinds.count("Code") == 3
        assert len(getattr(factor, "sent", ())) - before <= 1
        assert org.primary_authentications == 1


def test_the_question_is_asked(org):
    question = Question()
    org.user(NAME, PASSWORD, [question])
    person = Person(lambda: question.answer)
    sign_in(org, person, "question")
    assert person.asked[-1] == runas.Code(question.label)
    (sent,) = [one for one in org.requests if b"questionKey" in one.content]
    assert sent.json["credentials"] == {"questionKey": "food", "answer": question.answer}


@pytest.mark.parametrize("kind", ["push", "totp"])
def test_the_ways_to_use_okta_verify_are_factors(org, kind):
    push, totp = Push(), Totp()
    org.user(NAME, PASSWORD, [push, totp])
    person = Person(totp.code)
    pending = begin(org, person, http := Hasty())
    assert [one.kind for one in pending.factors] == ["push", "totp"]
    assert satisfy(http, pending, person, kind).subject == NAME
    assert push.sent == (kind == "push")


def test_two_phones_are_two_factors(org):
    first, second = Sms(label="+1 11"), Sms(label="+1 22")
    org.user(NAME, PASSWORD, [first, second])
    person = Person(lambda: second.sent[-1])
    pending = begin(org, person, http := Hasty())
    assert [one.device for one in pending.factors] == ["+1 11", "+1 22"]
    assert satisfy(http, pending, person, "+1 22").subject == NAME
    assert first.sent == []


def test_a_code_that_never_arrived_is_sent_again(org):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])
    typed = iter(["resend"])
    sign_in(org, Person(lambda: next(typed, sms.sent[-1])), "sms")
    assert len(sms.sent) == 2


def test_a_push_with_a_number(org):
    org.user(NAME, PASSWORD, [Push(number="10", after=2)])
    person = Person()
    sign_in(org, person, "push")
    found = person.seen(runas.Approval)
    assert [one.number for one in found] == [None, None, "10", "10"]
    assert [one.poll_after for one in found] == [0.5, 4.0, 4.0, 4.0]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [("reject", runas.ApprovalRejected), ("timeout", runas.ApprovalExpired)],
)
def test_declined_and_unanswered_are_told_apart(org, outcome, error):
    org.user(NAME, PASSWORD, [Push(outcome=outcome)])
    with pytest.raises(error, match="iPhone"):
        sign_in(org, kind="push")


def test_after_nobody_answered_a_new_push_goes_out(org):
    push = Push(outcome="timeout")
    org.user(NAME, PASSWORD, [push])
    pending = begin(org, Person(), http := Hasty())
    with pytest.raises(runas.ApprovalExpired):
        satisfy(http, pending, Person(), "push")
    push.outcome = "approve"
    assert satisfy(http, pending, Person(), "push").subject == NAME
    assert (push.sent, org.primary_authentications) == (2, 1)


def test_a_phone_that_never_answers_is_left(org):
    org.user(NAME, PASSWORD, [Push(after=10**6)])
    with pytest.raises(runas.ApprovalExpired):
        sign_in(org, kind="push")


@pytest.mark.parametrize("remember", [True, False])
def test_keep_me_signed_in_follows_the_setting(remember):
    with OktaOrg("identity", keep_signed_in=True) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        sign_in(org, Person(totp.code), remember_device=str(remember).lower())
        (sent,) = [one for one in org.requests if one.path.endswith("/keep-me-signed-in")]
        assert sent.json["keepMeSignedIn"] is remember


@pytest.mark.parametrize(
    ("user", "words"), [({"expires_in": 4}, "in 4 days"), ({"enrolment": "optional"}, "skipped")]
)
def test_what_may_be_skipped_is_a_notice(org, caplog, user, words):
    org.user(NAME, PASSWORD, **user)
    with caplog.at_level(logging.WARNING, "runas.notice"):
        sign_in(org)
    assert words in caplog.text


@pytest.mark.parametrize(
    ("user", "error", "words"),
    [
        ({"expired": True}, runas.ActionRequired, "has expired"),
        ({"enrolment": "required"}, runas.ActionRequired, "none is set up"),
        ({"locked": True}, runas.AccountLocked, "locked"),
        ({"assigned": False}, runas.AccessDenied, "not assigned"),
        ({"state": "TELEPATHY"}, runas.PageNotRecognised, "telepathy"),
    ],
)
def test_what_ends_a_sign_in(org, user, error, words):
    org.user(NAME, PASSWORD, **user)
    with pytest.raises(error, match=words) as caught:
        sign_in(org)
    assert caught.value.hint
    assert org.primary_authentications == 1


@pytest.mark.parametrize(("factor", "kind"), [(WebAuthn(), "webauthn")])
def test_a_security_key_is_for_a_browser(org, factor, kind):
    org.user(NAME, PASSWORD, [factor, Totp()])
    with pytest.raises(runas.ActionRequired, match="browser"):
        sign_in(org, kind=kind)


def test_authenticators_that_nobody_here_knows_are_named(org):
    org.user(NAME, PASSWORD, [Duo(label="Duo Universal")])
    with pytest.raises(runas.ActionRequired, match="Duo Universal"):
        sign_in(org)
