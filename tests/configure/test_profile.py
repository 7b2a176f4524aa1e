"""`runas configure profile` from options."""

from __future__ import annotations

import pytest

from .world import World


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
    configure(world, "a b", "--role", ROLE, "--source-profile", "own", "-M", "auto")
    assert world.profiles()["a b"] == {
        "role_arn": ROLE,
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


ROLE = "arn:aws:iam::123456789012:role/a"
TWO_SOURCES = {
    "role_arn": ("--role", ROLE, "--source-profile", "own", "--credential-process"),
    "source_profile": ("--source-profile", "own", "--credential-process"),
    "credential_source": ("--set", "credential_source=Environment", "--credential-process"),
    "login_session": ("--set", "credential_process=x", "-c", "login_session=arn:aws:x"),
    "aws_access_key_id": ("--set", "aws_access_key_id=AKIA", "-c", "credential_process=x"),
    "web_identity_token_file": ("--set", "web_identity_token_file=/t", "--credential-process"),
}


@pytest.mark.parametrize("other", TWO_SOURCES)
def test_no_credential_process_where_aws_tools_refuse_it(world: World, other: str) -> None:
    before = world.config.read_bytes()
    told = configure(world, "two", *TWO_SOURCES[other], status=2)
    assert f"profile 'two' would have credential_process beside {other}" in told
    assert told.count("\n") == 1
    assert world.config.read_bytes() == before


BAD = {
    "--region": ("--region", "eu west"),
    "--sso-region": ("--sso-region", "x y"),
    "--account-id": ("-a", "12", "-r", "Developer"),
    "--set credentials_duration": ("--set", "credentials_duration=1m"),
    "-c region": ("--role", ROLE, "-c", "region=a b"),
}


@pytest.mark.parametrize("origin", BAD)
def test_nothing_is_written_that_could_not_be_read_again(world: World, origin: str) -> None:
    before = world.config.read_bytes()
    told = configure(world, "new", *BAD[origin], status=2)
    assert told.startswith(f"runas: {origin}: ")
    assert told.count("\n") == 1
    assert world.config.read_bytes() == before


def test_what_a_profile_says_already_counts_too(world: World) -> None:
    with world.config.open("a") as file:
        file.write(f"\n[profile ops]\nrole_arn = {ROLE}\nsource_profile = own\n")
        file.write("\n[profile proc]\ncredential_process = mine\n")
    assert "beside role_arn" in configure(world, "ops", "--credential-process", status=2)
    words = ("proc", "--role", ROLE, "--source-profile", "own")
    assert "beside role_arn" in configure(world, *words, status=2)
    configure(world, *words, "--no-credential-process")
    configure(world, "proc", "--no-credential-process")
    assert world.profiles()["proc"] == {"role_arn": ROLE, "source_profile": "own"}
    configure(world, "ops", "--existing-config-action", "discard", "--set", "credential_process=x")
    assert world.profiles()["ops"] == {"credential_process": "x"}


def test_boto3_refuses_what_is_refused_here(world: World) -> None:
    """And takes what is written: the rules are its own."""
    with world.config.open("a") as file:
        file.write(f"\n[profile two]\nrole_arn = {ROLE}\ncredential_process = mine\n")
    assert "source_profile or credential_source" in world.boto3("two")
    words = ("--sso-session", "corp", "-a", "222222222222", "-r", "Admin", "--region", "eu-west-1")
    configure(world, "dev", *words, "--credential-process")
    assert "credential_process" in world.profiles()["dev"]
    assert "assumed-role/AWSReservedSSO_Admin_" in world.boto3("dev")


def test_nothing_to_write_and_nobody_to_ask(world: World) -> None:
    assert "nobody can be asked" in configure(world, "new", status=75)
    assert "no ARN" in configure(world, "new", "--role", "admin", status=2)
    assert "new" not in world.profiles()
