"""What a provider left open for the second factor is ended when the login goes no further."""

from importlib import import_module

import pytest

import runas
from runas import plugins
from runas.cache import Cache
from runas.challenges import drive
from runas.engine import Engine
from runas.memory import Memory
from runas.profile import Profile
from runas.testing import Script

TWO_STEPS = """
import runas
ENDED = []
FACTORS = (runas.Factor("totp", "phone"), runas.Factor("push", "watch"), runas.Factor("sms", "me"))
@runas.hookimpl
def authenticate():
    yield from ()
    return runas.MfaRequired(FACTORS, "first", abandon=lambda: ENDED.append("first"))
@runas.hookimpl
def mfa(pending, factor):
    return _check(pending, factor) if factor.kind != "push" else None
def _check(pending, factor):
    if (yield from runas.Code(factor.device)) != "123456":
        raise runas.WrongCode("no")
    if factor.kind == "sms" and pending.state == "first":
        return runas.MfaRequired(FACTORS[:1], "second", abandon=lambda: ENDED.append("second"))
    return runas.KeyIdentity("me", credentials=runas.Credentials("A", "s", "t"))
"""


@pytest.fixture
def engine(shelf, home):
    """Compose the engine of a profile whose provider leaves something open."""

    def make(code=TWO_STEPS, **settings):
        shelf.put("bay", code)
        profile = Profile("work", {"runas_provider": "bay", **settings})
        cache = Cache(str(home / "cache"))
        return Engine(profile, plugins.load(plugins.candidates(profile)), cache, Memory(cache))

    return make


def ended():
    return import_module("runas_bay").ENDED


class Closed(BaseException):
    """Whatever else ends a program."""


STOPS = [KeyboardInterrupt(), runas.Cancelled("closed"), runas.ServiceUnavailable("gone"), Closed()]


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: type(stop).__name__)
@pytest.mark.parametrize(("at", "question"), [(0, "Choice"), (1, "Code")])
def test_whoever_stops_and_wherever(engine, at, question, stop):
    person = Script(codes=["123456"], picks=["phone"], hang_up=stop, at=at)
    with pytest.raises(type(stop)):
        drive(engine().entry(), person.answer)
    assert person.kinds[-1] == question
    assert ended() == ["first"]


@pytest.mark.parametrize("questions", [1, 2])
def test_a_login_that_is_closed(engine, questions):
    flow, person = engine().entry(), Script(codes=["123456"], picks=["phone"])
    asked = next(flow)
    for _ in range(questions - 1):
        asked = flow.send(person.answer(asked))
    flow.close()
    assert ended() == ["first"]


def test_the_last_that_is_open(engine):
    person = Script(codes=["123456"], picks=["me"], hang_up=KeyboardInterrupt(), at=2)
    with pytest.raises(KeyboardInterrupt):
        drive(engine().entry(), person.answer)
    assert person.kinds == ["Choice", "Code", "Code"]
    assert ended() == ["second"]


@pytest.mark.parametrize(
    ("settings", "picks", "error"),
    [
        ({"mfa_type": "webauthn"}, [], runas.ConfigurationError),
        ({}, ["watch"], runas.ConfigurationError),
        ({"mfa_type": "totp"}, [], runas.WrongCode),
    ],
    ids=["a factor that is not there", "a factor that nobody can use", "three wrong codes"],
)
def test_what_else_ends_it(engine, settings, picks, error):
    with pytest.raises(error):
        drive(engine(**settings).entry(), Script(codes=["1"], picks=picks).answer)
    assert ended() == ["first"]


def test_nobody_to_type_the_code(engine):
    with pytest.raises(runas.InteractionRequired):
        drive(engine(mfa_type="totp").entry(), Script().answer)
    assert ended() == ["first"]


@pytest.mark.parametrize("codes", [["123456"], ["1", "2", "123456"]])
def test_nothing_is_ended_where_it_goes_well(engine, codes):
    drive(engine().entry(), Script(codes=codes, picks=["phone"]).answer)
    assert ended() == []


def test_listing_the_factors_leaves_nothing_open(engine):
    outcome = drive(engine().factors(), Script().answer)
    assert len(outcome.factors) == 3
    assert ended() == ["first"]


def test_a_service_that_cannot_be_told_does_not_hide_the_reason(engine):
    failing = (
        TWO_STEPS.replace('abandon=lambda: ENDED.append("first")', "abandon=_gone")
        + "def _gone():\n    raise runas.ServiceUnavailable('gone')\n"
    )
    with pytest.raises(KeyboardInterrupt):
        drive(engine(failing).entry(), Script(hang_up=KeyboardInterrupt()).answer)
