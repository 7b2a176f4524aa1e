"""A second login within the provider's session asks nothing; a dead session costs one more try."""

import pytest

import runas
from runas_form.testing import Answer, FormIdp, login

from .conftest import PASSWORD, issue

LOGIN = login({"alice": PASSWORD})


def test_cookies_make_it_silent(person, sign_in):
    with FormIdp(issue, [LOGIN]) as idp:
        sign_in(idp.url)
        person.asked.clear()
        assert sign_in(idp.url).subject == "alice@example.com"
        assert person.asked == []
        assert idp.posted("password") == [PASSWORD]


def test_a_session_that_ended_is_a_new_login(person, sign_in):
    with FormIdp(issue, [LOGIN]) as idp:
        sign_in(idp.url)
        idp.forget()
        person.asked.clear()
        sign_in(idp.url)
    assert person.kinds == ["Username", "Password"]


def test_a_cookie_that_leads_nowhere_is_dropped_once(person, sign_in):
    def trouble(request):
        if "session" in request.cookies:
            return Answer('<p class="error">Cookie not found.</p>', 400)
        return None

    with FormIdp(issue, [LOGIN]) as idp:
        sign_in(idp.url)
        idp.trouble, seen = trouble, len(idp.requests)
        person.asked.clear()
        assert sign_in(idp.url).subject == "alice@example.com"
        assert [one.path for one in idp.requests[seen:]] == ["/sso", "/sso", "/step/0"]
    assert person.kinds == ["Username", "Password"]


def test_without_cookies_there_is_no_second_try(person, sign_in):
    with FormIdp(issue, [LOGIN], lambda request: Answer("gone", 404)) as idp:
        with pytest.raises(runas.PageNotRecognised):
            sign_in(idp.url)
        assert len(idp.requests) == 1


def test_a_refusal_is_not_tried_again_because_of_cookies(person, sign_in):
    with FormIdp(issue, [LOGIN]) as idp:
        sign_in(idp.url)
        idp.forget()
        person.password = "wrong"
        with pytest.raises(runas.WrongPassword):
            sign_in(idp.url)
        assert idp.posted("password") == [PASSWORD, "wrong"]
