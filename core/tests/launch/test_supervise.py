"""Signals that somebody sends to the waiting runas, and those of the terminal."""

import os
import signal
import sys
import time

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="POSIX"),
    pytest.mark.timing,  # shells and terminals: no other test beside these
]

FORWARDED = "INT TERM HUP QUIT USR1 USR2 WINCH TSTP CONT".split()

# Ignores Ctrl-Z by not knowing it, answers lines, ends with its input.
ECHO = """
import signal, sys, os
signal.signal(signal.SIGCONT, lambda n, f: os.write(1, b"continued\\n"))
print("ready", os.getppid(), flush=True)
for line in sys.stdin:
    if line.strip() == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    print("got", line.strip(), flush=True)
sys.exit(7)
"""

# Waits for SIGCONT and never reads: reading in the background would stop the job once more.
WAITING = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCONT])
print("ready", flush=True)
signal.sigwait([signal.SIGCONT])
print("continued", flush=True)
sys.exit(7)
"""

# Like less: reads a pipe, and its keys from the terminal.
PAGER = """
import sys, termios, tty
keys = open("/dev/tty", "rb", buffering=0)
before = termios.tcgetattr(keys)
tty.setcbreak(keys)
for line in sys.stdin:
    print("page", line.strip(), flush=True)
