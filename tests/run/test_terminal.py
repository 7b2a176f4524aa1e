"""Prompts find the person whatever the streams are; signals reach the command once."""

import json
import os
import signal
import sys
import time

import pytest

from .world import RUNAS

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX"),
    pytest.mark.timing,  # a person does not wait for ever: no other test beside these
]

PROMPT = "MFA code for"


def test_a_code_is_asked_for_on_the_terminal_while_every_stream_is_a_pipe(world, person) -> None:
    someone = person("runas", "-O", "json", "admin")
    someone.sees(PROMPT)
    assert not someone.echo
    code = world.seeds.device.code()
    someone.types(code + "\n")
    status, out, err = someone.waits()
    assert (status, err) == (0, "")
    assert json.loads(out)["Version"] == 1
    assert code not in someone.shown
    assert someone.echo


def test_a_wrapped_command_asks_once_and_then_runs(world, person) -> None:
    someone = person("runas", "admin", "sh", "-c", "echo out; echo err >&2; exit 5")
    someone.sees(PROMPT)
    someone.types(world.seeds.device.code() + "\n")
    assert someone.waits() == (5, "out\n", "err\n")


def test_a_mistyped_code_may_be_typed_again_three_times_in_all(world, person) -> None:
    someone = person("runas", "-O", "json", "admin")
    for _ in range(2):
        someone.sees(PROMPT)
        someone.types(world.seeds.device.wrong_code() + "\n")
    someone.sees(PROMPT)
    someone.types(world.seeds.device.code() + "\n")
    assert someone.waits()[0] == 0


def test_after_three_wrong_codes_it_is_over(world, person) -> None:
    someone = person("runas", "-O", "json", "admin")
    wrong = ["000001", "000002", "000003"]
    for code in wrong:
        someone.sees(PROMPT)
        someone.types(code + "\n")
    status, out, err = someone.waits()
    assert (status, out) == (77, "")
    assert err.count("\n") == 1


def test_ctrl_c_at_the_prompt_is_130_and_the_echo_is_back(world, person) -> None:
    for words in (["-O", "json", "admin"], ["admin", "true"], ["-E", "admin", "true"]):
        someone = person("runas", *words)
        someone.sees(PROMPT)
        someone.types("\x03")
        status, out, err = someone.waits()
        assert (status, out) == (130, "")
        assert "Traceback" not in err
        assert someone.echo


ORPHANING = """
import subprocess, sys
runas = subprocess.Popen(sys.argv[1:])
print("started", runas.pid, "!", flush=True)
print("ended with", runas.wait(), flush=True)
print("heard", sys.stdin.readline())
"""


def test_a_prompt_whose_runas_was_killed_takes_nothing_that_is_typed(world, person) -> None:
    argv = [sys.executable, "-c", ORPHANING, RUNAS, "admin", "true"]
    alice = person(*argv, streams="tty")
    alice.sees("started ")
    number = int(alice.sees(" !").split()[0])
    alice.sees("MFA code")
    os.kill(number, signal.SIGKILL)
    alice.sees("ended with -9")
    alice.sees("has ended")
    alice.types("ls\n")
    alice.sees("heard ls")
    assert not world.calls("GetSessionToken")


@pytest.mark.requires("bash")
def test_a_prompt_whose_runas_was_killed_leaves_the_terminal_as_the_shell_wants_it(
    world, person
) -> None:
    alice = person("bash", "--norc", "-i", streams="tty", PS1="$ ")
    alice.sees("$ ")
    alice.types("(echo p''id $BASHPID .; exec runas admin true)\n")
    alice.sees("pid ")
    number = int(alice.sees(" .").split()[0])
    alice.sees("MFA code")
    os.kill(number, signal.SIGKILL)
    alice.sees("Killed")
    alice.sees("$ ")
    alice.sees("has ended")
    assert not alice.echo  # the shell shows by itself what is typed
    alice.types("echo a''b\n")
    alice.sees("ab")


def test_without_a_profile_the_person_picks_one(world, person) -> None:
    someone = person("runas")
    someone.sees("Which profile?")
    someone.types("read\n")
    status, out, _ = someone.waits()
    assert status == 0
    assert "export AWS_ACCESS_KEY_ID" in out


