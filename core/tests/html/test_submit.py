"""Sending forms, and where a secret may go."""

import pytest

from runas import html
from runas.errors import ConfigurationError, PageNotRecognised
from runas.http import session
from runas.model import Profile
from runas.testing.site import Answer, Site

CANARY = "c4nary-pä$$ word&+%"
KIND = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def site():
    with Site() as made:
        made.page("/in", "<p class=ok>Welcome</p>")
        yield made


@pytest.fixture
def other():
    with Site() as made:
        made.page("/in", "<p>Thanks for the password</p>")
        yield made


@pytest.fixture
def http():
    with session(Profile("work", {})) as made:
        yield made


def login(action="/in", more="", method="post"):
    return (
        f"<form method={method} action='{action}'><input type=hidden name=csrf value='t&amp;k'>"
        f"<input name=user><input type=password name=pw>{more}</form>"
    )


def read(http, site, body, path="/login", **more):
    site.page(path, body, **more)
    return html.read(http.get(site.url + path))


def send(http, page, **more):
    values = {"user": "älice", "pw": CANARY}
    return html.submit(http, page, page.forms[0], values, **more)


def test_a_form_is_filled_in_and_sent(http, site):
    page = read(http, site, login())
    assert send(http, page).text() == "Welcome"
    asked = site.requests[-1]
    assert asked.form == {"csrf": "t&k", "user": "älice", "pw": CANARY}
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.headers["origin"] == site.url
    assert asked.headers["referer"] == f"{site.url}/login"


def test_buttons_are_sent_only_when_pressed(http, site):
    more = "<button name=go value=1>Go</button><button id=b2 name=go value=2>Or</button>"
    page = read(http, site, login(more=more))
    send(http, page)
    assert "go" not in site.requests[-1].form
    send(http, page, press="go")
    assert site.requests[-1].form["go"] == "1"
    send(http, page, press="b2")
    assert site.requests[-1].form["go"] == "2"
    send(http, page, press=page.forms[0].buttons[1])
    assert site.requests[-1].form["go"] == "2"


def test_in_the_set_of_the_page(http, site):
    body = login().encode("latin-1")
    site.on("GET", "/login", Answer(200, {"Content-Type": "text/html; charset=iso-8859-1"}, body))
    page = html.read(http.get(site.url + "/login"))
    html.submit(http, page, page.forms[0], {"user": "ä€ж", "pw": "x"})
    assert b"user=%E4%80%26%231078%3B" in site.requests[-1].body


def test_multipart(http, site):
    page = read(http, site, login().replace("<form", "<form enctype=multipart/form-data"))
    send(http, page)
    asked = site.requests[-1]
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert CANARY.encode() in asked.body
    assert b'name="csrf"' in asked.body


def test_multipart_in_a_set_that_cannot_be_read_back(http, site):
    body = "<form enctype=multipart/form-data method=post action=/in accept-charset=iso-2022-jp>"
    page = read(http, site, body + "<input name='\x1b(Za'>")
    html.submit(http, page, page.forms[0], {})
    assert b"a" in site.requests[-1].body


