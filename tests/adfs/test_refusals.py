"""What AD FS says no to, in the words of any language, at a terminal and with nobody there."""

from dataclasses import dataclass

import pytest

from runas_adfs.testing import LANGUAGES, VERSIONS, Fault

from .conftest import CREDENTIALS, GIVEN, PASSWORD, ends, types_password

WRONG = "canary-wrong-Pa55"


@dataclass(frozen=True)
class No:
    """A farm, and the trouble with its only account."""

    version: str
    language: str
    trouble: str

    def __str__(self) -> str:
        return f"{self.trouble}-{self.version}-{self.language}"


FACTS = {
    "wrong": "refused the name or password",
    "locked": "does not let you in",
    "expired": "wants a new password first",
    "must-change": "wants a new password first",
    "denied": "signs you in, but not to AWS",
}
TYPED = [
    No("2.0", "en", "wrong"),
    No("2016", "ja", "wrong"),
    No("2019-paginated", "de", "wrong"),
    No("2022", "en", "wrong"),
    No("2.0", "de", "locked"),
    No("3.0", "en", "expired"),
    No("2016", "de", "must-change"),
    No("2019", "ja", "denied"),
]
GIVEN_BEFOREHAND = [
    No("2.0", "ja", "wrong"),
    No("3.0", "de", "wrong"),
    No("2019", "en", "wrong"),
    No("2019-paginated", "en", "wrong"),
    No("2022", "ja", "locked"),
    No("2019-paginated", "ja", "expired"),
    No("2022", "en", "must-change"),
    No("2.0", "de", "denied"),
]


def test_the_tables_have_all_of_them():
    for table in (TYPED, GIVEN_BEFOREHAND):
        assert {no.trouble for no in table} == set(FACTS)
        assert {no.language for no in table} == set(LANGUAGES)
    wrong = [no for no in TYPED + GIVEN_BEFOREHAND if no.trouble == "wrong"]
    assert {no.version for no in wrong} == set(VERSIONS)


def opened(adfs, no):
    trouble = "" if no.trouble == "wrong" else no.trouble
    return adfs(no.version, language=no.language, facts={"trouble": trouble})


def refused(place, no, found):
    words = place.farm.pages.words["expired" if no.trouble == "must-change" else no.trouble]
    place.said_no(found, 77, FACTS[no.trouble], words)
    assert WRONG not in found.stderr
    assert place.farm.primary == 1


@pytest.mark.parametrize("no", TYPED, ids=str)
def test_at_a_terminal(adfs, sits_at, no):
    place = opened(adfs, no)
    someone = sits_at(place, *CREDENTIALS, "adfs")
    types_password(someone, WRONG if no.trouble == "wrong" else PASSWORD)
    refused(place, no, ends(someone))
    assert "assword" not in someone.shown  # not asked for again: accounts lock


@pytest.mark.parametrize("no", GIVEN_BEFOREHAND, ids=str)
def test_with_nobody_there(adfs, no):
    place = opened(adfs, no)
    password = WRONG if no.trouble == "wrong" else PASSWORD
    refused(place, no, place.run(*CREDENTIALS, "adfs", RUNAS_PASSWORD=password))


@pytest.mark.parametrize(
    ("version", "language", "trouble"),
    [("2.0", "de", "expiring"), ("2016", "ja", "expiring-form"), ("2022", "en", "expiring")],
)
def test_the_end_of_the_password_is_near(adfs, sits_at, version, language, trouble):
    place = adfs(version, language=language, facts={"trouble": trouble})
    notice = f"runas: 127.0.0.1 says: {place.farm.pages.words['expiring']}\n"
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN), notice)
    someone = sits_at(place, "-rr", *CREDENTIALS, "adfs")
    types_password(someone)
    place.got_in(ends(someone), notice)


def test_a_relying_party_that_the_farm_does_not_know(adfs, sits_at):
    place = adfs("2022", language="ja", profile={"saml_entity_id": "urn:somebody:else"})
    facts = ("cannot open AWS's sign-in", "saml_entity_id", "IdP-initiated")
    place.said_no(ends(sits_at(place, *CREDENTIALS, "adfs")), 78, *facts)
    place.got_in(place.run("-I", place.farm.audience, *CREDENTIALS, "adfs", **GIVEN))


def test_a_fault_after_the_password_is_no_refusal(adfs):
    place = adfs("2022")
    place.farm.faults[3] = Fault(body=place.farm.pages.failure("No.").encode())
    found = place.run(*CREDENTIALS, "adfs", **GIVEN)
    place.said_no(found, 69, "cannot go on: No; ", "Activity ID: 00000000")
    place.sent_once()


def test_integrated_sign_in_is_not_begun_unasked(adfs):
    place = adfs("2022", negotiate=lambda scheme, message: (None, b""))
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    assert not [one for one in place.farm.requests if "wia" in one.path]
