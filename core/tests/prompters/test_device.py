"""The terminal device from outside: real pseudo-terminals, and pipes for stdout and stderr."""

import os
import signal
import subprocess
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("POSIX terminals", allow_module_level=True)

ASK = """
import sys
from runas.prompters.tty import open_terminal
tty = open_terminal()
answer = tty.{reader}("{prompt}")
print(repr(answer))
"""
HIDDEN = ASK.format(reader="read_hidden", prompt="PIN: ")
VISIBLE = ASK.format(reader="read_line", prompt="name: ")


def alone(script: str) -> subprocess.CompletedProcess:
    """Run a script without a controlling terminal."""
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=30,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_a_question_appears_on_the_terminal_and_nowhere_else(session):
    person = session(VISIBLE)
    person.see("name: ")
    person.type("Zoë\n")
    status, out, err = person.end()
    assert (status, out, err) == (0, "'Zoë'\n", "")
    assert "Zoë" in person.screen


def test_a_secret_is_not_shown_and_echo_comes_back(session):
    person = session(HIDDEN)
    before = person.modes()
    person.see("PIN: ")
    assert not person.echo
    person.type("hunter2\n")
    status, out, _ = person.end()
    assert (status, out) == (0, "'hunter2'\n")
    assert "hunter2" not in person.screen
    assert person.screen == "\r\n"
    assert person.modes() == before


def test_the_standard_streams_may_be_closed(session):
    script = "import os\nfor fd in (0, 2): os.close(fd)\n" + HIDDEN
    person = session(script)
    person.see("PIN: ")
    person.type("1234\n")
    assert person.end()[:2] == (0, "'1234'\n")


@pytest.mark.parametrize("script", [HIDDEN, VISIBLE])
def test_ctrl_c_ends_the_question_with_echo_on(session, script):
    person = session(script)
    person.see(": ")
    person.type("half")
    person.type("\x03")
    status, out, err = person.end()
    assert out == ""
    assert "KeyboardInterrupt" in err
    assert status == -signal.SIGINT % 256
    assert person.echo


def test_ctrl_c_reaches_who_asked(session):
    person = session(
        "from runas.prompters.tty import open_terminal\n"
        "try: open_terminal().read_hidden('PIN: ')\n"
        "except KeyboardInterrupt: print('cleaned up')"
    )
    person.see("PIN: ")
    person.type("\x03")
    assert person.end()[:2] == (0, "cleaned up\n")


@pytest.mark.parametrize("deadly", ["SIGTERM", "SIGHUP", "SIGQUIT"])
def test_a_signal_that_kills_leaves_echo_on(session, deadly):
    quiet = "import os, resource\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
    person = session(quiet + HIDDEN.replace('"PIN: "', 'f"PIN {os.getpid()}: "'))
    person.see("PIN ")
    person.see(": ")
    assert not person.echo
    number = getattr(signal, deadly)
    os.kill(int(person.seen), number)
    assert person.end()[:2] == (-number % 256, "")
    assert person.echo


def test_ctrl_d_cancels(session):
    person = session(HIDDEN)
    person.see("PIN: ")
    person.type("\x04")
    status, out, err = person.end()
    assert (status, out) == (1, "")
    assert "runas.errors.Cancelled: cancelled" in err
    assert person.echo


def test_ctrl_z_gives_the_terminal_back_and_fg_asks_again(session):
    person = session(HIDDEN)
    person.see("PIN: ")
    person.type("hal\x1a")
    person.see(f"[stopped {signal.SIGTSTP:d}]")
    assert person.echo
    person.job("fg")
    person.see("PIN: ")
    assert not person.echo
    person.type("whole\n")
    assert person.end()[:2] == (0, "'whole'\n")
    assert person.echo


def test_going_on_in_the_background_is_refused_in_words(session):
    person = session(HIDDEN)
    person.see("PIN: ")
    person.type("\x1a")
    person.see("[stopped")
    person.job("bg")
    status, _, err = person.end()
    assert status == 1
    assert "NoTerminal: runas runs in the background" in err
    assert person.echo


def test_a_background_job_is_refused_instead_of_stopped(session):
    person = session(HIDDEN, foreground=False)
    status, _, err = person.end()
    assert status == 1
    assert "NoTerminal: runas runs in the background" in err


def test_a_notice_from_the_background_does_not_stop_it(session):
    person = session(
        "import os, termios\n"
        "from runas.prompters.posix import PosixTty\n"
        "fd = os.open('/dev/tty', os.O_RDWR)\n"
        "assert termios.tcgetattr(fd)[3] & termios.TOSTOP\n"
        "PosixTty(fd).write('tap 42\\n')\n",
        foreground=False,
        stop_writers=True,
    )
    person.see("tap 42")
    assert person.end()[0] == 0


