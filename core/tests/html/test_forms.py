"""Forms as browsers see them, in pages as providers write them."""

import pytest
from requests import Response

from runas import html
from runas.errors import PageNotRecognised, ServiceUnavailable

URL = "https://idp.example/auth/login?x=1#top"


def answer(body, kind="text/html; charset=utf-8", status=200, url=URL):
    made = Response()
    made._content = body if isinstance(body, bytes) else body.encode()
    made.status_code, made.url = status, url
    if kind:
        made.headers["Content-Type"] = kind
    return made


def page(body, **more):
    return html.read(answer(body, **more))


def form(body, **more):
    [found] = page(body, **more).forms
    return found


@pytest.mark.parametrize(
    ("action", "base", "expected"),
    [
        ("", "", "https://idp.example/auth/login?x=1"),
        ("", "https://other.example/", "https://idp.example/auth/login?x=1"),
        ("in", "", "https://idp.example/auth/in"),
        ("/in?a=b&amp;c=d", "", "https://idp.example/in?a=b&c=d"),
        ("?next", "", "https://idp.example/auth/login?next"),
        ("//other.example/in", "", "https://other.example/in"),
        ("https&#x3a;&#x2f;&#x2f;a.example&#x2f;saml", "", "https://a.example/saml"),
        ("in", "https://other.example/deep/", "https://other.example/deep/in"),
        ("in", "sub/", "https://idp.example/auth/sub/in"),
        (" \n /in\n", "", "https://idp.example/in"),
        ("http://[", "", "about:invalid"),
        ("//a\u2100b/", "", "about:invalid"),
        ("in", "http://[", "https://idp.example/auth/in"),
        ("in", "javascript:x", "https://idp.example/auth/in"),
    ],
)
def test_actions(action, base, expected):
    head = f'<base href="{base}">' if base else ""
    assert form(f'{head}<form action="{action}"></form>').action == expected


def test_no_action_at_all():
    assert form("<form method=POST>").action == "https://idp.example/auth/login?x=1"


CONTROLS = """<form id=f method=Post name=login>
<input type=hidden name=csrf value=abc>
<input type=HIDDEN name=empty>
<input name=user value=" me " placeholder="E-mail" autocomplete="username">
<label for=pw>Pass<b>word</b></label><input id=pw type=password name=pw>
<label>Code <input name=otp autocomplete="one-time-code"></label>
<input type=checkbox name=keep checked><input type=checkbox name=other value=1>
<input type=radio name=device value=a><input type=radio name=device value=b checked>
<select name=realm><option value=1>One<option selected>Two<option value=3>Three</select>
<select name=first><option value=1>One</option><option>Two</option></select>
<textarea name=note>
a</textarea>
<input type=submit name=go value=Go><button name=later value=1>Later</button>
<button type=button name=never>x</button><input type=reset name=reset><input type=file name=f>
<input name=off value=1 disabled><fieldset disabled><input name=out value=1></fieldset>
<input value=nameless>
</form><input form=f name=far value=away><input name=nobody value=1>"""


def test_what_is_sent_when_nobody_touches_anything():
    found = form(CONTROLS)
    assert found.fields == {
        "csrf": "abc", "empty": "", "user": " me ", "pw": "", "otp": "", "keep": "on",
        "device": "b", "realm": "Two", "first": "1", "note": found.fields["note"], "f": "",
        "far": "away",
    }  # fmt: skip
    assert found.fields["note"].strip() == "a"
    assert (found.method, found.name, found.id) == ("post", "login", "f")


