"""``--record``: everything of the exchange but its secrets."""

import base64
import html
import json
import os
import sys
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.errors import UsageError
from runas.http import Transcript, session
from runas.http.redaction import Redactor
from runas.model import Profile
from runas.testing.replay import Replay
from runas.testing.saml import SamlIdp
from runas.testing.site import Answer, Site

PASSWORD = 'pä$$ w"o<r>d&+%/\\'
CODE = "493817"
TOKEN = "00kZ9aXbC7dQeW1rTyU3iOpAsDfGhJkL"
SESSION = "102p9qzX-cookie-value"


@pytest.fixture
def recorded(tmp_path):
    """Record one login whose secrets go everywhere; give the lines and the whole text."""
    path = tmp_path / "transcript.jsonl"
    transcript = Transcript(str(path))
    assertion = SamlIdp().response([("arn:aws:iam::123456789012:role/a", "b")])
    with Site() as site, session(Profile("x", {}), transcript=transcript) as http:
        furnish(site, assertion)
        http.guard(PASSWORD)
        http.guard(CODE, "code")
        url = f"{site.url}/in?user=alice&pw={quote(PASSWORD)}&stateToken={TOKEN}"
        http.get(url)
        http.post(f"{site.url}/in", data={"user": "alice", "x": PASSWORD, "y": CODE})
        http.post(f"{site.url}/json", json={"password": PASSWORD, "n": int(CODE), "t": TOKEN})
        http.get(f"{site.url}/saml", auth=("alice", PASSWORD))
        http.get(f"{site.url}/away")
        http.get(f"{site.url}/image")
    transcript.close()
    text = path.read_text()
    return [json.loads(line) for line in text.splitlines()], text, assertion, path


def furnish(site, assertion):
    echo = html.escape(PASSWORD)
    page = (
        f"<p>You sent {echo} and {PASSWORD}</p><script>var stateToken = '{TOKEN}';"
        f"var p = {json.dumps(PASSWORD)};</script><input type=hidden name=csrf value='{TOKEN}'>"
        f"<a href='/next?ticket={TOKEN}&amp;a={quote_plus(PASSWORD)}'>"
    )
    kind = {"Content-Type": "text/html; charset=utf-8"}
    cookies = {"Set-Cookie": [f"sid={SESSION}; Path=/; HttpOnly", "lang=en"]}
    for method in ("GET", "POST"):
        site.on(method, "/in", Answer(200, kind | cookies, page))
    answer = {"sessionToken": TOKEN, "status": "SUCCESS", "echo": [PASSWORD], "c": SESSION}
    site.on("POST", "/json", Answer(200, {"Content-Type": "application/json"}, json.dumps(answer)))
    site.page("/saml", SamlIdp().page(assertion))
    location = f"/saml?token={TOKEN}&x={quote(PASSWORD)}"
    site.on("GET", "/away", Answer(302, {"Location": location}))
    site.on("GET", "/image", Answer(200, {"Content-Type": "image/png"}, b"\x89PNG" + b"x" * 9))


