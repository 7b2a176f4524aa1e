"""What a page is: the end, a complaint, a script."""

import pytest
from requests import Response

from runas import html

AWS = "https://signin.aws.amazon.com/saml"


def page(body, url="https://idp.example/login", secrets=frozenset()):
    made = Response()
    made._content, made.status_code, made.url = body.encode(), 200, url
    made.headers["Content-Type"] = "text/html"
    return html.read(made, secrets)


def posting(action, value="PHNhbWw+", name="SAMLResponse"):
    hidden = f'<input type=hidden name={name} value="{value}">'
    return f'<form method=post action="{action}">{hidden}</form>'


@pytest.mark.parametrize(
    ("action", "found"),
    [
        (AWS, True),
        ("https://signin.aws.amazon.com:443/saml", True),
        ("https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSP1", True),
        ("https://signin.amazonaws.cn/saml", True),
        ("https://signin.amazonaws-us-gov.com/saml", True),
        ("https://eusc-de-east-1.signin.amazonaws-eusc.eu/saml", True),
        ("http://127.0.0.1:8080/saml", True),
        ("http://localhost/saml/acs/ID", True),
        ("http://127.0.0.1:8080/adfs/ls", False),
        ("https://other.example/saml", False),
        ("http://signin.aws.amazon.com/saml", False),
        ("https://signin.aws.amazon.com.evil.example/saml", False),
        ("https://[broken/saml", False),
    ],
)
def test_the_response_for_aws(action, found):
    assert html.assertion(page(posting(action))) == ("PHNhbWw+" if found else None)


def test_an_empty_response_is_none():
    assert html.assertion(page(posting(AWS, " "))) is None
    assert html.assertion(page(posting(AWS) + "<form><input name=SAMLResponse></form>"))
    assert html.assertion(page(posting(AWS, "a\r\nb"))) == "ab"
    assert html.assertion(page(posting(AWS, name="samlresponse"))) is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<div role=alert>Nope</div>", "Nope"),
        ("<div role=alert></div><p class=error>Nope</p>", "Nope"),
        ('<span id="errorText" for="">Falsches Kennwort.</span>', "Falsches Kennwort."),
        ('<div id="error" class="smallText"><label id="errorText" for=""></label></div>', ""),
        ('<div class="alert alert-error"><span class="kc-feedback-text">Ungültig</span></div>',
         "Ungültig"),
        ('<div class="infobox infobox-error"><p>Nope</p></div>', "Nope"),
        ('<div class="alert-success">Saved</div>', ""),
        ('<div class="alert alert-info">Hello</div>', ""),
        ('<div class="error hidden">Nope</div>', ""),
        ('<div class="error" hidden>Nope</div>', ""),
        ('<div class=error style="display : none">Nope</div>', ""),
        ("<div style='visibility:hidden'><p class=error>Nope</p></div>", ""),
        ("<div aria-hidden=true><p class=error>Nope</p></div>", ""),
        ("<noscript><p class=error>Switch scripts on</p></noscript>", ""),
        ("<template><p class=error>Nope</p></template>", ""),
        ("<script>class='error'</script><style>.error {}</style>", ""),
        ("<div class='login-error'><form><input name=a></form>Nope</div>", ""),
        ("<div class='has-error'><input name=a><i class='field-error'>Nope</i></div>", "Nope"),
        ("<p aria-live=assertive>Nope</p>", "Nope"),
        ("<p aria-live=polite>Nope</p>", "Nope"),
        ("<input name=a aria-describedby='h1 h2'><i id=h1></i><i id=h2>Nope</i>", "Nope"),
        ("<input name=a aria-invalid=false aria-describedby=h><i id=h>Hint</i>", ""),
        ("<input name=a aria-describedby=h><i id=h>Hint</i><p class=error>Nope</p>", "Nope"),
        ("<body class=error><p>Hello</p></body>", ""),
        ("<p>error: the words of a page do not matter</p>", ""),
        ("<p class=error>" + "long " * 200 + "</p>", ("long " * 200)[:300]),
    ],
)  # fmt: skip
def test_complaints(body, said):
    assert html.error_text(page(body)) == said


def test_a_complaint_never_repeats_a_secret():
    body = "<p class=error>hunter2 is no password</p><b>hunter2</b>"
    found = page(body, secrets=frozenset({"hunter2"}))
    assert html.error_text(found) == "*** is no password"
    assert found.text("b") == "***"


SCRIPT = "<script src=/app.js></script>"


@pytest.mark.parametrize(
    ("body", "only"),
    [
        (f"<div id=root></div>{SCRIPT}", True),
        (f"<noscript>You need JavaScript</noscript><div id=app>Loading</div>{SCRIPT}", True),
        (f"<script>$Config={{'a':1}};</script>{SCRIPT}<body></body>", True),
        (f"<form><input type=hidden name=a></form>{SCRIPT}", True),
        (f"<form><input name=user></form>{SCRIPT}", False),
        (posting(AWS) + SCRIPT, False),
        ("<p>Hello</p>", False),
        ("<p>" + "Long text. " * 100 + f"</p>{SCRIPT}", False),
    ],
)  # fmt: skip
def test_pages_that_a_script_builds(body, only):
    assert html.is_script_only(page(body)) is only
