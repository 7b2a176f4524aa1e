"""docs/adfs.md, tried by a new user: what they are to write and type, from an empty home on."""

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

from ..run.pages import ROOT, Page, Step  # noqa: TID252 - tests are not installed
from ..run.reader import Reader, moved_in  # noqa: TID252 - tests are not installed
from .conftest import PASSWORD, REALM_PASSWORD, holds
from .kerberos import NEEDED, PACKAGES, Acceptor

PAGE = Page.named("adfs.md")
HOST, ALICE = "https://adfs.example.com", "alice@example.com"
WHO = "aws sts get-caller-identity"
ASSUMED = "arn:aws:sts::123456789012:assumed-role/ADFS-Admin/alice"
PHONE = "approve the sign-in on Microsoft Authenticator (tap 42)"


@dataclass
class NewUser(Reader):
    """Somebody with an account in the domain, a phone and a token, and nothing else."""

    farm: AdfsFarm

    def waits_for_hours(self) -> None:
        """Let the session with AD FS and all credentials end."""
        self.farm.logins.clear()
        self.loses_credentials()


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
        environ = {**moved_in(aws, place), "PIP_NO_DEPS": "1"}
        secrets = (PASSWORD, REALM_PASSWORD)
        yield NewUser(place, environ, opened, {HOST: farm.url}, secrets, farm)


def installs(user: NewUser, step: Step) -> None:
    out, err = user.types(step)
    assert "already satisfied: runas-plugin-adfs" in out
    assert err == ""  # such as a warning about an extra that there is not


def diagnoses(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "adfs (runas-plugin-adfs" in out
    assert user.farm.primary == 0


def signs_in(user: NewUser, step: Step) -> None:
    password, token = ("Password for", f"{PASSWORD}\n"), ("MFA code for RSA SecurID", "234567\n")
    out, _ = user.types(step, password, ("Which second factor?", "token\n"), token)
    assert out.split() == ["arn:aws:iam::123456789012:role/ADFS-Admin"]


def asks_nothing(user: NewUser, step: Step) -> None:
    before = user.farm.primary
    out, err = user.types(step)
    assert (ASSUMED in out, err) == (True, "")
    assert user.farm.primary == before


def keeps_the_password(user: NewUser, step: Step) -> None:
    user.types(step, ("Password for", f"{PASSWORD}\n"))
    user.waits_for_hours()


def lists_factors(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "push" in out
    assert "token" in out


def hands_a_code_over(user: NewUser, step: Step) -> None:
    user.waits_for_hours()
    out, err = user.types(step)
    assert (ASSUMED in out, err) == (True, "")
    (account,) = user.farm.users.values()
    assert account.codes == ["345678"]


def has_a_command_for_codes(user: NewUser, step: Step) -> None:
    user.waits_for_hours()
    user.gets("pass", 'test "$*" = "otp work" && echo 345678')
    out, err = user.types(step)
    assert (ASSUMED in out, err) == (True, "")


def taps(user: NewUser, step: Step) -> None:
    user.waits_for_hours()
    out, _ = user.types(step, (PHONE, ""))
    assert ASSUMED in out


def signs_in_anew(user: NewUser, step: Step) -> str:
    before = user.farm.primary
    _, err = user.types(step, (PHONE, ""))
    assert "signed in as alice" in err
    assert user.farm.primary == before + 1
    return err


def logs_out(user: NewUser, step: Step) -> None:
    _, err = user.types(step)
    assert "logged out of work" in err


def sees_and_records(user: NewUser, step: Step) -> None:
    assert "POST 127.0.0.1/adfs/ls/idpinitiatedsignon" in signs_in_anew(user, step)
    text = (user.home / "login.txt").read_text("utf-8")
    assert "<password>" in text
    assert not holds(text.encode(), PASSWORD)


def is_what_ci_installs(user: NewUser, step: Step) -> None:
    packages = shlex.split(step.text)[2:]
    listed = ROOT / "plugins" / "saml_adfs" / "tests" / "debian-packages.txt"
    assert set(packages) <= set(listed.read_text().split())


def with_a_realm(user: NewUser, step: Step) -> None:
    """Leave this to the test below, which has a realm."""


TRIED: dict[str, Callable[[NewUser, Step], object]] = {
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
DOMAIN = [step for step in PAGE.steps if TRIED.get(step.text) is with_a_realm]


def test_everything_on_the_page_is_tried() -> None:
    assert PAGE.commands == list(TRIED)
    assert PAGE.kinds == ["ini", "ini", "ini", "powershell", "python"]
    assert len(PAGE.profiles) == 2


@pytest.mark.requires("aws")
def test_the_page_from_an_empty_home_to_its_last_command(new_user) -> None:
    new_user.follows(PAGE, TRIED)


@pytest.mark.requires("aws", *NEEDED)
def test_the_domain(new_user, realm) -> None:
    kinit, runas = DOMAIN
    new_user.own["EXAMPLE.COM"] = realm.name
    new_user.farm.user(f"alice@{realm.name}", PASSWORD)
    new_user.farm.adapters = ()
    acceptor = Acceptor(**realm.environ, KRB5_KTNAME=f"FILE:{realm.keytab}")
    new_user.opened.callback(acceptor.close)
    new_user.farm.negotiate = acceptor
    new_user.environ |= {**realm.environ, "KRB5CCNAME": f"FILE:{new_user.home / 'tickets'}"}
    new_user.environ["PYTHONPATH"] = str(ROOT / PACKAGES)
    new_user.writes(PAGE.profiles[1])
    new_user.types(kinit, ("Password for alice@", f"{REALM_PASSWORD}\n"), streams="tty")
    out, err = new_user.types(runas)
    assert (ASSUMED in out, err) == (True, "")
    assert new_user.farm.primary == 0


def test_the_addresses_mean_the_same(new_user) -> None:
    (block,) = set(PAGE.written("ini")) - set(PAGE.profiles)
    lines = block.splitlines()
    assert len(lines) == 4
    new_user.writes(PAGE.profiles[0])
    new_user.farm.adapters = ()
    for line in lines:
        # Its own host is told by its name, which a farm on loopback has not.
        address = re.sub(r"(https://)?adfs\.example\.com", new_user.farm.url, line)
        words = ["runas", "-R", "adfs", "--set", address.replace(" = ", "="), "-l", "work"]
        out, _ = new_user.types(
            Step("command", shlex.join(words)), ("Password for", f"{PASSWORD}\n")
        )
        assert "role/ADFS-Admin" in out
        new_user.waits_for_hours()


def test_the_example_for_tests_runs() -> None:
    (text,) = PAGE.written("python")
    command = [sys.executable, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    address, tried, arrived = done.stdout.splitlines()
    assert address.endswith("/adfs/ls/IdpInitiatedSignOn.aspx")
    assert (tried, arrived) == ("0", "[]")
