"""From the sign-in address to the password, in every version and language."""

import gc
import logging
import types

import pytest
from urllib3.util import Retry

import runas
import runas_adfs
from runas.http import transport
from runas_adfs.testing import ADAPTERS, LANGUAGES, VERSIONS, Fault

EVERY = pytest.mark.parametrize("version", VERSIONS)
IN_ALL = pytest.mark.parametrize("language", LANGUAGES)


@EVERY
@IN_ALL
def test_right_password(world, version, language):
    farm = world.farm(version, language=language)
    person = world.person(farm)
    identity = person.sign_in()
    assert identity.subject == "me"
    assert identity.assertion
    assert person.kinds() == ["Username", "Password"]
    assert person.asked[1] == runas.Password(farm.url, world.name)
    assert farm.primary == 1


@EVERY
@IN_ALL
def test_wrong_password_is_sent_once(world, version, language):
    farm = world.farm(version, language=language)
    person = world.person(farm)
    person.answers[runas.Password] = "wrong"
    error = person.refused(runas.WrongPassword)
    assert farm.primary == 1
    assert farm.pages.words["wrong"] in error.fact


@EVERY
@IN_ALL
@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("locked", runas.AccountLocked),
        ("expired", runas.ActionRequired),
        ("must-change", runas.ActionRequired),
    ],
)
def test_account_in_trouble(world, version, language, trouble, error):
    farm = world.farm(version, language=language, trouble=trouble)
    world.person(farm).refused(error)
    assert farm.primary == 1


@EVERY
@IN_ALL
@pytest.mark.parametrize("trouble", ["expiring", "expiring-form"])
def test_notice_of_expiry_is_passed_on_and_skipped(world, version, language, trouble, caplog):
    farm = world.farm(version, language=language, trouble=trouble)
    with caplog.at_level(logging.WARNING, "runas.notice"):
        world.person(farm).sign_in()
    notices = [each.getMessage() for each in caplog.records if each.name == "runas.notice"]
    assert len(notices) == 1
    assert farm.pages.words["expiring"] in notices[0]
    assert not any("NewPassword" in each.form for each in farm.requests if "Skip" not in each.form)


@EVERY
@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_no_access_to_aws(world, version, language):
    farm = world.farm(version, language=language, trouble="denied")
    error = world.person(farm).refused(runas.AccessDenied)
    assert farm.pages.words["denied"] in error.fact


@EVERY
def test_no_access_to_aws_told_by_the_status_alone(world, version):
    farm = world.farm(version, trouble="forbidden")
    error = world.person(farm).refused(runas.AccessDenied)
    assert error.hint == "ask the administrator of AD FS"


@EVERY
@pytest.mark.parametrize("choose_site", [False, True])
@pytest.mark.parametrize("homes", [{}, {"http://partner.example.com/trust": "Partner"}])
def test_site_and_home_are_chosen_on_the_way(world, version, choose_site, homes):
    farm = world.farm(version, choose_site=choose_site, homes=homes)
    person = world.person(farm)
    person.sign_in()
    assert person.kinds() == ["Username", "Password"]
    assert farm.primary == 1


def test_other_homes(world):
    farm = world.farm(homes={"http://partner.example.com/trust": "Partner"})
    person = world.person(farm, adfs_home_realm="Elsewhere")
    error = person.refused(runas.ConfigurationError)
    assert "Contoso, Partner" in error.fact
    assert person.asked == []
    # The farm does not follow to a partner; that it was asked to is what counts.
    world.person(farm, adfs_home_realm="partner").refused(runas.ConfigurationError)
    assert farm.requests[-1].form["HomeRealmSelection"] == "http://partner.example.com/trust"
    assert farm.primary == 0


@pytest.mark.parametrize(
    ("typed", "domain", "sent"),
    [
        ("CORP\\me", "", "CORP\\me"),
        ("me@corp.example.com", "", "me@corp.example.com"),
        ("me@corp.example.com", "CORP", "me@corp.example.com"),
        ("OTHER\\me", "CORP", "OTHER\\me"),
        ("me", "CORP", "CORP\\me"),
        ("me", "corp.example.com", "me@corp.example.com"),
        ("me", "", "me"),
        ("  me ", "CORP", "CORP\\me"),
        ("Jürgen Ö'Neil", "CORP", "CORP\\Jürgen Ö'Neil"),
    ],
)
@EVERY
def test_name_is_sent_as_typed(world, version, typed, domain, sent):
    farm = world.farm(version)
    farm.user(sent, world.password)
    person = world.person(farm, adfs_domain=domain)
    person.answers[runas.Username] = typed
    person.sign_in()
    assert person.asked[1].username == sent


