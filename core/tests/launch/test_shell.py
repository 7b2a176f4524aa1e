"""Aliases and functions of the user's shell, run by real shells."""

import json
import os
import shutil
import sys

import pytest

from runas.launch.shell import through_shell

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

SHELLS = ["bash", "dash", "zsh", "fish", "ksh", "mksh"]

ARGUMENTS = [
    *("a b", "", "it's", "''", '"double"', "$HOME", "`id`", "$(id)", "\\", "back\\slash\\\\", "!x"),
    *("new\nline", "ünï", "-n", "--", "*", "~", "a;b", "a&b", "#x", "{a,b}", "=x", "\\'", "$'x'"),
]

PROGRAM = """
import os, sys
from runas.launch.shell import through_shell
from runas.launch.supervise import Child
argv = through_shell(sys.argv[1:], os.environ)
sys.exit(Child.start(argv, os.environ).wait())
"""


def _shells(*names):
    return [pytest.param(name, marks=pytest.mark.requires(name)) for name in names]


def _environ(name, home):
    # mksh goes by the name of ksh on many systems.
    shell = shutil.which(name)
    if name == "mksh":
        link = os.path.join(home["HOME"], "ksh")
        if not os.path.exists(link):
            os.symlink(shell, link)
        shell = link
    return {**os.environ, **home, "SHELL": shell}


@pytest.mark.parametrize("word", ["show", "showing", "shown", "viafunction"])
@pytest.mark.parametrize("shell", _shells(*SHELLS))
def test_arguments_arrive_unchanged(shell, word, shell_home, programs, run):
    environ = _environ(shell, shell_home)
    done = run(*programs("alias", PROGRAM), word, *ARGUMENTS, env=environ, start_new_session=True)
    before = [] if word == "show" else ["be fore"]
    assert json.loads(done.stdout) == before + ARGUMENTS
    assert done.returncode == 3
    if shell != "mksh":  # says that there is no terminal, and cannot be kept from it
        assert done.stderr == ""


@pytest.mark.parametrize("shell", _shells(*SHELLS))
def test_a_word_that_the_shell_does_not_know_either(shell, shell_home, programs, run):
    environ = _environ(shell, shell_home)
    done = run(*programs("alias", PROGRAM), "nosuch", "a", env=environ, start_new_session=True)
    assert done.returncode == 127
    assert done.stdout == ""
    assert [
        line for line in done.stderr.splitlines() if "mksh" not in line and "ksh" not in line
    ] == ["runas: command not found: 'nosuch'; check its spelling"]


@pytest.mark.parametrize("shell", _shells(*SHELLS))
def test_on_a_terminal_the_command_stays_in_the_job(shell, shell_home, programs, terminal):
    """Process group and foreground are as they were: nothing is stopped, nothing is said."""
    path = os.path.join(shell_home["HOME"], "show.py")
    with open(path, "w") as file:
        file.write(
            "import os\nterminal = os.open('/dev/tty', os.O_RDWR)\n"
            "print('fg' if os.tcgetpgrp(terminal) == int(os.environ['JOB']) else 'lost',"
            " os.getpgrp() == int(os.environ['JOB']))\n"
        )
    outer = "import os, sys\nos.environ['JOB'] = str(os.getpgrp())\n" + PROGRAM
    screen = terminal([*programs("alias", outer), "show"], _environ(shell, shell_home))
    assert screen.rest() == "fg True\r\n"
    assert screen.status() == 0


@pytest.mark.parametrize("shell", _shells("bash", "zsh", "fish", "ksh"))
def test_ctrl_c_ends_an_alias(shell, shell_home, programs, terminal):
    path = os.path.join(shell_home["HOME"], "show.py")
    with open(path, "w") as file:
        file.write("import time\nprint('ready', flush=True)\ntime.sleep(60)\n")
    screen = terminal([*programs("alias", PROGRAM), "show"], _environ(shell, shell_home))
    screen.expect("ready")
    screen.type("\x03")
    screen.rest()
    assert screen.status() == 130


@pytest.mark.parametrize(
    ("word", "shell"),
    [
        ("sh", "/bin/sh"),  # a program
        ("/no/such", "/bin/sh"),
        ("a b", "/bin/sh"),
        ("-x", "/bin/sh"),
        ("$(id)", "/bin/sh"),
        ("a;b", "/bin/sh"),
        ("", "/bin/sh"),
        ("word", ""),
        ("word", "/usr/bin/python3"),
        ("word", "/bin/tcsh"),
        ("word", "/no/such/bash"),
    ],
)
def test_what_is_no_business_of_a_shell(word, shell):
    assert through_shell([word], {"SHELL": shell, "PATH": os.environ["PATH"]}) is None


@pytest.mark.requires("bash")
def test_start_up_files_that_talk_ask_and_leave_agents_behind(shell_home, programs, run):
    with open(os.path.join(shell_home["HOME"], ".bashrc"), "a") as file:
        file.write("echo welcome\necho trouble >&2\nsleep 30 &\nread answer\nreadonly X=1\n")
        file.write("shopt -s extglob\next() { case $1 in @(a|b)) show ext;; esac; }\n")
    environ = _environ("bash", shell_home)
    done = run(*programs("alias", PROGRAM), "ext", "a", env=environ, input="for the command")
    assert (json.loads(done.stdout), done.stderr) == (["ext"], "")


@pytest.mark.requires("bash")
def test_the_start_up_file_does_not_see_the_credentials(shell_home, programs, run, tmp_path):
    with open(os.path.join(shell_home["HOME"], ".bashrc"), "a") as file:
        file.write(f"echo \"[$AWS_SESSION_TOKEN]\" > '{tmp_path}/seen'\n")
        file.write('token() { show "$AWS_SESSION_TOKEN"; }\n')
    environ = {**_environ("bash", shell_home), "AWS_SESSION_TOKEN": "canary"}
    done = run(*programs("alias", PROGRAM), "token", env=environ)
    assert json.loads(done.stdout) == ["canary"]
    assert (tmp_path / "seen").read_text() == "[]\n"
