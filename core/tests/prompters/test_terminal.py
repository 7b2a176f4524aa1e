"""The questions as a person at the terminal meets them."""

from dataclasses import dataclass

import pytest

from runas.challenges import Approval, Browse, Challenge, Choice, Code, Password, Username
from runas.errors import Cancelled, InteractionRequired, PluginError
from runas.prompters.device import NoTerminal
from runas.prompters.terminal import Terminal

from .screen import Screen

EVIL = "\x1b]0;owned\x07\x1b[2Ji\nPh\ro\x08n\u202ee\x9b31m"


def ask(challenge, *lines, **kwargs):
    """Ask at a terminal where *lines* will be typed; return the answer and the terminal."""
    screen = Screen(*lines, **kwargs)
    return Terminal(screen).answer(challenge), screen


@pytest.mark.parametrize(
    ("challenge", "lines", "answer", "prompt"),
    [
        (Username("corp"), ["", "  ", " me "], "me", "Username for corp: "),
        (Username("corp", "me"), [""], "me", "Username for corp [me]: "),
        (Username("corp", "me"), ["you"], "you", "Username for corp [me]: "),
        (Password("https://a", "me"), ["", " pw "], " pw ", "Password for me at https://a: "),
        (Code("iPhone"), ["", "123 456 "], "123456", "MFA code for iPhone: "),
        (Code(""), ["1"], "1", "MFA code: "),
    ],
)
def test_the_questions_that_are_typed(challenge, lines, answer, prompt):
    found, screen = ask(challenge, *lines)
    assert found == answer
    assert screen.shown.startswith(prompt)
    assert bool(screen.hidden) == (not isinstance(challenge, Username))


def test_a_second_code_says_why():
    assert "refused" in ask(Code("iPhone", attempt=1), "1")[1].shown
    assert "refused" not in ask(Code("iPhone"), "1")[1].shown


def test_a_choice_shows_labels_and_returns_the_option():
    options = [("prod", 1), ("dev", 2)]
    answer, screen = ask(Choice("Role", options, label=lambda o: o[0]), "dev")
    assert answer == ("dev", 2)
    assert screen.shown == "Role:\n1) prod\n2) dev\nNumber, or text to filter by: dev\n-> dev\n"


@pytest.mark.parametrize("lines", [24, 10, 1])
def test_a_choice_fits_on_the_screen(lines):
    _, screen = ask(
        Choice("Role", [f"r{n}" for n in range(200)]), "r7", size=(80, lines), dumb=True
    )
    first = screen.shown.partition("Number, or")[0]
    assert first.count("\n") + 1 <= max(lines, 6)
    assert "\r" not in screen.shown


def test_a_choice_of_nothing_is_the_plugin_s_fault():
    with pytest.raises(PluginError, match="without options"):
        ask(Choice("Role", []))


