"""Completion: what is offered, that it is quick, and that real shells take it."""

import os
import re
import subprocess
import sys
import time

import pytest

from runas.cli.complete import SHELLS, complete
from runas.cli.verbs import VERBS

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed


def offers(world, *words, **environ):
    """Ask for what may stand in place of the last word; return it without the meanings."""
    done = world.run("completion", "--words", *words, **environ)
    assert done.returncode == 0, done.stderr
    return [line.partition("\t")[0] for line in done.stdout.splitlines()]


PROFILES = ["default", "read-only", "admin", "deploy", "partner", "audit", "ops", "chained"]


def test_profiles_and_subcommands_first(world):
    found = offers(world, "")
    assert found[: len(PROFILES)] == PROFILES
    assert {"list", "console", "ssm", "help"} <= set(found)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["rea"], ["read-only"]),
        (["--profile", "a"], ["admin", "audit"]),
        (["--profile=a"], ["--profile=admin", "--profile=audit"]),
        (["--source-profile", "op"], ["ops"]),
        (["-Es", "op"], ["ops"]),
        (["exec", "op"], ["ops"]),
        (["exec", "-E", "op"], ["ops"]),
        (["exec", "--no-"], ["--no-input", "--no-browser"]),
        (["-E", "exec", "-O", "js"], ["json"]),
        (["exec", "-E", "list", ""], [":command 3"]),
        (["-O", ""], ["env", "json", "dotenv", "fish", "powershell", "cmd"]),
        (["-t", "web"], ["webauthn"]),
        (["-vO", "js"], ["json"]),
        (["list", ""], ["mfa", "profiles", "roles"]),
        (["list", "roles", "op"], ["ops"]),
        (["console", "op"], ["ops"]),
        (["console", "--serv"], ["--service"]),
        (["--no-"], ["--no-input", "--no-browser"]),
        (["completion", "p"], ["powershell"]),
        (["--region", "eu-central-"], ["eu-central-1", "eu-central-2"]),
        (["-R", "ia"], ["iam"]),
        (["-a", "1"], ["15m", "1h", "12h"]),
        (["--policy", "x"], [":files"]),
        (["ops", "aw"], [":command 1"]),
        (["-E", "ops", "aws", "s3", ""], [":command 2"]),
        (["exec", "ops", "aws"], [":command 2"]),
        (["status", ""], []),
        (["nonesuch-verb"], []),
    ],
)
def test_what_may_come_next(words, found, world):
    assert offers(world, *words) == found


def test_with_aws_profile_the_first_word_is_a_command(world):
    found = offers(world, "aw", AWS_PROFILE="ops")
    assert found == [":command 0"]
    assert offers(world, "-O", "json", "op", AWS_PROFILE="ops") == ["ops"]


def test_an_empty_last_word_for_shells_that_cannot_pass_one(world):
    done = world.run("completion", "--next", "list")
    assert done.stdout == world.run("completion", "--words", "list", "").stdout


def test_broken_files_stay_quiet(world):
    world.config.write_text("[profile x\nnonsense")
    done = world.run("completion", "--words", "")
    assert done.stderr == ""
    assert not world.aws.requests


def test_every_subcommand_can_be_completed():
    for verb in VERBS:
        if verb.path == "exec":
            continue  # behind it stand a profile and a command
        assert list(complete([*verb.path.split(), "--"], os.environ)), verb.path


def test_little_is_loaded_for_a_profile(world):
    code = (
        "import sys; sys.argv[1:] = ['completion', '--words', 'op']\n"
        "import os; os._exit = lambda status: None\n"
        "from runas.__main__ import main; main()\n"
        "sys.stderr.write(' '.join(sys.modules))"
    )
    environ = {**os.environ, **world.environ}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "ops\n"
    never = {"typer", "click", "requests", "boto3", "botocore", "pluggy", "json", "logging"}
    assert not never & set(done.stderr.split())


