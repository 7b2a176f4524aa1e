"""What the command's environment lacks and has."""

import pytest

from runas.launch.environment import child_environment
from runas.profile import Profile

REMOVED = """
    AWS_PROFILE AWS_DEFAULT_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    AWS_SECURITY_TOKEN AWS_ACCESS_KEY AWS_SECRET_KEY AWS_CREDENTIAL_EXPIRATION
    AWS_SESSION_EXPIRATION AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
    AWS_CREDENTIAL_FILE
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI
    AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
    RUNAS_PASSWORD SAML_PASSWORD WEB_PASSWORD MFA_CODE RUNAS_COMMAND
""".split()

KEPT = """
    PATH HOME AWS_REGION AWS_DEFAULT_REGION AWS_CA_BUNDLE AWS_ENDPOINT_URL AWS_CONFIG_FILE
    AWS_SHARED_CREDENTIALS_FILE AWS_MAX_ATTEMPTS AWS_EC2_METADATA_DISABLED RUNAS_CACHE_DIR
    SAML_USERNAME MFA_SERIAL AWSRUNAS_NO MY_AWS_PROFILE
""".split()


@pytest.mark.parametrize("name", REMOVED)
def test_credentials_and_secrets_are_withheld(name):
    assert name not in child_environment({name: "x"}, Profile("p", {}), {})


@pytest.mark.parametrize("name", KEPT)
def test_everything_else_stays(name):
    assert child_environment({name: "x"}, Profile("p", {}), {})[name] == "x"


def test_the_region_and_the_profile_are_told():
    child = child_environment({"AWS_REGION": "old"}, Profile("p", {"region": "eu-west-1"}), {})
    assert child == {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "RUNAS_PROFILE": "p",
        "AWSRUNAS_PROFILE": "p",
    }


def test_new_credentials_take_the_place_of_old_ones():
    extra = {"AWS_ACCESS_KEY_ID": "new", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://x"}
    child = child_environment({"AWS_ACCESS_KEY_ID": "old"}, Profile("p", {}), extra)
    assert {name: child[name] for name in extra} == extra


def test_the_given_environment_is_left_alone():
    environ = {"AWS_PROFILE": "x"}
    child_environment(environ, Profile("p", {}), {})
    assert environ == {"AWS_PROFILE": "x"}
