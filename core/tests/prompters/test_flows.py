"""One login, asked through every front-end: the same questions, the same identity."""

import inspect
import signal
import sys

import pytest

from runas.challenges import Approval, Choice, Code, Password, Username, drive
from runas.errors import InteractionRequired, WrongCode
from runas.prompters.headless import Headless
from runas.prompters.stored import Answers, Given, Stored
from runas.prompters.terminal import Terminal

from .screen import Screen

cancelled: list[str] = []  # the flow's clean-up


def login():
    user = yield from Username("corp", "me")
    password = yield from Password("https://idp.example", user)
    role = yield from Choice("Role", ["admin", "reader"])
    for attempt in range(3):
        code = yield from Code("iPhone", attempt)
        if code == "123456":
            break
    try:
        yield from Approval("iPad", "42", 0.01)
    finally:
        cancelled.append("push")
    return user, password, role, code


IDENTITY = ("me", "pw", "reader", "123456")


def test_at_a_screen():
    screen = Screen("", "pw", "read", "9", "123456")
    assert drive(login(), Terminal(screen).answer) == IDENTITY


def test_with_nobody_there():
    answers = Answers(
        username=Given("me", "--username"),
        password=Given("pw", "$RUNAS_PASSWORD"),
        code=Given("123456", "--otp"),
        prefer=lambda choice: "reader",
    )
    headless = Headless(tell=lambda text: None)
    assert drive(login(), Stored(answers, headless).answer) == IDENTITY


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_at_a_real_terminal(session):
    script = (
        "from runas.challenges import *\nfrom runas.prompters import front_end\n"
        f"cancelled = []\n{inspect.getsource(login)}\n"
        "print(drive(login(), front_end(no_input=False).answer))"
    )
    person = session(script)
    for prompt, text in (
        ("[me]: ", ""),
        ("Password for me at https://idp.example: ", "pw"),
        ("2 of 2", "read"),
        ("Role reader\r\nMFA code for iPhone: ", "9"),
        ("refused; please try again\r\nMFA code for iPhone: ", "123456"),
    ):
        person.see(prompt)
        person.type(text + "\n")
    person.see("approve the sign-in on iPad (tap 42)")
    assert person.end() == (0, f"{IDENTITY}\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_ctrl_c_ends_a_wait_at_a_real_terminal_at_once(session):
    person = session(
        "from runas.challenges import *\nfrom runas.prompters import front_end\n"
        "front_end(no_input=False).answer(Approval('iPad', poll_after=600))"
    )
    person.see("waiting")
    person.type("\x03")
    assert person.end()[0] == -signal.SIGINT % 256


def test_a_refusal_runs_what_the_flow_has_to_clean_up():
    seen: list[object] = []

    def flow():
        try:
            yield from Code("iPhone")
        finally:
            seen.append("cleaned up")

    with pytest.raises(InteractionRequired):
        drive(flow(), Headless().answer)
    assert seen == ["cleaned up"]


def test_ctrl_c_during_a_push_cancels_it():
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    def flow():
        try:
            yield from Approval("iPad")
        except KeyboardInterrupt:
            seen.append("push cancelled")
            raise

    seen: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        drive(flow(), Terminal(Screen(), sleep=interrupted).answer)
    assert seen == ["push cancelled"]


def test_a_flow_that_asks_again_after_a_refused_code_hears_it_once():
    def flow():
        for attempt in range(3):
            try:
                yield from Code("iPhone", attempt)
            except WrongCode:
                pytest.fail("asks for another try")

    stored = Stored(Answers(code=Given("1", "--otp")), Headless())
    with pytest.raises(Exception, match="the code given by --otp was refused"):
        drive(flow(), stored.answer)
