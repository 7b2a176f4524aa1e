"""Which of several factors: the one asked for, the one used last, the one picked."""

import json

import pytest

from runas_okta.testing import Push, Question, Sms, Totp

from .conftest import GIVEN

ENGINES = ("classic", "identity")


@pytest.mark.parametrize("engine", ENGINES)
def test_picked_at_a_terminal_and_then_used_again(okta, engine) -> None:
    totp = Totp()
    place = okta(engine, Push(), totp, remember=False)
    someone = place.seat()
    someone.signs_in()
    someone.sees("Which second factor?")
    someone.types("totp\n")
    someone.code(totp.code())
    place.got_in(someone.ends())
    again = place.seat("-rr")
    again.signs_in()
    again.code(totp.code())
    place.got_in(again.ends(), logins=2)
    assert "Which" not in again.screen


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_at_the_choice_ends_the_sign_in_at_okta(okta, engine) -> None:
    place = okta(engine, Push(), Totp())
    someone = place.seat()
    someone.signs_in()
    someone.sees("Which second factor?")
    someone.types("\x03")
    ended = someone.ends()
    assert (ended.status, ended.out, ended.said) == (130, "", [])
    assert len(place.org.cancelled) == 1
    place.behaved(ended)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_factor_that_is_not_enrolled(okta, engine) -> None:
    place = okta(engine, Sms(), Totp(), profile="mfa_type = push\n")
    ended = place.alone()
    place.refused(ended, 78, "the factor 'push' is not enrolled; there is: sms, totp")
    assert len(place.org.cancelled) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_any_typed_code(okta, engine) -> None:
    question = Question()
    place = okta(engine, Push(), question, profile="mfa_type = code\n")
    place.got_in(place.alone("-o", question.answer))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_factors_are_listed_and_the_sign_in_is_left(okta, engine) -> None:
    place = okta(engine, Push(), Totp())
    done = place.run("list", "mfa", "--json", "okta", **GIVEN)
    assert done.returncode == 0, done.stderr
    assert [one["kind"] for one in json.loads(done.stdout)] == ["push", "totp"]
    assert len(place.org.cancelled) == 1
