"""A real SimpleSAMLphp, as Debian packages it, under PHP's own web server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import runas
from runas import saml

from .running import free_port, key_pair, running

WWW = Path("/usr/share/simplesamlphp/www")
PRINCIPAL = "arn:aws:iam::123456789012:saml-provider/Real"

pytestmark = pytest.mark.requires("php", "openssl", str(WWW / "module.php"))


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simplesamlphp") / "idp"
    shutil.copytree(Path(__file__).parent / "simplesamlphp", folder)
    for name in ("log", "data", "temp", "sessions"):
        (folder / name).mkdir()
    key_pair(folder / "cert")
    return folder


def start(folder: Path, **environment: str) -> Iterator[str]:
    origin = f"http://127.0.0.1:{free_port()}"
    command = ["php", "-S", origin.removeprefix("http://"), "-t", str(WWW)]
    settings = {"SIMPLESAMLPHP_CONFIG_DIR": str(folder / "config"), "IDP_ORIGIN": origin}
    with running(command, origin, folder, settings | environment):
        yield f"{origin}/saml2/idp/SSOService.php?spentityid=urn:amazon:webservices"


@pytest.fixture(scope="module")
def plain(settled: Path) -> Iterator[str]:
    yield from start(settled)


@pytest.fixture(scope="module")
def several(settled: Path) -> Iterator[str]:
    """Two sources to choose from, consent afterwards, and German pages."""
    yield from start(settled, IDP_SOURCE="several", IDP_CONSENT="1", IDP_LANGUAGE="de")


@pytest.fixture
def alice(person):
    person.password = "correct horse"
    return person


def test_it_signs_in(plain, alice, sign_in):
    identity = sign_in(plain)
    assert identity.subject == "alice@example.com"
    read = saml.read(identity.assertion)
    assert [role.arn.name for role in read.roles] == ["dev", "ops"]
    assert {role.principal_arn for role in read.roles} == {PRINCIPAL}
    assert read.partition == "aws"
    assert alice.kinds == ["Username", "Password"]


def test_the_session_makes_the_second_login_silent(plain, alice, sign_in):
    sign_in(plain)
    alice.asked.clear()
    assert sign_in(plain).subject == "alice@example.com"
    assert alice.asked == []


def test_a_wrong_password(plain, alice, sign_in):
    alice.password = "wr0ng-canary"
    with pytest.raises(runas.WrongPassword) as caught:
        sign_in(plain)
    assert "wr0ng-canary" not in str(caught.value)
    assert alice.kinds == ["Username", "Password"]


def test_a_source_is_chosen_and_consent_given(several, alice, sign_in):
    alice.picks = ["Personal"]
    assert sign_in(several).subject == "alice@example.com"
    assert alice.kinds == ["Choice", "Username", "Password"]


def test_a_service_that_it_does_not_know(plain, alice, sign_in):
    with pytest.raises(runas.RunasError) as caught:
        sign_in(plain.replace("urn:amazon", "urn:nobody"))
    assert caught.value.status in (69, 78)
    assert alice.asked == []


def test_a_stale_cookie_leads_to_a_full_login(plain, alice, sign_in):
    sign_in(plain)
    for cookie in sign_in.http.cookies:
        cookie.value = "0" * 26
    alice.asked.clear()
    assert sign_in(plain).subject == "alice@example.com"
    assert alice.kinds == ["Username", "Password"]