@pytest.mark.timing
def test_ten_thousand_profiles_cost_six_pythons_at_most(world):
    world.add("\n".join(f"[profile p{n}]\nregion = eu-west-1\n" for n in range(10_000)))
    environ = {**os.environ, **world.environ}

    def seconds(*argv):
        started = time.perf_counter()
        subprocess.run(argv, env=environ, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - started

    bare = min(seconds(sys.executable, "-c", "pass") for _ in range(9))
    assert min(seconds(RUNAS, "completion", "--words", "p99") for _ in range(9)) <= 6 * bare


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_are_printed(shell, world):
    done = world.run("completion", shell)
    assert done.returncode == 0
    assert "runas" in done.stdout
    assert "--words" in done.stdout
    wrong = world.run("completion", "tcsh")
    assert wrong.returncode == 2
    assert "name one of bash, fish, powershell, zsh" in wrong.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_every_script_follows_every_order(shell, world):
    script = world.run("completion", shell).stdout
    sent = {line.split()[0] for words in (["ops", ""], ["--policy", ""])
            for line in world.run("completion", "--words", *words).stdout.splitlines()}  # fmt: skip
    assert sent == {":command", ":files"}
    for order in sent:
        assert re.search(rf"{order}\b", script), order


def powershell(world, line, **environ):
    """Do what the script for PowerShell does, with words where it has a syntax tree.

    There is no PowerShell to run it in; its words are those before the cursor, and an empty one is
    no element of the tree.
    """
    script = world.run("completion", "powershell").stdout
    with_word, without = re.search(r"\$how = if .* '(--\w+)' .* '(--\w+)'", script).groups()
    *before, partial = line.split(" ")[1:]
    words = [*before, partial] if partial else before
    return world.run("completion", with_word if partial else without, *words, **environ).stdout


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("runas rea", ["read-only\n"]),
        ("runas list ", ["mfa\t", "profiles\t", "roles\t"]),
        ("runas list roles op", ["ops\n"]),
        ("runas console --desti", ["--destination\t"]),
        ("runas -O ", ["env\n", "json\n", "powershell\n"]),
        ("runas ops aws ", [":command 1\n"]),
        ("runas --policy x", [":files\n"]),
    ],
)
def test_what_powershell_s_script_asks_is_answered(line, found, world):
    answered = powershell(world, line)
    for one in found:
        assert one in answered


START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source <({runas} completion bash)"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -U compinit; compinit -u -D; unsetopt beep; source <({runas} completion zsh)",
    ),
    "fish": (["fish", "--no-config", "-i"], "{runas} completion fish | source"),
}


def started(shell, at_terminal):
    """Start a shell in which runas completes itself."""
    argv, line = START[shell]
    window = at_terminal(*argv, PS1="% ", columns=120, PATH=os.environ["PATH"])
    window.types(f"{line.format(runas=RUNAS)}; echo rea''dy\n")
    window.wrote("ready")
    time.sleep(0.5)
    return window


SHELLS_HERE = [pytest.param(name, marks=pytest.mark.requires(name)) for name in START]


@pytest.mark.parametrize("shell", SHELLS_HERE)
def test_a_real_shell_completes_a_profile(shell, world, at_terminal):
    window = started(shell, at_terminal)
    window.types("runas rea\t")
    window.shows("runas read-only")


@pytest.mark.parametrize("shell", SHELLS_HERE)
def test_a_real_shell_completes_a_subcommand_s_option(shell, world, at_terminal):
    window = started(shell, at_terminal)
    window.types("runas console ops --desti\t")
    window.shows("runas console ops --destination")


@pytest.mark.parametrize("shell", SHELLS_HERE)
def test_a_real_shell_goes_on_with_the_command(shell, world, at_terminal):
    (world.home / "a-file-of-mine").write_text("")
    window = started(shell, at_terminal)
    window.types("runas ops cat a-fi\t")
    window.shows("runas ops cat a-file-of-mine")


@pytest.mark.parametrize("shell", SHELLS_HERE)
def test_a_real_shell_lists_what_there_is(shell, world, at_terminal):
    window = started(shell, at_terminal)
    window.types("runas list \t\t")
    for name in ("mfa", "profiles", "roles"):
        window.wrote(name)
