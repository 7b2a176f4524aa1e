"""Every factor of Classic: approved, declined, mistyped, sent again."""

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
    with OktaOrg("classic") as org:
        yield org


CODED = [
    (Totp(), "totp", "Okta Verify"),
    (Totp(provider="GOOGLE"), "totp", "Google Authenticator"),
    (Hotp(), "hotp", "CUSTOM"),
    (Token(), "token", "RSA SecurID"),
    (Token(kind="token:hardware", provider="YUBICO"), "token", "YubiKey"),
]


@pytest.mark.parametrize(("factor", "kind", "device"), CODED, ids=[one[2] for one in CODED])
def test_a_code_that_a_device_shows(org, factor, kind, device):
    org.user(NAME, PASSWORD, [factor])
    person = Person(factor.code)
    sign_in(org, person, kind)
    assert person.asked[2:] == [runas.Code(device)]


@pytest.mark.parametrize(("factor", "kind"), [(Sms(), "sms"), (Call(), "call"), (Email(), "email")])
def test_a_code_that_is_sent(org, factor, kind):
    org.user(NAME, PASSWORD, [factor])
    person = Person(lambda: factor.sent[-1])
    sign_in(org, person, kind)
    assert len(factor.sent) == 1
    assert factor.label in person.seen(runas.Code)[0].device


def test_a_mistyped_code_is_typed_again_and_not_sent_again(org):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])
    wrong = iter(["000", "111"])
    person = Person(lambda: next(wrong, None) or sms.sent[-1])
    sign_in(org, person, "sms")
    assert len(sms.sent) == 1
    assert person.kinds.count("Code") == 3
    assert org.primary_authentications == 1


@pytest.mark.parametrize("word", ["resend", "", " RESEND "])
def test_a_code_that_never_arrived_is_sent_again(org, word):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])
    typed = iter([word])
    sign_in(org, Person(lambda: next(typed, sms.sent[-1])), "sms")
    assert len(sms.sent) == 2
    assert [one for one in org.requests if one.path.endswith("/resend")]


def test_resending_for_ever_ends(org):
    org.user(NAME, PASSWORD, [Sms()])
    with pytest.raises(runas.Refused, match="no code arrived"):
        sign_in(org, Person(lambda: "resend"), "sms")


def test_a_message_sent_a_moment_ago_is_explained(org):
    org.user(NAME, PASSWORD, [Sms(cooling=True)])
    with pytest.raises(runas.ServiceUnavailable, match="a moment ago") as caught:
        sign_in(org, kind="sms")
    assert "30 seconds" in caught.value.hint


def test_resending_too_soon_is_a_notice(org, caplog):
    sms = Sms()
    org.user(NAME, PASSWORD, [sms])
    typed = iter(["resend"])

    def code():
        sms.cooling = True
        return next(typed, sms.sent[-1])

    sign_in(org, Person(code), "sms")
    assert "a moment ago" in caplog.text


def test_a_totp_code_mistyped_twice(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp])
    wrong = iter(["1", "2"])
    person = Person(lambda: next(wrong, None) or totp.code())
    sign_in(org, person, "totp")
    assert person.kinds.count("Code") == 3


def test_a_code_mistyped_three_times_ends(org):
    org.user(NAME, PASSWORD, [Totp()])
    with pytest.raises(runas.WrongCode):
        sign_in(org, Person(lambda: "000"), "totp")


def test_a_used_code_is_told_apart(org):
    totp = Totp()
    org.user(NAME, PASSWORD, [totp])
    code = totp.code()
    sign_in(org, Person(lambda: code), "totp", remember_device="false")
    with pytest.raises(runas.WrongCode, match="used already"):
        sign_in(org, Person(lambda: code), "totp", remember_device="false")


