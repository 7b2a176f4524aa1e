"""Standard streams that are closed, full, or read by nobody: one line at most, no traceback."""

import os
import subprocess
import sys

import pytest

from .world import RUNAS

FULL = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has it")
ANSWERS = {
    "cached": ["-O", "json", "read-only"],
    "fresh": ["-r", "-O", "json", "read-only"],
    "expiration": ["-e", "read-only"],
    "list": ["list", "profiles"],
    "who": ["-w", "read-only"],
    "help": ["--help"],
    "help of a verb": ["list", "--help"],
    "diagnose": ["-D", "read-only"],
}
LOSSES = {
    "closed": (">&-", 78, "runas: cannot write to stdout: bad file descriptor; send it"),
    "full": (">/dev/full", 78, "runas: cannot write to stdout: no space left on device; send it"),
    "gone": ("", 141, ""),
}
COMMANDS = pytest.mark.parametrize("words", [[], ["-r"], ["-E"]], ids=["cached", "cold", "become"])


def shell(
    world, line: str, *words: str, stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which ``"$@"`` is runas and its words."""
    return subprocess.run(
        ["bash", "-c", line, "bash", RUNAS, *words],
        env={**os.environ, **world.environ},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )


@FULL
@pytest.mark.requires("bash")
@pytest.mark.parametrize("where", LOSSES)
@pytest.mark.parametrize("words", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_cannot_be_written(world, words, where) -> None:
    world.run("read-only", "true")
    redirected, status, fact = LOSSES[where]
    reading, writing = os.pipe()
    os.close(reading)
    found = shell(world, f'"$@" {redirected}', *words, stdout=writing)
    os.close(writing)
    assert found.returncode == status, found.stderr
    assert found.stderr.startswith(fact)
    assert found.stderr.count("\n") == (1 if fact else 0)


@COMMANDS
@pytest.mark.requires("bash")
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_command_finds_closed_what_was_closed_and_its_status_is_ours(world, words, closed):
    told = world.home / "told"
    script = (
        "import os, sys\n"
        "def closed(number):\n"
        "    try: os.fstat(number)\n"
        "    except OSError: return True\n"
        "found = str([number for number in range(3) if closed(number)])\n"
        "open(sys.argv[1], 'w').write(found)\n"
        "os._exit(7)\n"
    )
    line = f'"$@" {closed}'
    found = shell(world, line, *words, "read-only", sys.executable, "-c", script, str(told))
    assert (found.returncode, found.stdout, found.stderr) == (7, "", "")
    numbers = {"<": 0, ">": 1, "2": 2}
    assert told.read_text() == str([numbers[one[0]] for one in closed.split()])


@FULL
@COMMANDS
@pytest.mark.requires("bash")
def test_notices_that_nobody_can_read_stop_nothing(world, words) -> None:
    line = '"$@" 2>/dev/full'
    found = shell(world, line, *words, "-v", "-e", "read-only", "sh", "-c", "echo here; exit 7")
    assert (found.returncode, found.stdout) == (7, "here\n")
    assert shell(world, line, "nosuch", "true").returncode == 78


@pytest.mark.requires("bash")
def test_a_service_needs_no_stdout(world) -> None:
    line = (
        f'cd {world.home}; : >said; "$@" >&- 2>>said & '
        "until grep -q ^runas: said; do sleep 0.1; done; kill $!; wait $!; cat said"
    )
    found = shell(world, line, "serve", "ecs", "-p", "0", "read-only")
    assert found.stdout.startswith("runas: serving 'read-only'")


def test_a_name_that_stdout_cannot_encode(world) -> None:
    world.add("[profile grün-✓]\nregion = eu-west-1\n")
    found = world.run("list", "profiles", PYTHONIOENCODING="ascii")
    assert (found.returncode, found.stderr) == (0, "")
    assert r"gr\xfcn-\u2713" in found.stdout
