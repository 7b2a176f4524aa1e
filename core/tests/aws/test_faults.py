"""What AWS's refusals, and the way to AWS, mean to a person."""

import pytest
from botocore import exceptions as raised

from runas.aws.faults import DurationRefused, SignInKeysRefused, explain, refusal
from runas.errors import (
    AccessDenied,
    ConfigurationError,
    Refused,
    ServiceUnavailable,
    UsageError,
    WrongCode,
)
from runas.model import Profile

PROFILE = Profile(
    "work",
    {"mfa_serial": "arn:aws:iam::111122223333:mfa/me"},
    dict.fromkeys(("external_id", "session_policy", "region", "role_session_name"), "config:9"),
)
MFA = "MultiFactorAuthentication failed"
EXPIRED = (
    "Signature expired: 20160609T184512Z is now earlier than 20160610T013008Z"
    " (20160610T014508Z - 15 min.)"
)
EARLY = (
    "Signature not yet current: 20160610T020000Z is still later than 20160610T015008Z"
    " (20160610T014508Z + 5 min.)"
)
NO_CERTIFICATE = "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:4149)"
TOO_LONG = "The requested DurationSeconds exceeds the"
INVALID = (
    "1 validation error detected: Value 'CANARY' at 'externalId' failed to satisfy constraint:"
    " Member must have length greater than or equal to 2"
)


@pytest.mark.parametrize(
    ("code", "message", "status", "kind", "word"),
    [
        ("AccessDenied", "User: x is not authorized", 403, AccessDenied, "User: x is not"),
        ("AccessDeniedException", "", 403, AccessDenied, "access denied"),
        ("AccessDenied", f"{MFA} with invalid MFA one time pass code.", 403, WrongCode, "code"),
        (
            "AccessDenied",
            f"{MFA}, unable to validate MFA code.  Please verify your MFA serial number",
            403,
            Refused,
            "mfa/me",
        ),
        ("ExpiredToken", "The security token is expired", 403, Refused, "expired"),
        ("ExpiredTokenException", "Token expired: 1", 400, Refused, "expired"),
        ("InvalidClientTokenId", "The security token is invalid", 403, SignInKeysRefused, "keys"),
        ("UnrecognizedClientException", "x", 400, SignInKeysRefused, "keys"),
        ("SignatureDoesNotMatch", "The request signature we calculated", 403, Refused, "signature"),
        (
            "SignatureDoesNotMatch",
            EXPIRED,
            403,
            Refused,
            "2016-06-09T18:45:12Z, AWS says 2016-06-10T01:45:08Z",
        ),
        (
            "SignatureDoesNotMatch",
            EARLY,
            403,
            Refused,
            "clock",
        ),
        ("RegionDisabledException", "STS is not activated", 403, ConfigurationError, "region"),
        ("MalformedPolicyDocument", "Syntax", 400, ConfigurationError, "session_policy (config:9)"),
        ("PackedPolicyTooLarge", "120%", 400, ConfigurationError, "session_policy (config:9)"),
        ("ValidationError", INVALID, 400, ConfigurationError, "external_id (config:9)"),
        ("ValidationError", "x is invalid", 400, ConfigurationError, "x is invalid"),
        ("ValidationError", f"{TOO_LONG} MaxSessionDuration set", 400, DurationRefused, "exceeds"),
        ("ValidationError", f"{TOO_LONG} 1 hour session limit", 400, DurationRefused, "1 hour"),
        ("InvalidIdentityToken", "Incorrect token audience", 400, Refused, "audience"),
        ("IDPRejectedClaim", "x", 403, Refused, "vouches"),
        ("IDPCommunicationError", "x", 400, ServiceUnavailable, "IDPCommunicationError"),
        ("Throttling", "Rate exceeded", 400, ServiceUnavailable, "Rate exceeded"),
        ("TooManyRequestsException", "x", 429, ServiceUnavailable, "TooManyRequests"),
        ("InternalFailure", "", 500, ServiceUnavailable, "InternalFailure"),
        ("Unknown", "", 503, ServiceUnavailable, "Unknown"),
        ("NoSuchEntity", "The user cannot be found", 404, Refused, "cannot be found"),
        ("SomethingNew", "never seen", 400, Refused, "SomethingNew: never seen"),
    ],
)
def test_an_answer_of_aws(code, message, status, kind, word):
    error = refusal(code, message, status, PROFILE)
    assert type(error) is kind
    assert word in error.fact
    assert "CANARY" not in str(error)
    assert not error.fact.endswith(".")
    assert error.hint, "what to do next?"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"session_policy": "p.json"}, "session_policy (-p)"),
        ({"session_policy_arns": "arn:x"}, "session_policy_arns (-q)"),
        ({"session_policy": "p.json", "session_policy_arns": "arn:a,arn:x"}, "_arns (-q)"),
        ({"session_policy": "p.json", "session_policy_arns": "arn:a"}, "session_policy (-p)"),
    ],
)
def test_a_refused_policy_is_named_by_the_setting_that_gave_it(settings, named):
    profile = Profile("work", settings, {"session_policy": "-p", "session_policy_arns": "-q"})
    error = refusal("MalformedPolicyDocument", "The policy arn:x does not exist", 400, profile)
    assert type(error) is UsageError
    assert named in error.fact