@pytest.mark.parametrize("action", ["http://[", "//[x", "http://a\u2100b/", "data:,", "mailto:a@b"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_no_form_goes_nowhere(http, site, method, action):
    page = read(http, site, f"<form method={method} action='{action}'><input name=SAMLRequest>")
    with pytest.raises(ConfigurationError):
        html.submit(http, page, page.forms[0], {})


def test_get_forms_send_a_query(http, site):
    page = read(http, site, "<form action='/in?old=1'><input name=q></form>")
    html.submit(http, page, page.forms[0], {"q": "a b"})
    assert site.requests[-1].query == {"q": "a b"}


def test_a_password_goes_to_its_own_origin(http, site, other):
    page = read(http, site, login(f"{other.url}/in"))
    with pytest.raises(ConfigurationError, match="would send the password or code to") as caught:
        send(http, page)
    assert caught.value.status == 78
    assert "trusted_hosts = 127.0.0.1" in caught.value.hint
    assert CANARY not in str(caught.value)
    assert not other.requests


@pytest.mark.parametrize(
    "action",
    ["http://localhost:{port}/in", "https://127.0.0.1:{port}/in", "http://127.0.0.1/in",
     "//evil.example/in", "http://127.0.0.1:{port}@evil.example/in", "javascript:alert(1)",
     "http://[/in", "ftp://127.0.0.1/in", "http://127.0.0.1:{port}.evil.example/in", "mailto:a@b"],
)  # fmt: skip
def test_other_origins(http, site, action):
    port = site.url.rpartition(":")[2]
    page = read(http, site, login(action.format(port=port)))
    before = len(site.requests)
    with pytest.raises(ConfigurationError):
        send(http, page)
    assert len(site.requests) == before


def test_base_and_formaction_are_looked_through(http, site, other):
    page = read(http, site, f"<base href='{other.url}/'>" + login("in"))
    with pytest.raises(ConfigurationError):
        send(http, page)
    page = read(http, site, login(more=f"<button name=b formaction='{other.url}/in'>"))
    with pytest.raises(ConfigurationError):
        send(http, page, press="b")
    page = read(http, site, login(more="<button name=b formmethod=get>"))
    with pytest.raises(PageNotRecognised):
        send(http, page, press="b")
    assert not other.requests


def test_only_https_hosts_can_be_trusted(site, other):
    with session(Profile("x", {"trusted_hosts": "127.0.0.1, Idp.example"})) as http:
        assert http.trusted_hosts == {"127.0.0.1", "idp.example"}
        page = read(http, site, login(f"{other.url}/in"))
        with pytest.raises(ConfigurationError, match="would send"):
            send(http, page)


def test_a_trusted_host_may_have_it(http, site):
    from runas.errors import ServiceUnavailable

    page = read(http, site, login("https://localhost:1/in"))
    with pytest.raises(ConfigurationError):
        send(http, page)
    # Past the rule, to a port where nobody listens.
    with pytest.raises(ServiceUnavailable, match="localhost cannot be reached"):
        send(http, page, trusted={"localhost"})


def test_a_password_never_goes_in_an_address(http, site):
    page = read(http, site, login(method="get"))
    with pytest.raises(PageNotRecognised, match="in an address"):
        send(http, page)


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("<input name=x autocomplete='one-time-code'>", {}),
        ("<input name=x>", {"secrets": {"x"}}),
        ("<input type=hidden name=x>", {"secrets": ["x"]}),
    ],
)
def test_codes_are_secrets_too(http, site, other, field, more):
    body = f"<form method=post action='{other.url}/in'>{field}</form>"
    page = read(http, site, body)
    with pytest.raises(ConfigurationError):
        html.submit(http, page, page.forms[0], {"x": "123456"}, **more)
    assert not other.requests


def test_an_answer_is_a_secret_whatever_field_it_is_in(http, site, other):
    http.guard(CANARY)
    page = read(http, site, f"<form method=post action='{other.url}/in'><input name=x></form>")
    with pytest.raises(ConfigurationError):
        html.submit(http, page, page.forms[0], {"x": CANARY})
    html.submit(http, page, page.forms[0], {"x": "harmless"})
    assert len(other.requests) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_no_redirect_takes_a_password_away(http, site, other, status):
    site.on("POST", "/in", Answer(status, {"Location": f"{other.url}/in"}))
    page = read(http, site, login())
    with pytest.raises(ConfigurationError, match="would send"):
        send(http, page)
    assert not other.requests
    site.on("POST", "/in", Answer(status, {"Location": "/here"}))
    site.page("/here", "<p>Here</p>")
    assert send(http, page).text() == "Here"
    assert site.requests[-1].form["pw"] == CANARY


@pytest.mark.parametrize("status", [301, 302, 303])
def test_other_redirects_leave_it_behind(http, site, other, status):
    cookie = "sid=1; Path=/; HttpOnly"
    headers = {"Location": f"{other.url}/in?a=b", "Set-Cookie": cookie}
    site.on("POST", "/in", Answer(status, headers))
    page = send(http, read(http, site, login()))
    assert page.url == f"{other.url}/in?a=b"
    assert (other.requests[0].method, other.requests[0].body) == ("GET", b"")
    assert http.cookies.get("sid") == "1"


def test_redirects_end(http, site):
    site.on("POST", "/in", Answer(302, {"Location": "/in"}))
    site.on("GET", "/in", Answer(302, {"Location": "/in"}))
    page = read(http, site, login())
    with pytest.raises(PageNotRecognised, match="circle"):
        send(http, page)


def test_the_page_that_comes_back_keeps_the_secret(http, site):
    site.page("/in", f"<p class=error>Wrong: {CANARY.replace('&', '&amp;')}</p>")
    page = send(http, read(http, site, login()))
    assert html.error_text(page) == "Wrong: ***"
    assert CANARY not in repr(page)
