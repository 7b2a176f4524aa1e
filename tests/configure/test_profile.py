"""`runas configure profile`: options, and questions at a terminal."""

from __future__ import annotations

import os
import sys

import pytest

from .world import RUNAS, World


def configure(world: World, *words: str, status: int = 0, **environ: str) -> str:
    done = world.run("configure", "profile", *words, **environ)
    assert done.returncode == status, done.stderr
    return done.stderr


def test_from_options(world: World) -> None:
    before = world.config.read_bytes()
    words = ("--sso-session", "corp", "-a", "222222222222", "-r", "Admin", "--region", "eu-west-1")
    told = configure(world, "dev", *words, "-o", "json", "-c", "cli_pager=", AWS_REGION="eu-x")
    assert told == "runas: profile 'dev' is written; try: runas -w dev\n"
    assert world.config.read_bytes().startswith(before)
    assert world.profiles()["dev"] == {
        "sso_session": "corp",
        "sso_account_id": "222222222222",
        "sso_role_name": "Admin",
        "region": "eu-west-1",
        "output": "json",
        "cli_pager": "",
    }
    assert "says so already" in configure(world, "dev", *words, "-c", "output=yaml")
    assert world.run("-w", "dev").returncode == 0


def test_any_option_of_a_profile(world: World) -> None:
    role = "arn:aws:iam::123456789012:role/a"
    configure(world, "a b", "--role", role, "--source-profile", "own", "-M", "auto")
    assert world.profiles()["a b"] == {
        "role_arn": role,
        "source_profile": "own",
        "mfa_serial": "auto",
    }
    words = ("--saml-url", "https://idp.example/x", "-U", "me", "-R", "okta")
    configure(world, "idp", *words, "--set", "okta_org=y", "-P", "canary")
    assert world.profiles()["idp"] == {
        "saml_auth_url": "https://idp.example/x",
        "saml_username": "me",
        "runas_provider": "okta",
        "okta_org": "y",
    }
    assert "canary" not in world.config.read_text()


def test_what_is_there_stays_unless_discarded(world: World) -> None:
    configure(world, "own", "--region", "y", "-c", "output=json")
    assert world.profiles()["own"] == {"region": "y", "output": "json"}
    configure(world, "own", "--set", "color=red", "--existing-config-action", "discard")
    assert world.profiles()["own"] == {"color": "red"}


def test_nothing_to_write_and_nobody_to_ask(world: World) -> None:
    assert "nobody can be asked" in configure(world, "new", status=75)
    assert "no ARN" in configure(world, "new", "--role", "admin", status=2)
    assert "new" not in world.profiles()


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_a_person_picks_account_and_role(world: World) -> None:
    from tests.run.person import Person

    environ = {**os.environ, **world.environ, "TERM": "dumb"}
    person = Person((RUNAS, "configure", "profile", "mine"), environ, str(world.home))
    try:
        person.sees("How does 'mine' sign in?")
        person.types("\r")
        person.sees("Which Identity Center?")
        person.types("\r")
        person.sees("Which role?")
        person.types("\r")
        person.sees("Region to work in: ")
        person.types("eu-west-1\n")
        status, _, told = person.waits()
    finally:
        person.close()
    assert status == 0, told
    found = world.profiles()["mine"]
    assert found["sso_session"] == "corp"
    assert found["region"] == "eu-west-1"
    assert {"sso_account_id", "sso_role_name"} < found.keys()
