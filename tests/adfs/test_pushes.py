"""Adapters that wait for a phone, and the choice among several, through the real command."""

from dataclasses import dataclass

import pytest

from runas_adfs.testing.adapters import DUO, NUMBER, PUSHED
from runas_adfs.testing.duo import STEP_UP

from .conftest import CODE, CREDENTIALS, GIVEN, ends, types_code, types_password


@dataclass(frozen=True)
class Push:
    """An adapter, the line that tells of its push, and how often the farm is to be asked."""

    adapter: str
    notice: str
    words: tuple[str, ...] = ()
    polls: int = 1

    def __str__(self) -> str:
        return "-".join([self.adapter, *self.words[1:]])

    def opened(self, adfs, answer="approve", version="2019", language="en"):
        facts = {"answer": answer, "polls": self.polls}
        return adfs(version, self.adapter, language=language, facts=facts)


AZURE = Push("azure-mfa", f"approve the sign-in on Microsoft Authenticator (tap {NUMBER})")
SERVER = Push("azure-server", "approve the sign-in on phone")
SILVERFORT = Push("silverfort", "approve the sign-in on Silverfort")
# Duo is asked before anything is said: two looks, so that there is something to see.
FRAME = Push("duo-frame", "approve the sign-in on iOS (XXX-XXX-4567)", ("-t", "push"), 2)
DUO_PUSH = Push("duo", f"approve the sign-in on iPhone (tap {STEP_UP})", ("-t", "push"), 2)
DUO_CALL = Push("duo", "approve the sign-in on iPhone", ("-t", "call"), 2)
NEWEST = Push("duo-pwl", f"approve the sign-in on iPhone (tap {STEP_UP})", ("-t", "push"))
PUSHES = [AZURE, SERVER, SILVERFORT, FRAME, DUO_PUSH, DUO_CALL, NEWEST]
EACH = pytest.mark.parametrize("push", PUSHES, ids=str)


def test_the_table_has_all_of_them():
    assert {push.adapter for push in PUSHES} == {*PUSHED, *DUO}


@EACH
def test_at_a_terminal(adfs, sits_at, push):
    place = push.opened(adfs)
    someone = sits_at(place, "-vv", *push.words, *CREDENTIALS, "adfs")
    types_password(someone)
    someone.sees(push.notice)
    place.let_in(someone)


@EACH
def test_with_nobody_there_the_phone_still_answers(adfs, push):
    place = push.opened(adfs, version="2022", language="de")
    # Without a word about the factor: the push is taken.
    words = () if "push" in push.words else push.words
    place.got_in(place.run(*words, *CREDENTIALS, "adfs", **GIVEN), f"{push.notice}\n")
    place.sent_once()


def test_where_nobody_may_be_asked(adfs):
    place = AZURE.opened(adfs)
    found = place.run("--no-input", *CREDENTIALS, "adfs", **GIVEN)
    needed = "an approval on Microsoft Authenticator is needed"
    place.said_no(found, 75, needed, "--no-input", "--mfa-type")


@pytest.mark.parametrize(
    ("push", "answer"),
    [
        (AZURE, "reject"),
        (AZURE, "timeout"),
        (SERVER, "timeout"),
        (SILVERFORT, "reject"),
        (FRAME, "timeout"),
        (DUO_PUSH, "reject"),
        (NEWEST, "timeout"),
    ],
    ids=str,
)
def test_declined_and_unanswered_are_told_apart(adfs, push, answer):
    place = push.opened(adfs, answer=answer, language="ja")
    found = place.run(*push.words, *CREDENTIALS, "adfs", **GIVEN)
    fact = {"reject": "the sign-in was declined on", "timeout": "nobody answered"}[answer]
    place.said_no(found, 77, fact, after=f"{push.notice}\n")
    place.sent_once()


@pytest.mark.parametrize("answer", ["reject", "timeout"])
def test_declined_or_unanswered_at_a_terminal(adfs, sits_at, answer):
    place = AZURE.opened(adfs, answer=answer)
    someone = sits_at(place, *CREDENTIALS, "adfs", **GIVEN)
    someone.sees(AZURE.notice)
    place.said_no(ends(someone), 77, "Microsoft Authenticator")


def test_ctrl_c_while_the_phone_is_waited_for(adfs, sits_at):
    place = AZURE.opened(adfs, answer="ignore")
    someone = sits_at(place, *CREDENTIALS, "adfs", **GIVEN)
    someone.sees(AZURE.notice)
    someone.types("\x03")
    found = ends(someone)
    assert (found.returncode, found.stdout) == (130, "")
    place.kept_secret(found.stderr)


@pytest.mark.parametrize("adapter", ["duo", "duo-frame", "duo-pwl"])
def test_a_code_given_beforehand_rings_no_phone(adfs, adapter):
    place = adfs("2019", adapter, facts={"answer": "reject"})
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN, MFA_CODE=CODE))
    assert CODE not in place.codes


def test_duo_s_ways_are_chosen_from(adfs, sits_at):
    place = adfs("2016", "duo")
    someone = sits_at(place, *CREDENTIALS, "adfs", **GIVEN)
    someone.sees("Which second factor?")
    someone.types("totp\n")
    types_code(someone, CODE, "Duo")
    place.got_in(ends(someone))


def test_the_method_is_chosen_from(adfs, sits_at):
    place = adfs("2022", ("rsa", "azure-mfa"), language="de")
    someone = sits_at(place, *CREDENTIALS, "adfs")
    types_password(someone)
    someone.sees("Which second factor?")
    someone.types("token\n")
    types_code(someone, CODE, "RSA SecurID")
    place.got_in(ends(someone))
    place.sent_once()


def test_the_method_with_nobody_there(adfs):
    place = adfs("2022", ("rsa", "azure-mfa"))
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN), f"{AZURE.notice}\n")
    place.sent_once()
    place.got_in(place.run("-rr", "-t", "token", "-o", CODE, *CREDENTIALS, "adfs", **GIVEN))
    assert CODE not in place.codes


def test_a_factor_that_is_not_there(adfs):
    place = adfs("2019", "duo")
    found = place.run("-t", "sms", *CREDENTIALS, "adfs", **GIVEN)
    place.said_no(found, 78, "'sms' is not enrolled; there is: call, push, totp", "mfa_type")
