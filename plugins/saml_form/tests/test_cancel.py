"""Every question may be closed, and nothing is sent after it."""

import pytest

from runas_form.testing import FormIdp

from .conftest import Hung, Person, SignIn, issue
from .products import PRODUCTS

CASES = [
    pytest.param(product, place, id=f"{name}: {ask}")
    for name, product in PRODUCTS.items()
    for place, ask in enumerate(product.asks)
]


@pytest.mark.parametrize(("product", "place"), CASES)
def test_closing_a_question_ends_it(product, place, new_http):
    person = Person(picks=list(product.picks), hangs_up_at=place)
    with FormIdp(issue, product.screens) as idp:
        sign_in, seen = SignIn(person, new_http()), 0
        real = person.answer

        def answer(challenge):
            nonlocal seen
            seen = len(idp.requests)
            return real(challenge)

        person.answer = answer  # type: ignore[method-assign]
        with pytest.raises(Hung):
            sign_in(idp.url, **product.settings)
        assert len(idp.requests) == seen
    assert person.kinds == product.asks[: place + 1]
