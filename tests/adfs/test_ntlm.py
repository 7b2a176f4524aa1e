"""Signing in by NTLM: the password is proved, and never sent."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from .conftest import (
    CREDENTIALS,
    DOWN_LEVEL,
    GIVEN,
    PASSWORD,
    Adfs,
    ends,
    holds,
    types_password,
)
from .kerberos import Acceptor

MESSAGE = "TlRMTVNTUA"
"""How every message of NTLM begins, in base64."""


@pytest.fixture
def intranet(adfs, tmp_path) -> Iterator[Callable[..., Adfs]]:
    """Open a farm that offers NTLM to the machines of its domain."""
    with ExitStack() as stack:

        def opened(*offers: str) -> Adfs:
            accounts = tmp_path / "accounts"
            accounts.write_text(f"CORP:alice:{PASSWORD}\n", "utf-8")
            acceptor = Acceptor(NTLM_USER_FILE=str(accounts))
            stack.callback(acceptor.close)
            place = adfs(name=DOWN_LEVEL, profile={"adfs_integrated": "true"}, negotiate=acceptor)
            place.farm.offers = offers or ("NTLM",)
            return place

        yield opened


def sent_nothing(place: Adfs) -> None:
    assert place.farm.primary == 1
    assert not [one for one in place.farm.requests if holds(one.body)]


def test_at_a_terminal(intranet, sits_at):
    place = intranet()
    someone = sits_at(place, "-vv", *CREDENTIALS, "adfs")
    types_password(someone)
    found = ends(someone)
    assert found.returncode == 0, found.stderr
    assert place.role(found.stdout) == "adfs-developer"
    assert MESSAGE not in found.stderr
    place.kept_secret(found.stdout, found.stderr, someone.shown)
    sent_nothing(place)


def test_with_nobody_there(intranet):
    place = intranet()
    place.said_no(place.run(*CREDENTIALS, "adfs"), 75, "RUNAS_PASSWORD")
    place.got_in(place.run(*CREDENTIALS, "adfs", **GIVEN))
    place.got_in(place.run("-r", *CREDENTIALS, "adfs"))
    sent_nothing(place)


def test_a_wrong_password_is_tried_once(intranet):
    place = intranet()
    found = place.run(*CREDENTIALS, "adfs", RUNAS_PASSWORD="wrong")
    place.said_no(found, 77, "refused the name or password (NTLM)", "DOMAIN\\user")
    proofs = [one for one in place.farm.requests if len(one.headers.get("authorization", "")) > 200]
    assert len(proofs) == 1


def test_the_extra_is_missing(intranet, tmp_path):
    """A package without its library: as good as none."""
    (tmp_path / "requests_kerberos.py").write_text("raise ImportError(name='gssapi')\n")
    place = intranet("Negotiate")
    found = place.run(*CREDENTIALS, "adfs", **GIVEN, PYTHONPATH=str(tmp_path))
    facts = ("needs the package requests-kerberos", "pip install 'runas-plugin-adfs[kerberos]'")
    place.said_no(found, 78, *facts)
    assert place.farm.primary == 0
