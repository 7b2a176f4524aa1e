"""docs/adfs.md: the messages that it explains are given, the settings that it names do work."""

import re
import sys
from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest

from runas_adfs.testing import Fault

from .conftest import CODE, CREDENTIALS, DOWN_LEVEL, GIVEN, PASSWORD, REALM_PASSWORD, UPN
from .kerberos import NEEDED, PACKAGES, ROOT, Acceptor

PAGE = (ROOT / "docs" / "adfs.md").read_text("utf-8")
EXPLAINED = re.findall(r"^\| \*(.+?)\* \| (\d+) \|", PAGE, re.MULTILINE)
SETTINGS = dict.fromkeys(re.findall(r"`(\w+ = [^`]+)`", PAGE))
ELSEWHERE = (
    '<form id="adfs_form" action="https://duo.example.net/"><input type="hidden" '
    'name="adfs_context" value="c"></form>'
)
NEGOTIATE = (("WWW-Authenticate", "Negotiate"),)
AT_HOME = {"adfs_integrated": "true"}


def in_trouble(adfs, trouble):
    return adfs(facts={"trouble": trouble}), GIVEN


def broken(adfs, number, **fault):
    place = adfs()
    place.farm.faults[number] = Fault(**fault)
    return place, GIVEN


def with_wrong_password(adfs):
    return adfs(), {"RUNAS_PASSWORD": "wrong"}


def with_a_phone(adfs, answer):
    return adfs("2022", "azure-server", facts={"answer": answer}), GIVEN


def without_the_extra(adfs, tmp_path):
    (tmp_path / "requests_kerberos.py").write_text("raise ImportError\n")
    place = adfs(profile=AT_HOME)
    place.farm.faults[1] = Fault(status=401, headers=NEGOTIATE)
    return place, {"PYTHONPATH": str(tmp_path)}


def without_a_ticket(adfs):
    place = adfs(profile=AT_HOME)
    place.farm.faults[1] = Fault(status=401, headers=NEGOTIATE)
    nothing = {"KRB5_CONFIG": "/dev/null", "KRB5CCNAME": "FILE:nowhere"}
    return place, {**nothing, "PYTHONPATH": str(ROOT / PACKAGES)}


def with_a_stranger_s_ticket(adfs, realm, tmp_path, request):
    acceptor = Acceptor(**realm.environ, KRB5_KTNAME=f"FILE:{realm.keytab}")
    request.addfinalizer(acceptor.close)
    place = adfs(profile=AT_HOME, negotiate=acceptor)
    place.farm.offers = ("Negotiate",)
    ticket = realm.ticket(tmp_path / "tickets", "stranger", REALM_PASSWORD)
    return place, {**ticket, "PYTHONPATH": str(ROOT / PACKAGES)}


TROUBLES: dict[str, Callable[..., Any]] = {
    "... cannot open AWS's sign-in": lambda adfs: (
        adfs(profile={"saml_entity_id": "urn:somebody:else"}),
        {},
    ),
    "... refused the name or password": with_wrong_password,
    "... does not let you in": lambda adfs: in_trouble(adfs, "locked"),
    "... wants a new password first": lambda adfs: in_trouble(adfs, "expired"),
    "... signs you in, but not to AWS": lambda adfs: in_trouble(adfs, "denied"),
    "... cannot go on": lambda adfs: broken(adfs, 3, body=b'<p id="errorMessage">No.</p>'),
    "the sign-in was declined on ...": lambda adfs: with_a_phone(adfs, "reject"),
    "nobody answered on ...": lambda adfs: with_a_phone(adfs, "timeout"),
    "the factor ... is not enrolled; there is: ...": lambda adfs: (
        adfs("2022", "rsa", profile={"mfa_type": "push"}),
        GIVEN,
    ),
    "... wants Windows Integrated Authentication": lambda adfs: broken(
        adfs, 1, status=401, headers=NEGOTIATE
    ),
    "adfs_integrated needs the package ...": without_the_extra,
    "this machine has no Kerberos ticket that ... could accept": without_a_ticket,
    "... does not accept this machine's Kerberos ticket": with_a_stranger_s_ticket,
    "... does not serve its sign-in page (status 503)": lambda adfs: broken(adfs, 1, status=503),
    "... with a page (status ...) that is none of AD FS's": lambda adfs: broken(
        adfs, 1, body=b"<h1>Portal</h1>"
    ),
    "... sends its second factor to ..., which is not Duo's": lambda adfs: broken(
        adfs, 3, body=ELSEWHERE.encode()
    ),
}
REAL = ("this machine has no Kerberos", "... does not accept this machine's")


def test_every_message_is_explained_by_one_that_is_given():
    assert [message for message, _ in EXPLAINED] == list(TROUBLES)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        pytest.param(*row, marks=pytest.mark.requires(*NEEDED) if row[0].startswith(REAL) else ())
        for row in EXPLAINED
    ],
)
def test_the_message_is_given(adfs, message, status, request):
    trouble = TROUBLES[message]
    wanted = list(signature(trouble).parameters)[1:]
    place, given = trouble(adfs, *map(request.getfixturevalue, wanted))
    found = place.run(*CREDENTIALS, "adfs", **given)
    said = found.stderr.splitlines()[-1]
    assert re.search(".+".join(map(re.escape, message.split("..."))), said), found.stderr
    assert found.returncode == int(status)
    place.kept_secret(found.stderr)


def codes_of_any_kind(adfs, text):
    place = adfs("2022", ("azure-mfa", "generic"), profile={"mfa_type": text})
    place.got_in(place.run("-o", CODE, *CREDENTIALS, "adfs", **GIVEN))


def ways_of_duo(adfs, text):
    place = adfs("2022", ("azure-mfa", "duo"), profile={"mfa_type": text})
    place.said_no(place.run(*CREDENTIALS, "adfs", **GIVEN), 75, "Which way with Duo?")
    place.got_in(place.run("-rr", "-o", CODE, *CREDENTIALS, "adfs", **GIVEN))


def named(adfs, text):
    place = adfs()
    bare = f"saml_auth_url={place.farm.url}"
    place.said_no(place.run("--set", bare, *CREDENTIALS, "adfs", **GIVEN), 69, "status 503")
    more = ("--set", bare, "--set", f"saml_provider={text}")
    place.got_in(place.run(*more, *CREDENTIALS, "adfs", **GIVEN))


def another_identifier(adfs, text):
    place = adfs(profile={"saml_entity_id": text})
    place.farm.audience = text
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))


def in_a_domain(adfs, text):
    name = UPN if "." in text else DOWN_LEVEL
    place = adfs(name=name, profile={"saml_username": "alice", "adfs_domain": text})
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))


def a_shared_machine(adfs, text):
    place = adfs(profile={"remember_device": text})
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    assert not [one for one in place.farm.requests if "Kmsi" in one.form]


def a_command(adfs, text):
    place = adfs()
    program = place.home / "bin"
    program.write_text(f"print({PASSWORD!r})\n", "utf-8")
    words = ("--set", f"password_process={sys.executable} {program}")
    found = place.run(*words, *CREDENTIALS, "adfs")
    program.unlink()
    place.got_in(found)


WORK = {
    "password_process": a_command,
    "mfa_type = code": codes_of_any_kind,
    "mfa_type = duo": ways_of_duo,
    "saml_provider": named,
    "saml_entity_id": another_identifier,
    "adfs_domain": in_a_domain,
    "remember_device": a_shared_machine,
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_setting_does_its_work(adfs, setting):
    name, _, text = setting.partition(" = ")
    (work,) = [WORK[key] for key in (setting, name) if key in WORK]
    work(adfs, text)
