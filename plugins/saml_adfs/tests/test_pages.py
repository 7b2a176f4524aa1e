"""Pages that have marks of several kinds."""

import pytest
from requests import Response

import runas
from runas import html
from runas_adfs import factors, pages, refusals
from runas_adfs.pages import Kind

USER = '<input name="UserName" id="userNameInput">'
PASSWORD = '<input name="Password" type="password">'
FORMS = '<input type="hidden" name="AuthMethod" value="FormsAuthentication">'
AZURE = '<input type="hidden" name="AuthMethod" value="AzureMfaAuthentication">'
CONTEXT = '<input type="hidden" name="Context" value="abc">'
OPTIONS = (
    '<form id="options" method="post" action="/adfs/ls/o"><input type="hidden" name="AuthMethod">'
    "</form><a onclick=\"SelectOption('CertificateAuthentication')\">Certificate</a>"
)


def page(body):
    response = Response()
    response.status_code = 200
    response.url = "https://fs.example.com/adfs/ls/"
    response._content = body.encode()
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return html.read(response)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.LOGIN, f"<form>{USER}{PASSWORD}{FORMS}</form>"),
        (Kind.LOGIN, f"<form>{USER}{PASSWORD}{FORMS}{CONTEXT}</form>"),
        (Kind.LOGIN, f"<form>{USER}{PASSWORD}{FORMS}</form>{OPTIONS}"),
        (Kind.LOGIN, f"<form>{PASSWORD}</form>"),
        (Kind.NAME, f"<form>{USER}{FORMS}</form>"),
        (Kind.SECOND, f"<form>{AZURE}{CONTEXT}</form>{OPTIONS}"),
        (Kind.SECOND, f'<form>{CONTEXT}<input type="password" name="pin"></form>'),
        (Kind.METHODS, OPTIONS),
        (Kind.OTHER, OPTIONS.partition("<a")[0]),
        (Kind.CHANGE, f"<form>{USER}{PASSWORD}{PASSWORD.replace('Pass', 'NewPass')}</form>"),
        (Kind.SECOND, f"<form>{AZURE}{PASSWORD}{PASSWORD.replace('Pass', 'NewPin')}</form>"),
        (Kind.FAILURE, '<div id="errorArea">Error</div>'),
        (Kind.OTHER, '<div id="errorArea"></div>'),
        (Kind.OTHER, "<p>Hello</p>"),
        (Kind.OTHER, '<form><input type="submit" name="AcceptTerms"></form>'),
        (Kind.OTHER, '<div id="expiry">x</div><form><input type="submit" name="SignOut"></form>'),
    ],
)
def test_kind(kind, body):
    assert pages.kind(page(body)) is kind


def test_adapters_form_goes_where_the_method_switch_goes():
    without = pages.second_form(page(f"<form>{AZURE}</form>{OPTIONS}"))
    assert (without.action, without.method) == ("https://fs.example.com/adfs/ls/o", "post")
    own = pages.second_form(
        page(f'<form id="f" action="/own" method="post">{AZURE}</form>{OPTIONS}')
    )
    assert own.action == "https://fs.example.com/own"


def test_number_counts_more_than_a_field():
    shown = '<p id="validEntropyNumber">42</p><input name="VerificationCode">'
    assert factors.waits(page(f"<form>{AZURE}{CONTEXT}{shown}</form>"))
    assert not factors.waits(page(f"<form>{AZURE}{CONTEXT}{shown.replace('42', ' ')}</form>"))


def test_link_to_a_new_password_tells_in_any_language():
    link = '<a href="/adfs/portal/updatepassword/">Vaihda</a>'
    said = f'<div id="error"><span id="errorText">Salasana on vanhentunut. {link}</span></div>'
    shown = page(f"<form>{said}{USER}{PASSWORD}{FORMS}</form>")
    assert type(refusals.password(shown)) is runas.ActionRequired
    without = page(f"<form>{said.replace(link, '')}{USER}{PASSWORD}{FORMS}</form>")
    assert type(refusals.password(without)) is runas.WrongPassword


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<div id="error"><span id="errorText">Nein.</span></div>', "Nein."),
        ('<div id="error"><label id="errorText" for=""></label></div>', ""),
        ('<span id="ctl00_ContentPlaceHolder1_ErrorTextLabel"> no\n way </span>', "no way"),
        ('<div id="x" class="error">Oops</div>', "Oops"),
        ("<p>all is well</p>", ""),
    ],
)
def test_complaint(body, said):
    assert pages.complaint(page(body)) == said
