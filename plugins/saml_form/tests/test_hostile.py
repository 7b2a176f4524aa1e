"""Whatever a server says, a login ends in an error of runas, soon, and says no secret."""

import logging
import random
import sys
import time

import pytest

import runas
from runas_form.testing import Answer, FormIdp, Screen, login, one_time_code

from .conftest import CODE, PASSWORD, issue
from .products import PRODUCTS

LOGIN = login({"alice": PASSWORD})
STEPS = ["/sso", "/step/0", "/step/1"]
PATIENCE = 10  # seconds for one login that fails

FORM = '<form method="post" action="{}"><input name="user"><input type="password" name="p"></form>'
BODIES = {
    "nothing": "",
    "noise": "".join(chr(random.Random(7).randrange(32, 0x2FFF)) for _ in range(4000)),
    "zeros": "\0" * 4000,
    "an open tag": "<form method=post action=x><input type=password name=",
    "deep nesting": "<div>" * 5000 + FORM.format("x"),
    "deep forms": "<form><fieldset>" * 900,
    "a doctype bomb": '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
    "json": '{"status": "ok"}',
    "a form to javascript": FORM.format("javascript:alert(1)"),
    "a form to a file": FORM.format("file:///etc/passwd"),
    "a form to mail": FORM.format("mailto:a@example.com"),
    "a form to nowhere": FORM.format("http://[::1"),
    "a request by get to nowhere": '<form action="http://["><input type=hidden'
    ' name=SAMLRequest value=x></form>',
    "a code to nowhere": '<form method=post action="http://["><input name=otp></form>',
    "a number without end": f"<p>&#{'1' * 5000};" + FORM.format("/x"),
    "a form to another port": FORM.format("http://127.0.0.1:1/"),
    "a form by get": FORM.format("/x").replace("post", "get"),
    "fields without names": "<form method=post><input><input type=password></form>",
    "many fields": "<form method=post>" + "<input name=a>" * 3000 + "</form>",
    "the same name": FORM.format("/x").replace('name="user"', 'name="p"'),
    "an empty response": '<form action="https://signin.aws.amazon.com/saml" method=post>'
    '<input type=hidden name=SAMLResponse value=""></form>',
    "a response of noise": '<form action="https://signin.aws.amazon.com/saml" method=post>'
    '<input type=hidden name=SAMLResponse value="%%%%"></form>',
    "a response of another document": '<form action="https://signin.aws.amazon.com/saml"'
    ' method=post><input type=hidden name=SAMLResponse value="PGEvPg=="></form>',
    "a response with a doctype": '<form action="https://signin.aws.amazon.com/saml" method=post>'
    '<input type=hidden name=SAMLResponse value="PCFET0NUWVBFIGE+PGEvPg=="></form>',
    "a refresh to itself": '<meta http-equiv=refresh content="0;url=">',
    "a refresh elsewhere": '<meta http-equiv=refresh content="0;url=http://127.0.0.1:1/">',
    "a script that goes": "<script>window.location = 'http://127.0.0.1:1/';</script>",
    "a choice of nothing": "<form method=post><select name=a></select><button>x</button></form>",
    "a code and no way": "<form method=post action=/x><input name=otp></form>",
    "a template": "<template>" + FORM.format("/x") + "</template>",
    "a secret repeated": '<p role="alert">{} is wrong</p>',
}  # fmt: skip
STATUSES = [204, 301, 304, 400, 401, 403, 404, 410, 418, 429, 500, 501, 599]
CASES = [
    *((path, body, 200) for path in STEPS for body in BODIES),
    *((path, "a secret repeated", status) for path in STEPS for status in STATUSES),
]


def test_there_are_enough():
    assert len(CASES) >= 100


@pytest.mark.parametrize(("path", "body", "status"), CASES)
def test_it_ends_in_an_error_of_runas(path, body, status, person, sign_in, caplog):
    person.easygoing = True

    def trouble(request):
        if request.path != path:
            return None
        text = BODIES[body]
        if body == "a secret repeated":
            text = text.format(" ".join(request.fields.values()))
        return Answer(text, status)

    caplog.set_level(logging.DEBUG)
    started = time.monotonic()
    with FormIdp(issue, [LOGIN, one_time_code(CODE)], trouble) as idp:
        with pytest.raises(runas.RunasError) as caught:
            sign_in(idp.url)
        assert len(idp.posted("password")) <= 1
    assert caught.value.status in (69, 77, 78)
    assert time.monotonic() - started < PATIENCE
    _says_no_secret(caught.value, caplog.text)


@pytest.mark.parametrize("kind", ["application/json", "application/pdf", "image/png"])
def test_what_is_no_page(kind, person, sign_in):
    answer = Answer("{}", headers=(("Content-Type", kind),))
    with FormIdp(issue, [], lambda request: answer) as idp, pytest.raises(runas.PageNotRecognised):
        sign_in(idp.url)


@pytest.mark.parametrize("path", STEPS)
def test_a_server_that_does_not_answer(path, person, new_http, sign_in, monkeypatch):
    transport = type(sign_in.http.get_adapter("http://127.0.0.1")).__module__
    monkeypatch.setattr(sys.modules[transport], "TIMEOUT", (0.3, 0.3))

    def trouble(request):
        if request.path == path:
            time.sleep(1)

    with FormIdp(issue, [LOGIN, one_time_code(CODE)], trouble) as idp:
        with pytest.raises(runas.ServiceUnavailable):
            sign_in(idp.url)
        assert len(idp.posted("password")) <= 1


def test_a_server_that_is_not_there(person, sign_in):
    with FormIdp(issue, [LOGIN]) as idp:
        url = idp.url
    with pytest.raises(runas.ServiceUnavailable):
        sign_in(url)


MUTATED = [(name, seed) for name in PRODUCTS for seed in range(6)]


@pytest.mark.parametrize(("name", "seed"), MUTATED)
def test_a_page_with_pieces_missing(name, seed, person, sign_in, caplog):
    """Cut pieces out of a product's pages: it ends in an identity or an error of runas."""
    product, dice = PRODUCTS[name], random.Random(f"{name}{seed}")
    person.easygoing = True
    screens = [Screen(_cut(one.markup, dice), one.wants, user=one.user) for one in product.screens]
    caplog.set_level(logging.DEBUG)
    with FormIdp(issue, screens) as idp:
        try:
            sign_in(idp.url, **product.settings)
        except runas.RunasError as error:
            assert error.status in (69, 77, 78)
            _says_no_secret(error, caplog.text)
        assert sum(PASSWORD in one.fields.values() for one in idp.requests) <= 1


def _cut(markup: str, dice: random.Random) -> str:
    for _ in range(3):
        place = dice.randrange(len(markup))
        markup = markup[:place] + markup[place + dice.randrange(1, 40) :]
    return markup


def _says_no_secret(error: BaseException | None, log: str) -> None:
    while error is not None:
        said = f"{error} {error!r} {error.args}"
        assert PASSWORD not in said
        assert CODE not in said
        error = error.__cause__ or error.__context__
    assert PASSWORD not in log
    assert CODE not in log
