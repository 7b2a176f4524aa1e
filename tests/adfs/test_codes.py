"""Adapters that want a code, through the real command: typed, given beforehand, or missing."""

import sys
from dataclasses import dataclass

import pytest

from runas_adfs.testing.adapters import TYPED

from .conftest import (
    CODE,
    CREDENTIALS,
    GIVEN,
    NEXT_CODE,
    WRONG_CODE,
    ends,
    types_code,
    types_password,
)

AGAIN = "that code was refused; please try again"


@dataclass(frozen=True)
class Adapter:
    """An adapter, the device that the question names, and the farm around it."""

    name: str
    device: str
    version: str
    language: str

    def __str__(self) -> str:
        return self.name

    def opened(self, adfs, **options):
        return adfs(self.version, self.name, language=self.language, **options)


ADAPTERS = [
    Adapter("azure-code", "Microsoft Authenticator", "2019", "de"),
    Adapter("vip", "Symantec VIP", "3.0", "en"),
    Adapter("vip-new", "Symantec VIP", "2016", "ja"),
    Adapter("rsa", "RSA SecurID", "2016", "de"),
    Adapter("rsa-v2", "RSA SecurID", "2022", "en"),
    Adapter("safenet", "SafeNet", "2019-paginated", "en"),
    Adapter("defender", "Defender", "2022", "ja"),
    Adapter("generic", "ContosoOneTimeCode", "2019", "en"),
    Adapter("duo-frame", "Duo", "2016", "en"),
    Adapter("duo", "Duo", "2019-paginated", "de"),
    Adapter("duo-pwl", "Duo", "2022", "en"),
]
EACH = pytest.mark.parametrize("adapter", ADAPTERS, ids=str)


def kind(adapter):
    """Choose Duo's passcode among its ways; other adapters have the one."""
    return ("-t", "totp") if adapter.device == "Duo" else ()


def test_the_table_has_all_of_them():
    assert {each.name for each in ADAPTERS} >= set(TYPED)


@EACH
def test_mistyped_and_typed_again(adfs, sits_at, adapter):
    place = adapter.opened(adfs)
    someone = sits_at(place, "-vv", *kind(adapter), *CREDENTIALS, "adfs")
    types_password(someone)
    types_code(someone, WRONG_CODE, adapter.device)
    someone.sees(AGAIN)
    types_code(someone, CODE, adapter.device)
    place.let_in(someone)


@EACH
def test_given_beforehand(adfs, adapter):
    place = adapter.opened(adfs)
    place.got_in(place.run("-o", CODE, *CREDENTIALS, "adfs", **GIVEN))
    assert CODE not in place.codes
    place.sent_once()


@pytest.mark.parametrize("adapter", ["generic", "duo"])
def test_a_second_run_asks_for_no_code(adfs, adapter):
    place = adfs("2019", adapter)
    place.got_in(place.run("-o", CODE, *CREDENTIALS, "adfs", **GIVEN))
    place.got_in(place.run("-r", *CREDENTIALS, "adfs"))
    place.sent_once()


@pytest.mark.parametrize("adapter", [ADAPTERS[0], *ADAPTERS[3::3]], ids=str)
def test_missing(adfs, adapter):
    place = adapter.opened(adfs)
    found = place.run(*kind(adapter), *CREDENTIALS, "adfs", **GIVEN)
    place.said_no(found, 75, f"an MFA code for {adapter.device} is needed", "set MFA_CODE")
    place.sent_once()


@pytest.mark.parametrize("adapter", ["generic", "duo-frame", "duo", "duo-pwl"])
def test_a_wrong_code_given_beforehand_is_tried_once(adfs, adapter):
    place = adfs("2019", adapter)
    found = place.run(*CREDENTIALS, "adfs", **GIVEN, MFA_CODE=WRONG_CODE)
    place.said_no(found, 77, "$MFA_CODE", "was refused")
    sent = [*place.farm.requests, *place.farm.duo.server.requests]
    assert len([one for one in sent if WRONG_CODE.encode() in one.body]) == 1
    place.sent_once()


def test_three_wrong_codes_end_it(adfs, sits_at):
    place = adfs("2019", "vip", language="de")
    someone = sits_at(place, *CREDENTIALS, "adfs", **GIVEN)
    for code in ("00000000", "11111111", "22222222"):
        types_code(someone, code, "Symantec VIP")
    place.said_no(ends(someone), 77, place.farm.pages.words["badcode"])
    place.sent_once()


def test_the_next_code_of_the_token(adfs, sits_at):
    place = adfs("2016", "rsa", facts={"codes": [f"next:{CODE}", NEXT_CODE]})
    someone = sits_at(place, *CREDENTIALS, "adfs")
    types_password(someone)
    types_code(someone, CODE, "RSA SecurID")
    types_code(someone, NEXT_CODE, "RSA SecurID, the next code")
    place.got_in(ends(someone))
    place.sent_once()


def test_the_next_code_by_a_command(adfs, tmp_path):
    """A command gives both codes; one code given beforehand is not enough, and that is said."""
    codes = ["next:11111111", f"next:{CODE}", NEXT_CODE]
    place = adfs("2016", "rsa", facts={"codes": codes})
    found = place.run("-o", "11111111", *CREDENTIALS, "adfs", **GIVEN)
    place.said_no(found, 75, "an MFA code for RSA SecurID, the next code is needed")
    token = tmp_path / "token.py"
    token.write_text(
        f"import os\nprint('{CODE}' if not os.path.exists('shown') else '{NEXT_CODE}')\n"
        "open('shown', 'w').close()\n"
    )
    command = f"{sys.executable} {token}"
    place.got_in(place.run("--mfa-process", command, "-rr", *CREDENTIALS, "adfs", **GIVEN))


@pytest.mark.parametrize("given", [("-o", "new-pin"), ()])
def test_a_new_pin_is_due(adfs, sits_at, given):
    place = adfs("2016", "rsa")
    someone = sits_at(place, *given, *CREDENTIALS, "adfs", **GIVEN)
    if not given:
        types_code(someone, "new-pin", "RSA SecurID")
    place.said_no(ends(someone), 77, "wants a new PIN for the token", "with a browser")


@pytest.mark.parametrize(
    ("adapter", "status", "facts"),
    [
        ("certificate", 78, ("accepts only a certificate", "another method")),
        ("enrol", 77, ("https://mfa.example.com", "with a browser")),
    ],
)
def test_what_needs_a_browser(adfs, sits_at, adapter, status, facts):
    place = adfs("2019", adapter)
    somebody = ends(sits_at(place, *CREDENTIALS, "adfs", **GIVEN))
    place.said_no(somebody, status, *facts)
    place.sent_once()


def test_ctrl_c_at_the_code(adfs, sits_at):
    place = adfs("2022", "generic")
    someone = sits_at(place, *CREDENTIALS, "adfs", **GIVEN)
    someone.sees("MFA code for ")
    someone.types("\x03")
    found = ends(someone)
    assert (found.returncode, found.stdout) == (130, "")
    place.kept_secret(found.stderr)
