"""Log in once, use every account and role; the AWS SDK reads what runas wrote, and back."""

import json
import os
import re
import subprocess
import sys
import time
from contextlib import closing

import pytest

from runas_sso.testing.person import Person as Clicker

from ..serve.browser import Browser  # noqa: TID252 - tests are not installed

WHO = """
import boto3
session = boto3.Session(profile_name="sso", region_name="eu-west-1")
print(session.client("sts").get_caller_identity()["Arn"])
"""
ROLE = "assumed-role/AWSReservedSSO_Developer_"


def device_login(world, person, *words: str) -> tuple[int, str, str]:
    """Log in by device code; somebody opens the address that is shown and allows it."""
    someone = person("--use-device-code", "--no-browser", *words)
    shown = someone.sees("user_code=") + someone.sees("\n")
    address = re.search(r"http://\S+user_code=\S+", shown)
    assert address, shown
    Clicker().open(address.group())
    return someone.waits()


def test_device_code_at_a_terminal(world, person) -> None:
    status, out, err = device_login(world, person, "-O", "json", "sso")
    assert status == 0, err
    keys = json.loads(out)
    assert ROLE in world.aws.issued[keys["AccessKeyId"]].arn


def test_boto3_needs_no_login_of_its_own(world, person) -> None:
    assert device_login(world, person, "login", "sso")[0] == 0
    found = world.run("-E", "legacy", "true")
    assert found.returncode == 75, "another start of the session is another login"
    told = subprocess.run(
        [sys.executable, "-c", WHO],
        env={**os.environ, **world.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ROLE in told.stdout, told.stderr


def test_a_second_role_asks_nothing(world, person) -> None:
    assert device_login(world, person, "login", "sso")[0] == 0
    other = ["--set", "sso_account_id=111122223333", "-O", "json", "sso"]
    assert world.run(*other).returncode == 0
    listed = world.run("list", "roles", "sso")
    assert listed.returncode == 0, listed.stderr
    assert {"work", "people", "Auditor"} <= set(listed.stdout.split())


def test_without_a_terminal_it_says_how_to_log_in(world) -> None:
    started = time.monotonic()
    found = world.run("-O", "json", "sso")
    assert found.returncode == 75
    assert "runas login" in found.stderr
    assert found.stderr.count("\n") == 1
    assert time.monotonic() - started < 30


def test_ad_hoc(world, person) -> None:
    assert device_login(world, person, "login", "legacy")[0] == 0
    words = ["--sso-start-url", world.center.start_url, "--sso-region", world.center.region]
    words += ["--account-id", "123456789012", "--role-name", "Developer"]
    found = world.run(*words, "--region", "eu-west-3", "env")
    assert found.returncode == 0, found.stderr
    assert "AWS_REGION=eu-west-3" in found.stdout
    refused = world.run(*words[:-1], "Nobody", "env")
    assert refused.returncode == 77
    assert "Developer" in refused.stderr


def test_logout_and_a_denied_login(world, person) -> None:
    assert device_login(world, person, "login", "sso")[0] == 0
    assert world.run("-O", "json", "sso").returncode == 0
    assert world.run("logout", "sso").returncode == 0
    assert world.run("-O", "json", "sso").returncode == 75
    world.center.deny_next()
    someone = person("--use-device-code", "--no-browser", "-O", "json", "sso")
    assert someone.waits()[0] == 77


@pytest.mark.requires("chromedriver")
def test_the_redirect_in_a_real_browser(world, person, tmp_path) -> None:
    someone = person("-O", "json", "sso", BROWSER=world.browser())
    deadline = time.monotonic() + 30
    while not world.opened.exists():
        assert time.monotonic() < deadline, someone.sees("http")
        time.sleep(0.05)
    with closing(Browser(tmp_path)) as browser:
        browser.open(world.opened.read_text())
        browser.clicks("#allow")
        status, out, err = someone.waits()
    assert status == 0, err
    assert ROLE in world.aws.issued[json.loads(out)["AccessKeyId"]].arn
