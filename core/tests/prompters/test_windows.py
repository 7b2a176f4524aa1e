"""The Windows console, with its keys and streams played by the test."""

import io

import pytest

from runas.errors import Cancelled
from runas.prompters.windows import WindowsTty


def console(line: str = "", keys: str = "", together: bool = False) -> WindowsTty:
    """Make a console at which *line* or *keys* will be typed."""
    pressed = iter(keys)
    return WindowsTty(io.StringIO(line), io.StringIO(), lambda: next(pressed), lambda: together)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [("pw\r", "pw"), ("px\bw\r", "pw"), ("\b\bpw\n", "pw"), ("à\r", "à"), ("a\x1ab\r", "a\x1ab")],
)
def test_a_secret_is_read_by_keys(keys, answer):
    shown = io.StringIO()
    pressed = iter(keys)
    tty = WindowsTty(io.StringIO(), shown, lambda: next(pressed), lambda: False)
    assert tty.read_hidden("PIN: ") == answer
    assert shown.getvalue() == "PIN: \n"


def test_a_line_is_read_as_long_as_it_is_wanted():
    pressed = iter("htt\bp\rls")
    shown = io.StringIO()
    tty = WindowsTty(io.StringIO(), shown, lambda: next(pressed), lambda: True)
    assert tty.read_unless("address: ", lambda: False) == "htp"
    assert shown.getvalue() == "address: \n"
    assert tty.read_unless("address: ", lambda: True) is None
    assert "".join(pressed) == "ls"
    looks = iter([False, False, True])
    idle = WindowsTty(io.StringIO(), io.StringIO(), pytest.fail, lambda: False)
    assert idle.read_unless("", lambda: next(looks)) is None


def test_arrow_keys_type_nothing():
    assert console(keys="a\xe0Hb\x00;\r", together=True).read_hidden("") == "ab"


def test_ctrl_c_interrupts_and_ctrl_z_cancels():
    with pytest.raises(KeyboardInterrupt):
        console(keys="a\x03").read_hidden("")
    with pytest.raises(Cancelled):
        console(keys="\x1a").read_hidden("")


def test_a_line():
    tty = console("Zoë\r\n")
    assert tty.read_line("name: ") == "Zoë"
    assert tty.size == (80, 24)
    assert tty.interactive
    tty.close()
    assert not tty.interactive


@pytest.mark.parametrize("line", ["", "\x1a\r\n"])
def test_a_closed_line_cancels(line):
    with pytest.raises(Cancelled):
        console(line).read_line("name: ")
