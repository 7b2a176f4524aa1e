"""Every factor that ends in something typed, at a terminal and given beforehand."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from runas_okta.testing import (
    Call,
    Duo,
    Email,
    Enrolled,
    Hotp,
    Question,
    Sms,
    Token,
    Totp,
)

from .conftest import WRONG

SENT = "481516"


@dataclass(frozen=True)
class Typed:
    """A factor, its ``mfa_type`` by engine (empty: not tried there), and what the prompt names."""

    name: str
    make: Callable[[], Enrolled]
    classic: str
    identity: str
    device: str


TYPED = [
    Typed("totp", lambda: Totp(label="Okta Verify"), "totp", "totp", "Okta Verify"),
    Typed(
        "google",
        lambda: Totp(label="Google Authenticator", provider="GOOGLE"),
        "totp",
        "",
        "Google Authenticator",
    ),
    Typed("hotp", lambda: Hotp(label="CUSTOM"), "hotp", "token", "CUSTOM"),
    Typed("rsa", lambda: Token(label="RSA SecurID"), "token", "token", "RSA SecurID"),
    Typed("symantec", lambda: Token(provider="SYMANTEC"), "token", "", "Symantec VIP"),
    Typed(
        "yubikey",
        lambda: Token(kind="token:hardware", provider="YUBICO"),
        "token",
        "",
        "YubiKey",
    ),
    Typed("sms", Sms, "sms", "sms", "+1 XXX-XXX-1337 (or resend)"),
    Typed("call", Call, "call", "call", "+1 XXX-XXX-1337 (or resend)"),
    Typed("email", Email, "email", "email", "m***e@example.com (or resend)"),
    Typed("question", Question, "question", "question", "What is the food you least liked"),
    Typed("duo", Duo, "duo", "", "Duo"),
]
CASES = [
    pytest.param(engine, one, getattr(one, engine), id=f"{engine}-{one.name}")
    for one in TYPED
    for engine in ("classic", "identity")
    if getattr(one, engine)
]
# What a device shows goes one way on each engine, whatever the device.
SOME = [case for case in CASES if case.id not in ("identity-hotp", "identity-call")]
FEW = [case for case in CASES if case.id in ("classic-totp", "classic-sms", "identity-question")]


def right(factor: Enrolled) -> str:
    """Return what the person reads off the device, or knows."""
    if isinstance(factor, Sms):
        return factor.sent[-1]
    if isinstance(factor, Question):
        return factor.answer
    assert isinstance(factor, (Totp, Hotp, Token, Duo))
    return factor.code()


@pytest.mark.parametrize(("engine", "typed", "kind"), CASES)
def test_typed_at_a_terminal(okta, engine, typed, kind) -> None:
    """Mistyped once, and sent again before that where it is sent: all in one sign-in."""
    factor = typed.make()
    place = okta(engine, factor)
    someone = place.seat("-t", kind)
    someone.signs_in()
    if typed.name == "duo":
        someone.sees("Which way with Duo?")
        someone.types("passc\n")
    if isinstance(factor, Sms):
        for _ in range(2):
            someone.code("resend", f"MFA code for {typed.device}: ")
    someone.code(WRONG, f"MFA code for {typed.device}")
    someone.sees("that code was refused; please try again")
    someone.code(right(factor), f"MFA code for {typed.device}")
    place.got_in(someone.ends())
    assert not isinstance(factor, Sms) or len(factor.sent) == 3


@pytest.mark.parametrize(("engine", "typed", "kind"), SOME)
def test_given_beforehand(okta, engine, typed, kind) -> None:
    factor = typed.make()
    if isinstance(factor, Sms):
        factor.send = lambda: factor.sent.append(SENT)  # type: ignore[method-assign]
    place = okta(engine, factor)
    code = SENT if isinstance(factor, Sms) else right(factor)
    place.got_in(place.alone("-t", kind, "-o", code))


@pytest.mark.parametrize(("engine", "typed", "kind"), FEW)
def test_not_given(okta, engine, typed, kind) -> None:
    place = okta(engine, typed.make())
    place.refused(place.alone("-t", kind), 75, "set MFA_CODE, give --otp or set mfa_process")
    assert len(place.org.cancelled) == 1


@pytest.mark.parametrize(("engine", "typed", "kind"), FEW)
def test_given_and_wrong(okta, engine, typed, kind) -> None:
    """It is tried once: wrong codes lock accounts."""
    place = okta(engine, typed.make())
    place.refused(place.alone("-t", kind, MFA_CODE=WRONG), 77, "given by $MFA_CODE was refused")
    assert place.user.failures == 1
    assert len(place.org.cancelled) == 1


def test_a_command_gives_the_codes(okta) -> None:
    """Two are wanted: at sign-in, and by the app itself (a step-up)."""
    totp = Totp()
    place = okta("classic", totp, step_up=True, profile="mfa_process = ./next-code\n")
    (place.home / "codes").write_text(f"{totp.code()}\n{totp.code()}\n")
    script = place.home / "next-code"
    script.write_text("#!/bin/sh\nhead -n 1 codes\nsed -i.old 1d codes\nrm codes.old\n")
    script.chmod(0o700)
    ended = place.alone()
    assert (place.home / "codes").read_text() == ""
    place.got_in(ended)


def test_a_step_up_asks_for_a_code_of_its_own(okta) -> None:
    totp = Totp()
    place = okta("classic", totp, step_up=True)
    someone = place.seat()
    someone.signs_in()
    someone.code(totp.code())
    someone.code(totp.code())
    place.got_in(someone.ends())


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_three_wrong_codes_end_the_sign_in(okta, engine) -> None:
    place = okta(engine, Totp())
    someone = place.seat()
    someone.signs_in()
    for code in ("1", "2", "3"):
        someone.code(WRONG + code)
    place.refused(someone.ends(), 77, "okta refused the code")
    assert len(place.org.cancelled) == 1


def test_too_many_wrong_codes_lock(okta) -> None:
    place = okta("classic", Totp())

    def failed_before(request, reply):
        place.user.failures = 4  # which the right password would set to nought
        return reply

    place.org.tamper = failed_before
    place.refused(place.alone("-o", WRONG), 77, "okta has locked the account")


def test_a_code_used_before_is_refused(okta) -> None:
    totp = Totp()
    place = okta("classic", totp)
    used = totp.code()
    totp.used.add(used)
    place.refused(place.alone("-o", used), 77, "the code given by -o was refused")
