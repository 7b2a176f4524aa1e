"""What cron jobs and CI are told."""

import os
import subprocess
import sys

import pytest

from runas.challenges import Approval, Browse, Choice, Code, Password, Username
from runas.errors import InteractionRequired
from runas.model import Factor, Role, RoleArn
from runas.prompters.headless import Headless, to_stderr

ARN = "arn:aws:iam::111111111111:mfa/me"
ROLES = [RoleArn("aws", "111111111111", "/", name) for name in ("a", "b")]


def never(seconds: float) -> None:
    pytest.fail("waits")


@pytest.mark.parametrize(
    ("challenge", "wanted", "hint"),
    [
        (Username("corp"), "a username for corp", "set RUNAS_USERNAME or saml_username"),
        (
            Password("https://a", "me"),
            "the password of me at https://a",
            "set RUNAS_PASSWORD, store it with 'runas password', or set password_process",
        ),
        (Code(ARN), f"an MFA code for {ARN}", "set MFA_CODE, give --otp or set mfa_process"),
        (Code(""), "an MFA code", "set MFA_CODE, give --otp or set mfa_process"),
        (
            Choice("Which role", ROLES),
            "a choice (Which role)",
            f"give --role: one of {ROLES[0]}, {ROLES[1]}",
        ),
        (
            Choice("Role", [Role(arn) for arn in ROLES], label=lambda role: role.arn.name),
            "a choice (Role)",
            "give --role: one of a, b",
        ),
        (
            Choice("Factor", [Factor("push", "iPad"), Factor("totp")]),
            "a choice (Factor)",
            "give --mfa-type or set mfa_type: one of push (iPad), totp",
        ),
        (Choice("X", ["p", "q"]), "a choice (X)", "name it in the profile: one of p, q"),
        (
            Browse("https://a"),
            "a sign-in in the browser",
            "sign in once at a terminal with 'runas login'",
        ),
        (
            Approval("iPad"),
            "an approval on iPad",
            "choose a factor that is typed with --mfa-type and give its code with --otp",
        ),
    ],
)
def test_the_error_names_what_is_missing_and_what_would_have_answered(challenge, wanted, hint):
    with pytest.raises(InteractionRequired) as refusal:
        Headless(no_input=True, why="--no-input", sleep=never).answer(challenge)
    assert refusal.value.fact == f"{wanted} is needed and nobody can be asked (--no-input)"
    assert refusal.value.hint == hint
    assert refusal.value.status == 75


def test_a_long_list_is_cut():
    with pytest.raises(InteractionRequired, match=r"19, and 30 more$"):
        Headless().answer(Choice("X", range(50)))


def test_what_a_server_sent_stays_on_one_line():
    with pytest.raises(InteractionRequired) as refusal:
        Headless().answer(Code("i\n\x1b[31mPhone"))
    assert str(refusal.value).isprintable()


def test_an_approval_is_waited_for():
    told: list[str] = []
    naps: list[float] = []
    headless = Headless(tell=told.append, sleep=naps.append)
    for number in ("42", "42", "7"):
        assert headless.answer(Approval("iPad", number, 3)) is None
    assert told == [
        "approve the sign-in on iPad (tap 42)",
        "approve the sign-in on iPad (tap 7)",
    ]
    assert naps == [3, 3, 3]


def test_notices_go_to_stderr(capsys):
    to_stderr("tap 42")
    assert capsys.readouterr() == ("", "tap 42\n")


@pytest.mark.skipif(os.name == "nt", reason="closes descriptors before Python starts")
def test_without_stderr_notices_go_nowhere():
    script = "from runas.prompters.headless import to_stderr\nto_stderr('x')"
    command = ["sh", "-c", 'exec "$@" 2>&-', "sh", sys.executable, "-c", script]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    assert done.stdout == b""
