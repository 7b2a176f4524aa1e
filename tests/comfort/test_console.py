"""``runas console`` against a strict federation endpoint."""

import json
import os
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest


def address(done) -> dict[str, str]:
    assert done.returncode == 0, done.stderr
    return {name: texts[0] for name, texts in parse_qs(urlsplit(done.stdout.strip()).query).items()}


def test_the_address_signs_in_as_the_role(world):
    done = world.run("console", "ops", "--print")
    assert address(done)["Destination"] == (
        "https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1"
    )
    with urlopen(done.stdout.strip()) as page:
        assert b"signed in as arn:aws:sts::123456789012:assumed-role/ops/alice" in page.read()
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "page"),
    [
        (["--service", "s3"], "/s3/home?region=eu-west-1"),
        (["--service", "ddb"], "/dynamodbv2/home?region=eu-west-1"),
        (["--destination", "/ec2/home#Instances:"], "/ec2/home#Instances:"),
    ],
)
def test_a_page_of_the_console(words, page, world):
    found = address(world.run("console", "ops", "--print", *words))
    assert found["Destination"] == "https://eu-west-1.console.aws.amazon.com" + page


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://console.aws.amazon.com/", "//evil.example", "ec2"]
)
def test_another_page_gets_no_sign_in(url, world):
    done = world.run("console", "ops", "--print", "--destination", url)
    assert done.returncode == 2
    assert "not in the console" in done.stderr
    assert not world.aws.calls("getSigninToken")


def test_a_longer_session_is_asked_for_where_aws_allows_it(world):
    address(world.run("console", "ops", "--print", "-a", "4h"))
    (call,) = world.aws.calls("getSigninToken")
    assert call.parameters["SessionDuration"] == "14400"


def test_a_chain_that_only_aws_can_see_gets_no_longer_one(world):
    """Behind keys that came from elsewhere nobody here can see a role."""
    keys = json.loads(world.run("-O", "json", "ops").stdout)
    world.add(
        f"[profile pasted]\naws_access_key_id = {keys['AccessKeyId']}\n"
        f"aws_secret_access_key = {keys['SecretAccessKey']}\n"
        f"aws_session_token = {keys['SessionToken']}\n"
        "[profile behind]\nregion = eu-west-1\nsource_profile = pasted\n"
        "role_arn = arn:aws:iam::123456789012:role/next\n"
    )
    done = world.run("console", "--print", "-a", "4h", "behind")
    with urlopen(done.stdout.strip()) as page:
        assert b"assumed-role/next/" in page.read()
    asked = [call.parameters.get("SessionDuration") for call in world.aws.calls("getSigninToken")]
    assert asked == ["14400", None]
    assert "no longer console session" in done.stderr


@pytest.mark.parametrize(
    "words", [["ops"], ["chained"], ["-a", "1h", "ops"], ["-a", "4h", "chained"]]
)
def test_else_it_lasts_as_long_as_the_credentials(words, world):
    address(world.run("console", "--print", *words))
    (call,) = world.aws.calls("getSigninToken")
    assert call.outcome == "OK"
    assert "SessionDuration" not in call.parameters


@pytest.mark.parametrize("words", [["default"], ["-s", "ops"]])
def test_users_and_session_tokens_are_refused_before_aws_does(words, world):
    done = world.run("console", "--print", *words)
    assert done.returncode == 78
    assert "roles only" in done.stderr
    assert not world.aws.calls("getSigninToken")


def test_a_browser_is_opened_and_stdout_stays_empty(world):
    runs = world.program("a-browser")
    done = world.run("console", "ops", BROWSER="a-browser")
    assert (done.returncode, done.stdout) == (0, "")
    assert "opened https://eu-west-1.console.aws.amazon.com/" in done.stderr
    assert runs()[0]["argv"][0].startswith(world.aws.url + "/federation?Action=login")


def test_without_a_screen_the_address_is_printed(world):
    done = world.run("console", "ops", "--no-browser", BROWSER="a-browser")
    assert address(done)["SigninToken"]
    assert "within 15 minutes" in done.stderr


@pytest.mark.parametrize(
    ("partition", "region", "door", "page"),
    [
        ("aws", None, "https://signin.aws.amazon.com", "us-east-1.console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "https://signin.amazonaws.cn", "cn-north-1.console.amazonaws.cn"),
        (
            "aws-us-gov",
            "us-gov-east-1",
            "https://signin.amazonaws-us-gov.com",
            "us-gov-east-1.console.amazonaws-us-gov.com",
        ),
        (
            "aws-eusc",
            "eusc-de-east-1",
            "https://eusc-de-east-1.signin.amazonaws-eusc.eu",
            "eusc-de-east-1.console.amazonaws-eusc.eu",
        ),
    ],
)
def test_every_partition_has_its_own_door(partition, region, door, page):
    from runas import Credentials, Profile
    from runas.aws import console

    asked = []

    class Http:
        def post(self, url, data):
            asked.append(url)
            answer = type("Answer", (), {"status_code": 200})()
            answer.json = lambda: {"SigninToken": "t"}
            return answer

    http: Any = Http()
    profile = Profile("p", {"region": region} if region else {})
    there = console.destination(partition, region)
    assert urlsplit(there).netloc == page
    keys = Credentials("ASIA", "s", "t", 1)
    found = console.sign_in_address(http, profile, keys, partition, there)
    assert asked[-1] == f"{door}/federation"
    assert found.startswith(f"{door}/federation?Action=login")


@pytest.mark.parametrize("named", ["gone -P work %s", "gone", "'open"])
def test_a_browser_that_is_not_there_is_not_replaced_by_one_in_the_terminal(named, world):
    others = ("lynx", "w3m", "www-browser", "xdg-open")
    for name in others:
        world.program(name)
    done = world.run("console", "ops", BROWSER=named, TERM="xterm", DISPLAY=":0")
    assert done.returncode == 0, done.stderr
    assert "open this address within 15 minutes" in done.stderr
    assert "Action=login" in done.stdout
    assert not [name for name in others if (world.home / f"{name}.json").exists()]


def test_the_first_browser_that_is_there_is_taken(world):
    runs = world.program("firefox")
    done = world.run("console", "ops", BROWSER=os.pathsep.join(["gone", "firefox -P work %s"]))
    assert "runas: opened https://" in done.stderr
    (run,) = runs()
    assert run["argv"][:2] == ["-P", "work"]
    assert "Action=login" in run["argv"][2]
