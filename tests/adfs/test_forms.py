"""Every sign-in form of AD FS through the real command: at a terminal, and with nobody there."""

from dataclasses import dataclass

import pytest

from runas_adfs.testing import LANGUAGES, VERSIONS

from .conftest import CREDENTIALS, DOWN_LEVEL, GIVEN, UPN, ends, types_password

PARTNER = {"http://partner.example.com/adfs/services/trust": "Partner"}


@dataclass(frozen=True)
class Form:
    """A version's pages on the way to the password; ``named`` says the profile has the name."""

    version: str
    language: str
    name: str
    sites: bool = False
    homes: bool = False
    named: bool = True

    def __str__(self) -> str:
        words = [self.version, self.language, "upn" if "@" in self.name else "down-level"]
        marks = {"sites": self.sites, "homes": self.homes, "unnamed": not self.named}
        return "-".join(words + [mark for mark, is_there in marks.items() if is_there])

    def opened(self, adfs):
        return adfs(
            self.version,
            language=self.language,
            name=self.name,
            choose_site=self.sites,
            homes=PARTNER if self.homes else {},
            profile={} if self.named else {"saml_username": ""},
        )


FORMS = [
    Form("2.0", "en", DOWN_LEVEL, sites=True),
    Form("2.0", "de", UPN, homes=True, named=False),
    Form("3.0", "ja", UPN, sites=True, homes=True),
    Form("2016", "de", DOWN_LEVEL, sites=True, homes=True, named=False),
    Form("2019", "en", UPN, sites=True, homes=True),
    Form("2019-paginated", "ja", DOWN_LEVEL, homes=True),
    Form("2019-paginated", "en", UPN, sites=True, named=False),
    Form("2022", "de", DOWN_LEVEL, sites=True, homes=True),
]
EACH = pytest.mark.parametrize("form", FORMS, ids=str)


def test_the_table_has_all_of_them():
    assert {form.version for form in FORMS} == set(VERSIONS)
    assert {form.language for form in FORMS} == set(LANGUAGES)
    assert {form.name for form in FORMS} == {UPN, DOWN_LEVEL}
    for version in VERSIONS:
        rows = [form for form in FORMS if form.version == version]
        assert any(form.sites for form in rows)
        assert any(form.homes for form in rows)


@EACH
def test_at_a_terminal(adfs, sits_at, form):
    place = form.opened(adfs)
    someone = sits_at(place, "-vv", *CREDENTIALS, "adfs")
    if not form.named:
        someone.sees("Username for ")
        someone.sees(": ")
        someone.types(form.name + "\n")
    types_password(someone)
    found = ends(someone)
    assert found.returncode == 0, found.stderr
    assert place.role(found.stdout) == "adfs-developer"
    assert "POST" in found.stderr  # the log, which has no secret either
    place.kept_secret(found.stdout, found.stderr, someone.shown)
    place.sent_once()


@EACH
def test_with_nobody_there(adfs, form):
    place = form.opened(adfs)
    named = {} if form.named else {"RUNAS_USERNAME": form.name}
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN, **named))
    # The session with the farm still holds: the role anew, and nothing asked or given.
    place.got_in(place.run("-r", *CREDENTIALS, "adfs", **named))
    place.sent_once()


@pytest.mark.parametrize("version", ["2.0", "2022"])
def test_a_second_run_at_a_terminal_asks_nothing(adfs, sits_at, version):
    place = adfs(version)
    first = sits_at(place, *CREDENTIALS, "adfs")
    types_password(first)
    place.got_in(ends(first))
    second = sits_at(place, "-r", *CREDENTIALS, "adfs")
    place.got_in(ends(second))
    assert second.shown == ""
    place.sent_once()


def test_a_session_that_the_farm_has_ended_is_begun_anew_once(adfs):
    place = adfs("2019")
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    place.farm.logins.clear()
    place.said_no(place.run("-r", *CREDENTIALS, "adfs"), 75, "RUNAS_PASSWORD")
    place.got_in(place.run("-r", *CREDENTIALS, "adfs", **GIVEN))
    assert place.farm.primary == 2


@pytest.mark.parametrize(
    ("given", "needed", "variable"),
    [
        ({}, "the password of alice@corp.example.com at http://127.0.0.1", "RUNAS_PASSWORD"),
        ({"saml_username": ""}, "a username for 127.0.0.1", "RUNAS_USERNAME"),
    ],
)
@pytest.mark.parametrize("version", ["2.0", "2019-paginated"])
def test_what_is_missing_is_said(adfs, version, given, needed, variable):
    place = adfs(version, profile=given)
    found = place.run(*CREDENTIALS, "adfs")
    place.said_no(found, 75, f"{needed}", "is needed and nobody can be asked", variable)
    assert place.farm.primary == 0


def test_a_domain_for_a_bare_name(adfs):
    place = adfs("2022", name=DOWN_LEVEL, profile={"saml_username": "alice", "adfs_domain": "CORP"})
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    place.sent_once()


def test_several_sites_are_aws(adfs, sits_at):
    place = adfs("2016", choose_site=True)
    place.farm.sites["0a0a0a0a-1c6d-e511-80bb-0050568e3c3a"] = ("AWS Test", "urn:example:test")
    found = place.run(*CREDENTIALS, "adfs", **GIVEN)
    place.said_no(found, 75, "Which of these is AWS?", "Amazon Web Services, Payroll, AWS Test")
    someone = sits_at(place, *CREDENTIALS, "adfs", **GIVEN)
    someone.sees("Which of these is AWS?")
    someone.types("web\n")
    place.got_in(ends(someone))
    place.sent_once()


def test_the_home_is_chosen_by_the_setting(adfs):
    place = adfs("2016", homes=PARTNER, profile={"adfs_home_realm": "Contoso"})
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    place.sent_once()


def test_a_home_that_is_not_offered(adfs, sits_at):
    place = adfs("2016", homes=PARTNER, profile={"adfs_home_realm": "Elsewhere"})
    facts = ("'Elsewhere'", "Contoso, Partner", "adfs_home_realm", "config:")
    place.said_no(place.run(*CREDENTIALS, "adfs", **GIVEN), 78, *facts)
    place.said_no(ends(sits_at(place, *CREDENTIALS, "adfs")), 78, *facts)
    assert place.farm.primary == 0


def test_the_home_is_found_by_mail_address(adfs, sits_at):
    place = adfs("2019")
    place.farm.home_by_mail = True
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    place.sent_once()
    place.said_no(place.run("-rr", *CREDENTIALS, "adfs"), 75, "RUNAS_PASSWORD")
    someone = sits_at(place, "-rr", *CREDENTIALS, "adfs")
    types_password(someone)
    place.got_in(ends(someone))
