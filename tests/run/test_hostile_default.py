"""Real SDKs as children: whatever ``[default]`` says, they get the role that was asked for.

boto3, the AWS CLI and the AWS SDK for JavaScript v3 each tell who they are and what else of the
user's configuration reached them.
"""

import json
import sys
from pathlib import Path

import pytest

from .world import RUNAS

JS = Path(__file__).parent.parent / "js"

BOTO3 = """
import boto3, json
session = boto3.session.Session()
config = session._session.get_scoped_config()
print(json.dumps({
    "arn": session.client("sts").get_caller_identity()["Arn"],
    "region": session.region_name,
    "retry_mode": session._session.get_config_variable("retry_mode"),
    "addressing": (config.get("s3") or {}).get("addressing_style"),
    "method": session.get_credentials().method,
}))
"""

HOSTILE = {
    "keys in credentials": (
        "credentials",
        "aws_access_key_id = AKIAHOSTILE\naws_secret_access_key = h\n",
    ),
    "keys in config": ("config", "aws_access_key_id = AKIAHOSTILE\naws_secret_access_key = h\n"),
    "role_arn": ("config", "role_arn = arn:aws:iam::999999999999:role/h\nsource_profile = admin\n"),
    "role from environment": (
        "config",
        "role_arn = arn:aws:iam::999999999999:role/h\ncredential_source = Environment\n",
    ),
    "credential_process": ("config", "credential_process = false\n"),
    "sso": (
        "config",
        (
            "sso_start_url = https://h.awsapps.com/start\nsso_region = us-east-1\n"
            "sso_account_id = 999999999999\nsso_role_name = h\n"
        ),
    ),
    "sso session": (
        "config",
        "sso_session = h\nsso_account_id = 999999999999\nsso_role_name = h\n",
    ),
    "web identity": (
        "config",
        "web_identity_token_file = /nowhere\nrole_arn = arn:aws:iam::999999999999:role/h\n",
    ),
    "login session": ("config", "login_session = arn:aws:iam::999999999999:user/h\n"),
    "process in credentials": ("credentials", "credential_process = false\n"),
}
SETTINGS = "retry_mode = adaptive\ns3 =\n  addressing_style = path\n"
MODES = pytest.mark.parametrize("mode", [[], ["-E"]], ids=["endpoint", "environment"])
HOSTILES = pytest.mark.parametrize("hostile", HOSTILE)


def furnish(world, hostile: str) -> list[str]:
    """Rewrite the files with a hostile default; return the options that still find alice's keys."""
    name, lines = HOSTILE[hostile]
    key = world.seeds.key
    alice = f"[alice]\naws_access_key_id = {key.access_key_id}\n"
    alice += f"aws_secret_access_key = {key.secret_access_key}\n"
    default = f"[default]\nregion = eu-central-1\n{SETTINGS}"
    profile = f"[profile work]\nsource_profile = alice\nrole_arn = {world.seeds.read_only.arn}\n"
    session = (
        "[sso-session h]\nsso_start_url = https://h.awsapps.com/start\nsso_region = us-east-1\n"
    )
    admin = "[profile admin]\nregion = us-west-2\n"
    config = default + (lines if name == "config" else "") + profile + session + admin
    world.config.write_text(config)
    world.credentials.write_text(("[default]\n" + lines if name == "credentials" else "") + alice)
    return ["work"]


@MODES
@HOSTILES
def test_boto3(world, mode, hostile) -> None:
    words = furnish(world, hostile)
    found = world.run(*mode, *words, sys.executable, "-c", BOTO3, AWS_PROFILE="")
    assert found.returncode == 0, found.stderr
    seen = json.loads(found.stdout)
    assert seen["arn"] == "arn:aws:sts::123456789012:assumed-role/read-only/alice"
    assert seen["region"] == "eu-central-1"
    assert seen["retry_mode"] == "adaptive"
    assert seen["addressing"] == "path"
    assert seen["method"] == ("env" if mode else "container-role")