def test_no_input_never_asks(world, person) -> None:
    for words, environ in ((["--no-input"], {}), ([], {"CI": "true"})):
        someone = person("runas", *words, "-O", "json", "admin", **environ)
        status, _, err = someone.waits()
        assert status == 75
        assert "MFA_CODE" in err
        assert someone.shown == ""


COUNT = """
import os, signal, sys, time
seen = []
for name in sys.argv[1].split(","):
    signal.signal(getattr(signal, name), lambda number, _: seen.append(signal.Signals(number).name))
print("ready", flush=True)
end = time.monotonic() + float(sys.argv[2])
while time.monotonic() < end and not (seen and len(sys.argv) > 3):
    time.sleep(0.02)
time.sleep(0.3)
print(" ".join(seen), flush=True)
"""


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "WINCH"])
def test_a_signal_sent_to_runas_arrives_once(world, person, name) -> None:
    someone = person("runas", "read-only", sys.executable, "-c", COUNT, "SIG" + name, "20", "one")
    out = someone.process.stdout
    assert out.readline() == "ready\n"
    someone.process.send_signal(getattr(signal, "SIG" + name))
    assert out.readline() == f"SIG{name}\n"
    assert someone.waits()[0] == 0


def test_ctrl_c_reaches_the_command_once(world, person) -> None:
    argv = ("runas", "read-only", sys.executable, "-c", COUNT, "SIGINT", "20", "one")
    someone = person(*argv, streams="tty")
    someone.sees("ready")
    someone.types("\x03")
    someone.sees("SIGINT\r\n")
    assert someone.waits()[0] == 0


def test_a_new_window_size_reaches_the_command(world, person) -> None:
    argv = ("runas", "read-only", sys.executable, "-c", COUNT, "SIGWINCH", "20", "one")
    someone = person(*argv, streams="tty")
    someone.sees("ready")
    someone.resizes(30, 100)
    someone.sees("SIGWINCH\r\n")
    assert someone.waits()[0] == 0


# Not a shell script: a shell that is stopped between fork and exec of what it starts never stops.
SLOW = """
import os, signal, time
signal.signal(signal.SIGCONT, lambda *_: os.write(1, b"back\\n"))
print("started", flush=True)
end = time.monotonic() + 2.5
while time.monotonic() < end:
    time.sleep(0.1)
print("done", flush=True)
"""


@pytest.mark.requires("bash")
def test_ctrl_z_and_fg_in_a_real_shell(world, person) -> None:
    someone = person("bash", "--norc", "-i", streams="tty", PS1="$ ")
    someone.sees("$ ")
    (world.home / "slow").write_text(SLOW)
    someone.types(f"runas read-only {sys.executable} slow\n")
    someone.sees("started")
    someone.types("\x1a")
    someone.sees("Stopped")
    someone.sees("$ ")
    someone.types("fg\n")
    someone.sees("back")
    someone.sees("done")
    someone.types("echo $?\n")
    someone.sees("0")


@pytest.mark.requires("bash", "less")
def test_a_pager_in_the_pipeline_keeps_the_terminal(world, person) -> None:
    someone = person("bash", "--norc", "-i", streams="tty", PS1="$ ", LESS="")
    someone.sees("$ ")
    someone.types("runas read-only seq 1 500 | less\n")
    someone.sees("20")
    someone.types("q")
    someone.sees("$ ")
    someone.types("exit\n")
    someone.waits()


CALL_AND_STAY = """
import boto3, time
boto3.client("sts").get_caller_identity()
print("ready", flush=True)
time.sleep(20)
"""


def test_the_parent_stays_small(world, person) -> None:
    if not os.path.exists("/proc/self/status"):
        pytest.skip("no /proc")
    someone = person("runas", "read-only", sys.executable, "-c", CALL_AND_STAY)
    assert someone.process.stdout.readline() == "ready\n"
    time.sleep(0.2)
    with open(f"/proc/{someone.process.pid}/status", encoding="ascii") as status:
        resident = next(line for line in status if line.startswith("VmRSS"))
    someone.process.terminate()
    someone.waits()
    assert int(resident.split()[1]) <= 30 * 1024
