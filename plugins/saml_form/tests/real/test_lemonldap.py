"""A real LemonLDAP::NG, as Debian packages it, under plackup: with and without a second factor."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import runas
from runas import saml
from runas.testing import totp

from .lemonldap.portal import configure, enrol
from .running import free_port, key_pair, running

MODULES = Path("/usr/share/perl5/Lemonldap/NG/Portal/Main.pm")
SECRET = "jbswy3dpehpk3pxp"
APP = Path(__file__).parent / "lemonldap" / "app.psgi"

pytestmark = pytest.mark.requires("plackup", "openssl", str(MODULES))


@pytest.fixture(scope="module")
def idp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("lemonldap")
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    ini = configure(folder, origin, *key_pair(folder / "cert"))
    enrol(folder, "dwho", SECRET)
    command = ["plackup", "-s", "HTTP::Server::PSGI", "-E", "deployment"]
    command += ["--host", "127.0.0.1", "--port", str(port), str(APP)]
    with running(command, origin, folder, {"LLNG_DEFAULTCONFFILE": str(ini)}):
        yield f"{origin}/saml/singleSignOn?IDPInitiated=1&spConfKey=aws"


@pytest.fixture
def rose(person):
    person.username = person.password = "rtyler"
    return person


@pytest.fixture
def doctor(person):
    person.username = person.password = "dwho"
    person.codes = [lambda: totp(SECRET, time.time())]
    return person


def test_it_signs_in(idp, rose, sign_in):
    identity = sign_in(idp)
    read = saml.read(identity.assertion)
    assert identity.subject == "rtyler@badwolf.org"
    assert [role.arn.name for role in read.roles] == ["dev"]
    assert rose.kinds == ["Username", "Password"]


def test_a_second_factor(idp, doctor, sign_in):
    assert sign_in(idp).subject == "dwho@badwolf.org"
    assert doctor.kinds == ["Username", "Password", "Code"]


def test_the_session_makes_the_second_login_silent(idp, doctor, sign_in):
    sign_in(idp)
    doctor.asked.clear()
    assert sign_in(idp).subject == "dwho@badwolf.org"
    assert doctor.asked == []


def test_a_wrong_password_though_the_page_s_words_are_put_in_by_a_script(idp, rose, sign_in):
    rose.password = "wr0ng-canary"
    with pytest.raises(runas.WrongPassword):
        sign_in(idp)
    assert rose.kinds == ["Username", "Password"]


def test_a_wrong_code_ends_the_sign_in(idp, doctor, sign_in):
    """This provider throws the login away: another code would have to begin with the password."""
    doctor.codes = ["000000"]
    with pytest.raises(runas.Refused) as caught:
        sign_in(idp)
    assert not isinstance(caught.value, runas.WrongCode | runas.WrongPassword)
    assert doctor.kinds == ["Username", "Password", "Code"]


def test_a_dead_session_leads_to_a_full_login(idp, rose, sign_in):
    sign_in(idp)
    for cookie in sign_in.http.cookies:
        cookie.value = "0" * 64
    rose.asked.clear()
    assert sign_in(idp).subject == "rtyler@badwolf.org"
    assert rose.kinds == ["Username", "Password"]
