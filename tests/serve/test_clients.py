"""Real clients, each through two refreshes of credentials that live for seconds."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

LIFE = 7  # seconds
ENDPOINTS = [("ecs", "-p", "0"), ("ec2", "-p", "0"), ("ec2", "-p", "0", "--imds-v2-only")]
GOPATH = "/usr/share/gocode"
KEYS = str(Path(__file__).with_name("keys.mjs"))

# One process: an ECS client asks again by itself; IMDS keys, which SDKs prolong, are got anew.
BOTO3 = """
import sys, time, boto3
wanted, until, seen, held = int(sys.argv[1]), time.time() + 60, set(), None
while len(seen) < wanted and time.time() < until:
    session = held or boto3.Session()
    held = session if sys.argv[2] == "ecs" else None
    keys = session.get_credentials().get_frozen_credentials()
    seen.add(keys.access_key)
    arn = session.client("sts").get_caller_identity()["Arn"]
    assert "assumed-role/read-only/" in arn, arn
    time.sleep(0.3)
print(len(seen), session.get_credentials().method)
"""


def ran(argv, environ):
    done = subprocess.run(
        argv, env=environ, capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("words", ENDPOINTS, ids=" ".join)
def test_boto3(world, words):
    world.aws.lifetime_override = LIFE
    served = world.serve(*words, "read-only")
    found = ran([sys.executable, "-c", BOTO3, "3", words[0]], world.client(served))
    assert found == ("3 container-role" if words[0] == "ecs" else "3 iam-role")


@pytest.mark.requires("aws")
@pytest.mark.parametrize("words", ENDPOINTS, ids=" ".join)
def test_the_aws_cli(world, words):
    world.aws.lifetime_override = LIFE
    environ = world.client(world.serve(*words, "read-only"))
    before, until = len(world.aws.calls("AssumeRole")), time.monotonic() + 60
    while len(world.aws.calls("AssumeRole")) < before + 3 and time.monotonic() < until:
        who = json.loads(ran(["aws", "sts", "get-caller-identity", "--output", "json"], environ))
        assert "assumed-role/read-only/" in who["Arn"]
    used = {call.access_key_id for call in world.aws.calls("GetCallerIdentity")}
    assert len(used) >= 3


@pytest.mark.requires("node", "tests/js/node_modules/@aws-sdk/client-sts")
@pytest.mark.parametrize("words", ENDPOINTS, ids=" ".join)
def test_the_sdk_for_javascript(world, words):
    world.aws.lifetime_override = LIFE
    served = world.serve(*words, "read-only")
    assert ran(["node", KEYS, "3"], world.client(served)) == "3"


@pytest.fixture(scope="module")
def go_client(tmp_path_factory):
    """Build the client with the SDK that Debian packages: no module is downloaded."""
    folder = tmp_path_factory.mktemp("go")
    environ = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": GOPATH,
        "GOCACHE": str(folder / "cache"),
    }
    ran(
        ["go", "build", "-o", str(folder / "keys"), str(Path(__file__).with_name("keys.go"))],
        environ,
    )
    return str(folder / "keys")


@pytest.mark.requires("go", f"{GOPATH}/src/github.com/aws/aws-sdk-go")
@pytest.mark.parametrize("words", ENDPOINTS, ids=" ".join)
def test_the_sdk_for_go(world, words, go_client):
    world.aws.lifetime_override = LIFE
    served = world.serve(*words, "read-only")
    assert ran([go_client, "3"], world.client(served)) == "3"


def test_another_profile_by_its_name(world):
    served = world.serve("ecs", "-p", "0", "read-only")
    environ = world.client(served)
    environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] += "/audit"
    code = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    assert "assumed-role/audit/" in ran([sys.executable, "-c", code], environ)


def test_an_sdk_says_what_a_person_has_to_do(world):
    served = world.serve("ecs", "-p", "0", "admin")
    code = "import boto3; boto3.client('sts').get_caller_identity()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=world.client(served),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "an MFA code for" in done.stderr
    assert "is needed" in done.stderr
