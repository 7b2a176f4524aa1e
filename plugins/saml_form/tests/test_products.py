"""Pages shaped like those of products lead to an identity, with the right questions."""

import pytest

import runas
from runas import saml
from runas_form.testing import FormIdp

from .conftest import PASSWORD, ROLE, issue
from .products import CAS_LOGIN, CAS_TOKEN, PRODUCTS

each = pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)


@each
def test_it_leads_to_an_identity(product, person, sign_in):
    person.picks = list(product.picks)
    with FormIdp(issue, product.screens) as idp:
        identity = sign_in(idp.url, **product.settings)
    assert identity.subject == "alice@example.com"
    assert [str(role.arn) for role in saml.read(identity.assertion).roles] == [ROLE]
    assert person.kinds == product.asks


@each
def test_the_password_is_sent_once(product, person, sign_in):
    person.picks = list(product.picks)
    with FormIdp(issue, product.screens) as idp:
        sign_in(idp.url, **product.settings)
        sent = [one for one in idp.requests if PASSWORD in one.fields.values()]
    assert len(sent) == 1


@each
def test_a_wrong_password_is_a_refusal_and_not_sent_again(product, person, sign_in):
    person.picks, person.password = list(product.picks), "wr0ng-canary"
    with FormIdp(issue, product.screens) as idp:
        with pytest.raises(runas.WrongPassword) as caught:
            sign_in(idp.url, **product.settings)
        sent = [one for one in idp.requests if "wr0ng-canary" in one.fields.values()]
    assert len(sent) == 1
    assert caught.value.status == 77
    assert "wr0ng-canary" not in str(caught.value)


@each
def test_the_username_may_come_from_the_profile(product, person, sign_in):
    person.picks = list(product.picks)
    with FormIdp(issue, product.screens) as idp:
        sign_in(idp.url, **product.settings, username="alice")
    assert "Username" not in person.kinds
    password = next(one for one in person.asked if isinstance(one, runas.Password))
    assert password == runas.Password(idp.origin, "alice")


def test_a_mistyped_code_may_be_typed_again(person, sign_in):
    person.codes = ["000000", "424242"]
    with FormIdp(issue, [CAS_LOGIN, CAS_TOKEN]) as idp:
        sign_in(idp.url)
        assert idp.posted("token") == ["000000", "424242"]
        assert len(idp.posted("password")) == 1
