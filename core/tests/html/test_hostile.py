"""Pages as nobody should write them: an error or a page, soon, and nothing secret in either."""

import itertools
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import Response

from runas import html
from runas.errors import RunasError
from runas.html.document import parse
from runas.html.follow import _location, _onward_form, _refresh

CANARY = "c4nary-pa55word"
SIZE = 1 << 20

PARTS = [
    "<form>", "</form>", "<form action='", "<form action='http://[x'>", "<form action='//'>",
    "<input name=a value='", "<input type=password name=p>", "<select><option>", "<textarea>",
    "<base href='javascript:x'>", "<base href='http://['>", "<!--", "-->", "<![CDATA[", "]]>",
    "<script>", "</script>", "location='", "location.replace('\\u00zz')", "<!x", "<template>",
    "<meta http-equiv=refresh", " content='0;url=http://['>", " content='0;;;'>", "</template>",
    "<div role=alert>", "<p class='error", "'>", '"', "&#x110000;", "&#0;", "&", "\0", "\ud7ff",
    "é", "<", ">", "</", "/>", "<?xml version='1.0'?>", "<svg><style>", "<noscript>", CANARY,
    "<label for=a>", "<button form=x>", "<input name=SAMLResponse value=x>", "\r\n",
    "<form action='https://signin.aws.amazon.com/saml'>", f"&#{'1' * 5000};", f"&#{'0' * 5000}65",
]  # fmt: skip


def page_of(content, kind="text/html"):
    made = Response()
    made._content, made.status_code, made.url = content, 200, "https://idp.example/login"
    made.headers["Content-Type"] = kind
    return html.read(made, frozenset({CANARY}))


def look(content, kind="text/html"):
    """Do all that can be done to a page without a network."""
    try:
        page = page_of(content, kind)
        shown = [html.error_text(page), page.text(), repr(page), repr(page.forms)]
        _onward_form(page), _refresh(page), _location(page)
        html.assertion(page), html.is_script_only(page)
    except RunasError as error:
        shown = [str(error), repr(error)]
    assert not any(CANARY in text for text in shown)


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PARTS), max_size=40))
def test_parts_in_any_order(parts):
    look("".join(parts).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=400), st.sampled_from(["text/html", "text/html; charset=utf-16", ""]))
def test_any_bytes(content, kind):
    look(content, kind)


UNITS = ["<div>", "<form>", "<input name=a>", "<!--", "</", "<a ", "<![CDATA[", "<label>", "&",
         "<?", "<a a='", "<script>", "<textarea>", "<", "</script", "<option>a", "<!doctype ",
         "<!x", "<p class='error'></p>", "location='", "<div class=error>", "<!",
         "<a b=c "]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "end"), list(itertools.product(UNITS, ["", ">", "-->"])), ids=repr
)
def test_a_megabyte_of_anything_takes_seconds(unit, end):
    started = time.monotonic()
    look((unit * (SIZE // len(unit)) + end).encode())
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("written", "read"),
    [("1" * 5000, "\ufffd"), ("0" * 5000 + "65", "A"), ("0065", "A"), ("000128512", "\U0001f600")],
)
@pytest.mark.parametrize("end", [";", " "])
def test_characters_by_numbers_of_any_length(written, read, end):
    page = page_of(f"<p>&#{written}{end}</p><input title='&#{written}{end}'>".encode())
    assert page.text("p") == read
    assert page.document.find("input")["title"].strip() == read


def test_no_warning_reaches_the_user(recwarn):
    for text in ("login.html", "https://idp.example/", "<?xml version='1.0'?><a/>", "", "x.txt"):
        parse(text)
    assert not recwarn.list