@pytest.mark.parametrize(
    ("challenge", "lines"),
    [
        (Username(EVIL, EVIL), ["x"]),
        (Password(EVIL, EVIL), ["x"]),
        (Code(EVIL), ["x"]),
        (Choice(EVIL, [EVIL, "b"]), ["1"]),
        (Approval(EVIL, EVIL, 0), []),
        (Browse("https://a/" + EVIL, EVIL, 0), []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_server_steers_the_terminal(challenge, lines):
    _, screen = ask(challenge, *lines, dumb=True)
    assert all(c.isprintable() or c == "\n" for c in screen.shown)
    assert "owned" not in screen.shown
    assert "i Ph one" in screen.shown


def test_an_approval_is_announced_once():
    screen, naps = Screen(dumb=True), []
    terminal = Terminal(screen, sleep=naps.append)
    for _ in range(3):
        assert terminal.answer(Approval("iPad", "42", 2.5)) is None
    assert screen.shown == "approve the sign-in on iPad (tap 42)\n"
    assert naps == [2.5, 2.5, 2.5]
    terminal.answer(Approval("iPad", "7"))
    assert screen.shown.splitlines()[1:] == ["approve the sign-in on iPad (tap 7)"]


def test_an_approval_after_another_question_is_announced_again():
    screen = Screen("1", dumb=True)
    terminal = Terminal(screen, sleep=lambda _: None)
    terminal.answer(Approval("iPad"))
    terminal.answer(Code("iPad"))
    terminal.answer(Approval("iPad"))
    assert screen.shown.count("approve the sign-in on iPad\n") == 2


def test_the_spinner_takes_as_long_as_asked_and_cleans_up():
    screen, naps = Screen(), []
    Terminal(screen, sleep=naps.append).answer(Approval("iPad", poll_after=1.1))
    assert sum(naps) == pytest.approx(1.1)
    assert "waiting /" in screen.shown
    assert screen.shown.endswith("\r" + " " * 79 + "\r")
    assert "\x1b" not in screen.shown


def test_ctrl_c_while_waiting_cleans_up():
    def interrupted(seconds: float) -> None:
        raise KeyboardInterrupt

    screen = Screen()
    with pytest.raises(KeyboardInterrupt):
        Terminal(screen, sleep=interrupted).answer(Approval("iPad"))
    assert screen.shown.endswith(" \r")


def test_a_job_in_the_background_waits_without_a_spinner():
    screen, naps = Screen(), []
    screen.foreground = False
    Terminal(screen, sleep=naps.append).answer(Approval("iPad", poll_after=9))
    assert naps == [9]
    assert "\r" not in screen.shown


@pytest.mark.parametrize("opens", [True, False])
def test_a_browser_is_opened_once_where_one_is_given(opens):
    opened: list[str] = []

    def browser(url: str) -> bool:
        opened.append(url)
        return opens

    screen = Screen(dumb=True)
    terminal = Terminal(screen, open_browser=browser, sleep=lambda _: None)
    for _ in range(2):
        terminal.answer(Browse("https://sso.example/device", "ABCD-EFGH"))
    assert opened == ["https://sso.example/device"]
    assert screen.shown.startswith(
        "open https://sso.example/device\nand check that it shows ABCD-EFGH\n"
    )
    assert ("has been asked" in screen.shown) == opens


@pytest.mark.parametrize("url", ["file:///etc/passwd", "calc://x", "-x", "https://a/\x1b[0m"])
def test_only_web_addresses_are_opened(url):
    terminal = Terminal(Screen(dumb=True), open_browser=pytest.fail, sleep=lambda _: None)
    terminal.answer(Browse(url))


BACK = "http://127.0.0.1:8400/back?code=c4n4ry&state=s"


@pytest.mark.parametrize("dumb", [True, False])
def test_the_address_of_a_page_that_does_not_open_may_be_pasted(dumb):
    browse = Browse("https://sso.example/authorize", returned=lambda: False)
    answer, screen = ask(browse, "", "  ", f" {BACK} ", dumb=dumb)
    assert answer == BACK
    assert screen.shown.startswith("open https://sso.example/authorize\nIf it ends on a page")
    assert len(screen.hidden) == 3
    assert "c4n4ry" not in screen.shown


def test_a_wrong_address_is_said_in_one_line_and_asked_for_again():
    screen = Screen("x", BACK, dumb=True)
    terminal = Terminal(screen, open_browser=lambda url: True)
    assert terminal.answer(Browse("https://a", returned=lambda: False)) == "x"
    before = len(screen.shown)
    assert terminal.answer(Browse("https://a", returned=lambda: False, attempt=1)) == BACK
    first, second, *rest = screen.shown[before:].splitlines()
    assert "not where this sign-in ends" in first
    assert second == screen.hidden[0]
    assert rest == []


def test_nothing_is_read_where_the_browser_came_back():
    screen = Screen("for the command")
    assert Terminal(screen).answer(Browse("https://a", returned=lambda: True)) is None
    assert screen.lines == ["for the command"]


def test_nothing_is_read_for_a_code_that_is_compared_elsewhere_nor_in_the_background():
    naps: list[float] = []
    screen = Screen("for the command", dumb=True)
    terminal = Terminal(screen, sleep=naps.append)
    assert terminal.answer(Browse("https://a", "ABCD", 3)) is None
    screen.foreground = False
    assert terminal.answer(Browse("https://b", None, 4, lambda: False)) is None
    assert naps == [3, 4]
    assert screen.lines == ["for the command"]


def test_a_closed_question_cancels():
    with pytest.raises(Cancelled):
        ask(Code("iPhone"))


def test_a_terminal_that_may_not_be_asked_now_is_nobody():
    class Gone(Screen):
        def read_hidden(self, prompt: str) -> str:
            raise NoTerminal("runas runs in the background")

    with pytest.raises(InteractionRequired) as refusal:
        Terminal(Gone()).answer(Code("iPhone"))
    assert refusal.value.fact == (
        "an MFA code for iPhone is needed and nobody can be asked (runas runs in the background)"
    )


def test_a_challenge_of_another_kind_is_the_plugin_s_fault():
    @dataclass(frozen=True)
    class Riddle(Challenge[str]):
        text: str

    with pytest.raises(PluginError, match="Riddle"):
        ask(Riddle("?"))
