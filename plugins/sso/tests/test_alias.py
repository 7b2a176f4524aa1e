"""Start URLs under a name of one's own, and AWS's newer ones."""

import json
import os
import subprocess
import sys

import pytest

import runas
from runas.errors import ServiceUnavailable
from runas_sso import kept
from runas_sso.alias import _region
from runas_sso.place import Place, is_alias
from runas_sso.testing import IdentityCenter

from .conftest import WORK

REGION = "eu-central-1"
PORTAL = f"https://ssoins-6987654321abcdef.{REGION}.portal.amazonaws.com"


@pytest.fixture
def center():
    with IdentityCenter(region=REGION, start_url=PORTAL) as running:
        running.account(WORK, "prod").role("Developer")
        yield running


@pytest.fixture
def named(profile, center):
    """Make profiles that know the alias alone."""

    def make(**settings):
        return profile(**{"sso_start_url": center.alias, "sso_region": None, **settings})

    return make


def test_the_alias_tells_instance_and_region(named, center, login, front, role, http, caplog):
    identity = login(named(use_device_code="false"), front.answer)
    assert identity.place.region == REGION
    assert identity.place.address == PORTAL
    assert identity.place.start_url == center.alias
    assert runas_credentials(named(), http, identity, role()).session_token
    assert f"is in {REGION}: the other AWS tools need sso_region = {REGION}" in caplog.text
    assert [one.status for one in center.calls("/alias")] == [302]


def runas_credentials(profile, http, identity, role):
    import runas_sso

    return runas_sso.assume(profile, http, identity, role)


def test_the_kept_login_needs_no_second_look(named, center, login, front):
    login(named(), front.answer)
    assert login(named()).place.region == REGION  # nobody is asked
    kept_only = login(named(runas_kept="true", endpoint_url_sso="http://127.0.0.1:1"))
    assert kept_only.place.region == REGION
    assert len(center.calls("/alias")) == 1


def test_a_renewal_stays_with_the_alias(named, center, login, front):
    place = login(named(), front.answer).place
    path = kept.token_path(place)
    with open(path) as file:
        content = json.load(file)
    assert (content["startUrl"], content["region"]) == (center.alias, REGION)
    with open(path, "w") as file:
        json.dump(content | {"expiresAt": "2020-01-01T00:00:00Z"}, file)
    assert login(named()).token.access != content["accessToken"]
    assert center.rotations == 1


@pytest.mark.parametrize("noted", ["alias", "portal"])
def test_a_login_of_the_aws_cli_serves_whatever_it_noted(named, center, login, front, noted):
    place = login(named(), front.answer).place
    path = kept.token_path(place)
    with open(path) as file:
        content = json.load(file)
    url = {"alias": center.alias, "portal": PORTAL}[noted]
    with open(path, "w") as file:
        json.dump(content | {"startUrl": url}, file)
    login(named())
    with open(path, "w") as file:
        json.dump(content | {"startUrl": "https://another.example/start"}, file)
    before = len(front.asked)
    login(named(), front.answer)
    assert len(front.asked) > before, "the token of another instance was taken"


KEYS = """
import boto3
keys = boto3.Session(profile_name="dev", region_name="us-west-2").get_credentials()
print(keys.get_frozen_credentials().access_key)
"""


