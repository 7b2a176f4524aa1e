"""Signing in by a real Kerberos ticket: a KDC, ``kinit``, and a farm with the service's key."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from .conftest import (
    CODE,
    CREDENTIALS,
    GIVEN,
    PASSWORD,
    REALM_PASSWORD,
    Adfs,
    ends,
    holds,
    types_code,
)
from .kerberos import NEEDED, PACKAGES, REALM, ROOT, Acceptor, Realm

pytestmark = pytest.mark.requires(*NEEDED)

ALICE, STRANGER = f"alice@{REALM}", f"stranger@{REALM}"
TICKET = "YII"
"""How every ticket on its way begins: the tag of GSS-API's first message, in base64."""


@dataclass
class Domain:
    """A farm in the realm, what it was shown, and the environment of somebody with a ticket."""

    place: Adfs
    acceptor: Acceptor
    environ: dict[str, str]

    def run(self, *words, **environ):
        return self.place.run(*words, *CREDENTIALS, "adfs", **{**self.environ, **environ})

    def showed_no_ticket(self, *texts: str) -> None:
        for text in texts:
            assert TICKET not in text
            assert REALM_PASSWORD not in text


@pytest.fixture
def domain(adfs, realm: Realm, tmp_path) -> Iterator[Callable[..., Domain]]:
    """Open a farm that believes the realm, and ``kinit`` somebody."""
    with ExitStack() as stack:

        def opened(
            somebody: str = ALICE, offers: tuple[str, ...] = ("Negotiate",), **options
        ) -> Domain:
            acceptor = Acceptor(**realm.environ, KRB5_KTNAME=f"FILE:{realm.keytab}")
            stack.callback(acceptor.close)
            profile = {"adfs_integrated": "true", "saml_username": ""}
            place = adfs(name=ALICE, profile=profile, negotiate=acceptor, **options)
            place.farm.offers = offers
            cache = tmp_path / "tickets"
            environ = {**realm.environ, "KRB5CCNAME": f"FILE:{cache}"}
            if somebody:
                realm.ticket(cache, somebody, REALM_PASSWORD)
            environ["PYTHONPATH"] = str(ROOT / PACKAGES)
            return Domain(place, acceptor, environ)

        yield opened


def test_the_ticket_signs_in_and_no_password_is_needed(domain):
    here = domain()
    found = here.run()
    here.place.got_in(found)
    assert here.acceptor.seen == ["Negotiate"]
    assert here.place.farm.primary == 0  # passwords tried
    assert not [one for one in here.place.farm.requests if holds(one.body)]
    # The farm's cookies serve the second run, without the ticket.
    here.place.got_in(here.run("-r", KRB5CCNAME="FILE:nowhere"))
    assert here.acceptor.seen == ["Negotiate"]


def test_at_a_terminal_nothing_is_asked(domain, sits_at):
    here = domain(version="2016", offers=("Negotiate", "NTLM"))
    someone = sits_at(here.place, "-vv", *CREDENTIALS, "adfs", **here.environ)
    found = ends(someone)
    assert found.returncode == 0, found.stderr
    assert here.place.role(found.stdout) == "adfs-developer"
    assert "? " not in someone.shown
    here.showed_no_ticket(found.stdout, found.stderr, someone.shown)
    here.place.kept_secret(found.stdout, found.stderr, someone.shown)


def test_a_second_factor_may_follow(domain, sits_at):
    here = domain(adapter="rsa")
    someone = sits_at(here.place, *CREDENTIALS, "adfs", **here.environ)
    types_code(someone, CODE, "RSA SecurID")
    here.place.got_in(ends(someone))
    assert here.place.farm.primary == 0


def test_without_a_ticket_it_is_said(domain):
    here = domain(somebody="")
    found = here.run(**GIVEN)
    here.place.said_no(found, 77, "this machine has no Kerberos ticket", "kinit USER@REALM")
    assert here.acceptor.seen == []


def test_without_a_ticket_the_password_is_asked_for(domain):
    here = domain(somebody="", offers=("Negotiate", "NTLM"))
    here.place.said_no(here.run(), 75, "a username for 127.0.0.1", "RUNAS_USERNAME")
    assert here.acceptor.seen == []


def test_from_outside_the_form_is_filled_in(domain):
    here = domain(somebody="")
    here.place.farm.negotiate = None
    here.place.got_in(here.run(RUNAS_USERNAME=ALICE, **GIVEN))
    here.place.sent_once()


def test_a_ticket_of_somebody_whom_the_farm_does_not_know(domain):
    here = domain(somebody=STRANGER)
    here.place.said_no(here.run(), 77, "does not accept this machine's Kerberos ticket", "klist")
    assert set(here.acceptor.seen) == {"Negotiate"}


def test_the_transcript_has_no_ticket(domain):
    here = domain()
    path = here.place.home / "login.jsonl"
    here.place.got_in(here.run("--record", str(path)))
    text = path.read_text("utf-8")
    assert "/adfs/ls/wia" in text
    here.showed_no_ticket(text)
    assert PASSWORD not in text
