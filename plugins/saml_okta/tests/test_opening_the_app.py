"""Between the app's link and the first question: pages, engines, tokens not as hoped."""

import pytest
import requests

import runas
from runas import html
from runas_okta import login, pages
from runas_okta.testing import OktaOrg, Reply, Totp

from .driving import NAME, PASSWORD, Hasty, Person, sign_in

ENGINES = pytest.mark.parametrize("engine", ["classic", "identity"])
WELL_KNOWN = "/.well-known/okta-organization"


@pytest.mark.parametrize(
    "script",
    [
        r"var stateToken = '02.id.a\x2Db';",
        r'let stateToken="02.id.a\u002Db";',
        r"const  stateToken = '02.id.a\x2db' ;",
        r'var oktaData = {"signIn":{"stateToken":"02.id.a\x2Db","x":1}};',
        r"config = {'stateToken' : '02.id.a-b'}",
    ],
)
def test_the_token_of_a_sign_in_page_in_each_of_its_spellings(script):
    page = requests.Response()
    page.status_code, page.url = 200, "https://example.okta.com/app/amazon_aws/exk1/sso/saml"
    page._content = f"<script nonce=n0>window.x=1;{script}</script>".encode()
    assert pages.token(html.read(page)) == "02.id.a-b"


def answering(path, reply):
    return lambda request, usual: reply() if request.path == path else usual


@ENGINES
def test_a_page_that_does_not_open_the_app_says_why(engine):
    with OktaOrg(engine) as org:
        page = '<div class="error-content">The app is closed today.</div>'
        org.tamper = answering(org.app_path, lambda: Reply.page(page, 403))
        with pytest.raises(runas.AccessDenied, match="does not open the app") as caught:
            sign_in(org)
        assert caught.value.hint == (
            "okta says: The app is closed today; check saml_auth_url,"
            " and that the app is assigned to you"
        )
        assert len(org.requests) == 1


def test_an_address_without_a_page():
    with OktaOrg("classic") as org:
        org.tamper = answering(org.app_path, lambda: Reply.page("", 404))
        with pytest.raises(runas.PageNotRecognised, match="404"):
            sign_in(org)
        assert len(org.requests) == 1


@ENGINES
def test_a_page_of_somebody_else(engine):
    with OktaOrg(engine) as org:
        org.tamper = lambda request, reply: Reply.page("<p>Welcome to our shop", 200)
        with pytest.raises(runas.PageNotRecognised, match="is not Okta's"):
            sign_in(org)


def test_the_first_answer_s_status_counts_whatever_it_offers():
    with OktaOrg("identity") as org:
        org.user(NAME, PASSWORD)

        def refused(request, reply):
            if request.path.endswith("/introspect"):
                reply.status = 403
            return reply

        org.tamper = refused
        person = Person()
        with pytest.raises(runas.ServiceUnavailable, match="HTTP 403"):
            sign_in(org, person)
        assert person.asked == []


def test_a_success_that_leads_to_the_sign_in_again_and_again():
    with OktaOrg("identity") as org:
        begun = {"success": {"href": org.app_url}}
        org.tamper = answering("/idp/idx/introspect", lambda: Reply.of(begun))
        with pytest.raises(runas.ServiceUnavailable, match="in circles"):
            sign_in(org)


def test_a_sign_in_that_is_accepted_and_asked_for_again():
    with OktaOrg("classic") as org:
        org.user(NAME, PASSWORD)
        org.tamper = answering(org.app_path, lambda: Reply.redirect(org.url + "/login/login.htm"))
        with pytest.raises(runas.AccessDenied, match="asked for it again"):
            sign_in(org)
        assert org.primary_authentications == 1


def refusing_tokens(request, reply):
    """Refuse to take up a sign-in that began on a page."""
    if request.path == "/api/v1/authn" and set(request.json) == {"stateToken"}:
        return Reply.of({"errorCode": "E0000011", "errorSummary": "Invalid token"}, 401)
    return reply


def test_the_token_of_an_ordinary_page_may_start_nothing():
    with OktaOrg("classic", page_token=True) as org:
        org.user(NAME, PASSWORD)
        org.tamper = refusing_tokens
        assert sign_in(org).subject == NAME


def test_the_token_of_a_step_up_must_start_something():
    with OktaOrg("classic", step_up=True) as org:
        totp = Totp()
        org.user(NAME, PASSWORD, [totp])
        org.tamper = refusing_tokens
        with pytest.raises(runas.Refused, match="too long"):
            sign_in(org, Person(totp.code))


def test_a_state_of_another_provider():
    pending = runas.MfaRequired((runas.Factor("totp"),), state="another's")
    with pytest.raises(TypeError, match="of this provider"):
        next(iter(login.second(Hasty(), pending, pending.factors[0])))
