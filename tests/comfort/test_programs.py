"""docs/programs.md: what it says to write is written, and does what it says."""

import json
import subprocess

import pytest

from ..run.pages import Page  # noqa: TID252 - tests are not installed
from ..run.world import RUNAS, alone  # noqa: TID252 - tests are not installed

PAGE = Page.named("programs.md")
ME = "arn:aws:sts::123456789012:assumed-role/admin/alice"


def block(language: str) -> str:
    """Return the page's block in a language."""
    return PAGE.text.partition(f"```{language}\n")[2].partition("```")[0]


@pytest.fixture
def signed_in(world):
    """Open the session that the page's commands go on with, with a runas on the PATH."""
    world.program("unused")
    code = world.seeds.device.code()
    done = world.run("-o", code, "admin", "true")
    assert done.returncode == 0, done.stderr
    return world


def typed(world, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return alone(words, {**world.environ, **environ}, world.home)


def test_an_aws_profile_for_programs_with_windows(signed_in):
    signed_in.add(block("ini"))
    who = ("aws", "sts", "get-caller-identity")
    done = typed(signed_in, *who, AWS_PROFILE="admin-keys")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["Arn"] == ME


@pytest.mark.requires("make")
def test_a_makefile(signed_in):
    (signed_in.home / "Makefile").write_text(block("make"))
    assert typed(signed_in, "make", "whoami").stdout.strip() == ME
    already = ("-E", "audit", "make", "RUNAS=", "whoami")
    assert signed_in.run(*already).stdout.strip().endswith("assumed-role/audit/alice")


def test_a_makefile_says_who_has_to_sign_in(world):
    world.program("unused")
    command = block("make").partition("?= ")[2].partition("\n")[0]
    assert typed(world, *command.split(), "true").returncode == 75


def test_a_folder_has_its_profile(signed_in):
    who = ("aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text")
    with_direnv = f"{block('sh')}{RUNAS} {' '.join(who)}"
    assert typed(signed_in, "sh", "-c", with_direnv).stdout.strip() == ME
    (signed_in.home / "runas.toml").write_text(block("toml"))
    assert signed_in.run(*who).stdout.strip() == ME


@pytest.mark.requires("bash")
@pytest.mark.parametrize(("words", "prompt"), [([RUNAS, "audit"], "(audit) $ "), ([], "$ ")])
def test_the_prompt(world, words, prompt):
    shown = f"PS1='$ '\n{block('bash')}" + 'printf "<%s>" "${PS1@P}"'
    done = alone([*words, "bash", "-c", shown], world.environ, world.home)
    assert done.stdout == f"<{prompt}>", done.stderr


def test_to_be_rid_of_the_credentials(world):
    unset = next(line for line in PAGE.text.splitlines() if line.startswith("    unset "))
    steps = ["env", f'eval "$({RUNAS} audit)"', "env", unset.strip(), "env"]
    done = typed(world, "bash", "-c", "\necho ----\n".join(steps))
    before, _, between, _, after = (
        {line.partition("=")[0] for line in part.splitlines()}
        for part in done.stdout.split("----\n")
    )
    assert between - before == set(unset.split()[1:])
    assert after == before