def test_too_many_wrong_codes_lock(org):
    org.user(NAME, PASSWORD, [Totp()])
    http, person = Hasty(), Person(lambda: "000")
    pending = begin(org, person, http)
    with pytest.raises(runas.WrongCode):
        satisfy(http, pending, person, "totp")
    with pytest.raises(runas.AccountLocked, match="locked"):
        satisfy(http, pending, person, "totp")


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("E0000083", runas.WrongCode),
        ("E0000011", runas.Refused),
        ("E0000079", runas.Refused),
        ("E0000004", runas.AccessDenied),
    ],
)
def test_other_refusals_of_a_code(org, code, error):
    org.user(NAME, PASSWORD, [Totp()])
    org.tamper = lambda request, reply: (
        Reply.of({"errorCode": code}, 403) if request.path.endswith("/verify") else reply
    )
    with pytest.raises(error) as caught:
        sign_in(org, Person(lambda: "000"), "totp")
    assert type(caught.value) is error
    assert caught.value.hint


@pytest.mark.parametrize(
    ("result", "error"),
    [
        ("PASSCODE_REPLAYED", runas.WrongCode),
        ("TIME_WINDOW_EXCEEDED", runas.WrongCode),
        ("CANCELLED", runas.Refused),
        ("ERROR", runas.Refused),
        ("REJECTED", runas.ApprovalRejected),
    ],
)
def test_results_that_are_no_success(org, result, error):
    org.user(NAME, PASSWORD, [Totp()])
    body = {"status": "MFA_CHALLENGE", "stateToken": "00x", "factorResult": result}
    org.tamper = lambda request, reply: (
        Reply.of(body) if request.path.endswith("/verify") else reply
    )
    with pytest.raises(error):
        sign_in(org, Person(lambda: "000"), "totp")


def test_a_question(org):
    question = Question()
    org.user(NAME, PASSWORD, [question])
    person = Person(lambda: question.answer)
    sign_in(org, person, "question")
    assert person.asked[2] == runas.Code(question.label)


def test_a_push_that_is_approved(org):
    push = Push(after=2)
    org.user(NAME, PASSWORD, [push])
    person = Person()
    sign_in(org, person, "push")
    waits = [0.5, 0.5, 2.0, 2.0]
    assert person.seen(runas.Approval) == [runas.Approval("iPhone", None, one) for one in waits]
    assert push.sent == 1


class Nameless(Push):
    """A phone of which Okta tells nothing before the sign-in is done."""

    @property
    def profile(self):
        return {}


def test_a_push_to_a_phone_without_a_name(org):
    org.user(NAME, PASSWORD, [Nameless()])
    person = Person()
    sign_in(org, person, "push")
    assert person.seen(runas.Approval)[0].device == "Okta Verify"


def test_the_number_of_a_push_is_told(org):
    org.user(NAME, PASSWORD, [Push(number="92", after=3)])
    person = Person()
    sign_in(org, person, "push")
    assert [one.number for one in person.seen(runas.Approval)] == [None, None, "92", "92", "92"]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [("reject", runas.ApprovalRejected), ("timeout", runas.ApprovalExpired)],
)
def test_declined_and_unanswered_are_told_apart(org, outcome, error):
    org.user(NAME, PASSWORD, [Push(outcome=outcome)])
    with pytest.raises(error, match="iPhone") as caught:
        sign_in(org, kind="push")
    assert caught.value.status == 77


def test_after_nobody_answered_a_new_push_goes_out_in_the_same_transaction(org):
    push = Push(outcome="timeout")
    org.user(NAME, PASSWORD, [push])
    http, person = Hasty(), Person()
    pending = begin(org, person, http)
    with pytest.raises(runas.ApprovalExpired):
        satisfy(http, pending, person, "push")
    push.outcome = "approve"
    assert satisfy(http, pending, person, "push").subject == NAME
    assert (push.sent, org.primary_authentications, org.cancelled) == (2, 1, [])


def test_a_phone_that_never_answers_is_waited_for_five_minutes(org):
    org.user(NAME, PASSWORD, [Push(after=10**6)])
    person = Person()
    with pytest.raises(runas.ApprovalExpired):
        sign_in(org, person, "push")
    assert 295 < sum(one.poll_after for one in person.seen(runas.Approval)) <= 300


