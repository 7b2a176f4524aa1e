"""Detection is the last resort: a form with a password or a name, and nobody's own mark."""

import pytest
from requests import Response

from runas import html
from runas_form import detect

from .products import PRODUCTS, body

URL = "https://idp.example.com/sso?sp=aws"
PLAIN = body('<form method="post"><input name="user"><input type="password" name="pw"></form>')


def asked(markup: str, url: str = URL) -> bool | None:
    response = Response()
    response.status_code, response.url, response._content = 200, url, markup.encode()
    return detect({"saml_auth_url": url}, lambda: html.read(response))


SIGN_IN = {
    name: one.screens[0] for name, one in PRODUCTS.items() if "password" in str(one.screens[0])
}


@pytest.mark.parametrize("screen", SIGN_IN.values(), ids=SIGN_IN)
def test_a_login_is_claimed(screen):
    assert asked(screen.markup) is True


@pytest.mark.parametrize(
    "url",
    [
        "https://sts.example.com/adfs/ls/IdpInitiatedSignOn.aspx",
        "https://example.okta.com/home/amazon_aws/0oa1/272",
        "https://login.microsoftonline.com/t/saml2",
        "https://accounts.google.com/o/saml2/initsso?idpid=1",
        "https://example.onelogin.com/trust/saml2/launch/1",
        "",
    ],
)
def test_an_address_of_somebody_else_is_not_even_fetched(url):
    def page():
        raise AssertionError("fetched")

    assert detect({"saml_auth_url": url}, page) is None


@pytest.mark.parametrize(
    "markup",
    [
        PLAIN + "<script>var oktaData = {};</script>",
        PLAIN + '<div id="okta-login-container"></div>',
        PLAIN + "<script>$Config={};</script>",
        PLAIN.replace("<form", '<form id="loginForm"').replace(
            "</form>", '<input type="hidden" name="AuthMethod" value="FormsAuthentication"></form>'
        ),
        body("<h1>It works</h1>"),
        body('<form><input name="q" type="search"></form>'),
        body("<div id=root></div><script src=app.js></script>"),
        "",
    ],
)
def test_a_page_of_somebody_else_is_not_claimed(markup):
    assert asked(markup) is None


def test_a_name_alone_is_enough():
    assert asked(body('<form><input type="text" name="loginfmt"></form>')) is True
