"""What ``saml_auth_url`` means, and whose it is."""

import pytest

import runas
import runas_adfs
from runas.html import Page
from runas.html.document import parse
from runas_adfs.address import sign_in_url
from runas_adfs.testing import VERSIONS
from runas_adfs.testing.templates import Templates

PAGE = "https://fs.example.com/adfs/ls/IdpInitiatedSignOn.aspx"
AWS = "?loginToRp=urn%3Aamazon%3Awebservices"


def url(text, **settings):
    return sign_in_url(runas.Profile("work", {"saml_auth_url": text, **settings}))


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ("fs.example.com", PAGE + AWS),
        ("fs.example.com/", PAGE + AWS),
        ("  https://fs.example.com ", PAGE + AWS),
        ("https://fs.example.com/adfs/ls", PAGE + AWS),
        ("https://fs.example.com/adfs/ls/", PAGE + AWS),
        ("https://fs.example.com/adfs", PAGE + AWS),
        (PAGE, PAGE + AWS),
        (PAGE + "?loginToRp=urn:amazon:webservices", PAGE + AWS),
        (PAGE.lower() + "?LOGINTORP=my:rp", PAGE.lower() + "?LOGINTORP=my%3Arp"),
        (PAGE + "?a=b", PAGE + "?a=b&" + AWS[1:]),
        ("https://fs.example.com:8443", PAGE.replace(".com", ".com:8443") + AWS),
        (PAGE + "?RelayState=RPID%3Dx", PAGE + "?RelayState=RPID%3Dx"),
        ("https://x.example/adfs/ls/?SAMLRequest=a%2B", "https://x.example/adfs/ls/?SAMLRequest=a%2B"),
        ("https://proxy.example/sso/aws", "https://proxy.example/sso/aws" + AWS),
    ],
)  # fmt: skip
def test_address_is_completed(text, opened):
    assert url(text) == opened


@pytest.mark.parametrize(
    ("settings", "audience"),
    [
        ({}, "urn:amazon:webservices"),
        ({"role_arn": "arn:aws-cn:iam::123456789012:role/R"}, "urn:amazon:webservices:cn-north-1"),
        (
            {
                "jump_role_arn": "arn:aws-us-gov:iam::123456789012:role/R",
                "role_arn": "arn:aws:iam::123456789012:role/R",
            },
            "urn:amazon:webservices:govcloud",
        ),
        ({"region": "cn-northwest-1"}, "urn:amazon:webservices:cn-north-1"),
        ({"region": "us-gov-west-1"}, "urn:amazon:webservices:govcloud"),
        ({"region": "eu-central-1", "role_arn": "Admin"}, "urn:amazon:webservices"),
        ({"role_arn": "arn:aws-cn:x", "saml_entity_id": "my:own"}, "my:own"),
    ],
)
def test_audience(settings, audience):
    opened = url("fs.example.com", **settings)
    assert opened == f"{PAGE}?loginToRp={audience.replace(':', '%3A')}"


def test_named_audience_goes_before_the_address():
    assert url(PAGE + "?loginToRp=a:b", saml_entity_id="c") == PAGE + "?loginToRp=c"


@pytest.mark.parametrize(
    "text",
    ["", "https://", "ftp://fs.example.com", "https://[::1", "http:///adfs/ls",
     "https://fs.example.com/adfs/ls/?wa=wsignin1.0&wtrealm=x", "https://fs.example.com:99999",
     "https://fs.example.com/?x=\udcff", "fs.ex\u2100ample.com", "https://fs.example.com\0"],
    ids=ascii,
)  # fmt: skip
def test_address_that_cannot_be(text):
    with pytest.raises(runas.ConfigurationError) as caught:
        url(text)
    assert "IdpInitiatedSignOn" in caught.value.hint


def never():
    raise AssertionError("the address tells")


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        PAGE.lower(),
        "https://x.example/ADFS/ls/",
        "adfs.example.com",
        "https://adfs2.corp.local",
    ],
)
def test_known_by_address(text):
    assert runas_adfs.detect({"saml_auth_url": text}, never) is True


def shown(text):
    return Page("https://sts.example.com/", 200, parse(text))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", ["login", "homes", "sites"])
def test_known_by_its_page(version, kind):
    made = Templates(version, "ja")
    where = "/adfs/ls/?x=y"
    html = {
        "login": made.login(where),
        "homes": made.homes(where, {"a": "A"}),
        "sites": made.sites(where, {"a": "A"}),
    }[kind]
    page = shown(html)
    assert runas_adfs.detect({"saml_auth_url": "https://sts.example.com"}, lambda: page) is True


@pytest.mark.parametrize("text", ["https://example.okta.com/home", "https://sts.example.com"])
def test_page_of_somebody_else(text):
    page = shown('<form id="kc-form-login" action="/realms/x">')
    assert runas_adfs.detect({"saml_auth_url": text}, lambda: page) is None


def test_no_address_is_nobodys():
    assert runas_adfs.detect({}, never) is None
    assert runas_adfs.detect({"saml_auth_url": "https://[::1"}, never) is None
