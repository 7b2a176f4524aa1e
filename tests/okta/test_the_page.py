"""docs/okta.md, tried by a new user: its blocks and commands in order, in an empty home."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.saml import SamlIdp
from runas_okta.testing import OktaOrg, Push, Totp

from ..run.pages import Page, Step  # noqa: TID252 - tests are not installed
from ..run.reader import Reader, moved_in  # noqa: TID252 - tests are not installed

PAGE = Page.named("okta.md")
ADDRESS = "https://example.okta.com/home/amazon_aws/0oa1b2c3d4E5f6G7h8i9/272"
USER, PASSWORD = "me@example.com", "canary-pa55 1d9e"
ASSUMED = "arn:aws:sts::123456789012:assumed-role/admin/me@example.com"


@dataclass
class NewUser(Reader):
    """Somebody with an account at Okta, a phone, and nothing else."""

    org: OktaOrg
    totp: Totp

    def waits_for_hours(self) -> None:
        """Let the session with Okta and all credentials end."""
        self.org.sessions.clear()
        self.org.devices.clear()
        self.loses_credentials()


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
        environ = moved_in(aws, place)
        own = {ADDRESS: org.app_url}
        yield NewUser(place, environ, opened, own, (PASSWORD,), org, totp)


def installs(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "runas-plugin-okta" in out
    assert "runas-core" in out


def diagnoses(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "okta (runas-plugin-okta" in out
    assert user.org.primary_authentications == 0


def signs_in(user: NewUser, step: Step) -> None:
    asked = (
        ("Password for me@example.com", f"{PASSWORD}\n"),
        ("Which second factor?", "totp\n"),
        ("MFA code for iPhone", f"{user.totp.code()}\n"),
    )
    out, _ = user.types(step, *asked)
    assert out.split() == [
        "arn:aws:iam::111111111111:role/jump",
        "arn:aws:iam::123456789012:role/admin",
    ]


def asks_nothing(user: NewUser, step: Step) -> None:
    logins = user.org.primary_authentications
    out, _ = user.types(step)
    assert ASSUMED in out
    assert user.org.primary_authentications == logins


def keeps_the_password(user: NewUser, step: Step) -> None:
    user.types(step, ("Password for me@example.com", f"{PASSWORD}\n"))
    user.waits_for_hours()


def lists_factors(user: NewUser, step: Step) -> None:
    out, _ = user.types(step)
    assert "iPhone" in out
    assert "totp" in out


def hands_a_code_over(user: NewUser, step: Step) -> None:
    user.waits_for_hours()
    user.own["--otp 123456"] = f"--otp {user.totp.code()}"
    out, err = user.types(step)
    assert (ASSUMED in out, err) == (True, "")


def has_a_command_for_codes(user: NewUser, step: Step) -> None:
    user.waits_for_hours()
    user.gets("pass", f'test "$*" = "otp okta" && echo {user.totp.code()}')
    out, err = user.types(step)
    assert (ASSUMED in out, err) == (True, "")


def taps(user: NewUser, step: Step) -> None:
    user.waits_for_hours()
    out, _ = user.types(step, ("tap 42", ""))
    assert ASSUMED in out


def jumps(user: NewUser, step: Step) -> None:
    logins = user.org.primary_authentications
    out, _ = user.types(step)
    assert "arn:aws:sts::222222222222:assumed-role/deploy/me@example.com" in out
    assert user.org.primary_authentications == logins


def signs_in_anew(user: NewUser, step: Step) -> str:
    user.org.devices.clear()
    before = user.org.primary_authentications
    _, err = user.types(step, ("approve the sign-in on iPhone", ""))
    assert "okta: signed in as me@example.com" in err
    assert user.org.primary_authentications == before + 1
    return err


def logs_out(user: NewUser, step: Step) -> None:
    _, err = user.types(step)
    assert "logged out of okta" in err


def sees_and_records(user: NewUser, step: Step) -> None:
    assert "POST 127.0.0.1/idp/idx/identify 200" in signs_in_anew(user, step)
    text = (user.home / "login.txt").read_text("utf-8")
    assert "/idp/idx/identify" in text
    assert "<password>" in text
    assert PASSWORD not in text


WHO = "aws sts get-caller-identity"
TRIED: dict[str, Callable[[NewUser, Step], object]] = {
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


def test_everything_on_the_page_is_tried() -> None:
    assert PAGE.commands == list(TRIED)
    assert PAGE.kinds == ["ini"] * len(PAGE.profiles)


def test_the_page_from_an_empty_home_to_its_last_command(new_user) -> None:
    new_user.follows(PAGE, TRIED)
    assert new_user.org.violations == []
