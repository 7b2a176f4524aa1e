"""Signature Version 4: what is checked, and how a failure is told."""

import time
import urllib.error
import urllib.request

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from runas.testing import AwsEmulator

from .emulator_world import INVALID_TOKEN, PEOPLE, client, refusal

CALLER = b"Action=GetCallerIdentity&Version=2011-06-15"
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@pytest.fixture
def aws():
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def key(aws):
    return aws.account(PEOPLE).user("alice").access_key()


def signed(aws, key, service="sts", region="eu-west-1", body=CALLER, host=None, path="/"):
    headers = {"Content-Type": FORM} | ({"Host": host} if host else {})
    request = AWSRequest("POST", aws.url + path, headers, body)
    SigV4Auth(Credentials(key.access_key_id, key.secret_access_key), service, region).add_auth(
        request
    )
    return dict(request.headers.items())


def presigned(sts):
    return sts.generate_presigned_url("get_caller_identity", ExpiresIn=60, HttpMethod="GET")


def send(url, headers, body=CALLER, method="POST"):
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_good_signature_passes(aws, key):
    assert send(aws.url, signed(aws, key))[0] == 200


def test_both_ways_to_write_the_header_pass(aws, key):
    headers = signed(aws, key)
    headers["Authorization"] = headers["Authorization"].replace(", ", ",")
    assert send(aws.url, headers)[0] == 200


def test_a_presigned_address_passes_until_its_end(aws, key):
    url = presigned(client(aws, key))
    assert send(url, {}, None, "GET")[0] == 200
    aws.signing_clock = lambda: time.time() + 61
    status, text = send(url, {}, None, "GET")
    assert status == 403
    assert "Signature expired" in text


def test_a_presigned_address_with_a_session_token_passes(aws, key):
    credentials = client(aws, key).get_session_token()["Credentials"]
    url = presigned(client(aws, credentials))
    assert send(url, {}, None, "GET")[0] == 200
    changed = url.replace("GetCallerIdentity", "GetSessionToken")
    assert "SignatureDoesNotMatch" in send(changed, {}, None, "GET")[1]


def test_a_wrong_secret_is_refused(aws, key):
    keys = {"AccessKeyId": key.access_key_id, "SecretAccessKey": "x" * 40}
    status, code, message = refusal(client(aws, keys).get_caller_identity)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert message.startswith("The request signature we calculated does not match")


def test_another_body_is_refused(aws, key):
    status, text = send(aws.url, signed(aws, key), CALLER + b"&More=1")
    assert (status, "SignatureDoesNotMatch" in text) == (403, True)


def test_another_path_is_refused(aws, key):
    assert send(aws.url + "/other", signed(aws, key))[0] == 403


def test_another_header_value_is_refused(aws, key):
    headers = signed(aws, key) | {"Content-Type": FORM.replace("utf-8", "UTF-8")}
    assert send(aws.url, headers)[0] == 403


def test_an_unsigned_token_header_is_refused(aws, key):
    status, text = send(aws.url, signed(aws, key) | {"X-Amz-Security-Token": "x"})
    assert status == 403
    assert "'x-amz-security-token' must be a 'SignedHeader'" in text


def test_the_host_must_be_signed(aws, key):
    headers = signed(aws, key)
    headers["Authorization"] = headers["Authorization"].replace("host;", "")
    status, text = send(aws.url, headers)
    assert (status, "must be a 'SignedHeader'" in text) == (403, True)


def test_the_scope_must_name_the_service(aws, key):
    status, text = send(aws.url, signed(aws, key, service="iam"))
    assert status == 403
    assert "Credential should be scoped to correct service: 'sts'." in text


@pytest.mark.parametrize("region", ["mars-north-1", "eu"])
def test_the_scope_must_name_a_region(aws, key, region):
    status, text = send(aws.url, signed(aws, key, region=region))
    assert status == 403
    assert f"Credential should be scoped to a valid region, not '{region}'." in text


