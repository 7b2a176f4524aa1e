"""A person at a farm: scripted answers, core's own retry of codes, one HTTP session."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import runas
import runas_adfs
from runas.cache import Cache
from runas.challenges import drive
from runas.factors import Factors
from runas.http import session
from runas.memory import Memory
from runas_adfs.testing import AdfsFarm

NAME, PASSWORD, CODE = "CORP\\me", "correct horse & battery+staple=ß", "123456"


class Person:
    """Signs in at a farm. ``answers`` has a value, or a list of values in turn, by challenge."""

    def __init__(self, farm: AdfsFarm, memory: Memory) -> None:
        self.farm = farm
        self.settings = {"saml_auth_url": farm.url}
        self.answers: dict[type, Any] = {
            runas.Username: NAME,
            runas.Password: PASSWORD,
            runas.Code: CODE,
            runas.Approval: None,
            runas.Choice: 0,
        }
        self.asked: list[runas.Challenge] = []
        self.memory = memory
        self.http = session(self.profile)

    @property
    def profile(self) -> runas.Profile:
        return runas.Profile("work", self.settings, family="saml")

    def answer(self, challenge: runas.Challenge) -> Any:
        self.asked.append(challenge)
        reply = self.answers[type(challenge)]
        if isinstance(reply, list):
            reply = reply.pop(0)
        if isinstance(reply, BaseException):
            raise reply
        if isinstance(challenge, runas.Password | runas.Code):
            self.http.guard(reply)  # as the engine does
        if isinstance(challenge, runas.Choice):
            return challenge.options[reply]
        return reply

    def flow(self) -> runas.Flow[runas.Identity]:
        hooks = {"mfa": runas_adfs.mfa}

        def call(hook: str, **arguments: Any) -> Any:
            return hooks[hook](http=self.http, **arguments)

        profile = self.profile
        outcome = yield from runas_adfs.authenticate(profile=profile, http=self.http)
        return (yield from Factors(profile, self.memory, call).satisfy(profile, outcome))

    def sign_in(self) -> runas.SamlIdentity:
        identity = drive(self.flow(), self.answer)
        assert isinstance(identity, runas.SamlIdentity)
        return identity

    def refused(self, error: type[runas.RunasError]) -> runas.RunasError:
        with pytest.raises(error) as caught:
            self.sign_in()
        assert type(caught.value) is error
        return caught.value

    def kinds(self) -> list[str]:
        return [type(each).__name__ for each in self.asked]


class World:
    """Makes farms that end with the test, each with the account NAME."""

    name, password, code = NAME, PASSWORD, CODE

    def __init__(self, home: Path) -> None:
        self._memory = Memory(Cache(str(home / "cache")))
        self._farms: list[AdfsFarm] = []
        self._count = itertools.count()

    def farm(self, *args: Any, **options: Any) -> AdfsFarm:
        facts = {name: options.pop(name) for name in ("trouble", "codes", "answer", "polls")
                 if name in options}  # fmt: skip
        farm = AdfsFarm(*args, **options)
        farm.user(NAME, PASSWORD, **facts)
        farm.__enter__()
        self._farms.append(farm)
        return farm

    def person(self, farm: AdfsFarm, **settings: str) -> Person:
        person = Person(farm, self._memory)
        person.settings |= settings
        return person

    def close(self) -> None:
        for farm in self._farms:
            farm.__exit__()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()
