"""Doing what a browser does by itself, and no more."""

import pytest

from runas import html
from runas.errors import ConfigurationError, PageNotRecognised, RunasError
from runas.http import session
from runas.model import Profile
from runas.testing.site import Site

LOGIN = "<form method=post><input name=user><input type=password name=pw></form>"
UPPER_CASE = (
    "<BODY Onload='document.forms[0].submit()'><FORM METHOD=POST ACTION=/end>"
    "<INPUT name=continue TYPE=SUBMIT></FORM>"
)
ONLOAD = '<body onload="document.forms[0].submit()">'


@pytest.fixture
def site():
    with Site() as made:
        made.page("/end", LOGIN)
        yield made


@pytest.fixture
def other():
    with Site() as made:
        made.page("/end", "<p>Other</p>")
        yield made


@pytest.fixture
def http():
    with session(Profile("work", {})) as made:
        yield made


def posting(action, **fields):
    inputs = "".join(f'<input type=hidden name={k} value="{v}">' for k, v in fields.items())
    return f'<form method=post action="{action}">{inputs}<input type=submit value=Go></form>'


def start(http, site, body):
    site.page("/start", body)
    return html.follow(http, html.read(http.get(f"{site.url}/start")))


@pytest.mark.parametrize(
    "fields",
    [
        {"SAMLRequest": "x", "RelayState": "r"},
        {"SAMLResponse": "x", "RelayState": ""},
        {"wa": "wsignin1.0", "wresult": "<x>", "wctx": "y"},
        {"id_token": "x", "state": "y", "session_state": "z"},
        {"code": "x", "state": "y"},
        {"RelayState": "resume"},
    ],
)
def test_hand_overs_are_posted(http, site, other, fields):
    escaped = {name: value.replace("<", "&lt;") for name, value in fields.items()}
    page = start(http, site, posting(f"{other.url}/end", **escaped))
    assert page.text() == "Other"
    assert other.requests[0].form == fields


def test_whatever_is_submitted_by_script(http, site):
    for body in (
        ONLOAD + posting("/end", any="1"),
        posting("/end", any="1") + "<script>document.forms[0].submit();</script>",
        UPPER_CASE,
    ):
        assert start(http, site, body).form_with("pw"), body


@pytest.mark.parametrize(
    "body",
    [
        posting("/end", any="1"),
        posting("/end", SAMLRequest=""),
        ONLOAD + posting("/end", a="1") + posting("/end", b="1"),
        ONLOAD + LOGIN + posting("/end", a="1"),
        LOGIN + posting("/end", SAMLRequest="x"),
        posting("/end", a="1") + "<script>" + "f();" * 600 + "x.submit()</script>",
        '<meta http-equiv=refresh content="1800; url=/end">',
        '<meta http-equiv=refresh content="5">',
        '<meta http-equiv=refresh content="0; url=javascript:alert(1)">',
        '<noscript><meta http-equiv=refresh content="0; url=/end"></noscript>',
        LOGIN + '<meta http-equiv=refresh content="0; url=/end">',
        '<script>window.location = "/end" + where;</script>',
        "<script>if (a) location='/a'; else location='/b';</script>",
        "<script>mylocation = '/end'; x.location.href = '/end'</script>",
        "<script>location = 'javascript:alert(1)'</script>",
        "<form><input type=hidden name=a></form><script>location='/end'</script>",
        "<p>Hello</p>",
        "",
    ],
)
def test_other_pages_are_left_to_the_person(http, site, body):
    page = start(http, site, body)
    assert page.url == f"{site.url}/start"
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "body",
    [
        '<meta http-equiv="refresh" content="0; url=/end">',
        "<META HTTP-EQUIV=Refresh CONTENT=\"0;URL='/end'\">",
        '<meta http-equiv=refresh content="3,end">',
        '<base href="/"><meta http-equiv=refresh content="0;url=end">',
        "<script>window.location = '/end';</script>",
        '<script>document.location.href="/end"</script>',
        "<script>location.replace('/end')</script>",
        '<script>top.location.assign("\\/end");</script>',
        "<script>self.location='\\x2fend\\u003Fa=b'</script>",
        "<script><!--\nlocation = '/end'\n//--></script>",
    ],
)
def test_redirects_without_a_form(http, site, body):
    assert start(http, site, body).form_with("pw")


def test_it_stops_at_the_form_for_aws_and_never_posts_it(http, site):
    body = ONLOAD + posting(f"{site.url}/saml", SAMLResponse="x")
    page = start(http, site, body)
    assert html.assertion(page) == "x"
    empty = ONLOAD + posting("https://signin.aws.amazon.com/saml", SAMLResponse="")
    assert html.assertion(start(http, site, empty)) is None
    assert [asked.method for asked in site.requests] == ["GET", "GET"]


def test_a_chain(http, site, other):
    site.page("/1", posting(f"{other.url}/2", SAMLRequest="x"))
    other.page("/2", f'<meta http-equiv=refresh content="0;url={other.url}/3">')
    other.page("/3", posting(f"{site.url}/4", SAMLResponse="y"))
    site.page("/4", f"<script>location='{site.url}/end'</script>")
    page = html.follow(http, html.read(http.get(f"{site.url}/1")))
    assert page.form_with("pw")


@pytest.mark.parametrize(
    "body",
    [
        posting("/start", SAMLRequest="x"),
        "<script>location='/start?again'</script>",
        '<meta http-equiv=refresh content="0;url=/start?again">',
    ],
)
def test_circles_end(http, site, body):
    with pytest.raises(PageNotRecognised, match=r"circle|more than"):
        start(http, site, body) if "again" not in body else _twice(http, site, body)


def _twice(http, site, body):
    site.page("/start", body)
    back = body.replace("/start?again", "/back")
    site.page("/start", back)
    site.page("/back", body)
    return html.follow(http, html.read(http.get(f"{site.url}/start")))


def test_long_chains_end(http, site):
    for number in range(30):
        site.page(f"/{number}", f"<script>location='/{number + 1}'</script>")
    with pytest.raises(PageNotRecognised, match="more than 20 pages"):
        html.follow(http, html.read(http.get(f"{site.url}/0")))
    assert len(site.requests) == 21


def test_plain_http_is_not_followed(http, site):
    with pytest.raises(ConfigurationError, match="refusing plain http"):
        start(http, site, posting("http://idp.example/in", SAMLRequest="x"))
    with pytest.raises(ConfigurationError, match="refusing plain http"):
        start(http, site, "<script>location='http://idp.example/'</script>")


def test_a_password_that_a_page_carries_on_stays(http, site, other):
    http.guard("s3cret-pw")
    with pytest.raises(ConfigurationError, match="would send"):
        start(http, site, posting(f"{other.url}/end", SAMLRequest="x", back="s3cret-pw"))
    assert not other.requests


def test_what_is_no_page_ends_it(http, site):
    site.page("/json", "{}", Content_Type="application/json")
    with pytest.raises(RunasError):
        start(http, site, "<script>location='/json'</script>")
