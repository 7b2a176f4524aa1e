"""`serve ec2` as SDKs see it: tokens, documents, and what is not there."""

import json
import sys
import time

import pytest

from runas.serve.tokens import Tokens

TOKEN, TTL = "X_aws_ec2_metadata_token", "X_aws_ec2_metadata_token_ttl_seconds"
META = "/latest/meta-data"
KEYS = f"{META}/iam/security-credentials"


def token(service, ttl="21600", path="/latest/api/token", **headers):
    return service.ask("PUT", path, **{TTL: ttl}, **headers)


def get(service, path, **headers):
    status, _, text = service.ask("GET", path, **headers)
    return status, text


def test_a_token_and_what_it_opens(site):
    service = site(ec2=True, v2_only=True)
    status, headers, made = token(service)
    assert (status, headers["X-Aws-Ec2-Metadata-Token-Ttl-Seconds"]) == (200, "21600")
    assert headers["Content-Type"] == "text/plain"
    assert get(service, KEYS + "/", **{TOKEN: made}) == (200, "runas")
    status, text = get(service, KEYS + "/runas", **{TOKEN: made})
    document = json.loads(text)
    assert status == 200
    assert (document["Code"], document["Type"]) == ("Success", "AWS-HMAC")
    assert document["AccessKeyId"] == "ASIA1"
    assert document["Expiration"].endswith("Z")
    assert document["AccountId"] == "123456789012"


@pytest.mark.parametrize(
    "ttl", ["", "0", "-1", "21601", "1.5", "x", "1" * 40, "1" * 5000, "0000000030000", "１"]
)
def test_a_token_s_life_is_checked(site, ttl):
    service = site(ec2=True)
    headers = {TTL: ttl.encode()} if ttl else {}
    assert service.ask("PUT", "/latest/api/token", **headers)[0] == 400


def test_tokens_end(site, clock):
    service = site(ec2=True, clock=clock)
    made = token(service, "60")[2]
    assert get(service, KEYS, **{TOKEN: made})[0] == 200
    clock.now += 61
    assert get(service, KEYS, **{TOKEN: made})[0] == 401


@pytest.mark.skipif(sys.platform != "linux", reason="each kernel has its own clock for this")
def test_tokens_end_while_the_machine_sleeps(monkeypatch):
    slept, read = [0.0], time.clock_gettime

    def kernel(clock):
        return read(clock) + (slept[0] if clock == time.CLOCK_BOOTTIME else 0.0)

    monkeypatch.setattr(time, "clock_gettime", kernel)
    tokens = Tokens()
    made, _ = tokens.issue("600")
    assert tokens.left(made)
    slept[0] = 3600.0
    assert tokens.left(made) is None


def test_tokens_of_another_service_are_strangers(site):
    made = token(site(ec2=True))[2]
    assert get(site(ec2=True), KEYS, **{TOKEN: made})[0] == 401


@pytest.mark.parametrize("made", ["", "x", "IamNOTaRealBoy!", "A" * 56, "\xff", "=" * 8])
def test_what_is_no_token(site, made):
    assert get(site(ec2=True), KEYS, **{TOKEN: made})[0] == 401


def test_version_1_unless_it_is_switched_off(site):
    assert get(site(ec2=True), KEYS)[0] == 200
    assert get(site(ec2=True, v2_only=True), KEYS)[0] == 401


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (f"{META}/placement/region", "eu-central-1"),
        (f"{META}/placement/availability-zone", "eu-central-1a"),
        (f"{META}/placement/availability-zone/", "eu-central-1a"),
        (f"{KEYS}-extended/", "runas"),
        (KEYS, "runas"),
        (f"{META}/instance-id", "runas"),  # old Go asks it whether this is an instance at all
    ],
)
def test_plain_documents(site, path, text):
    service = site(ec2=True)
    assert get(service, path) == (200, text)
    assert get(service, "/" + path) == (200, text)  # an endpoint with a slash at its end


def test_the_identity_document(site):
    service = site(ec2=True)
    get(service, f"{KEYS}/runas")
    document = json.loads(get(service, "/latest/dynamic/instance-identity/document")[1])
    assert document["region"] == "eu-central-1"
    assert document["accountId"] == "123456789012"
    assert json.loads(get(service, f"{META}/iam/info")[1])["Code"] == "Success"


@pytest.mark.parametrize(
    ("status", "method", "path", "headers"),
    [
        (404, "GET", f"{META}/", {}),
        (404, "GET", f"{META}/user-data", {}),
        (404, "GET", f"{KEYS}/other", {}),
        (404, "GET", f"{KEYS}/../runas", {}),
        (405, "GET", "/latest/api/token", {}),
        (405, "POST", KEYS, {}),
        (405, "DELETE", KEYS, {}),
        (405, "OPTIONS", KEYS, {}),
        (403, "PUT", "/2021-01-03/api/token", {TTL: "60"}),
        (405, "PUT", KEYS, {}),
        (403, "PUT", "/latest/api/token", {TTL: "60", "X_Forwarded_For": "10.0.0.1"}),
        (403, "GET", KEYS, {"X_Forwarded_For": "10.0.0.1"}),
        (403, "GET", KEYS, {"Host": "evil.example"}),
        (403, "GET", KEYS, {"Origin": "http://127.0.0.1:PORT"}),
        (403, "GET", KEYS, {"Sec_Fetch_Site": "same-origin"}),
        (400, "GET", KEYS, {"Content_Length": "1"}),
    ],
)
def test_what_is_refused(site, status, method, path, headers):
    service = site(ec2=True)
    filled = {name: text.replace("PORT", str(service.port)) for name, text in headers.items()}
    body = "x" if "Content_Length" in headers else None
    answered, given, _ = service.ask(method, path, body, **filled)
    assert answered == status
    assert not [name for name in given if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("partition", "stated", "region"),
    [
        ("aws-cn", "", "cn-northwest-1"),
        ("aws-cn", "region = eu-west-1", "cn-northwest-1"),  # [default]'s, say: no use there
        ("aws-cn", "region = cn-north-1", "cn-north-1"),
        ("aws-us-gov", "", "us-gov-west-1"),
        ("aws", "region = eu-west-1", "eu-west-1"),
    ],
)
def test_the_instance_is_in_the_role_s_partition(site, partition, stated, region):
    role = f"arn:{partition}:iam::123456789012:role/there"
    config = f"[profile there]\nrole_arn = {role}\nsource_profile = keys\n{stated}\n"
    service = site(ec2=True, profile="there", config=config)
    assert get(service, f"{META}/placement/region") == (200, region)
    assert get(service, f"{META}/placement/availability-zone") == (200, region + "a")
    document = json.loads(get(service, "/latest/dynamic/instance-identity/document")[1])
    assert document["region"] == region
    info = json.loads(get(service, f"{META}/iam/info")[1])
    assert info["InstanceProfileArn"].startswith(f"arn:{partition}:iam::123456789012:")


def test_clients_get_more_life_than_they_prolong(site, clock, eventually):
    """Below 25 minutes SDKs make up a later end: such keys are renewed before."""
    service = site(ec2=True, clock=clock)
    assert get(service, KEYS + "/runas")[0] == 200
    clock.now += 3600 - 1500 - 200
    get(service, KEYS + "/runas")
    eventually(lambda: "ASIA2" in get(service, KEYS + "/runas")[1])


def test_without_a_profile(site):
    service = site(ec2=True, profile=None)
    assert get(service, KEYS)[0] == 503
    assert get(service, f"{META}/placement/region") == (200, "us-east-1")
