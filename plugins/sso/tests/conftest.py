"""An Identity Center to sign in to, and a person at a browser who answers the challenges."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import runas
import runas_sso
from runas.challenges import drive
from runas.http import Session, session
from runas_sso.testing import IdentityCenter, Person

WORK = "123456789012"


@pytest.fixture
def center() -> Iterator[IdentityCenter]:
    with IdentityCenter() as running:
        running.account(WORK, "prod").role("Developer").role("Admin")
        yield running


@pytest.fixture
def profile(center: IdentityCenter) -> Callable[..., runas.Profile]:
    """Make profiles of that Identity Center; a setting of None is left out."""

    def make(**settings: str | None) -> runas.Profile:
        given = {
            "sso_session": "corp",
            "sso_start_url": center.start_url,
            "sso_region": center.region,
            "endpoint_url_sso": center.url,
            "endpoint_url_sso_oidc": center.url,
        } | settings
        kept = {name: text for name, text in given.items() if text is not None}
        origins = dict.fromkeys(kept, "~/.aws/config:7")
        return runas.Profile("dev", kept, origins, None, "sso")

    return make


@pytest.fixture
def http() -> Iterator[Session]:
    with session(runas.Profile("dev", {})) as made:
        yield made


class Front:
    """A front-end: sends a person to the browser once for each address, and then says "look"."""

    def __init__(self, decision: str = "allow") -> None:
        self.person = Person(decision)
        self.asked: list[runas.Browse] = []

    def answer(self, challenge: Any) -> None:
        assert isinstance(challenge, runas.Browse)
        self.asked.append(challenge)
        assert len(self.asked) < 100, "asked without end"
        if challenge.url not in self.person.opened:
            self.person.open(challenge.url)


def nobody(challenge: Any) -> None:
    raise AssertionError(f"asked for {challenge}")


@pytest.fixture
def front() -> Front:
    return Front()


@pytest.fixture
def login(http: Session) -> Callable[..., Any]:
    """Log in; nobody is asked unless an answer is given."""

    def run(profile: runas.Profile, answer: Callable[[Any], Any] = nobody) -> Any:
        return drive(runas_sso.authenticate(profile, http), answer)

    return run


@pytest.fixture
def role() -> Callable[..., runas.Role]:
    def make(name: str = "Developer", account: str = WORK) -> runas.Role:
        return runas.Role(runas.RoleArn("aws", account, "/", name))

    return make
