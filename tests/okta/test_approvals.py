"""Okta Verify's push and Duo's: approved, with a number, declined, unanswered, not allowed.

What waits for a phone runs at the same time: at a terminal, and where nobody can be asked.
"""

import pytest

from runas_okta.testing import Duo, Push, Totp, WebAuthn

ENGINES = ("classic", "identity")
ASKED = "approve the sign-in on iPhone"
ENDS = {
    "reject": "the sign-in was declined on iPhone",
    "timeout": "nobody approved the sign-in on iPhone in time; run the command again",
}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_push_with_a_number(okta, engine) -> None:
    watched, alone = okta(engine, Push(number="42")), okta(engine, Push(number="42"))
    run, someone = alone.starts(), watched.seat()
    someone.signs_in()
    someone.sees(f"{ASKED}\r\n")
    someone.sees(f"{ASKED} (tap 42)\r\n")
    watched.got_in(someone.ends())
    alone.got_in(run.ends(), ASKED, f"{ASKED} (tap 42)")
    assert [one.user.factors[0].sent for one in (watched, alone)] == [1, 1]


@pytest.mark.parametrize("engine", ENGINES)
def test_declined_and_unanswered(okta, engine) -> None:
    """Told apart; and as the message says, the next run sends a new push."""

    def place(outcome):
        return okta(engine, Push(after=0, outcome=outcome))

    alone = {outcome: place(outcome) for outcome in ENDS}
    watched = {outcome: place(outcome) for outcome in ENDS}
    runs = {outcome: place.starts() for outcome, place in alone.items()}
    seats = {outcome: place.seat() for outcome, place in watched.items()}
    for someone in seats.values():
        someone.signs_in()
    for outcome, said in ENDS.items():
        alone[outcome].refused(runs[outcome].ends(), 77, ASKED, said)
        watched[outcome].refused(seats[outcome].ends(), 77, said)
        assert ASKED in seats[outcome].screen
    again = alone["timeout"]
    again.user.factors[0].outcome = "approve"
    again.got_in(again.alone(), ASKED, logins=2)
    assert again.user.factors[0].sent == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_no_phone_rings_under_no_input(okta, engine) -> None:
    push = Push()
    place = okta(engine, push)
    ended = place.alone("--no-input")
    place.refused(ended, 75, "an approval on iPhone is needed and nobody can be asked (--no-input)")
    assert push.sent == 0
    assert len(place.org.cancelled) == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_ctrl_c_takes_the_push_back(okta, engine) -> None:
    push = Push(after=10**6)
    place = okta(engine, push, refresh=4000)
    someone = place.seat()
    someone.signs_in()
    while not push.sent:
        someone.sees("waiting")
    # Three of these at the most are older than the push.
    for _ in range(4):
        someone.sees("waiting")
    someone.types("\x03")
    ended = someone.ends()
    assert (ended.status, ended.out, ended.said) == (130, "", [])
    assert [one.factor for one in place.org.cancelled] == [push]
    place.behaved(ended)


def test_duo_s_push(okta) -> None:
    watched, alone = okta("classic", Duo()), okta("classic", Duo())
    run, someone = alone.starts("-t", "duo"), watched.seat()
    someone.signs_in()
    someone.sees("Which way with Duo?")
    someone.types("push\n")
    someone.sees("approve the sign-in on Duo")
    watched.got_in(someone.ends())
    alone.got_in(run.ends(), "approve the sign-in on Duo")


@pytest.mark.parametrize("outcome", ENDS)
def test_duo_declined_and_unanswered(okta, outcome) -> None:
    watched, alone = (okta("classic", Duo(after=0, outcome=outcome)) for _ in range(2))
    said = ENDS[outcome].partition(";")[0].replace("iPhone", "Duo")
    run, someone = alone.starts(), watched.seat()
    someone.signs_in()
    someone.sees("Which way with Duo?")
    someone.types("push\n")
    watched.refused(someone.ends(), 77, said)
    alone.refused(run.ends(), 77, "approve the sign-in on Duo", said)


def test_no_phone_rings_at_duo_under_no_input(okta) -> None:
    place = okta("classic", Duo())
    place.refused(place.alone("--no-input"), 75, "an approval on Duo is needed")
    assert not [one for one in place.org.requests if one.path == "/frame/prompt"]
    assert len(place.org.cancelled) == 1


def test_a_security_key_is_for_a_browser(okta) -> None:
    watched, alone = (okta(engine, WebAuthn(), Totp()) for engine in ENGINES)
    said = "a security key (WebAuthn) works in a browser only; choose another with --mfa-type"
    someone = watched.seat()
    someone.signs_in()
    someone.sees("Which second factor?")
    someone.types("webauthn\n")
    watched.refused(someone.ends(), 77, said)
    alone.refused(alone.alone("-t", "webauthn"), 77, said)
    assert [len(one.org.cancelled) for one in (watched, alone)] == [1, 1]


def test_a_factor_that_only_a_browser_knows(okta) -> None:
    """Duo's Universal Prompt: another provider's page."""
    universal = Duo(label="Duo Universal")
    universal.kind, universal.provider = "claims_provider", "Duo Universal"
    watched, alone = (okta(engine, universal) for engine in ENGINES)
    said = "offers no second factor that runas can use: Duo Universal; set another one up at"
    someone = watched.seat()
    someone.signs_in()
    watched.refused(someone.ends(), 77, said)
    alone.refused(alone.alone(), 77, said)
