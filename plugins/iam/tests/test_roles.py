"""Listing the roles that a user's policies name."""

import logging
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

import runas
from runas.errors import ServiceUnavailable
from runas_iam.roles import _role_arn, offered

from .conftest import MINE, THEIRS

A = f"arn:aws:iam::{THEIRS}:role/"


def policy(resource, effect="Allow", action="sts:AssumeRole"):
    held = [{"Effect": effect, "Action": action, "Resource": resource}]
    return {"Version": "2012-10-17", "Statement": held}


LOOK = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["iam:Get*", "iam:List*"], "Resource": "*"}],
}


@pytest.fixture
def bob(aws):
    """A user whose roles are named in four places, with a Deny in a fifth."""
    account = aws.account(MINE)
    bob = account.user("bob", path="/people/", policies={"look": LOOK, "own": policy(A + "own")})
    bob.attach(account.policy("attached", policy([A + "attached", A + "payroll"], action="sts:*")))
    group = account.group("developers", policies={"inline": policy(A + "team/${aws:username}")})
    group.attach(account.policy("wide", policy(A + "audit-*", action="*")))
    bob.join(group)
    late = account.group("late")
    late.attach(account.policy("no-payroll", policy(A + "payroll", "Deny", "*")))
    bob.join(late)
    return bob


@pytest.fixture
def bobs(profile, bob):
    key = bob.access_key()
    return profile(aws_access_key_id=key.access_key_id, aws_secret_access_key=key.secret_access_key)


FOUND = [A + "attached", A + "own", A + "team/bob", A + "audit-*"]


@pytest.mark.parametrize("page_size", [None, 1])
def test_every_place_is_read(aws, login, bobs, page_size):
    aws.page_size = page_size
    assert login.roles(bobs) == FOUND


def test_the_default_version_of_a_policy_counts(aws, login, bobs, bob):
    bob.attached[0].new_version(policy(A + "newer"))
    assert A + "newer" in login.roles(bobs)
    assert A + "attached" not in login.roles(bobs)


def test_a_session_without_mfa_falls_back_to_the_keys(aws, login, bobs):
    identity = login.identity(bobs)
    assert identity.credentials.temporary
    assert login.roles(bobs, identity) == FOUND


def test_a_session_with_mfa_may_read(aws, login, bobs, bob):
    device = bob.mfa_device()
    asked = bobs.having(mfa_serial=device.serial)
    login.codes = [device.code]
    identity = login.identity(asked)
    bob.keys[0].active = False
    assert login.roles(asked.having(aws_access_key_id=None, aws_secret_access_key=None), identity)


ME = "<Arn>arn:aws:iam::111122223333:user/x</Arn><Account>1</Account><UserId>x</UserId>"
HALF = {
    "ListGroupsForUser": "<Groups><member><Path>/</Path></member></Groups>",
    "ListAttachedUserPolicies": "<AttachedPolicies><member/></AttachedPolicies>",
    "GetUserPolicy": "<PolicyName>a</PolicyName>",
    "GetPolicy": "<Policy><Path>/</Path></Policy>",
    "GetPolicyVersion": "<PolicyVersion/>",
}
WHOLE = {
    "GetCallerIdentity": ME,
    "ListGroupsForUser": "<Groups/>",
    "ListAttachedUserPolicies": "<AttachedPolicies><member><PolicyArn>arn:aws:iam::aws:policy/a"
    "</PolicyArn></member></AttachedPolicies>",
    "ListUserPolicies": "<PolicyNames/>",
    "GetPolicy": "<Policy><DefaultVersionId>v1</DefaultVersionId></Policy>",
    "GetPolicyVersion": "<PolicyVersion><Document>%7B%7D</Document></PolicyVersion>",
}