@pytest.mark.parametrize(
    ("host", "good"),
    [
        ("sts.eu-west-1.amazonaws.com", "eu-west-1"),
        ("sts-fips.us-east-2.amazonaws.com", "us-east-2"),
        ("sts.us-east-1.api.aws", "us-east-1"),
        ("sts.amazonaws.com", "us-east-1"),
    ],
)
def test_a_regional_host_wants_its_own_region(aws, key, host, good):
    assert send(aws.url, signed(aws, key, region=good, host=host))[0] == 200
    assert send(aws.url, signed(aws, key, region="ap-south-1", host=host))[0] == 403


def test_the_scope_must_name_the_day_of_the_date(aws, key):
    headers = signed(aws, key)
    date = headers["X-Amz-Date"][:8]
    headers["Authorization"] = headers["Authorization"].replace(f"/{date}/", "/20200101/")
    status, text = send(aws.url, headers)
    assert status == 403
    assert "Date in Credential scope does not match" in text


def test_the_scope_must_end_as_it_should(aws, key):
    headers = signed(aws, key)
    headers["Authorization"] = headers["Authorization"].replace("aws4_request", "aws5_request")
    assert "with a valid terminator: 'aws4_request'" in send(aws.url, headers)[1]


@pytest.mark.parametrize(
    ("ahead", "words"), [(901, "Signature expired: "), (-901, "Signature not yet current: ")]
)
def test_clocks_may_differ_by_a_quarter_of_an_hour(aws, key, ahead, words):
    aws.signing_clock = lambda: time.time() + ahead * 0.98
    client(aws, key).get_caller_identity()
    aws.signing_clock = lambda: time.time() + ahead
    status, code, message = refusal(client(aws, key).get_caller_identity)
    assert (status, code) == (403, "SignatureDoesNotMatch")
    assert message.startswith(words)
    assert message.endswith("15 min.)")


def test_keys_are_good_in_their_own_partition_only(aws, key):
    assert refusal(client(aws, key, region="cn-north-1").get_caller_identity) == INVALID_TOKEN
    chinese = aws.account("777788889999", partition="aws-cn").user("li").access_key()
    assert refusal(client(aws, chinese).get_caller_identity) == INVALID_TOKEN
    arn = client(aws, chinese, region="cn-north-1").get_caller_identity()["Arn"]
    assert arn == "arn:aws-cn:iam::777788889999:user/li"


@pytest.mark.parametrize(
    "header",
    [
        "Basic YWxpY2U6eA==",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/sts/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIA, SignedHeaders=host, Signature=00",
        "AWS4-ECDSA-P256-SHA256 Credential=A/b/c/d, SignedHeaders=host, Signature=00",
    ],
)
def test_a_header_that_is_not_whole_is_refused(aws, header):
    headers = {"Content-Type": FORM, "Authorization": header, "X-Amz-Date": "20260101T000000Z"}
    status, text = send(aws.url, headers)
    assert (status, "IncompleteSignature" in text) == (400, True)


@pytest.mark.parametrize("date", [None, "yesterday", "20261301T000000Z"])
def test_a_date_that_is_none_is_refused(aws, key, date):
    headers = signed(aws, key)
    del headers["X-Amz-Date"]
    headers |= {"X-Amz-Date": date} if date else {}
    status, text = send(aws.url, headers)
    assert (status, "IncompleteSignature" in text) == (400, True)


def test_signed_operations_must_be_signed(aws):
    status, text = send(aws.url, {"Content-Type": FORM})
    assert (status, "MissingAuthenticationToken" in text) == (403, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "MissingAction"), (b"Action=Fly&Version=2011-06-15", "InvalidAction"),
     (b"Action=GetUser&Version=2011-06-15", "InvalidAction"), (b"A=%ff", "MalformedQueryString")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(aws, key, body, code):
    status, text = send(aws.url, signed(aws, key, body=body), body)
    assert (status, code in text) == (400, True)


def test_a_body_that_is_no_form_is_not_read(aws, key):
    headers = signed(aws, key) | {"Content-Type": "application/json"}
    assert "MissingAction" in send(aws.url, headers)[1]


def test_a_body_too_large_is_refused(aws, key):
    assert send(aws.url, {"Content-Type": FORM, "Content-Length": "2000000"}, b"")[0] == 413
