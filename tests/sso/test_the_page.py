"""docs/identity-center.md, tried as a new user would: every block and command of it, in order.

Nothing is left out by a rule: a command added to the page is run here, or fails.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas_sso.testing import IdentityCenter, minted_by

from ..run.person import Person  # noqa: TID252 - tests are not installed
from .page import PAGE, blocks, parts, rows, spans

TEXT = PAGE.read_text("utf-8")
BIN = str(Path(sys.executable).parent)
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


class Reader:
    """Somebody with an empty home, who types what the page says."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home, self.environ = home, environ
        self.config = home / ".aws" / "config"

    def types(self, command: str) -> str:
        """Run one command; return what it printed."""
        if command in ASKED:
            return self._answers(command)
        done = subprocess.run(
            ["bash", "-c", command],
            env=self.environ,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            start_new_session=True,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def _answers(self, command: str) -> str:
        person = Person(shlex.split(command), self.environ, str(self.home))
        try:
            for question, answer in ASKED[command]:
                person.sees(question)
                person.types(answer)
            status, out, told = person.waits()
        finally:
            person.close()
        assert status == 0, told
        return out


@pytest.fixture
def reader(home: Path) -> Iterator[Reader]:
    """Give the page's portal to somebody whose sign-ins are approved at once."""
    with (
        AwsEmulator() as aws,
        IdentityCenter(mint=minted_by(aws), region="eu-west-1", start_url=URL) as center,
    ):
        center.account("123456789012", "work").role("Developer", 43200).role("Auditor")
        aws.account("222233334444").role("deploy", ["123456789012"])
        for _ in range(200):
            center.approve_next()
        environ = {**os.environ, **aws.environment(), **center.environment()}
        environ = {name: text for name, text in environ.items() if "REGION" not in name}
        environ |= {"PATH": f"{BIN}:{environ['PATH']}", "BROWSER": "true", "SSH_CONNECTION": "x"}
        environ |= {"AWS_EC2_METADATA_DISABLED": "true"}
        (home / ".aws" / "config").unlink(missing_ok=True)
        yield Reader(home, environ)


def meant(command: str) -> str:
    """Write a command with what its placeholders stand for."""
    words = re.split("( )", command)
    return "".join(MEANT.get(word, word) for word in words).strip()


def follow(reader: Reader, kind: str, text: str) -> None:
    """Do what one part of a block says."""
    if kind == "config":
        with reader.config.open("a") as file:
            file.write(text + "\n\n")
    elif text.startswith("pip install "):
        for name in text.split()[2:]:
            assert distribution(name).version  # the checkout's; wheels have a test of their own
    else:
        reader.types(text)


@pytest.mark.requires("bash")
@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_a_new_user_types_what_the_page_says(reader: Reader) -> None:
    found = [part for block in blocks(TEXT) for part in parts(block)]
    assert {kind for kind, _ in found} == {"config", "command"}
    for kind, text in found:
        follow(reader, kind, text)
    untold = set(ASKED) - {text for _, text in found}
    assert not untold, f"no longer on the page: {untold}"
    # What was written on the way is what the AWS tools read.
    dev, deploy = (reader.types(shlex.join([sys.executable, "-c", WHO, name])) for name in PROFILES)
    assert ":assumed-role/AWSReservedSSO_Developer_" in dev
    assert ":assumed-role/deploy/" in deploy
    text = reader.config.read_text()
    assert "[profile work]" in text
    assert "sso_role_name = Auditor" in text
    assert "[profile work.Developer]" in text


PROFILES = ("dev", "deploy")
SPANS = spans(TEXT)


@pytest.mark.requires("bash")
@pytest.mark.skipif(sys.platform == "win32", reason="the page's commands are for a POSIX shell")
def test_every_other_command_of_the_page_works(reader: Reader) -> None:
    """Also those of the tables for people who come from elsewhere."""
    for block in blocks(TEXT):
        for kind, text in parts(block):
            if kind == "config":
                follow(reader, kind, text)
    assert len(SPANS) > 40
    for command in SPANS:
        reader.types(meant(command))


def test_a_command_that_is_none_would_be_found(reader: Reader) -> None:
    with pytest.raises(AssertionError, match="No such option: --nonsense"):
        reader.types(meant("runas login --nonsense PROFILE"))
    block = "    # ~/.aws/config\n    [profile x]\n    a = b\n\n    runas x\n"
    text = f"Try `runas new PROFILE`.\n\n{block}"
    assert spans(text) == ["runas new PROFILE"]
    assert [part for block in blocks(text) for part in parts(block)] == [
        ("config", "# ~/.aws/config\n[profile x]\na = b"),
        ("command", "runas x"),
    ]


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
    for left, right in rows(TEXT, "aws-sso-util"):
        names = []
        *cell, rest = left
        for span in cell:
            words = [word for word in span.split() if not word.startswith(("--", "["))]
            name, options = " ".join(words), set(re.findall("--[a-z-]+", span))
            names += [name] if name else []
            found.setdefault(names[-1], set()).update(options)
        if "all options" in rest:
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
