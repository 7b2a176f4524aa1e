"""What somebody types who has never seen runas, and what they are told to type next."""

import re

import pytest

from ..run.world import RUNAS, alone, living_at  # noqa: TID252 - tests are not installed


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("lst profiles", 78, "there is no profile or role 'lst'; did you mean 'runas list'?"),
        ("red-only true", 78, "there is no profile or role 'red-only'; did you mean 'read-only'?"),
        ("list profile", 2, "no such command 'profile'; did you mean 'profiles', 'roles'?"),
        ("list profiles --jsno", 2, "no such option: --jsno; did you mean --json?"),
        ("--ouptut json ops", 2, "no such option: --ouptut; did you mean --output?"),
        ("configure profile", 2, "missing argument 'NAME'; see 'runas configure profile --help'"),
        ("plugin info", 2, "missing argument 'NAME'; see 'runas plugin info --help'"),
    ],
)
def test_a_slip_of_the_fingers_is_answered_with_what_was_meant(world, typed, status, told):
    done = world.run(*typed.split())
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr == f"runas: {told}\n"


def test_help_begins_with_profile_and_command(world):
    done = world.run("--help")
    assert done.stdout.splitlines()[0] == "Usage: runas [OPTIONS] PROFILE [COMMAND [ARG]...]"


def test_every_line_that_the_sandbox_offers_works_there(home):
    """The banner is followed to the letter, but for the prompts, which have tests of their own."""
    answers = {
        "runas -w admin": "--mfa-process 'runas sandbox code'",
        "runas -w adfs": "--set 'password_process=echo sandbox'",
        "runas -w okta": "--set 'password_process=echo sandbox'",
    }
    banner = alone([RUNAS, "sandbox"], {"SHELL": "/bin/true"}, home).stderr
    offered = re.findall(r"(?m)^(?:Try:)? +(runas .+?)  ", banner)
    assert {*answers, "runas -w read-only", "runas -w sso"} <= set(offered)
    lines = [line.replace("runas", f"runas {answers.get(line, '')}", 1) for line in offered]
    done = alone([RUNAS, "sandbox", "--", "sh", "-ec", "\n".join(lines)], {}, home)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("assumed-role/") >= 5
    assert re.search(r"(?m)^\d{6}$", done.stdout)


@pytest.mark.parametrize("words", [[], ["--no-input"]])
def test_without_a_single_profile_the_way_to_one_is_named(home, words):
    done = alone([RUNAS, *words], living_at(home), home)
    assert done.returncode == 2
    assert "no profiles yet; 'runas configure profile NAME' writes one" in done.stderr
