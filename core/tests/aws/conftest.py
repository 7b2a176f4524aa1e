"""An AWS to talk to, and profiles that point at it."""

from collections.abc import Callable, Iterator

import pytest

from runas.aws import sts
from runas.model import Credentials, KeyIdentity, Profile, Role, RoleArn
from runas.testing import AwsEmulator

MINE, THEIRS = "111122223333", "123456789012"


@pytest.fixture
def aws() -> Iterator[AwsEmulator]:
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def profile(aws: AwsEmulator) -> Callable[..., Profile]:
    """Make profiles whose calls go to the emulator."""

    def make(**settings: str) -> Profile:
        reach = {"endpoint_url": aws.url, "region": "eu-west-1"}
        origins = dict.fromkeys(settings, "~/.aws/config:7")
        return Profile("work", reach | settings, origins)

    return make


def keys_of(user) -> Credentials:
    key = user.access_key()
    return Credentials(key.access_key_id, key.secret_access_key)


def role_of(role) -> Role:
    return Role(RoleArn.parse(role.arn))


@pytest.fixture
def alice(aws: AwsEmulator):
    return aws.account(MINE).user("alice")


@pytest.fixture
def identity(alice) -> KeyIdentity:
    return KeyIdentity("alice", credentials=keys_of(alice))


@pytest.fixture
def session(profile, alice) -> Credentials:
    """Session-token credentials of alice, won without MFA."""
    return sts.session_token(profile(), keys_of(alice))