def test_name_of_the_profile_is_the_default(world):
    farm = world.farm()
    person = world.person(farm, saml_username=world.name)
    person.sign_in()
    assert person.asked[0].default == world.name


@EVERY
def test_password_goes_out_in_one_request(world, version):
    farm = world.farm(version, "azure-code")
    world.person(farm).sign_in()
    carrying = [each for each in farm.requests if world.password in each.form.values()]
    assert len(carrying) == 1
    assert carrying[0].method == "POST"
    assert "Password" in str(list(carrying[0].form))


@EVERY
def test_second_run_asks_nothing(world, version):
    farm = world.farm(version, "azure-code")
    person = world.person(farm)
    person.sign_in()
    person.asked.clear()
    assert person.sign_in().subject == "me"
    assert person.asked == []
    assert farm.primary == 1


def test_without_its_cookies_the_farm_asks_again(world):
    farm = world.farm()
    person = world.person(farm)
    person.sign_in()
    person.http.cookies.clear()
    person.sign_in()
    assert farm.primary == 2


@EVERY
def test_cookies_that_the_farm_cannot_read_are_dropped_once(world, version):
    farm = world.farm(version, "azure-code")
    person = world.person(farm)
    person.sign_in()
    farm.logins.clear()
    farm.rekeyed = True
    person.asked.clear()
    person.answers[runas.Code] = "234567"
    person.sign_in()
    assert person.kinds() == ["Username", "Password", "Code"]
    assert farm.primary == 2


def test_farm_that_fails_without_the_cookies_too(world):
    farm = world.farm()
    person = world.person(farm)
    person.sign_in()
    farm.audience = "urn:somebody:else"
    before = len(farm.requests)
    person.asked.clear()
    person.refused(runas.ConfigurationError)
    assert person.asked == []
    assert len(farm.requests) == before + 2


@pytest.mark.parametrize("version", VERSIONS[1:])
@pytest.mark.parametrize(("setting", "lasting"), [("true", True), ("false", False)])
def test_keep_me_signed_in(world, version, setting, lasting):
    farm = world.farm(version)
    person = world.person(farm, remember_device=setting)
    person.sign_in()
    kept = next(cookie for cookie in person.http.cookies if cookie.name == "MSISAuth")
    assert (kept.expires is not None) is lasting


def test_unknown_relying_party(world):
    farm = world.farm()
    person = world.person(farm, saml_entity_id="urn:somebody:else")
    error = person.refused(runas.ConfigurationError)
    assert "saml_entity_id" in error.hint
    assert person.asked == []


def test_audience_of_another_partition(world):
    farm = world.farm()
    farm.audience = "urn:amazon:webservices:govcloud"
    world.person(farm, role_arn="arn:aws-us-gov:iam::123456789012:role/Dev").sign_in()


def test_sign_in_page_that_is_switched_off(world, monkeypatch):
    monkeypatch.setattr(transport, "retries", lambda: Retry(0, read=False))
    farm = world.farm()
    farm.faults[1] = Fault(status=503, body=b"<h2>Service Unavailable</h2>")
    error = world.person(farm).refused(runas.ServiceUnavailable)
    assert "EnableIdPInitiatedSignonPage" in error.hint
    assert len(farm.requests) == 1


def test_full_address(world):
    farm = world.farm()
    world.person(farm, saml_auth_url=farm.sign_in).sign_in()


@pytest.mark.parametrize("path", ["/adfs/portal/nothing", "/adfs/oauth2/token"])
def test_address_of_something_else(world, path):
    farm = world.farm()
    world.person(farm, saml_auth_url=farm.url + path).refused(runas.PageNotRecognised)


@pytest.mark.parametrize("adapter", [each for each in ADAPTERS if each not in ("certificate",)])
def test_state_between_the_hooks_holds_no_password(world, adapter):
    farm = world.farm("2022", adapter)
    person = world.person(farm)
    flow = runas_adfs.authenticate(profile=person.profile, http=person.http)
    next(flow)
    flow.send(world.name)
    with pytest.raises(StopIteration) as done:
        flow.send(world.password)
    pending = done.value.value
    assert isinstance(pending, runas.MfaRequired)
    assert world.password not in _texts(pending.state)
    assert world.name in _texts(pending.state)


def _texts(thing):
    """Collect every text that an object leads to."""
    seen, found, queue = set(), set(), [thing]
    skipped = (type, types.ModuleType, types.FunctionType, types.MethodType)
    while queue:
        each = queue.pop()
        if isinstance(each, str):
            found.add(each)
        elif id(each) not in seen and not isinstance(each, skipped):
            seen.add(id(each))
            queue.extend(gc.get_referents(each))
    return found
