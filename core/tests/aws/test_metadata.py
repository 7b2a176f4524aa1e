"""Credentials that the machine itself has."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from runas.aws.metadata import fetch
from runas.errors import ConfigurationError, ServiceUnavailable

END = (datetime.now(UTC) + timedelta(hours=6)).replace(microsecond=0)
KEYS = {
    "Code": "Success",
    "AccessKeyId": "ASIAEXAMPLE",
    "SecretAccessKey": "secret",
    "Token": "token",
    "Expiration": END.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "Type": "AWS-HMAC",
    "LastUpdated": "2020-01-01T00:00:00Z",
}


class Machine(BaseHTTPRequestHandler):
    """The two metadata services, as they answer on an instance and in a container."""

    def do_PUT(self):
        if Metadata.version_1:
            self.send_error(403)
        else:
            self._say("metadata-token")

    def do_GET(self):
        path = self.path.rstrip("/")
        if path == "/container" and self.headers.get("Authorization") != "pass":
            self.send_error(403)
        elif path.endswith("/security-credentials"):
            self._say("instance-role")
        else:
            self._say(Metadata.content)

    def _say(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


class Metadata(HTTPServer):
    content = json.dumps(KEYS)
    version_1 = False


@pytest.fixture
def machine() -> Iterator[str]:
    server = Metadata(("127.0.0.1", 0), Machine)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def variables(patch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        patch.setenv(name, value)


def test_an_instance(machine):
    with pytest.MonkeyPatch.context() as patch:
        variables(patch, AWS_EC2_METADATA_SERVICE_ENDPOINT=machine)
        found = fetch("Ec2InstanceMetadata", "config:3")
    assert (found.access_key_id, found.session_token) == ("ASIAEXAMPLE", "token")
    assert found.expiration == int(END.timestamp())


def test_an_end_that_is_near_is_told_as_it_is(machine, monkeypatch):
    """SDKs lengthen it; who is handed the keys on would sign with dead ones."""
    end = (datetime.now(UTC) + timedelta(minutes=11)).replace(microsecond=0)
    keys = KEYS | {"Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ")}
    monkeypatch.setattr(Metadata, "content", json.dumps(keys))
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine)
    assert fetch("Ec2InstanceMetadata", "config:3").expiration == int(end.timestamp())


@pytest.mark.parametrize("disabled", ["false", "true", "True"])
def test_version_1_may_be_forbidden(machine, monkeypatch, disabled):
    monkeypatch.setattr(Metadata, "version_1", True)
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine)
    monkeypatch.setenv("AWS_EC2_METADATA_V1_DISABLED", disabled)
    if disabled == "false":
        assert fetch("Ec2InstanceMetadata", "config:3").access_key_id == "ASIAEXAMPLE"
    else:
        with pytest.raises(ServiceUnavailable, match="IMDSv1 has been disabled"):
            fetch("Ec2InstanceMetadata", "config:3")


def test_a_container(machine):
    uri = machine + "/container"
    with pytest.MonkeyPatch.context() as patch:
        variables(
            patch,
            AWS_CONTAINER_CREDENTIALS_FULL_URI=uri,
            AWS_CONTAINER_AUTHORIZATION_TOKEN="pass",
        )
        assert fetch("ecscontainer", "config:3").expiration == int(END.timestamp())
        variables(patch, AWS_CONTAINER_AUTHORIZATION_TOKEN="wrong")
        with pytest.raises(ServiceUnavailable):
            fetch("EcsContainer", "config:3")


ENDS = ["soon", None, 7, {}, "0001-01-01T00:00:00Z", "9" * 30]
ODD = [
    *("{}", "[]", "null", "1", '"x"', "[" * 200_000),
    *(json.dumps(KEYS | {"Expiration": end}) for end in ENDS),
    *(json.dumps(KEYS | {"AccessKeyId": key}) for key in (7, None, "", "\ud800", "a\0b")),
    json.dumps(KEYS | {"Token": []}),
]


@pytest.mark.parametrize("place", ["Ec2InstanceMetadata", "EcsContainer"])
@pytest.mark.parametrize("content", ODD, ids=range(len(ODD)))
def test_an_answer_that_holds_no_keys(machine, monkeypatch, place, content):
    monkeypatch.setattr(Metadata, "content", content)
    with pytest.MonkeyPatch.context() as patch:
        variables(
            patch,
            AWS_EC2_METADATA_SERVICE_ENDPOINT=machine,
            AWS_CONTAINER_CREDENTIALS_FULL_URI=machine + "/keys",
        )
        with pytest.raises((ConfigurationError, ServiceUnavailable)) as caught:
            fetch(place, "config:3")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("place", "name", "value"),
    [
        ("EcsContainer", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://["),
        ("EcsContainer", "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://keys.example/"),
        ("EcsContainer", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "[x"),
        ("EcsContainer", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/no/such"),
        ("EcsContainer", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nb"),
        ("Ec2InstanceMetadata", "AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://["),
        ("Environment", "AWS_CREDENTIAL_EXPIRATION", "soon"),
        ("Environment", "AWS_CREDENTIAL_EXPIRATION", "9" * 30),
    ],
)
def test_a_variable_that_makes_no_sense(machine, place, name, value):
    with pytest.MonkeyPatch.context() as patch:
        variables(
            patch,
            AWS_CONTAINER_CREDENTIALS_FULL_URI=machine + "/keys",
            AWS_ACCESS_KEY_ID="AKIAEXAMPLE",
            AWS_SECRET_ACCESS_KEY="secret",
        )
        variables(patch, **{name: value})
        with pytest.raises((ConfigurationError, ServiceUnavailable)):
            fetch(place, "config:3")


def test_the_environment():
    with pytest.MonkeyPatch.context() as patch:
        variables(patch, AWS_ACCESS_KEY_ID="AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY="secret")
        found = fetch("Environment", "config:3")
    assert (found.access_key_id, found.temporary, found.expiration) == ("AKIAEXAMPLE", False, None)


@pytest.mark.parametrize("place", ["Environment", "EcsContainer", "Moon"])
def test_a_place_without_keys_is_named(place):
    with pytest.raises(ConfigurationError) as caught:
        fetch(place, "config:3")
    assert caught.value.fact.startswith("credential_source (config:3): ")
    assert caught.value.hint


def test_half_a_pair_in_the_environment():
    with pytest.MonkeyPatch.context() as patch:
        variables(patch, AWS_ACCESS_KEY_ID="AKIAEXAMPLE")
        with pytest.raises(ConfigurationError):
            fetch("Environment", "config:3")


def test_no_instance_answers():
    with pytest.MonkeyPatch.context() as patch:
        variables(patch, AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:9")
        with pytest.raises(ConfigurationError):
            fetch("Ec2InstanceMetadata", "config:3")
