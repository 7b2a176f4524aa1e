"""docs/adfs.md, tried by a new user: what they are to write and type, from an empty home on."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.saml import SamlIdp
from runas_adfs.testing import AdfsFarm

from ..run.person import Person  # noqa: TID252 - tests are not installed
from .conftest import PASSWORD, REALM_PASSWORD, holds
from .kerberos import NEEDED, PACKAGES, ROOT, Acceptor

PAGE = (ROOT / "docs" / "adfs.md").read_text("utf-8")
HOST, ALICE = "https://adfs.example.com", "alice@example.com"
WHO = "aws sts get-caller-identity"
ASSUMED = "arn:aws:sts::123456789012:assumed-role/ADFS-Admin/alice"
PHONE = "approve the sign-in on Microsoft Authenticator (tap 42)"
STEP = re.compile(
    r"```(?P<kind>\w+)\n(?P<block>.*?)```"
    r"|^    (?P<line>\S[^\n]*)"
    r"|`(?P<span>(?:runas|pip|apt|kinit) [^`]*)`",
    re.DOTALL | re.MULTILINE,
)


def steps() -> Iterator[tuple[str, str]]:
    """Yield what the page has a user write (``ini`` ...) and type (``command``); repeats, once."""
    seen = set()
    for found in STEP.finditer(PAGE):
        kind, text = found["kind"] or "command", found["block"] or found["line"] or found["span"]
        texts = [text]
        if kind == "console":
            kind = "command"
            texts = [line.removeprefix("$ ") for line in text.splitlines() if line[:2] == "$ "]
            assert len(texts) == len(text.splitlines()), text
        for each in texts:
            step = kind, re.split(r"\s+# ", each)[0] if kind == "command" else each
            if step not in seen:
                seen.add(step)
                yield step


@dataclass
class NewUser:
    """Somebody with an account in the domain, a phone and a token, and nothing else."""

    farm: AdfsFarm
    home: Path
    environ: dict[str, str]
    opened: ExitStack

    def writes(self, text: str) -> None:
        """Put a block of the page into the config, with the address of their own farm."""
        assert HOST in text
        config = self.home / ".aws" / "config"
        config.parent.mkdir(exist_ok=True)
        with config.open("a", encoding="utf-8") as file:
            file.write(text.replace(HOST, self.farm.url) + "\n")

    def types(
        self, command: str, *answers: tuple[str, str], streams: str = "pipes"
    ) -> tuple[str, str]:
        """Type a command at a terminal and answer its questions; return stdout and stderr."""
        environ = {**os.environ, **self.environ}
        someone = Person(shlex.split(command), environ, str(self.home), streams=streams)
        self.opened.callback(someone.close)
        for question, answer in answers:
            someone.sees(question)
            someone.types(answer + "\n" if answer else "")
        status, out, err = someone.waits()
        assert status == 0, (command, out, err)
        assert not holds((out + err + someone.shown).encode(), PASSWORD)
        return out, err

    def waits_for_hours(self) -> None:
        """Let the session with AD FS and all credentials end."""
        self.farm.logins.clear()
        for path in filter(Path.is_file, self.home.joinpath("cache").rglob("*")):
            path.unlink()


@pytest.fixture
def new_user(home: Path) -> Iterator[NewUser]:
    """Open a farm with the page's role behind it, and an empty home."""
    with ExitStack() as opened:
        aws, idp = opened.enter_context(AwsEmulator()), SamlIdp()
        account = aws.account("123456789012")
        provider = account.saml_provider("ADFS", idp)
        roles = [(account.role("ADFS-Admin", [provider]).arn, provider.arn)]
        farm = AdfsFarm(
            "2022",
            ("azure-mfa", "rsa"),
            issue=lambda name: idp.response(roles, session_name=re.split(r"\W", name)[0]),
        )
        opened.enter_context(farm).user(ALICE, PASSWORD)
        place = home / "new"
        place.mkdir(parents=True)
        folders = {"RUNAS_CACHE_DIR": "cache", "RUNAS_STATE_DIR": "state", "HOME": "."}
        environ = {key: text for key, text in aws.environment().items() if "REGION" not in key}
        environ |= {name: str(place / folder) for name, folder in folders.items()}
        files = {"AWS_CONFIG_FILE": "config", "AWS_SHARED_CREDENTIALS_FILE": "credentials"}
        environ |= {name: str(place / ".aws" / file) for name, file in files.items()}
        environ |= {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        yield NewUser(farm, place, environ, opened)


def installs(user: NewUser, command: str) -> None:
    out, err = user.types(command)
    assert "already satisfied: runas-plugin-adfs" in out
    assert err == ""  # such as a warning about an extra that there is not


def diagnoses(user: NewUser, command: str) -> None:
    out, _ = user.types(command)
    assert "adfs (runas-plugin-adfs" in out
    assert user.farm.primary == 0


def signs_in(user: NewUser, command: str) -> None:
    password, token = ("Password for", PASSWORD), ("MFA code for RSA SecurID", "234567")
    out, _ = user.types(command, password, ("Which second factor?", "token"), token)
    assert out.split() == ["arn:aws:iam::123456789012:role/ADFS-Admin"]


def asks_nothing(user: NewUser, command: str) -> None:
    before = user.farm.primary
    out, err = user.types(command)
    assert (ASSUMED in out, err) == (True, "")
    assert user.farm.primary == before


def keeps_the_password(user: NewUser, command: str) -> None:
    user.types(command, ("Password for", PASSWORD))
    user.waits_for_hours()


def lists_factors(user: NewUser, command: str) -> None:
    out, _ = user.types(command)
    assert "push" in out
    assert "token" in out


def hands_a_code_over(user: NewUser, command: str) -> None:
    user.waits_for_hours()
    out, err = user.types(command)
    assert (ASSUMED in out, err) == (True, "")
    (account,) = user.farm.users.values()
    assert account.codes == ["345678"]


def has_a_command_for_codes(user: NewUser, command: str) -> None:
    user.waits_for_hours()
    program = user.home / "bin" / "pass"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\ntest "$*" = "otp work" && echo 345678\n')
    program.chmod(0o755)
    user.environ["PATH"] = f"{program.parent}{os.pathsep}{os.environ['PATH']}"
    out, err = user.types(command)
    assert (ASSUMED in out, err) == (True, "")


def taps(user: NewUser, command: str) -> None:
    user.waits_for_hours()
    out, _ = user.types(command, (PHONE, ""))
    assert ASSUMED in out


def signs_in_anew(user: NewUser, command: str) -> str:
    before = user.farm.primary
    _, err = user.types(command, (PHONE, ""))
    assert "signed in as alice" in err
    assert user.farm.primary == before + 1
    return err


def logs_out(user: NewUser, command: str) -> None:
    _, err = user.types(command)
    assert "logged out of work" in err


def sees_and_records(user: NewUser, command: str) -> None:
    assert "POST 127.0.0.1/adfs/ls/idpinitiatedsignon" in signs_in_anew(user, command)
    text = (user.home / "login.txt").read_text("utf-8")
    assert "<password>" in text
    assert not holds(text.encode(), PASSWORD)


def is_what_ci_installs(user: NewUser, command: str) -> None:
    packages = shlex.split(command)[2:]
    listed = ROOT / "plugins" / "saml_adfs" / "tests" / "debian-packages.txt"
    assert set(packages) <= set(listed.read_text().split())


def with_a_realm(user: NewUser, command: str) -> None:
    """Leave this to the test below, which has a realm."""


TRIED: dict[str, Callable[[NewUser, str], object]] = {
    "pip install runas-plugin-adfs": installs,
    "runas diagnose work": diagnoses,
    "runas list roles work": signs_in,
    f"runas work {WHO}": asks_nothing,
    "runas password work": keeps_the_password,
    "runas list mfa work": lists_factors,
    f"runas --mfa-type token --otp 123456 work {WHO}": hands_a_code_over,
    f"runas --mfa-type token --mfa-process 'pass otp work' work {WHO}": has_a_command_for_codes,
    f"runas --mfa-type push work {WHO}": taps,
    "apt install libkrb5-dev gcc python3-dev": is_what_ci_installs,
    "pip install 'runas-plugin-adfs[kerberos]'": installs,
    "kinit alice@EXAMPLE.COM": with_a_realm,
    f"runas domain {WHO}": with_a_realm,
    "pip install 'runas-plugin-adfs[ntlm]'": installs,
    "runas login --force work": signs_in_anew,
    "runas logout work": logs_out,
    "runas -vv --record login.txt login --force work": sees_and_records,
}
DOMAIN = [text for text, tried in TRIED.items() if tried is with_a_realm]


def profiles() -> list[str]:
    return [text for kind, text in steps() if kind == "ini" and text.startswith("[")]


def test_everything_on_the_page_is_tried() -> None:
    assert [text for kind, text in steps() if kind == "command"] == list(TRIED)
    others = [kind for kind, _ in steps() if kind != "command"]
    assert others == ["ini", "ini", "ini", "powershell", "python"]
    assert len(profiles()) == 2


@pytest.mark.requires("aws")
def test_the_page_from_an_empty_home_to_its_last_command(new_user) -> None:
    assert list(new_user.home.iterdir()) == []
    for kind, text in steps():
        if kind == "command":
            TRIED[text](new_user, text)
        elif text in profiles():
            new_user.writes(text)


@pytest.mark.requires("aws", *NEEDED)
def test_the_domain(new_user, realm) -> None:
    kinit, runas = (text.replace("EXAMPLE.COM", realm.name) for text in DOMAIN)
    new_user.farm.user(f"alice@{realm.name}", PASSWORD)
    new_user.farm.adapters = ()
    acceptor = Acceptor(**realm.environ, KRB5_KTNAME=f"FILE:{realm.keytab}")
    new_user.opened.callback(acceptor.close)
    new_user.farm.negotiate = acceptor
    new_user.environ |= {**realm.environ, "KRB5CCNAME": f"FILE:{new_user.home / 'tickets'}"}
    new_user.environ["PYTHONPATH"] = str(ROOT / PACKAGES)
    new_user.writes(profiles()[1])
    new_user.types(kinit, ("Password for alice@", REALM_PASSWORD), streams="tty")
    out, err = new_user.types(runas)
    assert (ASSUMED in out, err) == (True, "")
    assert new_user.farm.primary == 0


def test_the_addresses_mean_the_same(new_user) -> None:
    (block,) = [text for kind, text in steps() if kind == "ini" and text not in profiles()]
    lines = block.splitlines()
    assert len(lines) == 4
    new_user.writes(profiles()[0])
    new_user.farm.adapters = ()
    for line in lines:
        # Its own host is told by its name, which a farm on loopback has not.
        address = re.sub(r"(https://)?adfs\.example\.com", new_user.farm.url, line)
        words = ["runas", "-R", "adfs", "--set", address.replace(" = ", "="), "-l", "work"]
        out, _ = new_user.types(shlex.join(words), ("Password for", PASSWORD))
        assert "role/ADFS-Admin" in out
        new_user.waits_for_hours()


def test_the_example_for_tests_runs() -> None:
    ((_, text),) = [step for step in steps() if step[0] == "python"]
    command = [sys.executable, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    address, tried, arrived = done.stdout.splitlines()
    assert address.endswith("/adfs/ls/IdpInitiatedSignOn.aspx")
    assert (tried, arrived) == ("0", "[]")
