"""Other AWS tools judge: the SDK and the AWS CLI, as processes of their own."""

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import runas
import runas_sso
from runas.challenges import drive
from runas.testing import AwsEmulator
from runas_sso.testing import IdentityCenter, Person, minted_by

WORK = "123456789012"
CALLER = (
    "import boto3; sts = boto3.Session(profile_name={!r}).client('sts');"
    " print(sts.get_caller_identity()['Arn'])"
)


@pytest.fixture
def aws():
    with AwsEmulator() as running:
        yield running


@pytest.fixture
def center(aws):
    with IdentityCenter(mint=minted_by(aws)) as running:
        running.account(WORK, "prod").role("Developer")
        yield running


@pytest.fixture
def environment(aws, center, home):
    """Write the config, and return the variables that point tools at the fakes."""
    role = f"sso_account_id = {WORK}\nsso_role_name = Developer\nregion = eu-west-1\n"
    place = f"sso_start_url = {center.start_url}\nsso_region = {center.region}\n"
    text = f"[sso-session corp]\n{place}\n[profile new]\nsso_session = corp\n{role}\n"
    (home / ".aws" / "config").write_text(f"{text}[profile old]\n{place}{role}")
    own = {"AWS_ENDPOINT_URL": aws.url, "AWS_EC2_METADATA_DISABLED": "true"}
    return dict(os.environ) | own | center.environment()


@pytest.fixture
def profiles(profile):
    role = {"sso_account_id": WORK, "sso_role_name": "Developer", "use_device_code": "false"}
    return {"new": profile(**role), "old": profile(sso_session=None, **role)}


def run(environment, *command):
    done = attempt(environment, *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def attempt(environment, *command):
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def arn(text):
    return re.search(r"arn:aws:sts::[^\"\s]+", text).group()


@pytest.mark.parametrize("name", ["new", "old"])
def test_after_our_login_the_sdk_needs_none(environment, profiles, login, front, name):
    login(profiles[name], front.answer)
    found = arn(run(environment, sys.executable, "-c", CALLER.format(name)))
    assert re.fullmatch(
        rf"arn:aws:sts::{WORK}:assumed-role/AWSReservedSSO_Developer_[0-9a-f]{{16}}/me@example.com",
        found,
    )


@pytest.mark.requires("aws")
@pytest.mark.parametrize("name", ["new", "old"])
def test_after_our_login_the_aws_cli_needs_none(environment, profiles, login, front, name):
    login(profiles[name], front.answer)
    out = run(environment, "aws", "sts", "get-caller-identity", "--profile", name)
    assert "AWSReservedSSO_Developer" in arn(out)


def test_sdk_renews_our_token_and_we_use_its(environment, profiles, login, front, center, home):
    """The rotation of either is the other's next token."""
    login(profiles["new"], front.answer)
    path = next(p for p in (home / ".aws/sso/cache").iterdir() if "accessToken" in p.read_text())
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"expiresAt": "2020-01-01T00:00:00Z"}))
    run(environment, sys.executable, "-c", CALLER.format("new"))
    assert center.rotations == 1
    theirs = json.loads(path.read_text())
    assert theirs["refreshToken"] != content["refreshToken"]
    assert login(profiles["new"]).token.access == theirs["accessToken"]
    path.write_text(json.dumps(theirs | {"expiresAt": "2020-01-01T00:00:00Z"}))
    login(profiles["new"])
    assert center.rotations == 2
    run(environment, sys.executable, "-c", CALLER.format("new"))
    assert center.rotations == 2


