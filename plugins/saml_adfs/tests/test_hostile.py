"""A farm, or Duo, that breaks at any step: an error of runas, soon, and without a secret in it."""

import logging
import time
import traceback

import pytest
from urllib3.util import Retry

import runas
from runas.http import transport
from runas_adfs import approval, duo_api
from runas_adfs.testing import Fault

CODE = "918273645546"
STATUSES = (69, 77, 78)

CUT = b'<!DOCTYPE html><html><body><form method="post" id="loginForm" action="/adfs'
NESTED = b"<form>" + b"<div>" * 3000 + b'<input name="UserName">'
ECHO = (
    '<div id="errorArea"><div id="errorMessage">{0} and {1} are wrong</div></div>'
    '<form id="loginForm" method="post"><div id="error"><span id="errorText">{0} {1}</span></div>'
    '<input name="UserName"><input type="password" name="Password"></form>'
)
AWAY = (
    b'<form method="post" action="https://evil.example/"><input name="UserName">'
    b'<input type="password" name="Password"></form>'
)
ADAPTER = b'<input type="hidden" name="AuthMethod" value="%s"><input type="hidden" name="Context">'
DUO = b"<script>Duo.init({'host': '%s', 'sig_request': '%s'})</script>"
FORM = b'<form id="loginForm">' + ADAPTER
SAML = b'<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" '

PAGES = {
    "empty": b"",
    "nul": b"\0" * 64,
    "binary": bytes(range(256)) * 8,
    "latin": "Köln".encode("latin-1"),
    "cut": CUT,
    "nested": NESTED,
    "json": b'{"error": "no"}',
    "json-list": b"[1, 2, 3]",
    "json-ok": b'{"stat": "OK", "response": [1]}',
    "json-odd": b'{"stat": "OK", "response": {"txid": 5, "status_code": {}, "result": []}}',
    "json-fail": b'{"stat": "FAIL"}',
    "json-deep": b"[" * 100_000,
    "json-links": b'{"stat": "OK", "response": {"txid": "t\\ud800", "status_code": "allow",'
    b' "result_url": "http://[", "url": "http://["}}',
    "number": b"<p>&#" + b"1" * 5000 + b";",
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "no-fields": b'<form id="loginForm"></form>',
    "form-away": AWAY,
    "form-get": AWAY.replace(b"https://evil.example/", b"").replace(b"post", b"get"),
    "form-script": AWAY.replace(b"https://evil.example/", b"javascript:alert(1)"),
    "form-bad-url": AWAY.replace(b"https://evil.example/", b"http://[::1"),
    "passwords": b'<form><input type="password" name="a"><input type="password" name="b"></form>',
    "error": b'<div id="errorArea"><div id="errorMessage">MSIS7012</div></div>',
    "error-empty": b'<div id="errorArea"></div><div id="errorMessage"></div>',
    "homes-none": b'<form id="hrd" method="post"></form>',
    "homes-odd": b'<form id="hrd"></form><div onclick="HRD.selection(\'\')"></div>',
    "sites-none": b'<form><select name="RelyingParty"></select></form>',
    "options": b'<form id="options"></form><a onclick="SelectOption()">x</a>',
    "options-odd": b'<form id="options" method="post" action="http://["></form>'
    b"<a onclick=\"SelectOption('q')\">",
    "adapter": FORM % b"Other" + b"</form>",
    "adapter-azure": FORM % b"AzureMfaAuthentication" + b"</form>",
    "adapter-server": FORM % b"AzureMfaServerAuthentication" + b"</form>",
    "adapter-code": FORM % b"X" + b'<input name="Code"></form>',
    "adapter-fields": FORM % b"X" + b'<input name="q1"><input name="q2"></form>',
    "adapter-away": AWAY.replace(b"<input name", ADAPTER % b"X" + b"<input name"),
    "duo-nothing": FORM % b"DuoAdfsAdapter" + b"<script>Duo.init({})</script></form>",
    "duo-evil": FORM % b"DuoAdfsAdapter" + DUO % (b"evil.example", b"TX|a:APP|b") + b"</form>",
    "duo-like": FORM % b"DuoAdfsAdapter" + DUO % (b"evilduosecurity.com", b"TX|a:APP|b"),
    "duo-form": b'<form action="https://evil.example/"><input type="hidden" name="adfs_context">',
    "duo-landing": b'<div data-authkey="" data-akey="../.."></div>',
    "duo-tx": b'<form><input type="hidden" name="tx"><input type="hidden" name="_xsrf"></form>',
    "duo-xsrf": b'<form><input type="hidden" name="_xsrf" value="x"></form>',
    "saml-garbage": SAML + b'name="SAMLResponse" value="%%%"></form>',
    "saml-xml": SAML + b'name="SAMLResponse" value="PGE+PC9hPg=="></form>',
    "saml-empty": SAML + b'name="SAMLResponse" value=""></form>',
    "saml-away": SAML.replace(b"https://signin.aws", b"http://signin.evil")
    + b'name="SAMLResponse" value="a">',
    "refresh": b'<meta http-equiv="refresh" content="0; url=http://evil.example/">',
    "circle": b'<meta http-equiv="refresh" content="0; url=/adfs/ls/?again">',
    "script": b"<script>window.location = 'http://evil.example/'</script>",
    "huge": b"<p>" + b"x" * (3 << 20),
}
FAULTS = {name: Fault(body=body) for name, body in PAGES.items()} | {
    "400": Fault(status=400, body=b"Bad Request"),
    "401": Fault(status=401),
    "403": Fault(status=403, body=b"<p>no"),
    "404": Fault(status=404, body=b"<p>no"),
    "429": Fault(status=429),
    "500": Fault(status=500, body=b"<p>Server Error"),
    "500-json": Fault(status=500, body=b"{}", content_type="application/json"),
    "503": Fault(status=503),
    "600": Fault(status=600),
    "image": Fault(body=b"\x89PNG", content_type="image/png"),
    "charset": Fault(body=b"<p>x", content_type="text/html; charset=nonsense"),
    "redirect-self": Fault(status=302, location="/adfs/ls/"),
    "redirect-plain": Fault(status=302, location="http://evil.example/"),
    "redirect-bad": Fault(status=302, location="http://[::1"),
    "redirect-file": Fault(status=302, location="file:///etc/passwd"),
    "redirect-307": Fault(status=307, location="http://evil.example/"),
    "drop": Fault("drop"),
    "hang": Fault("hang", seconds=0.5),
    "echo": Fault(body=b"ECHO"),
}
STEPS = [("", 1), ("", 2), ("", 3), ("azure-mfa", 4), ("azure-mfa", 5), ("azure-server", 4)]
STEPS += [("rsa", 4), ("rsa", 5), ("rsa-v2", 4), ("rsa-v2", 5)]
DUO_STEPS = [("duo-frame", step, "push") for step in range(1, 6)]
DUO_STEPS += [("duo", step, "push") for step in range(1, 8)]
DUO_STEPS += [("duo-pwl", step, "push") for step in range(1, 7)]
DUO_STEPS += [("duo-frame", 3, "totp"), ("duo-frame", 4, "totp"), ("duo", 6, "totp")]
DUO_STEPS += [("duo", 7, "totp"), ("duo-pwl", 4, "totp"), ("duo-frame", 4, "call")]
DUO_FAULTS = [
    *("empty", "binary", "json", "json-list", "json-ok", "json-odd", "json-fail", "form-away"),
    *("json-deep", "json-links"),
    *("duo-landing", "duo-tx", "duo-xsrf", "saml-garbage", "refresh", "400", "403", "429", "500"),
    *("image", "redirect-self", "redirect-plain", "redirect-bad", "drop", "hang", "echo"),
]


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(approval, "LOOKS", 3)
    monkeypatch.setattr(approval, "PATIENCE", (0.3, 0.3))
    monkeypatch.setattr(duo_api, "LOOKS", 3)
    monkeypatch.setattr(transport, "TIMEOUT", (0.3, 0.3))
    monkeypatch.setattr(transport, "retries", lambda: Retry(0, read=False))