def test_without_a_controlling_terminal_there_is_none():
    done = alone("from runas.prompters.tty import open_terminal\nopen_terminal()")
    assert done.returncode == 1
    assert "NoTerminal: there is no terminal" in done.stderr


def test_a_paste_of_several_lines_answers_one_question(session):
    script = HIDDEN + "print(repr(tty.read_hidden('again: ')))\n"
    person = session(script)
    person.see("PIN: ")
    person.type("\x1b[200~123 456 \x1b[201~\n\n\n")
    person.see("again: ")
    person.type("next\n")
    assert person.end()[1] == "'123 456 '\n'next'\n"


def test_what_is_typed_before_a_secret_is_asked_for_is_dropped(session):
    wait = (
        "import fcntl, os, termios, time\n"
        "fd = os.open('/dev/tty', os.O_RDWR)\n"
        "os.write(fd, b'soon')\n"
        "while fcntl.ioctl(fd, termios.FIONREAD, bytes(4)) == bytes(4): time.sleep(0.01)\n"
    )
    person = session(wait + HIDDEN)
    person.see("soon")
    person.type("early\n")
    person.see("PIN: ")
    person.type("right\n")
    assert person.end()[1] == "'right'\n"


def test_half_a_character_is_asked_for_again(session):
    person = session(HIDDEN)
    person.see("PIN: ")
    person.type(b"\xff\n")
    person.see("not text")
    person.see("PIN: ")
    person.type("ok\n")
    assert person.end()[1] == "'ok'\n"


def test_a_terminal_left_raw_is_read_all_the_same(session):
    script = "import os, tty as t\nfd = os.open('/dev/tty', os.O_RDWR)\nt.setraw(fd)\n"
    person = session(script + HIDDEN)
    person.see("PIN: ")
    person.type("raw\r")
    assert person.end()[1] == "'raw'\n"


def test_a_terminal_knows_its_size(session):
    person = session(
        "from runas.prompters.tty import open_terminal\n"
        "tty = open_terminal(); print(tty.width, tty.height, tty.dumb)",
        size=(101, 33),
        term="dumb",
    )
    assert person.end()[1] == "101 33 True\n"


def test_nothing_steers_the_terminal(session):
    text = "a\\x1b]0;owned\\x07\\x1b[31mb\\x9b2Jc\\u202ed\\re\\x08f"
    person = session(
        f"from runas.prompters.tty import open_terminal\nopen_terminal().write('{text}.')"
    )
    person.see(".")
    assert person.end()[0] == 0
    assert all(c.isprintable() for c in person.seen)


def test_a_thread_may_ask(session):
    person = session(
        "import threading\nfrom runas.prompters.tty import open_terminal\ntty = open_terminal()\n"
        "t = threading.Thread(target=lambda: print(tty.read_hidden('PIN: ')))\nt.start(); t.join()"
    )
    person.see("PIN: ")
    person.type("1\n")
    assert person.end()[1] == "1\n"
    assert person.echo


@pytest.mark.parametrize("option", ["no_input=False", "no_input=True"])
def test_the_front_end_without_a_terminal(option):
    done = alone(
        "from runas.prompters import front_end\nfrom runas.challenges import Code\n"
        f"front_end({option}).answer(Code('iPhone'))"
    )
    why = "--no-input" if "True" in option else "there is no terminal"
    assert f"an MFA code for iPhone is needed and nobody can be asked ({why})" in done.stderr


def test_the_front_end_at_a_terminal(session):
    person = session(
        "from runas.prompters import front_end\nfrom runas.challenges import Code\n"
        "print(front_end(no_input=False).answer(Code('iPhone')))"
    )
    person.see("MFA code for iPhone: ")
    assert not person.echo
    person.type(" 123 456\n")
    assert person.end()[1] == "123456\n"


def test_no_input_asks_nobody_at_a_terminal_either(session):
    person = session(
        "from runas.prompters import front_end\nfrom runas.challenges import Code\n"
        "front_end(no_input=True, no_input_origin='$CI').answer(Code('iPhone'))"
    )
    assert "nobody can be asked ($CI); set MFA_CODE" in person.end()[2]
    assert person.screen == ""


def test_importing_the_room_is_cheap():
    heavy = {"subprocess", "termios", "dataclasses", "typing", "runas.challenges", "threading"}
    script = (
        "import sys\nbefore = set(sys.modules)\nimport runas.prompters\n"
        "print(*(set(sys.modules) - before) & set(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
