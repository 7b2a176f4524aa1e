"""Pages that stop a login, and what is said then."""

import pytest

import runas
from runas_form.testing import Answer, FormIdp, Screen, login, one_time_code, page, password
from runas_form.testing import username as name_page

from .conftest import CODE, PASSWORD, issue
from .products import CAS_LOGIN, CAS_TOKEN, KEYCLOAK_LOGIN, NAME_FIRST, body

LOGIN = login({"alice": PASSWORD})

UPDATE_PASSWORD = page(
    '<input type="password" name="password-new"><input type="password" name="password-confirm">'
)
CHANGE_PASSWORD = page(
    '<input type="password" name="oldpassword"><input type="password" name="newpassword">'
    '<input type="password" name="confirmpassword">'
)
ENROLMENT = page('<input type="hidden" name="totpSecret" value="x"><input name="totp">')
TERMS = page("<button name=accept value=yes>Accept</button>").markup.replace(
    "<form", '<form id="kc-terms"'
)
TICKED_TERMS = page('<input type="checkbox" name="agree"><button>Continue</button>')
ONLY_KEY = page('<input type="hidden" name="clientDataJSON"><input type="hidden" name="signature">')
CAPTCHA = page('<input name="username"><input type="password" name="p"><input name="captcha">')
RECAPTCHA = page(
    '<input name="username"><input type="password" name="p"><div class="g-recaptcha"></div>'
)
SCRIPTED = Screen("<html><body><div id=root></div><script src=app.js></script></body></html>")
OKTA_LIKE = Screen("<html><body><script>var oktaData = {}</script></body></html>")
LOCKED = Screen(body('<div class="alert alert-danger">Your account is locked.</div>'))
DENIED = Screen(body('<p class="error">You are not assigned to this application.</p>'))

WALLS = {
    "a new password": ([LOGIN, UPDATE_PASSWORD], runas.ActionRequired, "new password"),
    "a password change": ([LOGIN, CHANGE_PASSWORD], runas.ActionRequired, "new password"),
    "an enrolment": ([LOGIN, ENROLMENT], runas.ActionRequired, "set up"),
    "terms": ([LOGIN, Screen(TERMS)], runas.ActionRequired, "terms"),
    "terms to tick": ([LOGIN, TICKED_TERMS], runas.ActionRequired, "terms"),
    "a key alone": ([LOGIN, ONLY_KEY], runas.PageNotRecognised, "security key"),
    "a captcha": ([CAPTCHA], runas.PageNotRecognised, "captcha"),
    "a widget's captcha": ([RECAPTCHA], runas.PageNotRecognised, "captcha"),
    "a script": ([SCRIPTED], runas.PageNotRecognised, "needs a browser"),
    "somebody's script": ([OKTA_LIKE], runas.PageNotRecognised, "made by Okta"),
    "a locked account": ([LOGIN, LOCKED], runas.AccountLocked, "locked"),
    "no access": ([LOGIN, DENIED], runas.Refused, "not assigned"),
    "an empty page": ([Screen("")], runas.PageNotRecognised, "no form"),
    "a page without forms": ([Screen(body("<h1>It works</h1>"))], runas.PageNotRecognised, "works"),
}


@pytest.mark.parametrize(("screens", "error", "said"), WALLS.values(), ids=WALLS)
def test_a_wall(screens, error, said, person, sign_in):
    with FormIdp(issue, screens) as idp, pytest.raises(error) as caught:
        sign_in(idp.url)
    assert said in caught.value.fact
    assert caught.value.hint


