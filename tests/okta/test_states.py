"""Every state that a sign-in at Okta can be in, at a terminal and where nobody can be asked."""

from dataclasses import dataclass, field
from typing import Any

import pytest

BOTH, CLASSIC = ("classic", "identity"), ("classic",)


@dataclass(frozen=True)
class State:
    """A state, how it comes about, and what runas makes of it."""

    name: str
    engines: tuple[str, ...]
    user: dict[str, Any]
    status: int
    said: tuple[str, ...] = ()
    policy: dict[str, Any] = field(default_factory=dict)


STATES = [
    State("UNAUTHENTICATED", CLASSIC, {}, 0, policy={"app_token": True}),
    State("PASSWORD_WARN", BOTH, {"expires_in": 3}, 0, ("expires in 3 days; change it",)),
    State("MFA_ENROLL optional", BOTH, {"enrolment": "optional"}, 0, ("skipped for now",)),
    State("MFA_ENROLL", BOTH, {"enrolment": "required"}, 77, ("in a browser and set one up",)),
    State("MFA_ENROLL_ACTIVATE", CLASSIC, {"state": "MFA_ENROLL_ACTIVATE"}, 77, ("finish that",)),
    State("PASSWORD_EXPIRED", BOTH, {"expired": True}, 77, ("has expired",)),
    State("PASSWORD_RESET", CLASSIC, {"state": "PASSWORD_RESET"}, 77, ("is being reset",)),
    State("RECOVERY", CLASSIC, {"state": "RECOVERY"}, 77, ("is being reset",)),
    State("RECOVERY_CHALLENGE", CLASSIC, {"state": "RECOVERY_CHALLENGE"}, 77, ("being reset",)),
    State("LOCKED_OUT", BOTH, {"locked": True}, 77, ("locked",)),
    State(
        "locked, and Okta does not say so",
        BOTH,
        {"locked": True, "shows_lock": False},
        77,
        ("refused the user name or the password; check",),
    ),
    State("unknown", BOTH, {"state": "TELEPATHY"}, 78, ("does not know: ",)),
]
CASES = [pytest.param(e, s, id=f"{e}-{s.name}") for s in STATES for e in s.engines]


def judge(place, ended, state: State) -> None:
    check = place.got_in if state.status == 0 else place.refused
    status = () if state.status == 0 else (state.status,)
    check(ended, *status, *state.said)
    assert state.name != "unknown" or "telepathy" in ended.said[0].lower()


@pytest.mark.parametrize(("engine", "state"), CASES)
def test_at_a_terminal(okta, engine, state) -> None:
    place = okta(engine, user=state.user, **state.policy)
    someone = place.seat()
    someone.signs_in()
    judge(place, someone.ends(), state)


@pytest.mark.parametrize(("engine", "state"), CASES)
def test_where_nobody_can_be_asked(okta, engine, state) -> None:
    place = okta(engine, user=state.user, **state.policy)
    judge(place, place.alone(), state)


@pytest.mark.parametrize("engine", BOTH)
def test_a_wrong_password_is_sent_once(okta, engine) -> None:
    place = okta(engine)
    someone = place.seat()
    someone.sees("Password")
    someone.types("canary-wrong 9e2\n")
    place.refused(someone.ends(), 77, "refused the user name or the password; check")


@pytest.mark.parametrize("engine", BOTH)
def test_an_app_that_is_not_assigned(okta, engine) -> None:
    place = okta(engine, user={"assigned": False})
    place.refused(place.alone(), 77, "assigned")


@pytest.mark.parametrize("engine", BOTH)
def test_without_a_password_nobody_is_signed_in(okta, engine) -> None:
    place = okta(engine)
    place.refused(place.alone(RUNAS_PASSWORD=""), 75, "set RUNAS_PASSWORD", logins=0)
