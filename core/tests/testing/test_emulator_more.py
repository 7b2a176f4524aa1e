"""EC2, SSM, ECR and the console's door, as strict as AWS."""

import json
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from runas.testing import AwsEmulator

from .emulator_world import PEOPLE, WORK, assume, client, refusal

ALL = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"},
}


@pytest.fixture
def aws():
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def keys(aws):
    """The keys of a user who may do everything."""
    return aws.account(PEOPLE).user("ops", policies={"all": ALL}).access_key()


@pytest.fixture
def nobody(aws):
    return aws.account(PEOPLE).user("nobody", policies={}).access_key()


def test_instances_of_the_account_and_region(aws, keys):
    mine = aws.machine(PEOPLE, "eu-west-1", name="a", private_ip="10.0.0.1")
    aws.machine(WORK, "eu-west-1", name="a")
    aws.machine(PEOPLE, "us-east-1", name="a")
    ec2 = client(aws, keys, "ec2")
    filters = [{"Name": "tag:Name", "Values": ["a", "b"]}]
    (found,) = ec2.describe_instances(Filters=filters)["Reservations"]
    assert found["Instances"][0]["InstanceId"] == mine.instance_id
    wrong = refusal(ec2.describe_instances, Filters=[{"Name": "colour", "Values": ["x"]}])
    assert wrong[:2] == (400, "InvalidParameterValue")


def test_permissions(aws, nobody):
    machine = aws.machine(PEOPLE, "eu-west-1")
    assert refusal(client(aws, nobody, "ec2").describe_instances)[1] == "UnauthorizedOperation"
    denied = refusal(client(aws, nobody, "ssm").start_session, Target=machine.instance_id)
    assert denied[1] == "AccessDeniedException"
    assert "ssm:StartSession on resource: arn:aws:ec2:eu-west-1:111122223333:instance/" in denied[2]
    assert refusal(client(aws, nobody, "ecr").get_authorization_token)[1] == "AccessDeniedException"


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"Target": "web-1"}, "ValidationException"),
        ({"Target": "i-0123456789abcdef0"}, "TargetNotConnected"),
        ({"DocumentName": "Mine"}, "InvalidDocument"),
        (
            {"DocumentName": "AWS-StartSSHSession", "Parameters": {"host": ["x"]}},
            "InvalidParameters",
        ),
        *(
            (
                {"DocumentName": "AWS-StartSSHSession", "Parameters": {"portNumber": ports}},
                "InvalidParameters",
            )
            for ports in (["0"], ["65536"], ["ssh"], [""], ["22", "22"])
        ),
        (
            {
                "DocumentName": "AWS-StartPortForwardingSessionToRemoteHost",
                "Parameters": {"portNumber": ["80"]},
            },
            "InvalidParameters",
        ),
    ],
)
def test_sessions_that_cannot_be(parameters, code, aws, keys):
    target = aws.machine(PEOPLE, "eu-west-1").instance_id
    assert (
        refusal(client(aws, keys, "ssm").start_session, **{"Target": target, **parameters})[1]
        == code
    )


def test_a_session_begins_and_ends(aws, keys):
    ssm = client(aws, keys, "ssm")
    opened = ssm.start_session(Target=aws.machine(PEOPLE, "eu-west-1").instance_id)
    assert ssm.terminate_session(SessionId=opened["SessionId"])["SessionId"] == opened["SessionId"]
    assert (
        refusal(ssm.terminate_session, SessionId=opened["SessionId"])[1] == "DoesNotExistException"
    )
    assert [one.action for one in aws.requests] == ["StartSession", *["TerminateSession"] * 2]


def test_passwords_of_registries(aws, keys):
    found = client(aws, keys, "ecr").get_authorization_token()["authorizationData"]
    assert found[0]["proxyEndpoint"] == f"https://{PEOPLE}.dkr.ecr.eu-west-1.amazonaws.com"
    public = client(aws, keys, "ecr-public", "us-east-1").get_authorization_token()
    assert isinstance(public["authorizationData"], dict)
    assert refusal(client(aws, keys, "ecr-public").get_authorization_token)[1].startswith("Unsupp")


def knock(aws, credentials, **more):
    """Ask for a sign-in token; return the status."""
    session = {
        "sessionId": credentials["AccessKeyId"],
        "sessionKey": credentials["SecretAccessKey"],
        "sessionToken": credentials["SessionToken"],
    }
    asked = {"Action": "getSigninToken", "Session": json.dumps(session), **more}
    try:
        with urlopen(f"{aws.url}/federation?{urlencode(asked)}") as answer:
            return answer.status, json.load(answer)["SigninToken"]
    except HTTPError as error:
        error.close()
        return error.code, ""


def test_the_console_s_rules(aws):
    user = aws.account(PEOPLE).user("alice")
    sts = client(aws, user.access_key())
    first = aws.account(WORK).role("first", [user])
    second = aws.account(WORK).role("second", [first])
    taken = assume(sts, first)["Credentials"]
    chained = assume(client(aws, taken), second)["Credentials"]
    session = sts.get_session_token()["Credentials"]
    assert knock(aws, taken)[0] == knock(aws, taken, SessionDuration="43200")[0] == 200
    assert knock(aws, taken, SessionDuration="899")[0] == 400
    assert knock(aws, chained)[0] == 200
    assert knock(aws, chained, SessionDuration="3600")[0] == 400
    assert knock(aws, session)[0] == 400
    assert knock(aws, {**taken, "SecretAccessKey": "x"})[0] == 400
    aws.advance(3601)
    assert knock(aws, taken)[0] == 400


def test_a_sign_in_token_works_for_a_quarter_of_an_hour(aws):
    user = aws.account(PEOPLE).user("alice")
    role = aws.account(WORK).role("first", [user])
    _, token = knock(aws, assume(client(aws, user.access_key()), role)["Credentials"])

    def status(page):
        asked = {"Action": "login", "Destination": page, "SigninToken": token}
        try:
            with urlopen(f"{aws.url}/federation?{urlencode(asked)}") as answer:
                return answer.status
        except HTTPError as error:
            error.close()
            return error.code

    assert status("https://console.aws.amazon.com/") == 200
    assert status("https://evil.example/") == 400
    aws.advance(901)
    assert status("https://console.aws.amazon.com/") == 400
