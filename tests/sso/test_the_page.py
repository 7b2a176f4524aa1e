"""docs/identity-center.md, tried as a new user would: every block and command of it, in order.

Nothing is left out by a rule: a command added to the page is run here, or fails.
"""

import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import distribution
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas_sso.testing import IdentityCenter, minted_by

from ..run.pages import Page, Step, rows  # noqa: TID252 - tests are not installed
from ..run.reader import Reader  # noqa: TID252 - tests are not installed
from ..run.world import alone, reaching  # noqa: TID252 - tests are not installed

PAGE = Page.named("identity-center.md")
URL = "https://example.awsapps.com/start"
# What stands for something else, in the commands of the text and its tables.
MEANT = {
    "URL": URL,
    "PATTERN": "exam.*com",
    "SSO_REGION": "eu-west-1",
    "REGION": "us-east-1",
    "ACCOUNT": "123456789012",
    "ROLE": "Developer",
    "PROFILE": "dev",
    "NAME": "named",
    "KEY=VALUE": "cli_pager=",
    "CMD": "true",
    "...": "",
}
# What a command asks at the terminal, and what is typed there.
ASKED = {
    "runas configure profile work": [
        ("How does 'work' sign in?", "\r"),
        ("Which Identity Center?", "\r"),
        ("Which role?", "Auditor\r"),
        ("Region to work in: ", "eu-west-1\r"),
    ]
}
WHO = """
import boto3, sys
session = boto3.Session(profile_name=sys.argv[1], region_name="eu-central-1")
print(session.client("sts").get_caller_identity()["Arn"])
"""


class NewUser(Reader):
    """Somebody with a portal and an empty config."""

    def does(self, step: Step) -> None:
        """Do what the page says."""
        command = step.text
        if step.kind == "ini":
            self.add(command + "\n")
        elif command.startswith("pip install "):
            for name in command.split()[2:]:
                assert distribution(name).version  # the checkout's; wheels have a test of their own
        elif command in ASKED:
            self.types(step, *ASKED[command])
        else:
            self.runs(command)

    def runs(self, command: str) -> str:
        """Run a line in a shell that is no terminal; return what it printed."""
        done = alone(["bash", "-c", command], self.environ, self.home)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture
def new_user(home: Path) -> Iterator[NewUser]:
    """Give the page's portal to somebody whose sign-ins are approved at once."""
    with (
        AwsEmulator() as aws,
        IdentityCenter(mint=minted_by(aws), region="eu-west-1", start_url=URL) as center,
        ExitStack() as opened,
    ):
        center.account("123456789012", "work").role("Developer", 43200).role("Auditor")
        aws.account("222233334444").role("deploy", ["123456789012"])
        for _ in range(200):
            center.approve_next()
        environ = {**reaching(aws), **center.environment()}
        environ |= {"BROWSER": "true", "SSH_CONNECTION": "x", "AWS_EC2_METADATA_DISABLED": "true"}
        yield NewUser(home, environ, opened, {}, ())


def meant(command: str) -> str:
    """Write a command with what its placeholders stand for."""
    words = re.split("( )", command)
    return "".join(MEANT.get(word, word) for word in words).strip()


@pytest.mark.requires("bash")
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_a_new_user_types_what_the_page_says(new_user: NewUser) -> None:
    assert {step.kind for step in PAGE.blocks} == {"ini", "command"}
    for step in PAGE.blocks:
        new_user.does(step)
    untold = set(ASKED) - set(PAGE.commands)
    assert not untold, f"no longer on the page: {untold}"
    # What was written on the way is what the AWS tools read.
    dev, deploy = (
        new_user.runs(shlex.join([sys.executable, "-c", WHO, name])) for name in ("dev", "deploy")
    )
    assert ":assumed-role/AWSReservedSSO_Developer_" in dev
    assert ":assumed-role/deploy/" in deploy
    text = new_user.config.read_text()
    assert "[profile work]" in text
    assert "sso_role_name = Auditor" in text
    assert "[profile work.Developer]" in text


@pytest.mark.requires("bash")
@pytest.mark.skipif(sys.platform == "win32", reason="the page's commands are for a POSIX shell")
def test_every_other_command_of_the_page_works(new_user: NewUser) -> None:
    """Also those of the tables for people who come from elsewhere."""
    for block in PAGE.written("ini"):
        new_user.add(block + "\n")
    assert len(PAGE.spans) > 40
    for command in PAGE.spans:
        new_user.does(Step("command", meant(command)))


def test_a_command_that_is_none_would_be_found(new_user: NewUser) -> None:
    with pytest.raises(AssertionError, match=r"(?i)no such option: --nonsense"):
        new_user.runs(meant("runas login --nonsense PROFILE"))


# aws-sso-util 4.33: every command with its options (the longest spelling of each), read from the
# declarations in cli/src/aws_sso_util/*.py. Those without an equivalent stand for all of theirs.
INSTANCE = "--sso-start-url --sso-region"
ROLE = f"{INSTANCE} --account-id --role-name"
PEER = {
    "login": f"{INSTANCE} --profile --all --force-refresh --headless --verbose --force",
    "logout": "--verbose",
    "roles": f"{ROLE} --separator --header --sort-by --force-refresh --verbose",
    "run-as": f"{ROLE} --region --force-refresh --verbose",
    "configure profile": f"{ROLE} --region --output --config-default --existing-config-action"
    " --interactive --credential-process --verbose",
    "configure populate": f"{INSTANCE} --region --dry-run --config-default"
    " --existing-config-action --components --separator --include-region --region-style"
    " --trim-account-name --trim-role-name --account-name-case --role-name-case"
    " --profile-name-process --safe-account-names --credential-process --force-refresh --verbose",
    "credential-process": f"--profile {ROLE} --force-refresh --verbose",
    "check": f"{ROLE} --check-profile --command --instance-details --skip-token-check"
    " --force-refresh --quiet --verbose",
    "console launch": f"{ROLE} --region --destination --override-region-in-destination --open"
    " --print --duration --logout-first --force-refresh --verbose",
    "console get-config-token": "all options",
    "console launch-from-config": "all options",
    "admin lookup": "all options",
    "admin assignments": "all options",
    "admin cfn": "all options",
}


def told() -> dict[str, set[str]]:
    """Return which options of which commands the page's table names, each with an answer."""
    found: dict[str, set[str]] = {}
    for heading, cells in rows(PAGE.text):
        if heading != "aws-sso-util":
            continue
        left, right = cells
        names = []
        for span in re.findall("`([^`]+)`", left):
            words = [word for word in span.split() if not word.startswith(("--", "["))]
            name, options = " ".join(words), set(re.findall("--[a-z-]+", span))
            names += [name] if name else []
            found.setdefault(names[-1], set()).update(options)
        if "all options" in left.rpartition("`")[2]:
            for name in names:
                found[name].add("all options")
        assert "`runas " in right or right.startswith("none") or "table" in right, (left, right)
    return found


def test_the_table_names_every_command_and_option_of_aws_sso_util() -> None:
    found = told()
    assert set(found) == set(PEER)
    for name, options in PEER.items():
        wanted = {options} if options == "all options" else set(options.split())
        assert found[name] == wanted, name
