"""An AWS to sign in to, and a person who answers the questions of a login."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pluggy
import pytest

import runas
import runas_iam
from runas import hookspecs
from runas.challenges import drive
from runas.testing import AwsEmulator

MINE, THEIRS = "111122223333", "123456789012"


@pytest.fixture
def aws() -> Iterator[AwsEmulator]:
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def alice(aws: AwsEmulator):
    """A user who may read IAM and take every role that trusts her."""
    return aws.account(MINE).user("alice")


@pytest.fixture
def profile(aws: AwsEmulator) -> Callable[..., runas.Profile]:
    """Make profiles whose calls go to the emulator."""

    def make(source: runas.Profile | None = None, **settings: str) -> runas.Profile:
        reach = {"endpoint_url": aws.url, "region": "eu-west-1"}
        origins = dict.fromkeys(settings, "~/.aws/config:7")
        return runas.Profile("work", reach | settings, origins, source)

    return make


@pytest.fixture
def keyed(profile: Callable[..., runas.Profile], alice) -> Callable[..., runas.Profile]:
    """Make profiles with alice's access key."""
    key = alice.access_key()

    def make(**settings: str) -> runas.Profile:
        keys = {
            "aws_access_key_id": key.access_key_id,
            "aws_secret_access_key": key.secret_access_key,
        }
        return profile(**{**keys, **settings})

    return make


def role_of(role) -> runas.Role:
    return runas.Role(runas.RoleArn.parse(role.arn))


@dataclass
class Login:
    """Calls the provider's hooks as core does; every answer is the next of ``codes``."""

    codes: list[str | Callable[[], str]] = field(default_factory=list)
    asked: list[runas.Challenge[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        manager = pluggy.PluginManager("runas")
        manager.add_hookspecs(hookspecs)
        manager.register(runas_iam, "iam")
        manager.check_pending()
        self.hook = manager.hook

    def answer(self, challenge: runas.Challenge[Any]) -> str:
        self.asked.append(challenge)
        code = self.codes.pop(0)
        return code if isinstance(code, str) else code()

    def start(self, profile: runas.Profile) -> runas.Identity | runas.MfaRequired:
        return drive(self.hook.authenticate(profile=profile, http=None), self.answer)

    def satisfy(self, profile: runas.Profile, outcome: Any, pick: int = 0) -> runas.Identity:
        """Answer for one of the factors wanted, until there is an identity."""
        while isinstance(outcome, runas.MfaRequired):
            flow = self.hook.mfa(
                profile=profile, http=None, pending=outcome, factor=outcome.factors[pick]
            )
            outcome = drive(flow, self.answer)
        return outcome

    def identity(self, profile: runas.Profile) -> runas.Identity:
        return self.satisfy(profile, self.start(profile))

    def take(
        self, profile: runas.Profile, role: runas.Role, identity: runas.Identity | None = None
    ) -> runas.Credentials:
        """Take the role, with as many codes as it needs."""
        identity = identity or self.identity(profile)
        while True:
            outcome = self.hook.assume(profile=profile, http=None, identity=identity, role=role)
            if not isinstance(outcome, runas.MfaRequired):
                return outcome
            identity = self.satisfy(profile, outcome)

    def roles(self, profile: runas.Profile, identity: runas.Identity | None = None) -> list[str]:
        identity = identity or self.identity(profile)
        found = self.hook.list_roles(profile=profile, http=None, identity=identity)
        return [str(role) for role in found]


@pytest.fixture
def login() -> Login:
    return Login()