def _hostile(world, farm, caplog, mfa_type):
    person = world.person(farm, mfa_type=mfa_type)
    person.answers[runas.Code] = CODE
    started = time.monotonic()
    with caplog.at_level(logging.DEBUG), pytest.raises(runas.RunasError) as caught:
        person.sign_in()
    error = caught.value
    assert time.monotonic() - started < 8
    assert error.status in STATUSES
    assert error.fact
    assert farm.primary <= 1
    told = [str(error), repr(error), caplog.text, *traceback.format_exception_only(error)]
    cause = error.__cause__
    while cause is not None:
        told.append(f"{cause!s} {cause!r}")
        cause = cause.__cause__
    for secret in (world.password, CODE):
        assert not any(secret in each for each in told), told
    for server in (farm, farm.duo.server):
        for request in server.requests:
            assert world.password not in request.target


def _fault(name, world, code):
    if name == "echo":
        return Fault(body=ECHO.format(world.password, code).encode())
    return FAULTS[name]


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize(("adapter", "step"), STEPS)
def test_farm_breaks(world, caplog, name, adapter, step):
    farm = world.farm("2022", adapter or ())
    farm.users[world.name.lower()].polls = 3
    farm.users[world.name.lower()].codes = []
    farm.faults[step] = _fault(name, world, CODE if step > 3 else "")
    _hostile(world, farm, caplog, "auto")


@pytest.mark.parametrize("name", DUO_FAULTS)
@pytest.mark.parametrize(("adapter", "step", "mfa_type"), DUO_STEPS)
def test_duo_breaks(world, caplog, name, adapter, step, mfa_type):
    farm = world.farm("2022", adapter, polls=2, codes=[])
    farm.duo.server.faults[step] = _fault(name, world, CODE)
    _hostile(world, farm, caplog, mfa_type)
