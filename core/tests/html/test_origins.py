"""Addresses that two parsers read differently: the secret goes by the one that sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Request

from runas import html
from runas.aws.federation import account_names
from runas.errors import ConfigurationError, RunasError
from runas.http import origin, session
from runas.model import Profile, Role, RoleArn
from runas.saml import Assertion
from runas.testing.site import Site

CANARY = "c4nary-password"
PIECES = ("good.example", "evil.example", "@", "\\", "/", ":", "443", ":80", "#", "?", " ", "\t",
          "%", "%2f", ";", "[", "]", ".", "\u3002", "\u00df", "https:", "//", "\u2044", "%40", "|",
          "^", "`", "{", "\u00a0", "\x7f", "\u200b")  # fmt: skip


@pytest.fixture
def sites():
    with Site() as good, Site() as evil:
        yield good, evil


@pytest.fixture
def http():
    with session(Profile("work", {})) as made:
        yield made


def host(site):
    return site.url.partition("//")[2]


@pytest.mark.parametrize("end", ["\\@", "\\\\@", "\\:x@", "/\\@", "\\a@"])
def test_a_backslash_does_not_carry_the_password_away(end, http, sites):
    good, evil = sites
    evil.page("/in", "thanks")
    action = f"http://{host(evil)}{end}{host(good)}/in"
    form = f"<form method=post action='{action}'><input type=password name=pw></form>"
    good.page("/login", form)
    page = html.read(http.get(good.url + "/login"))
    with pytest.raises(ConfigurationError):
        html.submit(http, page, page.forms[0], {"pw": CANARY})
    assert not evil.requests


def test_nor_an_assertion(http, sites):
    _, evil = sites
    role = Role(RoleArn.parse("arn:aws:iam::123456789012:role/a"), "arn:aws:iam::1:x")
    made = Assertion(
        "PHNh", roles=(role, role), destination=f"http://{host(evil)}\\@127.0.0.1/saml"
    )
    assert account_names(http, made) == {}
    assert not evil.requests


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6))
def test_an_origin_is_where_the_request_goes(pieces):
    url = "https://" + "".join(pieces)
    try:
        judged = origin(url)
        sent = origin(Request("GET", url).prepare().url or "")
    except (RunasError, ValueError, OSError):
        return  # refused before anything is sent
    assert judged == sent or judged not in ("https://good.example", "https://evil.example")
