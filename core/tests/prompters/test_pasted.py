"""A line that is read only as long as it is wanted: what a person may paste, or not."""

import signal
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("POSIX terminals", allow_module_level=True)

# Done as soon as a file of that name is there. NEXT then reads as a command would.
WAIT = """
import os
from runas.prompters.tty import open_terminal
tty = open_terminal()
print(repr(tty.read_unless("address: ", lambda: os.path.exists({done!r}))))
"""
NEXT = WAIT + "print(repr(os.read(os.open('/dev/tty', os.O_RDWR), 4096)))\n"


@pytest.fixture
def done(tmp_path):
    """Name the file that ends the wait."""
    return tmp_path / "done"


@pytest.fixture
def wait(session, done):
    """Put someone in front of a terminal that waits."""
    return lambda script=WAIT, **kwargs: session(script.format(done=str(done)), **kwargs)


def test_what_is_pasted_is_not_shown(wait):
    person = wait()
    before = person.modes()
    person.see("address: ")
    assert not person.echo
    person.type("http://127.0.0.1/?code=c4n4ry\r")
    status, out, _ = person.end()
    assert status == 0
    assert out.splitlines() == ["'http://127.0.0.1/?code=c4n4ry'"]
    assert person.screen == "\r\n"
    assert person.modes() == before


def test_a_line_may_be_longer_than_a_terminal_takes_at_once(wait):
    person = wait()
    person.see("address: ")
    address = "http://127.0.0.1/?code=" + "x" * 9000
    for start in range(0, len(address), 1000):
        person.type(address[start : start + 1000])
    person.type("\n")
    assert person.end()[1].splitlines() == [repr(address)]


def test_what_was_typed_may_be_taken_back_and_paste_marks_are_no_text(wait):
    person = wait()
    person.see("address: ")
    person.type("wrong\x15xy\x7f\x1b[200~http\x1b[201~\x1b[A\n")
    assert person.end()[1].splitlines() == ["'xhttp'"]


def test_what_comes_after_the_line_is_left_for_the_command(wait):
    person = wait(NEXT)
    person.see("address: ")
    person.type("http://x\nls -l\n")
    assert person.end()[1].splitlines() == ["'http://x'", r"b'ls -l\n'"]


def test_nothing_is_read_once_it_is_done(wait, done):
    done.touch()
    person = wait(NEXT)
    person.see("address: \r\n")
    person.type("ls -l\n")
    status, out, err = person.end()
    assert (status, out, err) == (0, "None\nb'ls -l\\n'\n", "")
    assert person.echo


def test_ctrl_c_and_ctrl_d_leave_the_terminal_as_it_was(wait):
    for key, error in ("\x03", "KeyboardInterrupt"), ("\x04", "Cancelled: cancelled"):
        person = wait()
        before = person.modes()
        person.see("address: ")
        person.type("half" if key == "\x03" else "")
        person.type(key)
        _, out, err = person.end()
        assert error in err
        assert "half" not in out + err + person.screen
        assert person.modes() == before


def test_ctrl_z_gives_the_terminal_back_and_the_background_only_waits(wait, done):
    person = wait()
    person.see("address: ")
    person.type("\x1a")
    person.see(f"[stopped {signal.SIGTSTP:d}]")
    assert person.echo
    person.job("fg")
    person.see("address: ")
    assert not person.echo
    person.type("\x1a")
    person.see("[stopped")
    person.job("bg")
    person.type("for the shell\n")
    done.touch()
    assert person.end() == (0, "None\n", "")
    assert person.echo


def test_a_job_in_the_background_is_refused_in_words(wait):
    person = wait(foreground=False)
    assert "NoTerminal: runas runs in the background" in person.end()[2]
