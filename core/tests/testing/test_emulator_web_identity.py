"""AssumeRoleWithWebIdentity: unsigned, with a token that the test trusts."""

import base64
import json
import time

import pytest

from runas.testing import AwsEmulator

from .emulator_world import WORK, client, refusal

ISSUER = "https://idp.example.com"


def token(**claims):
    part = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{part}.sig"


class World:
    def __init__(self, aws):
        self.aws = aws
        self.work = aws.account(WORK)
        self.provider = self.work.oidc_provider(ISSUER, ["runas", "other"])
        self.role = self.work.role("ci", trusts=[self.provider], max_session_duration=7200)
        self.sts = client(aws, None)

    def take(self, text, role=None, **more):
        arn = (role or self.role).arn
        return self.sts.assume_role_with_web_identity(
            RoleArn=arn, RoleSessionName="ci-run", WebIdentityToken=text, **more
        )


@pytest.fixture
def world():
    with AwsEmulator() as aws:
        aws.trust_web_identity("a.b.c", "repo:me/x", issuer=ISSUER, audience="runas")
        yield World(aws)


def test_a_trusted_token_opens_the_role(world):
    answer = world.take("a.b.c", DurationSeconds=7200)
    assert answer["SubjectFromWebIdentityToken"] == "repo:me/x"
    assert (answer["Provider"], answer["Audience"]) == (ISSUER, "runas")
    session = client(world.aws, answer["Credentials"])
    assert session.get_caller_identity()["Arn"] == f"arn:aws:sts::{WORK}:assumed-role/ci/ci-run"
    issued = world.aws.issued[answer["Credentials"]["AccessKeyId"]]
    assert (issued.source, issued.chain_depth, issued.duration) == (None, 1, 7200)
    assert world.aws.requests[0].access_key_id is None


def test_what_is_no_token_is_refused(world):
    status, code, message = refusal(world.take, "opaque")
    assert (status, code) == (400, "InvalidIdentityToken")
    assert "not a valid JWT" in message


def test_an_unknown_token_is_refused(world):
    assert refusal(world.take, token(iss=ISSUER))[:2] == (400, "InvalidIdentityToken")


def test_an_expired_token_is_refused(world):
    now = int(time.time())
    old, good = token(exp=now - 1), token(exp=now + 60)
    for each in (old, good):
        world.aws.trust_web_identity(each, "repo:me/x")
    status, code, message = refusal(world.take, old)
    assert (status, code) == (400, "ExpiredTokenException")
    assert message.startswith("Token expired: current date/time ")
    world.take(good)
    world.aws.advance(60)
    assert refusal(world.take, good)[1] == "ExpiredTokenException"


def test_an_unknown_issuer_is_refused(world):
    world.aws.trust_web_identity("d.e.f", "someone", issuer="https://elsewhere.example")
    message = "No OpenIDConnect provider found in your account for https://elsewhere.example"
    assert refusal(world.take, "d.e.f") == (400, "InvalidIdentityToken", message)


def test_another_audience_is_refused(world):
    world.aws.trust_web_identity("d.e.f", "someone", audience="stranger")
    refused = refusal(world.take, "d.e.f")
    assert refused == (400, "InvalidIdentityToken", "Incorrect token audience")


def test_the_role_must_trust_the_provider(world):
    denied = (403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    other = world.work.role("other", trusts=["*"])
    assert refusal(world.take, "a.b.c", other) == denied
    del world.work.roles["ci"]
    assert refusal(world.take, "a.b.c") == denied


def test_trust_may_depend_on_the_subject(world):
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": world.provider.arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringLike": {"idp.example.com:sub": "repo:me/*"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    role = world.work.role("mine", trust_policy=document)
    world.take("a.b.c", role)
    world.aws.trust_web_identity("d.e.f", "repo:you/x")
    assert refusal(world.take, "d.e.f", role)[1] == "AccessDenied"


def test_limits_hold_here_too(world):
    assert refusal(world.take, "a.b.c", DurationSeconds=7201)[1] == "ValidationError"
    assert refusal(world.take, "a.c" + "." * 20001)[1] == "ValidationError"
    assert refusal(world.take, "a.b.c", Policy="{")[1] == "MalformedPolicyDocument"
