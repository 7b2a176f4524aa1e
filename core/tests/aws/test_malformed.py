"""Answers and settings of another shape than promised: errors of runas, and nothing secret in them.

What AWS answers is read by botocore, whose parsers raise whatever comes to hand.
"""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from runas.aws import console, ecr, iam, ssm, sts, targets
from runas.aws.parameters import narrowing
from runas.errors import ConfigurationError, RunasError, ServiceUnavailable
from runas.http import session
from runas.model import Credentials, KeyIdentity, Profile, Role, RoleArn

KEYS = Credentials("AKIAEXAMPLE", "CANARY")
ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/x")
MANY = "9" * 5000
DEEP = "[" * 200_000


@contextmanager
def answering(body, status=200):
    """Answer everything with one body, and give the profile that leads there."""

    class Portal(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings = {"region": "us-east-1", "endpoint_url": f"http://127.0.0.1:{server.server_port}"}
        yield Profile("work", settings)
        server.shutdown()


def take(profile, keys=KEYS):
    return sts.assume_with_keys(profile, KeyIdentity("alice", credentials=keys), Role(ROLE))


def role_won(**changes):
    known = {
        "AccessKeyId": "ASIA",
        "SecretAccessKey": "CANARY",
        "SessionToken": "CANARY",
        "Expiration": "2999-01-01T00:00:00Z",
    }
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in {**known, **changes}.items())
    return _wrapped("AssumeRole", f"<Credentials>{inner}</Credentials>")


def _wrapped(operation, inner):
    return (
        f"<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"
    )


ENDS = ["soon", "", "NaN", "1e999", MANY, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        *(({"Expiration": end}, 200) for end in ENDS),
        ({"AccessKeyId": ""}, 200),
        ({"SessionToken": "CANARY\nx"}, 200),
        ({"SecretAccessKey": "CANARYé"}, 200),
        ({"SessionToken": "<a/>"}, 200),
    ],
)
def test_credentials_that_are_none(changes, status):
    with answering(role_won(**changes), status) as profile, pytest.raises(RunasError) as caught:
        take(profile)
    assert isinstance(caught.value, ServiceUnavailable)
    assert "AWS" in caught.value.fact
    assert "CANARY" not in str(caught.value)


def test_a_fault_without_a_code():
    answer = "<ErrorResponse><Error><Code><x/></Code></Error></ErrorResponse>"
    with answering(answer, 403) as profile, pytest.raises(RunasError):
        take(profile)


def test_credentials_that_are_some():
    with answering(role_won()) as profile:
        assert take(profile).access_key_id == "ASIA"


@pytest.mark.parametrize(
    "known",
    [
        *("", f"<Arn>{ROLE}</Arn>", f"<Arn>{ROLE}</Arn><CreateDate>x</CreateDate>"),
        *(
            f"<Arn>{ROLE}</Arn><MaxSessionDuration>{text}</MaxSessionDuration>"
            for text in ("", "x", MANY)
        ),
        f"<Arn>{ROLE}</Arn><AssumeRolePolicyDocument>{DEEP}</AssumeRolePolicyDocument>",
    ],
)
def test_a_maximum_that_cannot_be_read_is_unknown(known):
    for answer in (_wrapped("GetRole", f"<Role>{known}</Role>"), _wrapped("GetRole", known)):
        with answering(answer) as profile:
            assert iam.longest_session(profile, KEYS, ROLE) is None


JSON = ["", "[]", "null", '"x"', "1", "NaN", DEEP, '{"SessionId": {}}', f'{{"a": {MANY}}}']


@pytest.mark.parametrize("answer", JSON)
@pytest.mark.parametrize("status", [200, 400])
def test_json_of_another_shape(answer, status):
    with answering(answer, status) as profile, pytest.raises(RunasError):
        ssm.Sessions(profile, KEYS).start(ssm.Wanted("i-0123456789abcdef0"))


@pytest.mark.parametrize(
    "data",
    ["[]", '{"expiresAt": "x"}', '{"expiresAt": 1e999}', '{"expiresAt": NaN}',
     '{"authorizationToken": "\\ud800"}', '{"authorizationToken": 1}'],
)  # fmt: skip
def test_a_registry_s_password_that_is_none(data):
    registry = ecr.Registry.named("public", "us-east-1")
    answer = f'{{"authorizationData": {data}}}'
    with answering(answer) as profile, pytest.raises(ServiceUnavailable):
        ecr.password(profile, KEYS, registry)


@pytest.mark.parametrize(
    "instance",
    ["", "<instanceId>i-1</instanceId><tagSet><item><key>Name</key></item></tagSet>",
     "<launchTime>x</launchTime>", "<amiLaunchIndex>x</amiLaunchIndex>"],
)  # fmt: skip
def test_an_instance_without_an_id(instance):
    inner = f"<item><instancesSet><item>{instance}</item></instancesSet></item>"
    body = f"<DescribeInstancesResponse><reservationSet>{inner}</reservationSet>"
    answer = f"{body}</DescribeInstancesResponse>"
    with answering(answer) as profile, pytest.raises(ServiceUnavailable):
        targets.resolve("name:web", profile, KEYS)


@pytest.mark.parametrize("answer", [DEEP, "[]", "{}", '{"SigninToken": "\\ud800"}', "<p>Hello"])
def test_a_console_that_is_none(answer):
    with (
        answering(answer) as profile,
        session(profile) as http,
        pytest.raises(ServiceUnavailable),
    ):
        console.sign_in_address(http, profile, KEYS, "aws", "https://x.test/")


HALF = "CANARY\udcff"


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ({"external_id": HALF}, KEYS),
        ({"session_tags": f"team={HALF}"}, KEYS),
        ({"session_policy_document": f'"{HALF}"'}, KEYS),
        ({}, Credentials("AKIAEXAMPLE", HALF)),
    ],
)
def test_what_is_no_utf_8_is_not_sent(settings, keys):
    with answering(role_won()) as profile, pytest.raises(ConfigurationError) as caught:
        take(profile.having(**settings), keys)
    assert "UTF-8" in caught.value.fact
    assert "CANARY" not in f"{caught.value}{caught.value.__cause__}"


def test_a_policy_nested_without_end():
    with pytest.raises(ConfigurationError, match="not JSON"):
        narrowing(Profile("work", {"session_policy_document": DEEP}), "aws")
