"""The emulator as a service: records, faults, clocks, many clients at once."""

import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest
from botocore.exceptions import ConnectionClosedError

from runas.testing import AwsEmulator

from .emulator_world import INVALID_TOKEN, PEOPLE, WORK, assume, client, refusal


@pytest.fixture
def aws():
    with AwsEmulator(control=True) as emulator:
        yield emulator


@pytest.fixture
def alice(aws):
    return aws.account(PEOPLE).user("alice")


@pytest.fixture
def sts(aws, alice):
    return client(aws, alice.access_key())


def fetch(url):
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_requests_are_recorded(aws, sts, alice):
    role = aws.account(WORK).role("admin", trusts=["444455556666"])
    before = aws.now()
    sts.get_caller_identity()
    refusal(assume, sts, role)
    client(aws, alice.keys[0], "iam", region="us-east-1").get_user()
    first, second, third = aws.requests
    assert (first.service, first.action, first.outcome) == ("sts", "GetCallerIdentity", "OK")
    assert first.access_key_id == alice.keys[0].access_key_id
    assert before <= first.time <= second.time <= aws.now()
    assert (second.outcome, second.parameters["RoleArn"]) == ("AccessDenied", role.arn)
    assert "not authorized" in second.message
    assert (second.region, third.region, third.service) == ("eu-west-1", "us-east-1", "iam")
    assert aws.calls("AssumeRole") == [second]
    aws.forget_requests()
    assert aws.requests == []


def test_records_of_unknown_callers(aws):
    keys = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x"}
    assert refusal(client(aws, keys).get_caller_identity) == INVALID_TOKEN
    (request,) = aws.requests
    assert request.outcome == "InvalidClientTokenId"
    assert request.access_key_id == "AKIAIOSFODNN7EXAMPLE"


def test_the_environment_points_sdks_here(aws, alice, monkeypatch):
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    key = alice.access_key()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret_access_key)
    session = boto3.Session()
    assert session.client("sts").get_caller_identity()["Arn"] == alice.arn
    assert session.client("iam").get_user()["User"]["Arn"] == alice.arn
    assert aws.requests[0].region == "eu-west-1"
    assert aws.environment().keys() == {"AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION"}


def test_calls_fail_on_demand(aws, sts):
    aws.fail("GetCallerIdentity", code="Throttling", status=400, message="Rate exceeded", times=2)
    for _ in range(2):
        assert refusal(sts.get_caller_identity) == (400, "Throttling", "Rate exceeded")
    sts.get_caller_identity()
    aws.fail("*")
    assert refusal(sts.get_caller_identity)[:2] == (503, "ServiceUnavailable")
    assert [each.outcome for each in aws.requests] == [
        *("Throttling", "Throttling", "OK", "ServiceUnavailable"),
    ]


def test_only_the_named_operation_fails(aws, sts):
    aws.fail("GetSessionToken")
    sts.get_caller_identity()
    assert refusal(sts.get_session_token)[0] == 503


def test_an_sdk_gets_over_faults(aws, alice):
    aws.fail("GetCallerIdentity")
    patient = client(aws, alice.access_key(), tries=2)
    assert patient.get_caller_identity()["ResponseMetadata"]["RetryAttempts"] == 1


def test_connections_break_on_demand(aws, sts):
    aws.drop_connections(2)
    for _ in range(2):
        with pytest.raises(ConnectionClosedError):
            sts.get_caller_identity()
    sts.get_caller_identity()
    assert [each.outcome for each in aws.requests] == ["Dropped", "Dropped", "OK"]


def test_calls_are_slow_on_demand(aws, sts):
    aws.slow("GetCallerIdentity", 0.05, times=1)
    start = time.monotonic()
    sts.get_caller_identity()
    assert time.monotonic() - start >= 0.05
    start = time.monotonic()
    sts.get_caller_identity()
    assert time.monotonic() - start < 0.05


def test_stopping_does_not_wait_for_the_slow():
    with AwsEmulator() as aws:
        sts = client(aws, aws.account(PEOPLE).user("alice").access_key())
        aws.slow("*", 60)
        thread = threading.Thread(target=sts.get_caller_identity)
        thread.start()
        while not aws.faults.waiting:
            time.sleep(0.005)
    thread.join(5)
    assert not thread.is_alive()


def test_time_can_be_made_up(alice):
    moments = iter(range(1_000_000_000, 2_000_000_000, 1000))
    with AwsEmulator(clock=lambda: next(moments)) as aws:
        sts = client(aws, aws.account(PEOPLE).user("alice").access_key())
        credentials = sts.get_session_token(DurationSeconds=900)["Credentials"]
        assert credentials["Expiration"].timestamp() < 1_001_000_000
        assert refusal(client(aws, credentials).get_caller_identity)[1] == "ExpiredToken"


def test_answers_are_dated_by_awss_clock(aws, sts):
    aws.signing_clock = lambda: time.time() + 600
    date = sts.get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]["date"]
    later = time.strftime("%a, %d %b %Y %H:", time.gmtime(time.time() + 600))
    assert date.startswith(later)


def test_twenty_clients_at_once(aws, alice):
    role = aws.account(WORK).role("admin", trusts=[alice])
    key = alice.access_key()
    clients = [client(aws, key) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda sts: assume(sts, role), clients))
    keys = {each["Credentials"]["AccessKeyId"] for each in answers}
    assert len(keys) == 20
    assert keys == set(aws.issued)
    assert [each.outcome for each in aws.calls("AssumeRole")] == ["OK"] * 20


def test_of_twenty_clients_with_one_code_one_succeeds(aws, alice):
    device, key = alice.mfa_device(), alice.access_key()
    proof = {"SerialNumber": device.serial, "TokenCode": device.code()}
    clients = [client(aws, key) for _ in range(20)]
    start = threading.Barrier(20)

    def use(sts):
        start.wait(5)
        try:
            return sts.get_session_token(**proof)["ResponseMetadata"]["HTTPStatusCode"]
        except sts.exceptions.ClientError as error:
            return error.response["Error"]["Code"]

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(use, clients))
    assert sorted(map(str, outcomes)) == ["200", *["AccessDenied"] * 19]


def test_the_control_path_shows_codes_that_work(aws, sts, alice):
    device = alice.mfa_device()
    for _ in range(2):
        status, code = fetch(f"{aws.url}/_runas/totp/alice")
        assert status == 200
        sts.get_session_token(SerialNumber=device.serial, TokenCode=code.strip())
    assert fetch(f"{aws.url}/_runas/totp/bob")[0] == 404
    assert fetch(f"{aws.url}/_runas/secrets")[0] == 404
    assert len(aws.requests) == 2  # the control path is no part of AWS


def test_the_control_path_is_closed_unless_opened(alice):
    with AwsEmulator() as aws:
        aws.account(PEOPLE).user("alice").mfa_device()
        assert fetch(f"{aws.url}/_runas/totp/alice")[0] == 400


def test_an_emulator_can_be_started_again():
    aws = AwsEmulator()
    with pytest.raises(RuntimeError, match="not running"):
        aws.url  # noqa: B018
    key = aws.account(PEOPLE).user("alice").access_key()
    for _ in range(2):
        with aws:
            aws.start()
            client(aws, key).get_caller_identity()
    aws.stop()
