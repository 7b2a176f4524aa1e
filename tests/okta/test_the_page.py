"""docs/okta.md, tried by a new user: its blocks and commands in order, in an empty home."""

import os
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.saml import SamlIdp
from runas_okta.testing import OktaOrg, Push, Totp

from ..run.person import Person  # noqa: TID252 - tests are not installed

PAGE = (Path(__file__).parents[2] / "docs" / "okta.md").read_text("utf-8")
ADDRESS = "https://example.okta.com/home/amazon_aws/0oa1b2c3d4E5f6G7h8i9/272"
USER, PASSWORD = "me@example.com", "canary-pa55 1d9e"
ASSUMED = "arn:aws:sts::123456789012:assumed-role/admin/me@example.com"
STEP = re.compile(
    r"```ini\n(?P<config>.*?)```"
    r"|^(?:\$ |    )(?P<line>[^\n]*)"
    r"|`(?P<span>(?:runas|pip) [^`]*)`",
    re.DOTALL | re.MULTILINE,
)


def steps() -> Iterator[tuple[str, str]]:
    """Yield what the page has a user write and type; what it repeats, once."""
    seen = set()
    for found in STEP.finditer(PAGE):
        kind = "config" if found["config"] else "command"
        text = found["config"] or re.split(r"\s+#", found["line"] or found["span"])[0].strip()
        if text not in seen:
            seen.add(text)
            yield kind, text


@dataclass
class NewUser:
    """Somebody with an account at Okta, a phone, and nothing else."""

    org: OktaOrg
    totp: Totp
    home: Path
    environ: dict[str, str]
    opened: ExitStack

    def writes(self, text: str) -> None:
        """Put a block of the page into the config, with their own address."""
        assert ADDRESS in text
        config = self.home / ".aws" / "config"
        config.parent.mkdir(exist_ok=True)
        with config.open("a", encoding="utf-8") as file:
            file.write(text.replace(ADDRESS, self.org.app_url) + "\n")

    def types(self, command: str, *answers: tuple[str, Callable[[], str]]) -> tuple[str, str]:
        """Type a command at a terminal and answer its questions; return stdout and stderr."""
        environ = {**os.environ, **self.environ}
        someone = Person(shlex.split(command), environ, str(self.home))
        self.opened.callback(someone.close)
        for question, answer in answers:
            someone.sees(question)
            someone.types(answer() + "\n")
        status, out, err = someone.waits()
        assert status == 0, (command, out, err)
        assert PASSWORD not in out + err + someone.shown
        return out, err

    def waits_for_hours(self) -> None:
        """Let the session with Okta and all credentials end."""
        self.org.sessions.clear()
        self.org.devices.clear()
        for path in self.home.joinpath("cache").rglob("*"):
            if path.is_file():
                path.unlink()