def test_sdk_may_register_and_sign_in_by_itself(environment, center, profiles, login):
    """An SDK's own calls, as `aws sso login` makes them, are taken; its file serves us."""
    script = """
import boto3, datetime, hashlib, json, os, sys
url, region = sys.argv[1:3]
oidc = boto3.client("sso-oidc", region_name=region)
made = oidc.register_client(clientName="tool", clientType="public", scopes=["sso:account:access"])
pair = {"clientId": made["clientId"], "clientSecret": made["clientSecret"]}
begun = oidc.start_device_authorization(startUrl=url, **pair)
got = oidc.create_token(grantType="urn:ietf:params:oauth:grant-type:device_code",
    deviceCode=begun["deviceCode"], **pair)
def moment(at): return at.strftime("%Y-%m-%dT%H:%M:%SZ")
now = datetime.datetime.now(datetime.timezone.utc)
ends = datetime.datetime.fromtimestamp(made["clientSecretExpiresAt"], datetime.timezone.utc)
token = {"startUrl": url, "region": region, "accessToken": got["accessToken"], **pair,
    "expiresAt": moment(now + datetime.timedelta(seconds=got["expiresIn"])),
    "registrationExpiresAt": moment(ends), "refreshToken": got["refreshToken"]}
folder = os.path.expanduser("~/.aws/sso/cache"); os.makedirs(folder)
name = hashlib.sha1(b"corp").hexdigest() + ".json"
open(os.path.join(folder, name), "w").write(json.dumps(token))
"""
    center.approve_next()
    anonymous = environment | {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    run(anonymous, sys.executable, "-c", script, center.start_url, center.region)
    assert login(profiles["new"]).won


@pytest.mark.requires("aws")
@pytest.mark.parametrize(
    ("name", "more"), [("new", []), ("new", ["--use-device-code"]), ("old", [])]
)
def test_login_by_the_aws_cli_serves_us(environment, profiles, login, name, more):
    version = run(environment, "aws", "--version")
    if version.startswith("aws-cli/1."):
        pytest.skip("version 1 of the AWS CLI has no `sso login`")
    command = ["aws", "sso", "login", "--no-browser", "--profile", name, *more]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    for line in process.stdout:
        url = line.strip()
        if url.startswith("http") and ("/authorize?" in url or "user_code=" in url):
            Person().open(url)
    assert process.wait() == 0
    watchdog.cancel()
    assert login(profiles[name]).won


@pytest.mark.requires("aws")
def test_logout_by_the_aws_cli_logs_us_out(environment, profiles, login, front, center):
    version = run(environment, "aws", "--version")
    if version.startswith("aws-cli/1."):
        pytest.skip("version 1 of the AWS CLI has no `sso logout` of its own")
    login(profiles["new"], front.answer)
    run(environment, "aws", "sso", "logout")
    with pytest.raises(runas.InteractionRequired):
        login(profiles["new"].having(runas_kept="true"))
    assert center.logins[0].ended


def test_our_logout_logs_the_sdk_out(environment, profiles, login, front):
    login(profiles["new"], front.answer)
    login(profiles["new"].having(runas_kept="true")).end()
    done = attempt(environment, sys.executable, "-c", CALLER.format("new"))
    assert "Error loading SSO Token: Token for corp does not exist" in done.stderr


@pytest.mark.parametrize("operation", ["list_accounts", "list_account_roles"])
def test_fake_pages_as_the_sdk_expects(environment, center, profiles, login, front, operation):
    for number in range(30):
        center.account(f"{number:012}", f"a{number}").role("Reader")
        center.account(WORK).role(f"Role{number}")
    center.page_size = 7
    token = login(profiles["new"], front.answer).token.access
    more = {} if operation == "list_accounts" else {"accountId": WORK}
    script = f"""
import boto3, sys
pages = boto3.client("sso", region_name="us-east-1").get_paginator({operation!r})
found = [page for page in pages.paginate(accessToken=sys.argv[1], **{more!r})]
print(len(found), sum(len(page.get("accountList") or page.get("roleList")) for page in found))
"""
    assert run(environment, sys.executable, "-c", script, token).split() == ["5", "31"]


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        (
            "get_role_credentials(roleName='No', accountId='123456789012', accessToken=t)",
            "Forbidden",
        ),
        ("get_role_credentials(roleName='No', accountId='1', accessToken=t)", "InvalidRequest"),
        ("list_accounts(accessToken='no')", "Unauthorized"),
        ("list_account_roles(accountId='999999999999', accessToken=t)", "ResourceNotFound"),
    ],
)
def test_fake_refuses_in_words_that_the_sdk_knows(environment, profiles, login, front, call, fault):
    token = login(profiles["new"], front.answer).token.access
    script = f"""
import boto3, sys
from botocore.exceptions import ClientError
t = sys.argv[1]
try:
    boto3.client("sso", region_name="us-east-1").{call}
except ClientError as error:
    print(error.response["Error"]["Code"])
"""
    assert run(environment, sys.executable, "-c", script, token).strip() == fault + "Exception"


def test_engine_runs_the_whole_way(environment, profiles, front, aws, home):
    """Core's engine with this plugin: keys that STS knows, then none but the cache."""
    import pluggy

    from runas import defaults, hookspecs
    from runas.cache import Cache
    from runas.engine import Engine
    from runas.memory import Memory

    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(defaults)
    manager.register(runas_sso)
    cache = Cache(str(home / "runas-cache"), lambda text: None)
    engine = Engine(profiles["new"], manager, cache, Memory(cache))
    entry = drive(engine.entry(), front.answer)
    assert entry.facts["account"] == WORK
    assert aws.issued[entry.credentials.access_key_id].session_name == "me@example.com"
    again = drive(Engine(profiles["new"], manager, cache, Memory(cache)).entry(), front.answer)
    assert again.credentials == entry.credentials
    assert len(front.person.opened) == 1


def test_engine_lets_the_person_choose(profile, front, center, home):
    import pluggy

    from runas import defaults, hookspecs
    from runas.cache import Cache
    from runas.engine import Engine
    from runas.memory import Memory

    center.account(WORK).role("Admin")
    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(defaults)
    manager.register(runas_sso)
    cache = Cache(str(home / "runas-cache"), lambda text: None)

    def answer(challenge):
        if isinstance(challenge, runas.Choice):
            return next(role for role in challenge.options if role.arn.name == "Admin")
        return front.answer(challenge)

    engine = Engine(profile(use_device_code="true"), manager, cache, Memory(cache))
    assert drive(engine.entry(), answer).facts["role"].endswith("role/Admin")


def test_import_is_light():
    script = "import sys, runas_sso; print([n for n in ('requests', 'boto3') if n in sys.modules])"
    source = str(Path(runas_sso.__file__).parent.parent)
    environment = dict(os.environ) | {"PYTHONPATH": source}
    assert run(environment, sys.executable, "-c", script).strip() == "[]"