def spellings(text):
    raw = text.encode()
    yield from (text, quote(text), quote(text, safe=""), quote_plus(text), html.escape(text))
    yield from (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
    yield base64.b64encode(raw).decode().rstrip("=")[:-1]
    yield "".join(f"&#{ord(char)};" for char in text)
    yield "".join(f"&#x{ord(char):X};" for char in text)
    yield "".join(f"\\x{ord(char):02x}" for char in text)
    yield quote(quote(text, safe=""), safe="")


@pytest.mark.parametrize("secret", [PASSWORD, CODE, TOKEN, SESSION])
def test_no_secret_in_any_spelling(recorded, secret):
    _, text, _, _ = recorded
    for spelt in spellings(secret):
        assert spelt not in text
        assert json.dumps(spelt)[1:-1] not in text


def test_no_secret_in_basic_authentication(recorded):
    lines, text, _, _ = recorded
    assert base64.b64encode(f"alice:{PASSWORD}".encode()).decode() not in text
    assert ["Authorization", "Basic <token>"] in lines[3]["sent"]["headers"]


def test_no_assertion(recorded):
    lines, text, assertion, _ = recorded
    assert assertion[:60] not in text
    assert 'value="<assertion>"' in lines[3]["body"]


def test_what_is_left_is_typed(recorded):
    lines, *_ = recorded
    first, form, structure = lines[:3]
    assert first["url"].endswith("/in?user=<value>&pw=<value>&stateToken=<value>")
    assert ["Set-Cookie", "sid=<cookie:sid>; Path=/; HttpOnly"] in first["headers"]
    assert "You sent <password> and <password>" in first["body"]
    assert form["sent"]["body"] == "user=alice&x=<password>&y=<code>"
    assert ["Cookie", "sid=<cookie:sid>; lang=<cookie:lang>"] in form["sent"]["headers"]
    assert json.loads(structure["sent"]["body"])["n"] == "<code>"
    body = json.loads(structure["body"])
    assert body == {
        "sessionToken": "<token>", "status": "SUCCESS", "echo": ["<password>"], "c": "<cookie:sid>"
    }  # fmt: skip
    assert [line["status"] for line in lines] == [200, 200, 200, 200, 302, 200, 200]
    assert lines[-1]["body"] == "<13 bytes>"
    assert ["Location", "/saml?token=<value>&x=<value>"] in lines[4]["headers"]


def test_the_file_is_for_its_owner_only(recorded, tmp_path):
    *_, path = recorded
    if sys.platform != "win32":
        assert os.stat(path).st_mode & 0o777 == 0o600
        path.chmod(0o644)
        Transcript(str(path)).close()
        assert os.stat(path).st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="--record: cannot write") as caught:
        Transcript(str(tmp_path / "gone" / "x"))
    assert caught.value.status == 2


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="Linux has it")
def test_a_full_disk_is_no_bug_and_a_device_stays_as_it_is():
    before = os.stat("/dev/full").st_mode
    transcript = Transcript("/dev/full")
    assert os.stat("/dev/full").st_mode == before
    with Site() as site, session(Profile("x", {}), transcript=transcript) as http:
        site.page("/page", "hello")
        with pytest.raises(UsageError, match="cannot write '/dev/full': No space left") as caught:
            http.get(site.url + "/page")
    assert caught.value.status == 2
    transcript.close()


def test_a_test_can_play_it_again(recorded):
    lines, _, _, path = recorded
    host = lines[0]["url"].partition("/in")[0]
    with session(Profile("x", {})) as http:
        http.mount("http://", Replay(str(path)))
        assert "You sent <password>" in http.get(f"{host}/in?other=query").text
        assert http.post(f"{host}/json", json={}).json()["status"] == "SUCCESS"
        assert http.get(f"{host}/away").url.startswith(f"{host}/saml")
        with pytest.raises(AssertionError, match="not in the transcript"):
            http.get(f"{host}/elsewhere")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", '{"stateToken": "\\ud800-half-a-character"}'),
        ("text/html", f"<input name=a value='&#{'1' * 5000};'>"),
        *((f"text/html; charset={name}", "<p>Hello") for name in ("idna", "undefined", "hex")),
    ],
)
def test_an_odd_answer_does_not_end_the_login(tmp_path, kind, body):
    transcript = Transcript(str(tmp_path / "transcript.jsonl"))
    with Site() as site, session(Profile("x", {}), transcript=transcript) as http:
        site.on("GET", "/odd", Answer(200, {"Content-Type": kind}, body))
        assert http.get(site.url + "/odd").status_code == 200
    transcript.close()
    [line] = (tmp_path / "transcript.jsonl").read_text().splitlines()
    assert "half-a-character" not in line


SECRETS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=6, max_size=40).filter(
    lambda text: text.strip() == text
)


@given(SECRETS, st.text(max_size=10), st.text(max_size=10))
def test_any_answer_in_any_spelling_is_found(secret, before, after):
    redactor = Redactor()
    redactor.guard(secret, "password")
    for spelt in (secret, quote(secret, safe=""), quote_plus(secret), html.escape(secret),
                  json.dumps(secret)[1:-1], quote(quote(secret, safe=""), safe="")):  # fmt: skip
        assert "<password>" in redactor.redact(f"{before}{spelt}{after}")
    content = (before + secret + after).encode("utf-8", "surrogatepass")
    for encoded in (base64.b64encode(content), base64.urlsafe_b64encode(content)):
        assert "<password>" in redactor.redact(encoded.decode())


def test_secrets_within_secrets():
    redactor = Redactor()
    redactor.guard("abc", "code")
    redactor.guard("abcdef", "password")
    redactor.guard("p", "code")
    redactor.guard("", "code")
    assert redactor.redact("abcdef abc p") == "<password> <code> <code>"
