"""Choosing from a list that narrows while one types."""

import signal
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.errors import Cancelled
from runas.prompters.columns import aligned, cut, width_of
from runas.prompters.keyboard import keys_in
from runas.prompters.live import Live

ROLES = [
    "dev  111111111111  admin",
    "dev  111111111111  ReadOnly",
    "production  222222222222  admin",
]


def press(live, *keys):
    """Press keys; return what the last one settled on."""
    for key in keys[:-1]:
        assert live.press(key) is None
    return live.press(keys[-1])


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        (["enter"], 0),
        (["down", "enter"], 1),
        (["down", "down", "down", "down", "up", "enter"], 1),
        (["end", "enter"], 2),
        (["end", "home", "enter"], 0),
        ([*"READ", "enter"], 1),
        ([*"admin prod", "enter"], 2),
        ([*"222", "enter"], 2),
        ([*"prod", "clear", "enter"], 0),
        ([*"dev read", "word", "enter"], 0),
        ([*"x", "backspace", "enter"], 0),
        ([*"prodx", "enter", "backspace", "enter"], 2),
        ([*"prod", "escape", "pagedown", "enter"], 2),
    ],
)
def test_keys_move_and_filter(keys, found):
    live = Live("Which role?", ROLES)
    assert press(live, *keys) == found


def test_the_person_may_close_it():
    with pytest.raises(Cancelled):
        Live("Which?", ["a", "b"]).press("close")


def test_columns_line_up_and_the_cursor_stands_behind_what_was_typed():
    live = Live("Which role?", ROLES)
    press(live, *"dev")
    lines, column = live.view(80, 24)
    assert lines == [
        "Which role? dev",
        "> dev         111111111111  admin",
        "  dev         111111111111  ReadOnly",
        "  2 of 3  (type to filter, arrows move, Enter takes)",
    ]
    assert column == len("Which role? dev")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (40, 10), (20, 5), (10, 2)])
def test_a_long_list_fits_on_the_screen_and_follows_the_cursor(width, height):
    live = Live("Which role?", [f"account-{n:03}  {'x' * 70}  role" for n in range(500)])
    for _ in range(300):
        live.view(width, height)
        live.press("down")
    lines, column = live.view(width, height)
    assert len(lines) <= max(height - 1, 3)
    assert all(len(line) < width for line in lines)
    assert column < width
    assert any(line.startswith("> account-300"[: width - 2]) for line in lines)


def test_wide_characters_count_twice():
    assert width_of("東京e\u0301") == 5
    assert cut("東京都", 4) == "東…"
    assert aligned(["東京  a", "x  b"]) == ["東京  a", "x     b"]
    assert aligned(["a  b", "c"]) == ["a  b", "c"]


@pytest.mark.parametrize(
    ("data", "keys", "rest"),
    [
        (b"ab\r", ["a", "b", "enter"], b""),
        (b"\x1b[A\x1bOB\x1b[5~\x1b[6~", ["up", "down", "pageup", "pagedown"], b""),
        (b"\x1b[1;5C\x1b[99~x", ["x"], b""),
        (b"\x1b", ["escape"], b""),
        (b"\x1b[200~hi\x1b[201~", ["h", "i"], b""),
        ("é東".encode(), ["é", "東"], b""),
        ("é".encode()[:1], [], "é".encode()[:1]),
        (b"\x04\x15\x17\x7f\x00", ["close", "clear", "word", "backspace"], b""),
    ],
)
def test_bytes_become_keys(data, keys, rest):
    assert keys_in(data) == (keys, rest)


@given(st.binary(max_size=40))
def test_whatever_comes_in_is_taken(data):
    keys, rest = keys_in(data)
    assert len(rest) < 4
    live = Live("t", ["a", "b"])
    for key in keys:
        if key != "close":
            live.press(key)
        lines, _ = live.view(80, 24)
        assert all(c.isprintable() for line in lines for c in line)


SCRIPT = (
    "from runas.challenges import *\nfrom runas.prompters import front_end\n"
    "print(front_end(no_input=False).answer(Choice('Which?', ['one', 'two', 'three'])))"
)
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")


@posix
def test_at_a_real_terminal(session, home):
    person = session(SCRIPT)
    person.see("3 of 3")
    person.type("\x1b[B")
    person.see("> two")
    person.type("thr\r")
    assert person.end() == (0, "three\n", "")
    assert person.screen.endswith("Which? three\r\n")
    assert person.echo


@posix
def test_what_was_picked_comes_first_the_next_time(session, home):
    for expected, typed, picked in (("> one", "tw\n", "two"), ("> two", "\n", "two")):
        person = session(SCRIPT)
        person.see(expected)
        person.type(typed)
        assert person.end()[:2] == (0, f"{picked}\n")


@posix
def test_a_dumb_terminal_gets_a_numbered_list(session, home):
    person = session(SCRIPT, term="dumb")
    person.see("2) two")
    person.type("2\n")
    status, out, _ = person.end()
    assert (status, out) == (0, "two\n")
    assert "\x1b" not in person.seen + person.screen


@posix
def test_ctrl_c_leaves_the_terminal_as_it_was(session, home):
    person = session(SCRIPT)
    before = person.modes()
    person.see("3 of 3")
    assert person.modes() != before
    person.type("\x03")
    status, out, _ = person.end()
    assert status in (1, 130, -signal.SIGINT % 256)
    assert out == ""
    assert person.modes() == before


@posix
def test_ctrl_z_gives_the_terminal_back_and_fg_draws_the_list_again(session, home):
    person = session(SCRIPT)
    before = person.modes()
    person.see("3 of 3")
    person.type("tw")
    person.see("1 of 3")
    person.type("\x1a")
    person.see("[stopped")
    time.sleep(0.1)
    assert person.modes() == before
    person.job("fg")
    person.see("1 of 3")
    person.type("\n")
    assert person.end()[:2] == (0, "two\n")