@pytest.fixture
def iam():
    """Answer each operation with what is known of it, as IAM would."""
    known = dict(WHOLE)

    class Portal(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
            name = parse_qs(asked)["Action"][0]
            text = f"<{name}Response><{name}Result>{known[name]}</{name}Result></{name}Response>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        known["url"] = f"http://127.0.0.1:{server.server_port}"
        yield known
        server.shutdown()


@pytest.mark.parametrize("operation", ["", *HALF])
def test_half_an_answer_is_not_aws_s(iam, operation):
    iam.update({operation: HALF[operation]} if operation else {})
    if operation == "GetUserPolicy":
        iam["ListUserPolicies"] = "<PolicyNames><member>a</member></PolicyNames>"
    settings = {"region": "us-east-1", "endpoint_url": iam["url"]}
    identity = runas.KeyIdentity("x", credentials=runas.Credentials("AKIA", "secret"))
    if not operation:
        assert offered(runas.Profile("work", settings), identity) == []
        return
    with pytest.raises(ServiceUnavailable, match="not AWS"):
        offered(runas.Profile("work", settings), identity)


def test_what_may_not_be_read_is_said(aws, login, bobs, bob, caplog):
    bob.inline(
        "blind",
        policy("*", "Deny", ["iam:ListAttachedUserPolicies", "iam:GetGroupPolicy"]),
    )
    with caplog.at_level(logging.WARNING, "runas.notice"):
        assert login.roles(bobs) == [A + "own", A + "audit-*"]
    assert len(caplog.messages) == 1


def test_nothing_may_be_read(aws, login, profile):
    key = aws.account(MINE).user("eve", policies={}).access_key()
    asked = profile(
        aws_access_key_id=key.access_key_id, aws_secret_access_key=key.secret_access_key
    )
    with pytest.raises(runas.AccessDenied) as caught:
        login.roles(asked)
    assert "iam:List*" in caught.value.hint


def test_a_user_without_policies_about_roles(aws, login, profile):
    key = aws.account(MINE).user("eve", policies={"look": LOOK}).access_key()
    asked = profile(
        aws_access_key_id=key.access_key_id, aws_secret_access_key=key.secret_access_key
    )
    assert login.roles(asked) == []


def test_a_role_has_no_user_s_policies(aws, login, bobs, bob):
    role = aws.account(THEIRS).role("own", [bob])
    taken = login.take(bobs.having(role_arn=role.arn), runas.Role(runas.RoleArn.parse(role.arn)))
    identity = runas.KeyIdentity("bob", taken.expiration, taken)
    with pytest.raises(runas.Refused) as caught:
        login.roles(bobs, identity)
    assert "assumed-role/own/bob" in caught.value.fact


def test_in_another_partition(aws, login, profile):
    account = aws.account("222233334444", partition="aws-cn")
    named = "arn:aws-cn:iam::222233334444:role/admin"
    carol = account.user("carol", policies={"look": LOOK, "own": policy([named, "*"])})
    key = carol.access_key()
    asked = profile(
        region="cn-north-1",
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
    )
    assert login.roles(asked) == [named, "arn:aws-cn:iam::*:role/*"]


@pytest.mark.parametrize(
    ("text", "arn"),
    [
        (A + "admin", A + "admin"),
        (A + "team/red/admin", A + "team/red/admin"),
        (A + "*", A + "*"),
        (A + "team/*", A + "team/*"),
        (A + "team-?", A + "team-?"),
        ("*", "arn:aws:iam::*:role/*"),
        ("arn:aws:iam::*:role/admin", "arn:aws:iam::*:role/admin"),
        (f"arn:aws:iam::{THEIRS}:*", A + "*"),
        ("arn:*:iam::123456789012:role/admin", A + "admin"),
        ("arn:aws:iam::1234*", "arn:aws:iam::1234*:role/*"),
        (f"arn:aws:iam::{THEIRS}:ro*", A + "*"),
        (f"arn:aws:iam::{THEIRS}:user/*", None),
        (f"arn:aws:iam::{THEIRS}:user/alice", None),
        ("arn:aws:s3:::bucket/*", None),
        ("arn:aws:s3:::bucket", None),
        ("nonsense", None),
    ],
)
def test_a_resource_is_read_as_a_role_or_a_pattern(text, arn):
    found = _role_arn(text, "aws")
    assert (str(found) if found else None) == arn
