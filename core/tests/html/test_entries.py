"""What a form sends, pair by pair, as the HTML standard has it (4.10.22.4, the entry list)."""

import json
import re
import subprocess
from email import message_from_bytes
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from requests import Response

from runas import html
from runas.errors import ConfigurationError
from runas.http import session
from runas.model import Profile
from runas.testing.site import Site


def form(inputs):
    made = Response()
    made._content, made.status_code = f"<form method=post>{inputs}</form>".encode(), 200
    made.url = "https://idp.example/login"
    made.headers["Content-Type"] = "text/html; charset=utf-8"
    [found] = html.read(made).forms
    return found


UNTOUCHED = {
    "a name twice": (
        "<input type=hidden name=a value=1><input name=b><input type=hidden name=a value=2>",
        [("a", "1"), ("b", ""), ("a", "2")],
    ),
    "boxes": (
        (
            "<input type=checkbox name=i value=1 checked><input type=checkbox name=i value=2>"
            "<input type=checkbox name=i checked><input type=checkbox name=i value='' checked>"
        ),
        [("i", "1"), ("i", "on"), ("i", "")],
    ),
    "one radio button of a group": (
        (
            "<input type=radio name=r value=1 checked><input type=radio name=r value=2 checked>"
            "<input type=radio name=s value=3>"
        ),
        [("r", "2")],
    ),
    "a drop-down shows its first": ("<select name=s><option>1<option>2</select>", [("s", "1")]),
    "but not one that is disabled": (
        "<select name=s><option value='' disabled>Which?<option>1<option>2</select>",
        [("s", "1")],
    ),
    "unless that is marked": (
        "<select name=s><option value='' disabled selected>Which?<option>1</select>",
        [],
    ),
    "the last that is marked": (
        "<select name=s><option selected>1<option selected>2<option>3</select>",
        [("s", "2")],
    ),
    "a list shows none": ("<select name=s size=3><option>1<option>2</select>", []),
    "a list of several": (
        (
            "<select name=s multiple><option selected>1<option>2<option selected value=c>3"
            "<optgroup disabled><option selected>4</optgroup></select>"
        ),
        [("s", "1"), ("s", "c")],
    ),
    "several, none marked": ("<select name=s multiple><option>1</select>", []),
    "no options": ("<select name=s></select>", []),
    "disabled": (
        (
            "<input name=a disabled><select name=b disabled><option>1</select>"
            "<textarea name=c disabled></textarea><input type=hidden name=d disabled>"
        ),
        [],
    ),
    "a disabled group, but for its legend": (
        (
            "<fieldset disabled><input name=a><legend><input name=b></legend>"
            "<legend><input name=c></legend><fieldset><legend><input name=d></legend></fieldset>"
            "</fieldset>"
        ),
        [("b", "")],
    ),
    "within a datalist": ("<datalist><input name=a></datalist><input name=b>", [("b", "")]),
    "without a name": ("<input value=1><input name='' value=2><select><option>1</select>", []),
    "buttons": ("<button name=a>A</button><input type=submit name=b><input type=image name=c>", []),
    "what is no button of the form": (
        (
            "<input type=reset name=a value=1><input type=button name=b value=1>"
            "<button type=button name=c value=1></button>"
        ),
        [],
    ),
    "a text of several lines": ("<textarea name=t>\n a\nb</textarea>", [("t", " a\nb")]),
    "an unknown type is text": ("<input type=nonsense name=a value=1>", [("a", "1")]),
}


@pytest.mark.parametrize(("inputs", "sent"), UNTOUCHED.values(), ids=UNTOUCHED)
def test_when_nobody_touches_anything(inputs, sent):
    found = form(inputs)
    assert found.entries() == sent
    assert found.fields == dict(sent)


BOXES = "".join(f"<input type=checkbox name=i value={one} checked>" for one in "abc")
RADIOS = "<input type=radio name=r value=1 checked><input name=t><input type=radio name=r value=2>"
LIST = "<select name=s multiple><option>1<option selected>2<option>3</select><input name=z>"
TWIN = "<input type=hidden name=k value=0><input type=checkbox name=k value=1>"
FILLED_IN = {
    "in its place": ("<input name=a><input name=b><input name=c>", {"b": "x"},
                     [("a", ""), ("b", "x"), ("c", "")]),
    "hidden": ("<input type=hidden name=ok value=''><input name=b>", {"ok": "clicked"},
               [("ok", "clicked"), ("b", "")]),
    "some of the boxes": (BOXES, {"i": ["c", "a"]}, [("i", "a"), ("i", "c")]),
    "one of the boxes": (BOXES, {"i": "b"}, [("i", "b")]),
    "none of the boxes": (BOXES + "<input name=x>", {"i": ()}, [("x", "")]),
    "another radio button": (RADIOS, {"r": "2"}, [("t", ""), ("r", "2")]),
    "options of a list": (LIST, {"s": ("3", "1")}, [("s", "1"), ("s", "3"), ("z", "")]),
    "a box beside its hidden twin": (TWIN, {"k": "1"}, [("k", "0"), ("k", "1")]),
    "the twin of an unticked box": (TWIN, {"k": ()}, [("k", "0")]),
    "texts of one name": ("<input name=a><input name=b><input name=a>", {"a": ["1", "2"]},
                          [("a", "1"), ("b", ""), ("a", "2")]),
    "more than the form has": ("<input name=a>", {"a": ["1", "2"], "new": "3"},
                               [("a", "1"), ("a", "2"), ("new", "3")]),
    "a value that no box has": (BOXES, {"i": "d"}, [("i", "d")]),
}  # fmt: skip