def test_what_a_person_fills_in():
    found = form(CONTROLS)
    labels = {each.name: each.label for each in found.inputs}
    assert (labels["pw"], labels["otp"]) == ("Pass word", "Code")
    secret = {each.name for each in found.inputs if each.secret}
    assert secret == {"pw", "otp"}
    user = found.input("user")
    assert (user.type, user.placeholder, user.autocomplete) == ("text", "E-mail", "username")
    assert found.input("realm").options == (("1", "One"), ("Two", "Two"), ("3", "Three"))
    assert [each.value for each in found.of_type("radio")] == ["a", "b"]
    assert found.input("csrf") is None
    assert [(each.name, each.text) for each in found.buttons] == [("go", "Go"), ("later", "Later")]
    assert found.holds("csrf", "pw")
    assert not found.holds("nobody")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div><form></div><input name=a></form><input name=b>", {"a"}),
        ("<p><form><p><input name=a></p><input name=b></form>", {"a", "b"}),
        ("<table><form><tr><td><input name=a></form></table>", {"a"}),
        ("<form><form action=/evil><input name=a></form><input name=b>", {"a"}),
        ("<form><input name=a><template><input name=b></template></form>", {"a"}),
        ("<form><!-- <input name=b> --><input name=a></form>", {"a"}),
        ("<form><script>'<input name=b>'</script><input name=a></form>", {"a"}),
        ("<FORM><INPUT NAME=a></FORM>", {"a"}),
        ("<form><input name=a", set()),
        ("<form><input name='a'><input form=gone name=b></form>", {"a"}),
    ],
)
def test_nested_as_pages_are(body, expected):
    assert set(form(body).fields) == expected


def test_two_forms():
    first, second = page("<form id=a><input name=x></form><form id=b><input name=y></form>").forms
    assert (set(first.fields), set(second.fields)) == ({"x"}, {"y"})
    found = page("<form id=a></form><form><input type=password name=p></form>")
    assert found.form_of("password") is found.forms[1]
    assert found.form_with("p") is found.forms[1]
    assert found.form_with("q") is None


def test_buttons_may_lead_elsewhere():
    [button] = form("<form><button formaction=/else formmethod=POST name=b>").buttons
    assert (button.action, button.method) == ("https://idp.example/else", "post")


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        ("é".encode(), "text/html; charset=utf-8", "é"),
        ("é".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
        ("é".encode(), "text/html", "é"),
        ("é".encode("latin-1"), "text/html", "é"),
        ("<meta charset=windows-1251>ж".encode("cp1251"), "text/html", "ж"),
        ('<meta http-equiv=Content-Type content="text/html; charset=koi8-r">ж'.encode("koi8-r"),
         "text/html", "ж"),
        (b"\xef\xbb\xbf" + "é".encode(), "text/html; charset=latin-1", "é"),
        ("é".encode("utf-16"), "text/html", "é"),
        ("é".encode(), "text/html; charset=nonsense", "é"),
        ("é".encode(), "text/html; charset=base64", "é"),
        ("é".encode(), "text/html; charset=punycode", "é"),
        (b"\x80", "text/html; charset=ascii", "€"),
        ("あ".encode("shift_jis"), "text/html; charset=Shift_JIS", "あ"),
    ],
)  # fmt: skip
def test_character_sets(body, kind, expected):
    assert page(body, kind=kind).text() == expected


def test_a_field_is_sent_in_the_set_of_its_page():
    found = form("<form>".encode("utf-16"), kind="text/html")
    assert found.charset == "utf-8"
    assert form("<form accept-charset='x, ISO-8859-15'>").charset == "iso8859-15"


def test_words():
    found = page("<div class=a></div><div class=a>One\n <b>two</b></div><script>no</script>")
    assert found.text(".a") == "One two"
    assert found.text(".gone", "div.a b") == "two"
    assert found.text(".gone") == ""


@pytest.mark.parametrize("kind", ["application/json", "image/png", "application/pdf"])
def test_what_is_no_page(kind):
    with pytest.raises(PageNotRecognised, match=kind) as caught:
        page("{}", kind=kind)
    assert caught.value.status == 78


def test_too_large():
    with pytest.raises(PageNotRecognised, match="larger than 2 MB"):
        page(b" " * (3 << 20))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_service_that_fails(status):
    with pytest.raises(ServiceUnavailable, match=f"status {status}") as caught:
        page("no", status=status)
    assert caught.value.status == 69
    with pytest.raises(ServiceUnavailable, match="MSIS7012: off"):
        page("<div id=errorMessage>MSIS7012: off</div>", status=status)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_other_statuses_have_pages(status):
    assert page("<form>", status=status).status == status


def test_the_repr_tells_nothing():
    found = page("<form action='?ticket=t0p'><input type=hidden name=SAMLResponse value=s3cret>")
    assert "s3cret" not in repr(found)
    assert "t0p" not in repr(found)