@pytest.mark.parametrize(
    ("fault", "kind", "word"),
    [
        (
            raised.SSLError(
                endpoint_url="https://sts.test", error="[SSL: CERTIFICATE_VERIFY_FAILED]"
            ),
            ServiceUnavailable,
            "AWS_CA_BUNDLE",
        ),
        (raised.SSLError(endpoint_url="https://sts.test", error="EOF"), ServiceUnavailable, "TLS"),
        (
            raised.SSLError(endpoint_url="https://sts.test", error=NO_CERTIFICATE),
            ConfigurationError,
            "AWS_CA_BUNDLE",
        ),
        (
            raised.SSLError(endpoint_url="https://sts.test", error="[Errno 21] Is a directory"),
            ConfigurationError,
            "AWS_CA_BUNDLE",
        ),
        (
            raised.ProxyConnectionError(proxy_url="http://me:CANARY@proxy.test"),
            ServiceUnavailable,
            "HTTPS_PROXY",
        ),
        (
            raised.EndpointConnectionError(endpoint_url="https://sts.test/"),
            ServiceUnavailable,
            "sts.test cannot be reached",
        ),
        (
            raised.EndpointConnectionError(endpoint_url="https://me:CANARY@sts.test:8443/"),
            ServiceUnavailable,
            "sts.test:8443 cannot be reached",
        ),
        (
            raised.EndpointConnectionError(endpoint_url="http://[::1]:8443/"),
            ServiceUnavailable,
            "[::1]:8443 cannot be reached",
        ),
        (
            raised.ConnectTimeoutError(endpoint_url="https://sts.test/"),
            ServiceUnavailable,
            "sts.test cannot be reached",
        ),
        (
            raised.ReadTimeoutError(endpoint_url="https://sts.test/"),
            ServiceUnavailable,
            "too long",
        ),
        (
            raised.ConnectionClosedError(endpoint_url="https://sts.test/"),
            ServiceUnavailable,
            "sts.test",
        ),
        (raised.HTTPClientError(error="x"), ServiceUnavailable, "cannot be reached"),
        (
            raised.ParamValidationError(report="Invalid length for parameter ExternalId, value: 1"),
            ConfigurationError,
            "external_id (config:9)",
        ),
        (raised.InvalidRegionError(region_name="eu west"), ConfigurationError, "config:9"),
        (raised.EndpointVariantError(tags=["fips"]), ConfigurationError, "fips"),
    ],
)
def test_the_way_to_aws(fault, kind, word):
    error = explain(fault, PROFILE)
    assert type(error) is kind
    assert word in str(error)
    assert "CANARY" not in str(error)
    assert error.hint, "what to do next?"


@pytest.mark.parametrize("body", [b"<p>Please sign in<br></p>", b"<html/>", b"", b"{}"])
def test_an_answer_that_is_not_aws_s(aws, profile, alice, body):
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    from runas.aws import sts

    from .conftest import keys_of

    class Portal(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(ServiceUnavailable) as caught:
            sts.caller(profile(endpoint_url=url), keys_of(alice))
    finally:
        server.shutdown()
        server.server_close()
    assert "AWS" in caught.value.fact


def test_keys_aws_does_not_know(aws, profile, alice):
    from runas.aws import sts
    from runas.model import Credentials

    with pytest.raises(SignInKeysRefused):
        sts.caller(profile(), Credentials("AKIAUNKNOWN000000000", "secret"))


def test_a_clock_that_is_wrong(alice, profile, aws):
    import time

    from runas.aws import sts
    from runas.testing import AwsEmulator

    from .conftest import keys_of

    with AwsEmulator(signing_clock=lambda: time.time() + 7200) as ahead:
        bob = ahead.account("111122223333").user("bob")
        with pytest.raises(Refused) as caught:
            sts.caller(profile(endpoint_url=ahead.url), keys_of(bob))
    assert "clock" in caught.value.fact
