"""What a role turned out to allow is remembered: a refusal is met once, not at every login."""

import logging
import time

import pytest

from runas import plugins
from runas.cache import Cache
from runas.challenges import drive
from runas.engine import Engine
from runas.memory import Memory, in_full
from runas.model import Profile, Role, RoleArn, SamlIdentity
from runas.testing import AwsEmulator, SamlIdp

BRINGS = """
import os, runas
from runas import saml
@runas.hookimpl
def authenticate():
    yield from ()
    with open(os.environ["RESPONSE"]) as file:
        return saml.identity(file.read())
"""


class World:
    """Two accounts whose roles have one name, and a provider that wants long sessions."""

    def __init__(self, aws, shelf, home, monkeypatch):
        self.aws, self.home = aws, home
        self.idp = SamlIdp(clock=aws.now)
        self.roles = []
        for number, most in (("111111111111", 7200), ("222222222222", 43200)):
            account = aws.account(number)
            provider = account.saml_provider("Idp", self.idp)
            self.roles.append(
                (account.role("dev", [provider], max_session_duration=most), provider)
            )
        shelf.put("bay", BRINGS, families=("saml",))
        self.response = home / "response"
        monkeypatch.setenv("RESPONSE", str(self.response))

    def log_in(self, role=0, said=28800, **settings):
        """Log in anew; return the lives asked for, and the one granted, in seconds."""
        arn, principal = self.roles[role][0].arn, self.roles[role][1].arn
        end = settings.pop("session_end", None)
        text = self.idp.response([(arn, principal)], session_duration=said, session_end=end)
        self.response.write_text(text)
        given = {"runas_provider": "bay", "endpoint_url": self.aws.url, "region": "eu-west-1"}
        profile = Profile("work", given | settings, family="saml")
        cache = Cache(str(self.home / "cache"))
        engine = Engine(profile, plugins.load(plugins.candidates(profile)), cache, Memory(cache))
        before = len(self.aws.calls("AssumeRoleWithSAML"))
        entry = drive(engine.entry(refresh=2), lambda challenge: None)
        asked = [
            int(one.parameters["DurationSeconds"])
            for one in self.aws.calls("AssumeRoleWithSAML")[before:]
        ]
        return asked, round(entry.credentials.expiration - time.time(), -2)


@pytest.fixture
def world(shelf, home, monkeypatch):
    with AwsEmulator() as aws:
        home.mkdir(exist_ok=True)
        yield World(aws, shelf, home, monkeypatch)


@pytest.mark.parametrize(
    "settings", [{}, {"role_arn": "dev"}, {"credentials_duration": "28800"}], ids=str
)
def test_a_refusal_is_met_once(world, settings, caplog):
    with caplog.at_level(logging.WARNING, "runas.notice"):
        assert world.log_in(**settings) == ([28800, 14400, 7200], 7200)
        assert world.log_in(**settings) == ([7200], 7200)
    assert caplog.messages == ["dev does not allow 8h; using 2h"] * 2


def test_a_role_of_the_same_name_elsewhere_is_another(world):
    world.log_in(role_arn="dev")
    assert world.log_in(role=1, role_arn="dev") == ([28800], 28800)


def test_a_shorter_life_is_asked_for_as_it_is(world):
    world.log_in()
    assert world.log_in(credentials_duration="3600") == ([3600], 3600)


def test_the_end_of_the_provider_s_session_is_no_limit_of_the_role(world):
    end = time.time() + 5000
    asked, granted = world.log_in(role=1, session_end=end, credentials_duration="43200")
    assert (len(asked), granted) == (1, 5000)
    assert world.log_in(role=1, credentials_duration="43200") == ([43200], 43200)


def test_a_clock_that_is_ahead_makes_no_limit(world):
    world.aws.advance(-400)
    assert world.log_in(role=1)[0] == [28800]
    assert world.log_in(role=1)[0] == [28800]
    for asked in (2700, 19800):
        assert world.log_in(role=1, credentials_duration=str(asked))[0] == [asked]
        assert world.log_in(role=1, credentials_duration=str(asked))[0] == [asked]
    assert world.log_in()[0] == [28800, 14400, 7200]
    assert world.log_in()[0] == [7200]


def test_an_identity_of_another_making_is_left_to_its_plugin():
    profile = Profile("work", {})
    role = Role(RoleArn.parse("arn:aws:iam::111111111111:role/dev"))
    assert in_full(profile, SamlIdentity("me", None, "sealed"), role) is profile
