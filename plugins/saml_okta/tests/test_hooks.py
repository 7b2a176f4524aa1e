"""What the provider says of itself, and what importing it costs."""

import subprocess
import sys
from pathlib import Path

import pluggy
import pytest
import requests

import runas
import runas_okta
from runas import hookspecs, html
from runas_okta.testing import OktaOrg

from .driving import Hasty, Person, begin

README = Path(__file__).parent.parent / "README.md"


def unread():
    raise AssertionError("the page was fetched")


def page(markup, url="https://sso.example.com/"):
    answer = requests.Response()
    answer.status_code, answer.url, answer._content = 200, url, markup.encode()
    return lambda: html.read(answer)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.okta.com/home/amazon_aws/0oa1/272",
        "https://example.oktapreview.com/",
        "https://EXAMPLE.OKTA-EMEA.COM/app",
        "https://agency.okta-gov.com/app/amazon_aws/exk1/sso/saml",
        "https://agency.okta.mil/",
        "https://login.example.com/home/amazon_aws/0oa1b2c3/272",
        "https://login.example.com/app/amazon_aws/exk1b2c3/sso/saml",
    ],
)
def test_okta_is_known_by_the_address(url):
    assert runas_okta.detect(settings={"saml_auth_url": url}, page=unread) is True


@pytest.mark.parametrize(
    "url",
    [
        "https://sso.example.com/",
        "https://okta.com.example.com/",
        "https://notokta.com/",
        "https://example.com/?next=example.okta.com",
    ],
)
@pytest.mark.parametrize(
    ("markup", "answer"),
    [
        ('<div id="okta-sign-in"></div>', True),
        ("<script>var oktaData = {};</script>", True),
        ('<script src="https://ok3static.oktacdn.com/assets/js/sdk.js"></script>', True),
        ("<form id=kc-form-login></form>", None),
        ("", None),
    ],
)
def test_other_addresses_are_judged_by_their_page(url, markup, answer):
    assert runas_okta.detect(settings={"saml_auth_url": url}, page=page(markup)) is answer


@pytest.mark.parametrize("url", ["", "https://[", "nonsense"])
def test_what_is_no_address_is_nobody_s(url):
    assert runas_okta.detect(settings={"saml_auth_url": url}, page=page("")) is None


def test_an_address_that_leads_to_okta_is_okta_s():
    led = page("", "https://example.okta.com/login/login.htm")
    assert runas_okta.detect(settings={"saml_auth_url": "https://go.example.com/"}, page=led)


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_the_made_up_org_is_recognised(engine):
    with OktaOrg(engine) as org:
        assert runas_okta.detect(settings={"saml_auth_url": org.app_url}, page=unread)
        http = Hasty()
        found = http.get(org.url + "/login/login.htm").text
        assert runas_okta.detect(settings={"saml_auth_url": org.url}, page=page(found))


def test_the_signatures_are_those_of_the_hooks():
    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(runas_okta, "okta")
    manager.check_pending()


def test_the_state_of_another_provider_is_left_to_it():
    pending = runas.MfaRequired((runas.Factor("totp"),), state="another's")
    flow = runas_okta.mfa(http=Hasty(), pending=pending, factor=pending.factors[0])
    assert flow is None


def test_the_readme_lists_every_setting():
    text = README.read_text("utf-8")
    for setting in runas_okta.settings():
        assert f"`{setting.name}`" in text
        assert setting.help


def test_a_profile_without_an_address():
    with OktaOrg("classic") as org, pytest.raises(runas.ConfigurationError, match="saml_auth_url"):
        begin(org, Person(), Hasty(), saml_auth_url="")


def test_plain_http_is_refused_before_anything_is_sent():
    with OktaOrg("classic") as org, pytest.raises(runas.ConfigurationError, match="plain http"):
        begin(org, Person(), Hasty(), saml_auth_url="http://example.okta.com/home/a/0oa1/2")


def test_a_sign_in_page_that_is_not_okta_s():
    with OktaOrg("classic") as org:
        url = org.url + "/login/nowhere"
        with pytest.raises(runas.PageNotRecognised):
            begin(org, Person(), Hasty(), saml_auth_url=url)


def test_importing_the_plugin_loads_nothing_heavy():
    heavy = "bs4 requests boto3 keyring typer runas_okta.login runas_okta.testing"
    code = f"import sys, runas_okta; print([m for m in {heavy.split()!r} if m in sys.modules])"
    path = ":".join(sys.path)
    run = [sys.executable, "-c", code]
    out = subprocess.run(run, capture_output=True, text=True, check=True, env={"PYTHONPATH": path})
    assert out.stdout.strip() == "[]"