STATUSES = {
    401: (runas.AccessDenied, "denies access"),
    403: (runas.AccessDenied, "denies access"),
    404: (runas.PageNotRecognised, "answers with status 404"),
    410: (runas.PageNotRecognised, "answers with status 410"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_an_address_that_is_refused_or_wrong(status, sign_in):
    error, said = STATUSES[status]

    def trouble(request):
        return Answer("<h1>No</h1>", status)

    with FormIdp(issue, [LOGIN], trouble) as idp, pytest.raises(error) as caught:
        sign_in(idp.url)
    assert said in caught.value.fact
    assert "saml_auth_url" in caught.value.hint


def test_a_lock_said_on_the_login_page(person, sign_in):
    person.password = "wrong"
    locked = Screen(
        KEYCLOAK_LOGIN.markup,
        KEYCLOAK_LOGIN.wants,
        refusal="<span id=input-error>Account is disabled, contact the administrator.</span>",
    )
    with FormIdp(issue, [locked]) as idp, pytest.raises(runas.AccountLocked):
        sign_in(idp.url)


def test_a_name_that_nobody_has(person, sign_in):
    person.username = "mallory"
    with FormIdp(issue, [NAME_FIRST]) as idp, pytest.raises(runas.Refused) as caught:
        sign_in(idp.url)
    assert "username" in caught.value.fact
    assert not isinstance(caught.value, runas.WrongPassword)
    assert person.kinds == ["Username"]


def test_three_wrong_codes(person, sign_in):
    person.codes = ["1", "2", "3"]
    with FormIdp(issue, [CAS_LOGIN, CAS_TOKEN]) as idp, pytest.raises(runas.WrongCode):
        sign_in(idp.url)
    assert person.kinds == ["Username", "Password", "Code", "Code", "Code"]


def test_a_code_that_ends_the_login(person, sign_in):
    person.codes = ["1", "2", "3"]
    screens = [LOGIN, one_time_code(CODE, final=True)]
    with FormIdp(issue, screens) as idp, pytest.raises(runas.Refused) as caught:
        sign_in(idp.url)
    assert not isinstance(caught.value, runas.WrongCode)
    assert person.kinds == ["Username", "Password", "Code"]


def test_a_code_that_leads_to_nothing_but_a_complaint(person, sign_in):
    def trouble(request):
        wrong = "otp" in request.fields
        return Answer('<p class="error">Too many tries.</p>') if wrong else None

    screens = [LOGIN, one_time_code(CODE)]
    with FormIdp(issue, screens, trouble) as idp, pytest.raises(runas.Refused) as caught:
        sign_in(idp.url)
    assert "refused the code and ended the sign-in: Too many tries" in caught.value.fact


def test_a_choice_of_factors_that_comes_again_and_again(person, sign_in):
    person.easygoing = True
    again = page(
        '<button name="sf" value="totp">App</button><button name="sf" value="sms">SMS</button>',
        {"never": "sent"},
    )
    with FormIdp(issue, [LOGIN, again]) as idp:
        with pytest.raises(runas.PageNotRecognised):
            sign_in(idp.url)
        assert len(idp.requests) < 50


def test_a_choice_that_comes_again_is_not_asked_again(person, sign_in):
    person.easygoing = True
    again = page(
        '<button name="realm" value="a">A</button><button name="realm" value="b">B</button>',
        {"never": "sent"},
    )
    with FormIdp(issue, [again]) as idp, pytest.raises(runas.PageNotRecognised) as caught:
        sign_in(idp.url)
    assert "asks the same again" in caught.value.fact
    assert person.kinds == ["Choice"]


def test_a_page_that_comes_again_and_again(person, sign_in):
    again = page("<button>Continue</button>", {"never": "sent"})
    with FormIdp(issue, [again]) as idp:
        with pytest.raises(runas.PageNotRecognised):
            sign_in(idp.url)
        assert len(idp.requests) < 50


def test_a_login_that_goes_round_in_a_circle(person, sign_in):
    def trouble(request):
        return Answer(f'<meta http-equiv="refresh" content="0;url=/{len(request.path)}">')

    with FormIdp(issue, [], trouble) as idp:
        with pytest.raises(runas.PageNotRecognised):
            sign_in(idp.url)
        assert len(idp.requests) < 50


def test_the_password_goes_nowhere_else(person, sign_in):
    with FormIdp(issue, [LOGIN]) as other:
        screen = Screen(LOGIN.markup.replace("$action", other.url))
        with FormIdp(issue, [screen]) as idp, pytest.raises(runas.ConfigurationError) as caught:
            sign_in(idp.url)
        assert not other.requests
    assert "trusted_hosts" in caught.value.hint


def test_nor_is_it_carried_off_by_a_redirect(person, sign_in):
    with FormIdp(issue, [LOGIN]) as other:

        def trouble(request):
            away = (("Location", other.url),)
            return Answer(status=307, headers=away) if request.method == "POST" else None

        with FormIdp(issue, [LOGIN], trouble) as idp, pytest.raises(runas.ConfigurationError):
            sign_in(idp.url)
        assert not other.requests


def test_a_brokered_login(person, sign_in):
    """The first provider hands over to a second, which asks, and back."""

    def hand_over(target, field):
        return Answer(
            f'<body onload="document.forms[0].submit()"><form method="post" action="{target}">'
            f'<input type="hidden" name="{field}" value="eA=="></form></body>'
        )

    with FormIdp(issue, []) as portal:

        def home(request):
            if request.path == "/step/0" and request.fields.get("password") == PASSWORD:
                return hand_over(f"{portal.origin}/back", "SAMLResponse")
            return None

        with FormIdp(issue, [LOGIN], home) as idp:

            def broker(request):
                if request.path == "/sso":
                    return hand_over(idp.url, "SAMLRequest")
                return None

            portal.trouble = broker
            assert sign_in(portal.url).subject == "nobody@example.com"
            assert idp.posted("password") == [PASSWORD]
            assert portal.posted("SAMLResponse") == ["eA=="]


@pytest.mark.parametrize("remembers", ["true", "false"])
def test_remembering_is_the_profile_s_choice(remembers, person, sign_in):
    stay = page(
        '<button name="stay" value="no">No</button><button name="stay" value="yes">Yes</button>'
    )
    boxed = page(
        '<input name="user"><input name="pass" type="password">'
        '<input type="checkbox" name="rememberMe" value="1">',
        {"user": "alice", "pass": PASSWORD},
    )
    with FormIdp(issue, [boxed, stay]) as idp:
        sign_in(idp.url, remember_device=remembers)
        assert idp.posted("stay") == ["yes" if remembers == "true" else "no"]
        assert idp.posted("rememberMe") == (["1"] if remembers == "true" else [])


def test_two_steps(person, sign_in):
    with FormIdp(issue, [name_page("alice"), password(PASSWORD)]) as idp:
        assert sign_in(idp.url).subject == "alice@example.com"
    assert person.kinds == ["Username", "Password"]


def test_form_fields_that_are_none(person, sign_in):
    with FormIdp(issue, [LOGIN]) as idp, pytest.raises(runas.ConfigurationError):
        sign_in(idp.url, form_fields="organization")


def test_no_address(person, sign_in):
    with pytest.raises(runas.ConfigurationError) as caught:
        sign_in("")
    assert "saml_auth_url" in caught.value.fact
