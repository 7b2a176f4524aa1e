"""Which words are PROFILE, and which are COMMAND."""

from pathlib import Path

import pytest

from runas.config.commandline import parse
from runas.config.project import load
from runas.config.resolver import Config
from runas.config.selection import NoProfile, Selection, select
from runas.errors import ConfigurationError, ProfileNotFound, UsageError

CONFIG = """
[default]
region = eu-west-1
[profile dev]
region = eu-west-2
[profile prod]
region = eu-west-3
"""
ARN = "arn:aws:iam::123456789012:role/admin"


@pytest.fixture
def chosen(home: Path):
    """Write the files and return a way to choose from words."""

    def choose(line: str, project: str = "", **environ: str) -> Selection:
        (home / ".aws" / "config").write_text(CONFIG)
        environ = {
            "AWS_CONFIG_FILE": str(home / ".aws" / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
            **environ,
        }
        file = None
        if project:
            (home / "runas.toml").write_text(project)
            file = load(str(home / "runas.toml"), str(home))
        invocation = parse(line.split(), environ)
        return select(Config(environ, invocation.given, str(home), file), invocation)

    return choose


@pytest.mark.parametrize(
    ("line", "environ", "name", "command"),
    [
        ("dev aws s3 ls", {}, "dev", "aws s3 ls"),
        ("dev -- aws s3 ls", {}, "dev", "aws s3 ls"),
        ("dev aws -- x", {}, "dev", "aws -- x"),
        ("dev", {}, "dev", ""),
        (f"{ARN} cmd", {}, ARN, "cmd"),
        ("--profile dev prod", {}, "dev", "prod"),
        ("--profile dev -- prod", {}, "dev", "prod"),
        (f"--role {ARN} ./x y", {}, ARN, "./x y"),
        ("aws s3 ls", {"AWS_PROFILE": "dev"}, "dev", "aws s3 ls"),
        ("aws", {"AWS_DEFAULT_PROFILE": "dev"}, "dev", "aws"),
        ("aws", {"AWS_PROFILE": "prod", "AWS_DEFAULT_PROFILE": "dev"}, "prod", "aws"),
        ("", {"AWS_PROFILE": "dev"}, "dev", ""),
        ("-O json prod", {"AWS_PROFILE": "dev"}, "prod", ""),
        ("-e prod", {"AWS_PROFILE": "dev"}, "prod", ""),
        ("-w prod", {"AWS_PROFILE": "dev"}, "prod", ""),
        ("-l prod", {"AWS_PROFILE": "dev"}, "prod", ""),
        ("-O json", {"AWS_PROFILE": "dev"}, "dev", ""),
        ("-s prod", {"AWS_PROFILE": "dev"}, "dev", "prod"),
        ("prod", {"AWS_PROFILE": "dev", "RUNAS_OUTPUT_FORMAT": "json"}, "dev", "prod"),
        ("--profile prod x", {"AWS_PROFILE": "dev"}, "prod", "x"),
        ("-s", {}, "default", ""),
        ("-e", {}, "default", ""),
        ("-w", {}, "default", ""),
    ],
)
def test_profile_and_command(chosen, line: str, environ: dict, name: str, command: str) -> None:
    found = chosen(line, **environ)
    assert (found.profile.name, " ".join(found.command)) == (name, command)


def test_a_default_profile_stands_in_where_the_first_word_is_no_profile(chosen) -> None:
    project = 'default_profile = "prod"'
    assert chosen("aws s3 ls", project).profile.name == "prod"
    assert chosen("aws s3 ls", project).command == ["aws", "s3", "ls"]
    assert chosen("dev aws", project).profile.name == "dev"
    assert chosen(f"{ARN} aws", project).profile.name == ARN
    assert chosen("", project).profile.name == "prod"


@pytest.mark.parametrize("option", ["-e", "-w", "-l", "-O json"])
def test_who_asks_to_be_shown_something_names_a_profile_all_the_same(chosen, option) -> None:
    project = 'default_profile = "prod"'
    assert chosen(option, project).profile.name == "prod"
    with pytest.raises(ProfileNotFound, match="no profile or role 'devv'; did you mean 'dev'"):
        chosen(f"{option} devv", project)
    prefixed = project + '\nrole_prefix = "arn:aws:iam::123456789012:role/"'
    assert chosen(f"{option} admin", prefixed).profile.role_arn == ARN


@pytest.mark.parametrize(
    ("project", "line", "fact"),
    [
        ('a = 1\ndefault_profile = "gone"', "aws", "toml:2: default_profile names .* 'gone'"),
        ('a = 1\ndefault_profile = "gone"', "", "toml:2: default_profile names .* 'gone'"),
        ('a = 1\nrole_prefix = "role/"', "admin", "toml:2: role_prefix: 'role/' is not how"),
        ('a = 1\nrole_prefix = "role/"', "--role admin", "toml:2: role_prefix: 'role/' is not"),
    ],
)
def test_a_project_that_is_wrong_is_named_with_its_line(chosen, project, line, fact) -> None:
    with pytest.raises(ConfigurationError, match=fact):
        chosen(line, project)


def test_a_prefixed_name_may_stand_for_a_profile(chosen) -> None:
    project = 'role_prefix = "arn:aws:iam::123456789012:role/"'
    assert chosen("admin cmd", project).profile.role_arn == ARN
    assert chosen("dev cmd", project).profile.name == "dev"


def test_nothing_named_is_no_profile(chosen) -> None:
    for line in ("", "-E", "--"):
        with pytest.raises(NoProfile):
            chosen(line)


def test_what_does_not_exist_is_an_error(chosen) -> None:
    with pytest.raises(ProfileNotFound, match="no profile or role 'aws'"):
        chosen("aws s3 ls")
    with pytest.raises(ConfigurationError, match=r"\$AWS_PROFILE names the profile 'gone'"):
        chosen("aws s3 ls", AWS_PROFILE="gone")


def test_credentials_are_not_printed_beside_a_command(chosen) -> None:
    with pytest.raises(UsageError, match="takes no command"):
        chosen("-O json dev aws")


def test_aws_profile_is_the_source_of_a_role(chosen) -> None:
    found = chosen(f"--role {ARN} cmd", AWS_PROFILE="dev")
    assert found.profile.source is not None
    assert found.profile.source.name == "dev"