@pytest.mark.parametrize(("inputs", "values", "sent"), FILLED_IN.values(), ids=FILLED_IN)
def test_what_is_filled_in_takes_its_place(inputs, values, sent):
    assert form(inputs).entries(values) == sent


BUTTONS = (
    "<input type=hidden name=e value=submit><button name=e value=go>Go</button><input name=a>"
    "<button name=e value=back>Back</button><input type=image name=i><input type=image>"
    "<button>plain</button>"
)
PRESSED = [
    (0, [("e", "submit"), ("e", "go"), ("a", "")]),
    (1, [("e", "submit"), ("a", ""), ("e", "back")]),
    (2, [("e", "submit"), ("a", ""), ("i.x", "0"), ("i.y", "0")]),
    (3, [("e", "submit"), ("a", ""), ("x", "0"), ("y", "0")]),
    (4, [("e", "submit"), ("a", "")]),
]


@pytest.mark.parametrize(("number", "sent"), PRESSED)
def test_the_button_that_is_pressed_stands_where_it_stands(number, sent):
    found = form(BUTTONS)
    assert found.entries(press=found.buttons[number]) == sent


ASK = """<pre id=said></pre><script>
const said = [...document.forms].map(form => {
  const buttons = form.querySelectorAll("button, input[type=image]");
  return [...new FormData(form, buttons[form.dataset.press])].map(
    ([name, value]) => [name, typeof value === "string" ? value : ""]);
});
document.getElementById("said").textContent = JSON.stringify(said);
</script>"""


@pytest.mark.requires("chromium")
def test_a_browser_sends_the_same(tmp_path):
    """Have Chromium list the entries of every form above, where it does what the standard says."""
    cases = [case for name, case in UNTOUCHED.items() if name != "within a datalist"]
    page = tmp_path / "forms.html"
    bodies = [f"<form>{inputs}</form>" for inputs, _ in cases]
    bodies += [f"<form data-press={number}>{BUTTONS}</form>" for number, _ in PRESSED]
    page.write_text("".join(bodies) + ASK, "utf-8")
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
    shown = subprocess.run(
        ["chromium", *flags, f"--user-data-dir={tmp_path}/browser", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    said = json.loads(unescape(re.search(r"<pre id=\"said\">(.*?)</pre>", shown, re.S)[1]))
    ours = [sent for _, sent in (*cases, *PRESSED)]
    assert [[tuple(pair) for pair in one] for one in said] == ours


def test_all_pairs_go_out_in_this_order():
    body = f"<form method=post action=/in>{BOXES}{LIST}<button name=go value=1>Go</button></form>"
    lines = "<textarea name=n>a\nb</textarea>"
    sent = [*(("i", one) for one in "abc"), ("s", "2"), ("z", ""), ("go", "1"), ("n", "a\r\nb")]
    with Site() as site, session(Profile("work", {})) as http:
        site.page("/in", "<p>Thanks</p>")
        for more in ("", " enctype=multipart/form-data", " method=get"):
            text = body.replace("</form>", f"{lines}</form>").replace("<form", f"<form{more}")
            site.page("/login", text)
            page = html.read(http.get(f"{site.url}/login"))
            answer = html.submit(http, page, page.forms[0], {}, press="go")
            assert pairs(site.requests[-1], answer.url) == sent


def pairs(request, url):
    """Read what arrived, in order, from whichever kind of body, else from the address."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        text = request.body.decode() or urlsplit(url).query
        return parse_qsl(text, keep_blank_values=True)
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
    return [
        (part.get_param("name", header="content-disposition"),
         part.get_payload(decode=True).decode().removesuffix("\r\n"))
        for part in message.get_payload()
    ]  # fmt: skip


def test_a_secret_among_several_is_a_secret_too():
    with Site() as site, Site() as other, session(Profile("work", {})) as http:
        inputs = "<input type=password name=p><input name=p>"
        site.page("/login", f"<form method=post action='{other.url}/in'>{inputs}")
        page = html.read(http.get(f"{site.url}/login"))
        with pytest.raises(ConfigurationError, match="would send the password"):
            html.submit(http, page, page.forms[0], {"p": ["", "c4nary"]})
        assert not other.requests
