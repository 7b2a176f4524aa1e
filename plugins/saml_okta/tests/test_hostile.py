"""Whatever a server answers, at whatever step: an error that says so, soon, and no secret in it."""

import json
import logging
import threading
import traceback

import pytest

import runas
from runas_okta.testing import OktaOrg, Push, Reply, Totp

from .driving import NAME, PASSWORD, Hasty, Person, sign_in

CODE_CANARY = "code-canary-77"
EVIL = "https://evil.example/collect"
ALLOWED = {69, 77, 78}


def changed(value, change):
    """Apply *change* to every leaf of a JSON value."""
    if isinstance(value, dict):
        return {key: changed(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [changed(one, change) for one in value]
    return change(value)


def leaves(change):
    def mutation(request, reply):
        try:
            return Reply.of(changed(json.loads(reply.body), change), reply.status)
        except ValueError:
            return Reply.page(str(change(reply.body.decode("utf-8", "replace"))), reply.status)

    return mutation


def without(name):
    def mutation(request, reply):
        reply.body = reply.body.replace(f'"{name}"'.encode(), b'"gone"')
        return reply

    return mutation


def constant(body, status=200, kind="application/json", **headers):
    def mutation(request, reply):
        return Reply(status, body, kind, list(headers.items()))

    return mutation


def echo(status):
    """Repeat what was sent, as a careless server does."""

    def mutation(request, reply):
        said = request.content.decode("utf-8", "replace")
        try:
            said = " ".join(str(one) for one in json.loads(said).values())
        except (ValueError, AttributeError):
            pass
        words = {"message": said, "class": "ERROR", "i18n": {"key": said}}
        body = {"errorCode": "E0000001", "errorSummary": said, "messages": {"value": [words]}}
        return Reply.of(body, status)

    return mutation


def truncated(request, reply):
    return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.kind)


def dropped(request, reply):
    return Reply(dropped=True)


def slow(request, reply):
    reply.wait = threading.Event()
    threading.Timer(0.9, reply.wait.set).start()
    return reply


def links(request, reply):
    def to_evil(value):
        return EVIL if isinstance(value, str) and value.startswith("http://127") else value

    return leaves(to_evil)(request, reply)


DEEP = b"[" * 50_000
MUTATIONS = {
    "html-500": constant(b"<h1>Oops", 500, "text/html"),
    "json-503": constant(b"{}", 503),
    "html-404": constant(b"<h1>Nothing here", 404, "text/html"),
    "429": constant(b"{}", 429, **{"X-Rate-Limit-Reset": "99999999999999999999"}),
    "429-nan": constant(b"{}", 429, **{"X-Rate-Limit-Reset": "nan", "Retry-After": "inf"}),
    "empty": constant(b""),
    "empty-object": constant(b"{}"),
    "null": constant(b"null"),
    "array": constant(b"[]"),
    "number": constant(b"12345678901234567890"),
    "deep": constant(DEEP),
    "deep-object": constant(b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "large": constant(b'{"a":"' + b"x" * 1_200_000 + b'"}'),
    "not-utf8": constant(b'{"status": "\xff\xfe\x00"}'),
    "bom": constant(b"\xef\xbb\xbf{}"),
    "garbage-page": constant(bytes(range(256)) * 20, 200, "text/html"),
    "form-page": constant(
        b'<form action="https://evil.example"><input name=u><input type=password name=p></form>',
        200,
        "text/html",
    ),
    "refusal-unknown": constant(b'{"errorCode": "E9999999"}', 403),
    "refusal-typed": constant(b'{"errorCode": 4, "errorCauses": {"a": 1}}', 401),
    "status-unknown": constant(b'{"status": "DANCE", "stateToken": "00x"}'),
    "status-bare-factor": constant(b'{"status": "MFA_REQUIRED", "stateToken": "00x"}'),
    "status-bare-challenge": constant(b'{"status": "MFA_CHALLENGE", "stateToken": "00x"}'),
    "status-bare-success": constant(b'{"status": "SUCCESS"}'),
    "idx-bare": constant(b'{"stateHandle": "02.x", "remediation": {"value": [1, {}, null]}}'),
    "idx-bad-form": constant(
        b'{"stateHandle":"02.x","remediation":{"value":[{"name":"identify","href":"/x"}]}}'
    ),
    "idx-success-elsewhere": constant(b'{"success": {"href": "https://evil.example/"}}'),
    "saml-garbage": constant(
        b'<form action="https://signin.aws.amazon.com/saml" method="post">'
        b'<input type="hidden" name="SAMLResponse" value="PGE+"></form>',
        200,
        "text/html",
    ),
    "redirect-evil": constant(b"", 307, "text/html", Location="http://evil.example/"),
    "redirect-self": constant(b"", 302, "text/html", Location="/home"),
    "redirect-broken": constant(b"", 302, "text/html", Location="http://[::1"),
    "echo-400": echo(400),
    "echo-401": echo(401),
    "echo-403": echo(403),
    "echo-200": echo(200),
    "links-elsewhere": links,
    "numbers": leaves(lambda value: 7),
    "nulls": leaves(lambda value: None),
    "lists": leaves(lambda value: [value]),
    "objects": leaves(lambda value: {"a": value}),
    "truths": leaves(lambda value: True),
    "escapes": leaves(lambda value: "\x1b]0;x\x07\n\u202e" if isinstance(value, str) else value),
    "halves": leaves(lambda value: value + "\ud800" if isinstance(value, str) else value),
    "half-links": leaves(lambda value: f"{value}?x=\ud800" if str(value)[:4] == "http" else value),
    "long-numbers": leaves(lambda value: 10**400 if type(value) is int else value),
    "infinite": constant(b'{"status": Infinity, "remediation": NaN}'),
    "no-links": without("_links"),
    "no-href": without("href"),
    "no-embedded": without("_embedded"),
    "no-token": without("stateToken"),
    "no-handle": without("stateHandle"),
    "no-values": without("value"),
    "no-names": without("name"),
    "truncated": truncated,
    "dropped": dropped,
    "slow": slow,
}
STEPS = {("classic", "push"): 9, ("classic", "totp"): 7,
         ("identity", "push"): 10, ("identity", "totp"): 9}  # fmt: skip
CASES = [
    (engine, kind, step, name)
    for (engine, kind), steps in STEPS.items()
    for step in range(steps)
    for name in MUTATIONS
    # The same step and answer twice would prove nothing: the ways part at the factor.
    if kind == "push" or step >= 4
]


def healthy(engine, kind):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [factor(kind)])
        sign_in(org, Person(lambda: CODE_CANARY), kind)
        return len(org.requests)


class Fixed(Totp):
    def accepts(self, code):
        return code == CODE_CANARY


def factor(kind):
    return Push(number="42", after=1) if kind == "push" else Fixed()


@pytest.mark.parametrize(("engine", "kind"), STEPS)
def test_the_steps_are_those_of_a_login(engine, kind):
    assert healthy(engine, kind) == STEPS[engine, kind]


def test_the_table_is_long_enough():
    assert len(CASES) >= 1000


def told(error):
    """Return all that anybody could ever see of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + str(error)


@pytest.mark.parametrize(("engine", "kind", "step", "name"), CASES)
def test_a_hostile_answer(engine, kind, step, name, caplog):
    caplog.set_level(logging.DEBUG)
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [factor(kind)])
        count = iter(range(10_000))

        def tampering(request, reply):
            return MUTATIONS[name](request, reply) if next(count) == step else reply

        org.tamper = tampering
        seen = caplog
        try:
            sign_in(org, Person(lambda: CODE_CANARY), kind)
        except runas.RunasError as error:
            assert error.status in ALLOWED, told(error)
            assert error.fact
            shown = told(error)
        else:
            shown = ""
        assert org.primary_authentications <= 1
        for canary in (PASSWORD, CODE_CANARY, "\x1b", "\u202e"):
            assert canary not in shown
            assert canary not in seen.text


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_an_org_that_is_not_there(engine):
    with OktaOrg(engine) as org:
        pass
    with pytest.raises(runas.ServiceUnavailable):
        sign_in(org, http=Hasty())
