"""`runas configure profile` at a terminal: what it asks, and that what it writes works."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest

from runas.testing.aws import AwsEmulator
from runas.testing.aws.seed import seed
from runas.testing.sandbox import PASSWORD, Federation
from runas_okta.testing import OktaOrg

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed
from .world import World

if sys.platform == "win32":
    pytest.skip("a pseudo-terminal", allow_module_level=True)

from ..run.person import Person  # noqa: TID252 - not on Windows

HOW = "How does 'mine' sign in?"
REGION = "Region to work in: "


@pytest.fixture
def asked(world: World) -> Iterator[Callable[..., Person]]:
    """Start `configure profile mine` in front of somebody."""
    with ExitStack() as opened:
        yield partial(Person.seated, opened, world, RUNAS, "configure", "profile", "mine")


def answers(person: Person, *said: tuple[str, str]) -> None:
    """Answer one question after the other, and see that it ends well."""
    for question, answer in said:
        person.sees(question)
        person.types(answer)
    status, out, told = person.waits()
    assert status == 0, told
    assert told == "runas: profile 'mine' is written; try: runas -w mine\n"
    assert out == ""


def test_account_and_role_are_picked(world: World, asked) -> None:
    answers(
        asked(),
        (HOW, "\r"),
        ("Which Identity Center?", "\r"),
        ("Which role?", "222\r"),
        (REGION, "eu-west-1\r"),
    )
    assert world.profiles()["mine"] == {
        "sso_session": "corp",
        "sso_account_id": "222222222222",
        "sso_role_name": "Admin",
        "region": "eu-west-1",
    }
    assert "assumed-role/AWSReservedSSO_Admin_" in world.boto3("mine")


def test_another_identity_center(world: World, asked) -> None:
    words = ("-a", "111111111111", "-r", "Admin", "--set", "sso_registration_scopes=x")
    answers(
        asked(*words),
        ("Which Identity Center?", "another\r"),
        ("Start URL (https://...): ", "other.awsapps.com/start\r"),
        ("a whole address is wanted", ""),
        ("Start URL (https://...): ", "https://other.awsapps.com/start\r"),
        ("Region of the Identity Center: ", "eu-west-3\r"),
        (REGION, "\r"),
    )
    assert world.profiles()["mine"] == {
        "sso_start_url": "https://other.awsapps.com/start",
        "sso_region": "eu-west-3",
        "sso_registration_scopes": "x",
        "sso_account_id": "111111111111",
        "sso_role_name": "Admin",
    }


def test_a_sign_in_page(world: World, asked, okta: tuple[OktaOrg, Federation]) -> None:
    org, federation = okta
    answers(
        asked(),
        (HOW, "saml\r"),
        ("Sign-in address (https://...): ", "example.okta.com\r"),
        ("a whole address is wanted", ""),
        ("Sign-in address (https://...): ", f" {org.app_url} \r"),
        ("User name: ", "alice@example.com\r"),
        ("Role's ARN (empty: choose at use): ", "developer\r"),
        ("an ARN is wanted", ""),
        ("Role's ARN (empty: choose at use): ", f"{federation.developer}\r"),
        (REGION, "eu-west-1\r"),
    )
    assert world.profiles()["mine"] == {
        "saml_auth_url": org.app_url,
        "saml_username": "alice@example.com",
        "role_arn": federation.developer,
        "region": "eu-west-1",
    }
    who = world.run("-w", "mine", RUNAS_PASSWORD=PASSWORD, RUNAS_PROVIDER="okta")
    assert who.returncode == 0, who.stderr
    assert "assumed-role/okta-developer/alice@example.com" in who.stdout


def test_a_sign_in_page_and_nothing_else(world: World, asked) -> None:
    answers(
        asked(),
        (HOW, "saml\r"),
        ("Sign-in address (https://...): ", "https://idp.example/x\r"),
        ("User name: ", "\r"),
        ("Role's ARN (empty: choose at use): ", "\r"),
        (REGION, "\r"),
    )
    assert world.profiles()["mine"] == {"saml_auth_url": "https://idp.example/x"}


def test_a_role_with_the_keys_of_another_profile(world: World, asked, aws: AwsEmulator) -> None:
    seeds = seed(aws)
    with world.config.open("a") as file:
        file.write(
            f"\n[profile keys]\naws_access_key_id = {seeds.key.access_key_id}\n"
            f"aws_secret_access_key = {seeds.key.secret_access_key}\n"
        )
    answers(
        asked(),
        (HOW, "credentials\r"),
        ("Role's ARN: ", "\r"),
        ("Role's ARN: ", "ops\r"),
        ("an ARN is wanted", ""),
        ("Role's ARN: ", f"{seeds.admin.arn}\r"),
        ("With the credentials of which profile?", "keys\r"),
        ("MFA device's ARN (empty: none): ", f"{seeds.device.serial}\r"),
        (REGION, "eu-west-1\r"),
    )
    assert world.profiles()["mine"] == {
        "role_arn": seeds.admin.arn,
        "source_profile": "keys",
        "mfa_serial": seeds.device.serial,
        "region": "eu-west-1",
    }
    who = world.run("-w", "-o", seeds.device.code(), "mine")
    assert who.returncode == 0, who.stderr
    assert "123456789012:assumed-role/admin/" in who.stdout


@pytest.mark.parametrize("key", ["\x03", "\x04"])
@pytest.mark.parametrize("kind", ["", "saml", "credentials"])
def test_leaving_in_the_middle_writes_nothing(world: World, asked, key: str, kind: str) -> None:
    before = world.config.read_bytes()
    person = asked()
    person.sees(HOW)
    if kind:
        person.types(f"{kind}\r")
        person.sees(": ")
    person.types(key)
    status, out, told = person.waits()
    assert (status, out) == (130, ""), told
    assert "Traceback" not in told
    assert world.config.read_bytes() == before
    assert person.echo