print("key", keys.read(1).decode(), flush=True)
termios.tcsetattr(keys, termios.TCSADRAIN, before)
"""


@pytest.mark.parametrize("name", FORWARDED)
def test_a_signal_to_runas_reaches_the_command_once(recorded, name):
    recorded.signal(name)
    assert recorded.line() == f"SIG{name}"
    assert recorded.finish() == []
    assert recorded.process.returncode == 7


def test_signals_that_come_at_once_all_arrive(recorded):
    names = [name for name in FORWARDED if name != "TSTP"]  # SIGCONT would take it back
    for name in names:
        recorded.signal(name)
    assert {recorded.line() for _ in names} == {f"SIG{name}" for name in names}
    assert recorded.finish() == []


def test_a_signal_before_the_wait_is_not_lost(run):
    code = (
        "import os, signal, sys\n"
        "from runas.launch.supervise import Child\n"
        "child = Child.start(['sleep', '60'], os.environ)\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.exit(child.wait())"
    )
    assert run(sys.executable, "-c", code).returncode == 143


def test_a_command_that_signals_its_parent_does_not_hit_itself(programs, run):
    done = run(*programs("runas"), "sh", "-c", "kill -TERM $PPID; kill -INT $PPID; exit 5")
    assert (done.returncode, done.stderr) == (5, "")


def test_a_released_child_leaves_signals_as_they_were(run):
    code = (
        "import os, signal, sys\n"
        "from runas.launch.supervise import Child\n"
        "child = Child.start(['true'], os.environ)\n"
        "child.wait(); child.release()\n"
        "print(sorted(signal.pthread_sigmask(signal.SIG_BLOCK, [])))\n"
    )
    assert run(sys.executable, "-c", code).stdout == "[]\n"


@pytest.mark.parametrize(("key", "name"), [("\x03", "INT"), ("\x1c", "QUIT"), ("\x1a", "TSTP")])
def test_a_key_reaches_the_command_once(terminal, programs, key, name):
    screen = terminal([*programs("runas"), *programs("recorder")])
    screen.expect("ready")
    screen.type(key)
    screen.expect(f"SIG{name}")
    screen.type("\x04")
    assert "SIG" not in screen.rest()
    assert screen.status() == 7


def test_a_new_window_size_reaches_the_command_once(terminal, programs):
    screen = terminal([*programs("runas"), *programs("recorder")])
    screen.expect("ready")
    screen.resize(50, 100)
    screen.expect("SIGWINCH")
    screen.type("\x04")
    assert "SIG" not in screen.rest()


def test_ctrl_c_ends_runas_as_it_ends_the_command(terminal, programs):
    screen = terminal([*programs("runas"), "sh", "-c", "echo ready; exec sleep 60"])
    screen.expect("ready")
    screen.type("\x03")
    assert "Traceback" not in screen.rest()
    assert screen.status() == 130


def test_a_terminal_that_goes_away_ends_a_command_whose_session_is_ours(terminal, programs):
    """Only the leader of the session hears of it: runas, in a container or over ssh."""
    screen = terminal([*programs("runas"), "sh", "-c", "echo ready $$; exec sleep 60"])
    pid = int(screen.expect(r"ready \d+\r").split()[-1])
    os.close(screen.handle)
    screen.handle = os.open(os.devnull, os.O_RDONLY)
    assert screen.status() == 129
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.fixture
def shell(terminal, tmp_path):
    screen = terminal(
        ["bash", "--norc", "--noprofile", "-i"],
        {**os.environ, "PS1": "$ ", "HISTFILE": "", "TERM": "dumb", "LC_ALL": "C"},
    )
    screen.expect(r"\$ ")
    return screen


def _line(argv):
    return " ".join(f"'{word}'" for word in argv)


@pytest.mark.requires("bash")
def test_ctrl_z_and_fg(shell, programs):
    shell.type(_line([*programs("runas"), *programs("echo", ECHO)]) + "\n")
    shell.expect("ready")
    shell.type("\x1a")
    shell.expect("Stopped")
    shell.type("echo shell-$((1 + 1))\n")
    shell.expect("shell-2")
    shell.type("fg\n")
    shell.expect("continued")
    shell.type("hello\n")
    shell.expect("got hello")
    shell.type("\x1a")
    shell.expect("Stopped")
    shell.type("fg\n")
    shell.expect("continued")
    shell.type("\x04")
    shell.expect(r"\$ ")
    shell.type("echo status-$?\n")
    shell.expect("status-7")


@pytest.mark.requires("bash")
def test_a_command_that_stops_itself_stops_the_job(shell, programs):
    shell.type(_line([*programs("runas"), *programs("echo", ECHO)]) + "\n")
    shell.expect("ready")
    shell.type("stop\n")
    shell.expect("Stopped")
    shell.type("fg\n")
    shell.expect("got stop")
    shell.type("\x04")
    shell.expect(r"\$ ")


@pytest.mark.requires("bash")
def test_who_continues_runas_alone_continues_the_command(shell, programs):
    shell.type(_line([*programs("runas"), *programs("waiting", WAITING)]) + "\n")
    shell.expect("ready")
    shell.type("\x1a")
    shell.expect("Stopped")
    shell.type("kill -CONT $(jobs -p)\n")  # its process id, not its group
    shell.expect("continued")
    shell.type("wait %1; echo status-$?\n")
    shell.expect("status-7")


@pytest.mark.requires("bash")
def test_a_pipeline_is_one_job(shell, programs):
    left = _line([*programs("runas"), "sh", "-c", "echo one; sleep 0.3; echo two"])
    shell.type(f"{left} | {_line(programs('pager', PAGER))}\n")
    shell.expect("page one")
    shell.expect("page two")
    shell.type("q")
    shell.expect("key q")
    shell.expect(r"\$ ")


@pytest.mark.requires("bash")
def test_a_background_command_that_wants_the_terminal_stops(shell, programs):
    shell.type(_line([*programs("runas"), "sh", "-c", "read line; echo got $line"]) + " &\n")
    for _ in range(100):
        shell.type("jobs\n")
        if "Stopped" in shell.expect(r"\$ $"):
            break
        time.sleep(0.1)
    shell.type("fg\n")
    shell.type("word\n")
    shell.expect("got word")


OTHER_KERNEL = """
import os, signal, sys
from runas.launch import supervise
from runas.launch.signals import AWAITED
supervise._next_signal = lambda: (int(signal.sigwait(AWAITED)), None, 0)
sys.exit(supervise.Child.start(sys.argv[1:], os.environ).wait())
"""


@pytest.mark.parametrize(("key", "name"), [("\x03", "INT"), ("\x1a", "TSTP")])
def test_keys_count_once_where_the_kernel_tells_no_sender(terminal, programs, key, name):
    screen = terminal([*programs("other", OTHER_KERNEL), *programs("recorder")])
    screen.expect("ready")
    screen.type(key)
    screen.expect(f"SIG{name}")
    os.kill(screen.pid, signal.SIGTERM)
    screen.expect("SIGTERM")
    screen.type("\x04")
    assert "SIG" not in screen.rest()
    assert screen.status() == 7
