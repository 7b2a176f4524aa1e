"""The farm itself: as strict as AD FS about what a browser does by itself."""

import base64
import re
from html import unescape

import pytest
import requests

from runas_adfs.testing import VERSIONS, AdfsFarm

START = "ctl00$ContentPlaceHolder1$"


def browser(farm, **query):
    http = requests.Session()
    page = http.get(farm.sign_in, params={"loginToRp": farm.audience, **query})
    return http, page


def action(farm, page):
    found = unescape(re.search(r'<form[^>]*action="([^"]+)"', page.text)[1])
    return requests.compat.urljoin(page.url, found)


def hidden(page):
    tags = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    return {name: unescape(text) for name, text in tags}


def signed_in(world, farm, http, page):
    fields = {"UserName": world.name, "Password": world.password}
    return http.post(action(farm, page), data=fields | {"AuthMethod": "FormsAuthentication"})


def lost(page):
    return 'id="errorArea"' in page.text and page.status_code == 200


@pytest.mark.parametrize("version", [each for each in VERSIONS if each != "2019-paginated"])
@pytest.mark.parametrize(
    "missing", ["", "method", "viewstate", "validation", "submit", "request-id"]
)
def test_login_must_be_complete(world, version, missing):
    farm = world.farm(version)
    http, page = browser(farm)
    start, fields, url = (START if version == "2.0" else ""), hidden(page), action(farm, page)
    names = ("UsernameTextBox", "PasswordTextBox") if start else ("UserName", "Password")
    fields |= {start + names[0]: world.name, start + names[1]: world.password}
    if start:
        fields[f"{start}SubmitButton"] = "Sign In"
    for part, name in {
        "method": "AuthMethod",
        "viewstate": "__VIEWSTATE",
        "validation": "__EVENTVALIDATION",
        "submit": f"{START}SubmitButton",
    }.items():
        if missing == part:
            fields.pop(name, None)
    if missing == "request-id":
        url = url.replace("client-request-id", "another")
    answer = http.post(url, data=fields)
    needed = missing in (("viewstate", "validation", "submit") if start else ("method",))
    assert lost(answer) is (needed or missing == "request-id")
    assert ("SAMLResponse" in answer.text) is not lost(answer)


def test_context_is_good_once(world):
    farm = world.farm("2016", "rsa")
    http, page = browser(farm)
    second = signed_in(world, farm, http, page)
    old = hidden(second)
    url = re.findall(r'action="([^"]+)"', second.text)[-1]
    again = http.post(unescape(url), data=old | {"Passcode": "0"})
    assert hidden(again)["Context"] != old["Context"]
    assert lost(http.post(unescape(url), data=old | {"Passcode": world.code}))
    assert (
        "SAMLResponse"
        in http.post(unescape(url), data=hidden(again) | {"Passcode": world.code}).text
    )


def test_cookie_decides(world):
    farm = world.farm("2016", "rsa")
    http, page = browser(farm)
    second = signed_in(world, farm, http, page)
    url = unescape(re.findall(r'action="([^"]+)"', second.text)[-1])
    http.cookies.clear()
    assert lost(http.post(url, data=hidden(second) | {"Passcode": world.code}))


def test_method_must_be_named(world):
    farm = world.farm("2016", "rsa")
    http, page = browser(farm)
    second = signed_in(world, farm, http, page)
    url = unescape(re.findall(r'action="([^"]+)"', second.text)[-1])
    context = hidden(second)["Context"]
    assert lost(http.post(url, data={"Context": context, "Passcode": world.code}))


def test_response_of_the_caller(world):
    text = base64.b64encode(b"<Response/>").decode()
    with AdfsFarm("3.0", issue=lambda name: text, acs="https://signin.amazonaws.cn/saml") as farm:
        farm.user(world.name, world.password)
        http, page = browser(farm)
        answer = signed_in(world, farm, http, page)
        assert text in answer.text
        assert 'action="https://signin.amazonaws.cn/saml"' in answer.text
        names = {cookie.name for cookie in http.cookies}
        assert names == {"MSISAuth", "MSISAuthenticated", "MSISLoopDetectionCookie"}