def test_boto3_goes_on_with_the_login(named, center, login, front, home):
    """It knows nothing of aliases; with the region in the config it needs not."""
    login(named(sso_region=REGION), front.answer)
    (home / ".aws" / "config").write_text(
        f"[sso-session corp]\nsso_start_url = {center.alias}\nsso_region = {REGION}\n"
        f"[profile dev]\nsso_session = corp\nsso_account_id = {WORK}\nsso_role_name = Developer\n"
    )
    environ = {**os.environ, **center.environment()}
    done = subprocess.run(
        [sys.executable, "-c", KEYS], env=environ, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("ASIA"), done.stderr


def test_the_region_of_the_portal_wins_over_the_config_s(named, login, front, caplog):
    place = login(named(sso_region="us-west-2"), front.answer).place
    assert place.region == REGION
    assert f"need sso_region = {REGION}" in caplog.text
    assert login(named(sso_region="us-west-2")).place.region == REGION


@pytest.mark.parametrize("status", [405, 501])
def test_a_server_that_knows_no_head_is_asked_with_get(named, center, login, front, status):
    center.fail("/alias", status)
    assert login(named(), front.answer).place.region == REGION
    assert [one.status for one in center.calls("/alias")] == [status, 302]


@pytest.mark.parametrize(
    ("status", "location", "words"),
    [
        (302, "https://evil.example/start", "leads to evil.example, which is no access portal"),
        (302, "https://evil.example/.awsapps.com", "leads to evil.example"),
        (302, "https://awsapps.com.evil.example", "leads to awsapps.com.evil.example"),
        (302, "http://d-1.awsapps.com/start", "leads to d-1.awsapps.com, which is no access port"),
        (302, "https://x@d-1.awsapps.com/start", "leads to no access portal"),
        (302, "/elsewhere", "leads to 127.0.0.1"),
        (302, "", "leads to no access portal"),
        (200, "", "leads to no access portal"),
        (404, "", "leads to no access portal"),
        (301, "https://d-1.awsapps.com/start", "d-1.awsapps.com, which does not tell its region"),
        (302, "https://x.nowhere.portal.amazonaws.com", "no access portal"),
    ],
)
def test_an_alias_that_leads_elsewhere(named, center, login, status, location, words):
    center.fail("/alias", status, Location=location)
    with pytest.raises(runas.ConfigurationError, match=words) as caught:
        login(named())
    assert caught.value.status == 78
    assert not center.calls("/client/register")


@pytest.mark.parametrize("region", [None, "eu-west-1"])
def test_an_alias_without_tls_is_not_asked(named, login, region):
    """Whoever is on the way could lead it to a portal of their own."""
    mine = named(sso_start_url="http://sso.example.com/start", sso_region=region)
    with pytest.raises(runas.ConfigurationError, match="not https") as caught:
        login(mine)
    assert caught.value.hint == "write https:// in sso_start_url (~/.aws/config:7)"


def test_an_alias_that_is_out_of_order(named, center, login):
    center.fail("/alias", 503, times=9, Retry_After="0")
    with pytest.raises((ServiceUnavailable, runas.ConfigurationError)):
        login(named())


def test_a_portal_by_a_name_unknown_here_is_asked_as_it_is(profile, login, front):
    """Isolated partitions have hosts of their own: the service judges the address."""
    with IdentityCenter(start_url="") as center:
        center.start_url = center.url + "/start"
        own = {"sso_start_url": center.start_url, "sso_region": center.region}
        ends = {"endpoint_url_sso": center.url, "endpoint_url_sso_oidc": center.url}
        assert login(profile(**own, **ends), front.answer).place.address == center.start_url


def test_without_a_profile_an_alias_needs_no_region(profile, center):
    found = Place.of(profile(sso_start_url=center.alias, sso_region=None, sso_instances=""))
    assert (found.start_url, found.region) == (center.alias, "")
    known = f"{center.alias} {REGION} corp\n"
    found = Place.of(profile(sso_start_url=center.alias, sso_region=None, sso_instances=known))
    assert (found.region, found.session) == (REGION, "corp")


def test_nobody_there_is_told_how_to_sign_in(named, login):
    with pytest.raises(runas.InteractionRequired, match="runas login dev"):
        login(named(runas_kept="true"))


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://d-9067642ac7.awsapps.com/start", ""),
        ("https://D-9067642AC7.AwsApps.com/start#/", ""),
        ("https://start.us-gov-home.awsapps.com/directory/d-1", ""),
        ("https://start.home.awsapps.cn/directory/d-1", ""),
        ("https://identitycenter.amazonaws.com/ssoins-6987654321abcdef", ""),
        ("https://identitycenter.us-gov.amazonaws.com/ssoins-1", ""),
        ("https://identitycenter.amazonaws.com.cn/ssoins-1", ""),
        ("https://identitycenter.amazonaws.eu/ssoins-1", ""),
        ("https://ssoins-1.portal.us-east-2.app.aws", "us-east-2"),
        ("https://ssoins-1.us-east-2.portal.amazonaws.com", "us-east-2"),
        ("https://ssoins-1.cn-north-1.portal.amazonaws.com.cn", "cn-north-1"),
        ("https://ssoins-1.portal.cn-north-1.app.amazonwebservices.com.cn", "cn-north-1"),
        ("https://ssoins-1.eusc-de-east-1.portal.amazonaws.eu", "eusc-de-east-1"),
        ("https://ssoins-1.portal.eusc-de-east-1.api.amazonwebservices.eu", "eusc-de-east-1"),
    ],
)
def test_the_addresses_that_aws_gives(url, region):
    from urllib.parse import urlsplit

    assert not is_alias(url)
    assert _region(urlsplit(url).hostname) == region


@pytest.mark.parametrize(
    "url",
    [
        "https://sso.example.com",
        "https://awsapps.com.evil.example/start",
        "https://evilawsapps.com/start",
        "https://identitycenter.amazonaws.com.evil.example/x",
        "https://x.identitycenter.amazonaws.com/x",
        "https://console.aws.amazon.com",
    ],
)
def test_the_addresses_that_it_does_not(url):
    assert is_alias(url)


@pytest.mark.parametrize(
    "url",
    ["https://identitycenter.amazonaws.com/ssoins-6987654321abcdef", PORTAL],
)
def test_a_new_style_start_url_is_used_as_it_is(profile, login, front, url):
    with IdentityCenter(region=REGION, start_url=url) as center:
        own = {"sso_start_url": url, "sso_region": REGION}
        ends = {"endpoint_url_sso": center.url, "endpoint_url_sso_oidc": center.url}
        for code in "true", "false":
            words = {**own, **ends, "use_device_code": code, "runas_anew": "true"}
            assert login(profile(**words), front.answer).place.address == url
        with pytest.raises(runas.ConfigurationError, match="lacks sso_region"):
            login(profile(**{**own, **ends, "sso_region": None}))