@MODES
@HOSTILES
def test_the_aws_cli(world, mode, hostile) -> None:
    words = furnish(world, hostile)
    found = world.run(
        *mode, *words, "aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"
    )
    assert found.stdout.strip() == "arn:aws:sts::123456789012:assumed-role/read-only/alice", (
        found.stderr
    )
    listed = world.run(*mode, *words, "aws", "configure", "get", "region", "--profile", "admin")
    assert listed.stdout.strip() == "us-west-2"


@pytest.mark.requires("node", "tests/js/node_modules")
@MODES
@HOSTILES
def test_the_sdk_for_javascript(world, mode, hostile) -> None:
    words = furnish(world, hostile)
    script = JS / "who.mjs"
    found = world.run(*mode, *words, "node", str(script))
    assert found.returncode == 0, found.stderr
    seen = json.loads(found.stdout)
    assert seen["arn"] == "arn:aws:sts::123456789012:assumed-role/read-only/alice"
    assert seen["region"] == "eu-central-1"
    assert seen["retry_mode"] == "adaptive"


def test_the_profiles_own_settings_are_the_childs_defaults(world) -> None:
    furnish(world, "keys in credentials")
    own = (
        "output = text\nretry_mode = standard\nregion = eu-north-1\n"
        "s3 =\n  addressing_style = virtual\n"
    )
    text = world.config.read_text().replace("[profile work]\n", "[profile work]\n" + own)
    world.config.write_text(text)
    found = world.run("work", sys.executable, "-c", BOTO3)
    seen = json.loads(found.stdout)
    assert (seen["retry_mode"], seen["addressing"]) == ("standard", "virtual")
    assert seen["region"] == "eu-north-1"
    printed = world.run("work", "aws", "sts", "get-caller-identity")
    assert printed.stdout.split("\t")[0] == "123456789012"


def test_no_secret_of_the_files_is_copied(world, home) -> None:
    furnish(world, "keys in config")
    world.add(
        "[profile other]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = other-secret\n"
    )
    assert world.run("work", "true").returncode == 0
    for path in (home / "runas-cache").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"other-secret" not in content
            assert world.seeds.key.secret_access_key.encode() not in content


OLD = {
    "AWS_ACCESS_KEY_ID": "AKIAOLD",
    "AWS_SECRET_ACCESS_KEY": "old",
    "AWS_SESSION_TOKEN": "old",
    "AWS_SECURITY_TOKEN": "old",
    "AWS_CREDENTIAL_EXPIRATION": "2020-01-01T00:00:00Z",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere",
    "AWS_ROLE_ARN": "arn:aws:iam::999999999999:role/h",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/h",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/nowhere",
    "RUNAS_PASSWORD": "secret-1",
    "SAML_PASSWORD": "secret-2",
    "WEB_PASSWORD": "secret-3",
    "MFA_CODE": "123456",
}


@MODES
def test_older_credentials_and_secrets_do_not_reach_the_child(world, mode) -> None:
    furnish(world, "sso")
    script = "import os, json; print(json.dumps(dict(os.environ)))"
    found = world.run(*mode, "work", sys.executable, "-c", script, **OLD)
    assert found.returncode == 0, found.stderr
    seen = json.loads(found.stdout)
    kept = {name for name in OLD if name in seen}
    allowed = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}
    assert kept <= (allowed | {"AWS_CREDENTIAL_EXPIRATION"} if mode else set())
    assert all(seen[name] != OLD[name] for name in kept)
    assert (seen["RUNAS_PROFILE"], seen["AWSRUNAS_PROFILE"]) == ("work", "work")
    assert (seen["AWS_REGION"], seen["AWS_DEFAULT_REGION"]) == ("eu-central-1", "eu-central-1")
    assert "AWS_PROFILE" not in seen


def test_a_runas_inside_a_wrapped_command_sees_the_users_own_files(world) -> None:
    for inner in ([], ["-E"]):
        words = ["admin", RUNAS, *inner, "read-only", "aws", "sts", "get-caller-identity"]
        found = world.run("-o", world.seeds.device.unused_code(), *words)
        assert found.returncode == 0, found.stderr
        assert "assumed-role/read-only/alice" in found.stdout