def test_a_security_key_is_for_a_browser_or_another_factor(org):
    org.user(NAME, PASSWORD, [WebAuthn(label="Blue key"), Totp()])
    pending = begin(org, Person(), http := Hasty())
    assert [one.kind for one in pending.factors] == ["webauthn", "totp"]
    with pytest.raises(runas.ActionRequired, match="browser") as caught:
        satisfy(http, pending, Person(), "webauthn")
    assert "--mfa-type" in caught.value.hint


def test_factors_that_nobody_here_knows_are_named(org):
    strange = Totp()
    strange.kind, strange.provider = "telepathy", "ACME"
    org.user(NAME, PASSWORD, [strange])
    with pytest.raises(runas.ActionRequired, match="ACME"):
        sign_in(org)


def test_duo_push(org):
    org.user(NAME, PASSWORD, [Duo()])
    person = Person(Choice="Push")
    sign_in(org, person, "duo")
    assert person.seen(runas.Approval) == [runas.Approval("Duo", None, 0.5), runas.Approval("Duo")]


def test_duo_that_opens_by_a_redirect(org):
    org.user(NAME, PASSWORD, [Duo(redirects=True)])
    assert sign_in(org, Person(Choice="Push"), "duo").subject == NAME


def test_duo_push_where_nobody_can_choose(org):
    org.user(NAME, PASSWORD, [Duo()])
    person = Person(Choice=runas.InteractionRequired("nobody"))
    sign_in(org, person, "duo")
    assert person.kinds == ["Username", "Password", "Choice", "Approval", "Approval"]


@pytest.mark.parametrize("factor", [Push, Duo])
def test_no_phone_rings_where_nobody_may_be_waited_for(org, factor):
    org.user(NAME, PASSWORD, [factor()])
    nobody = runas.InteractionRequired("nobody")
    with pytest.raises(runas.InteractionRequired):
        sign_in(org, Person(Choice="Push", Approval=nobody))
    asked = [one.path for one in org.requests]
    assert not [one for one in asked if one.endswith("/prompt")]
    assert factor is Duo or not [one for one in asked if one.endswith("/verify")]
    assert len(org.cancelled) == 1


def test_duo_passcode_mistyped_once(org):
    duo = Duo()
    org.user(NAME, PASSWORD, [duo])
    wrong = iter(["000000"])
    person = Person(lambda: next(wrong, None) or duo.code(), Choice="Passcode")
    sign_in(org, person, "duo")
    assert person.kinds == ["Username", "Password", "Choice", "Code", "Code"]


@pytest.mark.parametrize(
    ("outcome", "error"),
    [("reject", runas.ApprovalRejected), ("timeout", runas.ApprovalExpired)],
)
def test_duo_declined_and_unanswered(org, outcome, error):
    org.user(NAME, PASSWORD, [Duo(outcome=outcome)])
    with pytest.raises(error, match="Duo"):
        sign_in(org, Person(Choice="Push"))


def test_duo_that_wants_to_look_at_the_computer(org):
    org.user(NAME, PASSWORD, [Duo(endpoint_check=True)])
    with pytest.raises(runas.ActionRequired, match="check this computer"):
        sign_in(org, Person(Choice="Push"))


@pytest.mark.parametrize(
    "host", ["evil.example", "duosecurity.com.evil.example", "a@b.duosecurity.com", "x/y", "", "["]
)
def test_duo_is_looked_for_at_duo_s_only(org, host):
    org.user(NAME, PASSWORD, [Duo()])
    own = org.url.removeprefix("http://").encode()

    def elsewhere(request, reply):
        if request.path.endswith("/verify"):
            reply.body = reply.body.replace(b'"host": "' + own, b'"host": "' + host.encode())
        return reply

    org.tamper = elsewhere
    with pytest.raises(runas.ServiceUnavailable, match="duo"):
        sign_in(org, Person(Choice="Push"))
