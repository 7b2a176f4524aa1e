"""Profiles of both forms in chains, and none at all: the instance is searched for."""

import os
import subprocess
import sys

import pytest

BEHIND = "arn:aws:iam::222233334444:role/deploy"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
WHO = """
import boto3, sys
session = boto3.Session(profile_name=sys.argv[1], region_name="eu-west-1")
print(session.client("sts").get_caller_identity()["Arn"])
"""


@pytest.fixture
def chains(world):
    """Put a role behind each form of profile, and be signed in."""
    world.aws.account("222233334444").role("deploy", ["123456789012"])
    world.add(
        f"[profile behind]\nsource_profile = sso\nrole_arn = {BEHIND}\n"
        f"[profile behind-legacy]\nsource_profile = legacy\nrole_arn = {BEHIND}\n"
        f"[profile narrow]\nsource_profile = sso\nrole_arn = {BEHIND}\n"
        f"session_policy_arns = {READ_ONLY}\n"
    )
    for name in "sso", "legacy":
        world.center.approve_next()
        assert world.run("login", name).returncode == 0
    return world


def boto3(world, profile: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WHO, profile],
        env={**os.environ, **world.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", ["behind", "behind-legacy"])
def test_a_role_behind_either_form(chains, name) -> None:
    found = chains.run("-w", name)
    assert found.returncode == 0, found.stderr
    assert "222233334444:assumed-role/deploy/me@example.com" in found.stdout
    assert "222233334444:assumed-role/deploy/" in boto3(chains, name)


def test_a_session_policy_narrows_the_role_behind(chains) -> None:
    for words in ("narrow",), ("--read-only", "behind"):
        before = chains.calls("AssumeRole")
        assert chains.run("-O", "json", *words).returncode == 0
        sent = chains.aws.calls("AssumeRole")[-1].parameters
        assert READ_ONLY in sent.values(), words
        assert chains.calls("AssumeRole") == before + 1


@pytest.mark.parametrize("words", [("--read-only",), ("--policy-arn", READ_ONLY)])
def test_no_session_policy_is_passed_over_where_aws_takes_none(chains, words) -> None:
    assert chains.run("-O", "json", "sso").returncode == 0
    found = chains.run(*words, "-O", "json", "sso")
    assert (found.returncode, found.stdout) == (2, "")
    assert f"{words[0]}: AWS takes no session policy for a role of Identity Center" in found.stderr
    assert found.stderr.count("\n") == 1


def adhoc(world, *words: str, **environ: str):
    return world.run(*words, "--role-name", "Developer", "-w", **environ)


def test_the_search_for_an_instance(chains) -> None:
    url, region = chains.center.start_url, chains.center.region
    variables = {"AWS_DEFAULT_SSO_START_URL": url, "AWS_DEFAULT_SSO_REGION": region}
    pattern = {"AWS_DEFAULT_SSO_START_URL": "d-90.*start$"}
    ways = [
        (("--sso-start-url", url, "--sso-region", region), {}),
        (("--sso-start-url", "d-90.*start$"), {}),
        (("--sso-region", region), {}),
        ((), variables),
        ((), pattern),
    ]
    for words, environ in ways:
        for account in "123456789012", "work":
            found = adhoc(chains, *words, "--account-id", account, **environ)
            assert found.returncode == 0, (words, environ, found.stderr)
            assert "123456789012:assumed-role/AWSReservedSSO_Developer_" in found.stdout


def test_a_search_that_does_not_find_exactly_one_lists_what_there_is(chains) -> None:
    chains.add(
        "[profile other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-west-2\n"
    )
    for words in ("--sso-start-url", "awsapps"), ("--sso-start-url", "nothing"):
        found = adhoc(chains, *words, "--account-id", "123456789012")
        assert found.returncode == 78
        assert f"{chains.center.start_url} ({chains.center.region})" in found.stderr
        assert "https://other.awsapps.com/start (us-west-2)" in found.stderr
        assert found.stderr.count("\n") == 1
    found = adhoc(chains, "--sso-start-url", "other", "--account-id", "123456789012", "--no-input")
    assert "us-west-2" in found.stderr


def test_an_address_of_one_s_own_needs_no_region(world) -> None:
    center = world.center
    center.start_url = f"https://ssoins-6987654321abcdef.{center.region}.portal.amazonaws.com"
    words = ("--sso-start-url", center.alias, "--account-id", "123456789012")
    center.approve_next()
    found = adhoc(world, *words)
    assert found.returncode == 0, found.stderr
    assert f"need sso_region = {center.region} in the config" in found.stderr
    assert adhoc(world, *words).stderr == ""


def test_several_roles_are_listed_and_one_is_named_as_the_hint_says(chains) -> None:
    assert adhoc(chains, "--account-id", "123456789012").returncode == 0
    unnamed = ("-O", "json", "--sso-start-url", chains.center.start_url)
    found = chains.run(*unnamed)
    assert found.returncode == 78
    assert "role/Auditor" in found.stderr
    assert "--role ACCOUNT/NAME" in found.stderr
    named = chains.run(*unnamed, "--role", "123456789012/Auditor")
    assert named.returncode == 0, named.stderr
