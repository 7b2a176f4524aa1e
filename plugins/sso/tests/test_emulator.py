"""What the emulated Identity Center refuses, asked by AWS's own client."""

from hashlib import sha256

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
REDIRECT = "http://127.0.0.1/oauth/callback"
GRANTS = ["authorization_code", "refresh_token"]


@pytest.fixture
def oidc(center):
    return boto3.client(
        "sso-oidc",
        region_name=center.region,
        endpoint_url=center.url,
        config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def registered(oidc, center):
    """Register a client; returns what says who it is."""

    def register(**more):
        given = {"clientName": "x", "clientType": "public", "scopes": ["sso:account:access"]}
        made = oidc.register_client(**given, **more)
        return {name: made[name] for name in ("clientId", "clientSecret")}

    return register


@pytest.fixture
def redirecting(registered, center):
    return registered(grantTypes=GRANTS, redirectUris=[REDIRECT], issuerUrl=center.start_url)


def refused(operation, **asked):
    with pytest.raises(ClientError) as caught:
        operation(**asked)
    answer = caught.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_a_client_keeps_to_its_grants(oidc, registered, redirecting, center):
    unauthorized = ("UnauthorizedClientException", 400)
    start = oidc.start_device_authorization
    assert refused(start, **redirecting, startUrl=center.start_url) == unauthorized
    asked = {"grantType": "authorization_code", "code": "x", "redirectUri": REDIRECT}
    assert refused(oidc.create_token, **registered(), **asked) == unauthorized


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"grantTypes": [*GRANTS, DEVICE]}, "UnsupportedGrantTypeException"),
        ({"redirectUris": ["http://127.0.0.1:8400/oauth/callback"]}, "InvalidRedirectUriException"),
        ({"issuerUrl": "https://other.awsapps.com/start"}, "InvalidRequestException"),
        ({"clientType": "confidential"}, "InvalidClientMetadataException"),
        ({"scopes": ["sso:nothing"]}, "InvalidScopeException"),
    ],
)
def test_a_registration_that_is_refused(oidc, center, more, code):
    good = {
        "clientName": "x",
        "clientType": "public",
        "grantTypes": GRANTS,
        "redirectUris": [REDIRECT],
        "issuerUrl": center.start_url,
    }
    assert refused(oidc.register_client, **(good | more)) == (code, 400)


@pytest.mark.parametrize("verifier", ["v" * 42, "v" * 129, "v" * 43 + "!"])
def test_a_verifier_has_the_form_of_the_rfc(oidc, redirecting, center, verifier):
    from runas_sso.testing.records import Redirect

    client = center.clients[redirecting["clientId"]]
    challenge = sha256(verifier.encode()).hexdigest()[:43]
    login = Redirect(client, REDIRECT, "state", challenge, center.now() + 60)
    center.redirects[login.code] = login
    asked = {
        "grantType": "authorization_code",
        "code": login.code,
        "redirectUri": REDIRECT,
        "codeVerifier": verifier,
    }
    assert refused(oidc.create_token, **redirecting, **asked) == ("InvalidRequestException", 400)


def test_a_registration_that_has_ended(oidc, registered, center):
    mine = registered()
    center.advance(center.registration_life + 1)
    asked = {"grantType": DEVICE, "deviceCode": "x"}
    assert refused(oidc.create_token, **mine, **asked) == ("InvalidClientException", 401)