@pytest.fixture
def new_user(home: Path) -> Iterator[NewUser]:
    """Open an org with the page's roles behind it, and an empty home."""
    with ExitStack() as opened:
        aws, idp = opened.enter_context(AwsEmulator()), SamlIdp()
        offered = []
        for account, name in (("123456789012", "admin"), ("111111111111", "jump")):
            provider = aws.account(account).saml_provider("Okta", idp)
            offered.append((aws.account(account).role(name, [provider]), provider))
        aws.account("222222222222").role("deploy", [offered[1][0]])
        roles = [(role.arn, provider.arn) for role, provider in offered]
        org = OktaOrg(
            "identity",
            issue=lambda name: idp.response(roles, session_name=name),
            refresh=1000,
        )
        opened.enter_context(org)
        totp = Totp()
        org.user(USER, PASSWORD, [Push(number="42", after=1), totp])
        place = home / "new"
        place.mkdir(parents=True)
        folders = {"RUNAS_CACHE_DIR": "cache", "RUNAS_STATE_DIR": "state", "HOME": "."}
        environ = {k: text for k, text in aws.environment().items() if "REGION" not in k}
        environ |= {name: str(place / folder) for name, folder in folders.items()}
        files = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
        environ |= {name: str(place / ".aws" / file) for name, file in files.items()}
        environ |= {"PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        yield NewUser(org, totp, place, environ, opened)


def password() -> str:
    return PASSWORD


def installs(user: NewUser, command: str) -> None:
    out, _ = user.types(command)
    assert "runas-plugin-okta" in out
    assert "runas-core" in out


def diagnoses(user: NewUser, command: str) -> None:
    out, _ = user.types(command)
    assert "okta (runas-plugin-okta" in out
    assert user.org.primary_authentications == 0


def signs_in(user: NewUser, command: str) -> None:
    asked = (
        ("Password for me@example.com", password),
        ("Which second factor?", lambda: "totp"),
        ("MFA code for iPhone", user.totp.code),
    )
    out, _ = user.types(command, *asked)
    assert out.split() == [
        "arn:aws:iam::111111111111:role/jump",
        "arn:aws:iam::123456789012:role/admin",
    ]


def asks_nothing(user: NewUser, command: str) -> None:
    logins = user.org.primary_authentications
    out, _ = user.types(command)
    assert ASSUMED in out
    assert user.org.primary_authentications == logins


def keeps_the_password(user: NewUser, command: str) -> None:
    user.types(command, ("Password for me@example.com", password))
    user.waits_for_hours()


def lists_factors(user: NewUser, command: str) -> None:
    out, _ = user.types(command)
    assert "iPhone" in out
    assert "totp" in out


def hands_a_code_over(user: NewUser, command: str) -> None:
    user.waits_for_hours()
    out, err = user.types(command.replace("123456", user.totp.code()))
    assert (ASSUMED in out, err) == (True, "")


def has_a_command_for_codes(user: NewUser, command: str) -> None:
    user.waits_for_hours()
    program = user.home / "bin" / "pass"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\ntest "$*" = "otp okta" && echo {user.totp.code()}\n')
    program.chmod(0o755)
    user.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    out, err = user.types(command)
    assert (ASSUMED in out, err) == (True, "")


def taps(user: NewUser, command: str) -> None:
    user.waits_for_hours()
    out, _ = user.types(command, ("tap 42", str))
    assert ASSUMED in out


def jumps(user: NewUser, command: str) -> None:
    logins = user.org.primary_authentications
    out, _ = user.types(command)
    assert "arn:aws:sts::222222222222:assumed-role/deploy/me@example.com" in out
    assert user.org.primary_authentications == logins


def signs_in_anew(user: NewUser, command: str) -> str:
    user.org.devices.clear()
    before = user.org.primary_authentications
    _, err = user.types(command, ("approve the sign-in on iPhone", str))
    assert "okta: signed in as me@example.com" in err
    assert user.org.primary_authentications == before + 1
    return err


def logs_out(user: NewUser, command: str) -> None:
    _, err = user.types(command)
    assert "logged out of okta" in err


def sees_and_records(user: NewUser, command: str) -> None:
    assert "POST 127.0.0.1/idp/idx/identify 200" in signs_in_anew(user, command)
    text = (user.home / "login.txt").read_text("utf-8")
    assert "/idp/idx/identify" in text
    assert "<password>" in text
    assert PASSWORD not in text


WHO = "aws sts get-caller-identity"
TRIED: dict[str, Callable[[NewUser, str], object]] = {
    "pip install runas-plugin-okta": installs,
    "runas diagnose okta": diagnoses,
    "runas list roles okta": signs_in,
    f"runas okta {WHO}": asks_nothing,
    "runas password okta": keeps_the_password,
    "runas list mfa okta": lists_factors,
    f"runas --mfa-type totp --otp 123456 okta {WHO}": hands_a_code_over,
    f"runas --mfa-type totp --mfa-process 'pass otp okta' okta {WHO}": has_a_command_for_codes,
    f"runas --mfa-type push okta {WHO}": taps,
    f"runas deploy {WHO}": jumps,
    "runas login --force okta": signs_in_anew,
    "runas logout okta": logs_out,
    "runas -vv --record login.txt login --force okta": sees_and_records,
}


def test_every_command_of_the_page_is_tried() -> None:
    assert [text for kind, text in steps() if kind == "command"] == list(TRIED)


def test_the_page_from_an_empty_home_to_its_last_command(new_user) -> None:
    assert list(new_user.home.iterdir()) == []
    for kind, text in steps():
        if kind == "config":
            new_user.writes(text)
        else:
            TRIED[text](new_user, text)
    assert new_user.org.violations == []
