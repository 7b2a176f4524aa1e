"""Whoever stops, at whatever challenge: the sign-in ends at Okta as well."""

import pytest

import runas
import runas_okta
from runas_okta.testing import Duo, OktaOrg, Push, Question, Sms, Totp

from .driving import NAME, PASSWORD, Hasty, Person, begin, satisfy

STOPS = [KeyboardInterrupt(), runas.Cancelled("closed"), runas.InteractionRequired("nobody")]
BOTH = [Push, Totp, Sms, Question]
CASES = [("classic", one) for one in (*BOTH, Duo)] + [("identity", one) for one in BOTH]


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: type(stop).__name__)
@pytest.mark.parametrize(("engine", "factor"), CASES)
def test_at_the_second_factor(engine, factor, stop):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [factor()])
        pending = begin(org, Person(), http := Hasty())
        person = Person(Choice="Push", Code=stop, Approval=stop)
        with pytest.raises(type(stop)):
            satisfy(http, pending, person, pending.factors[0].kind)
        assert len(org.cancelled) == 1
        assert org.violations == []


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: type(stop).__name__)
@pytest.mark.parametrize("challenge", ["Username", "Password"])
def test_before_the_second_factor(challenge, stop):
    with OktaOrg("identity") as org:
        org.user(NAME, PASSWORD)
        with pytest.raises(type(stop)):
            begin(org, Person(None, **{challenge: stop}), Hasty())
        assert len(org.cancelled) == 1
        assert org.primary_authentications == 0


@pytest.mark.parametrize("challenge", ["Username", "Password"])
def test_in_a_transaction_that_a_page_began(challenge):
    with OktaOrg("classic", page_token=True) as org:
        org.user(NAME, PASSWORD)

        def stepping(request, reply):
            if request.path == "/login/login.htm":
                for one in org.tokens.values():
                    one.for_app = True
            return reply

        org.tamper = stepping
        with pytest.raises(KeyboardInterrupt):
            begin(org, Person(None, **{challenge: KeyboardInterrupt()}), Hasty())
        assert len(org.cancelled) == 1


@pytest.mark.parametrize(("engine", "factor"), CASES)
def test_a_flow_that_is_closed(engine, factor):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [factor()])
        pending = begin(org, Person(), http := Hasty())
        flow = runas_okta.mfa(http=http, pending=pending, factor=pending.factors[0])
        assert flow is not None
        next(flow)
        flow.close()
        assert len(org.cancelled) == 1


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_a_push_is_cancelled_while_it_waits(engine):
    with OktaOrg(engine) as org:
        push = Push(after=5)
        org.user(NAME, PASSWORD, [push])
        pending = begin(org, Person(), http := Hasty())

        def impatient(challenge):
            if push.looks == 3:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            satisfy(http, pending, impatient, "push")
        assert org.cancelled[0].factor is push


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_at_the_second_try_of_a_code(engine):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [Totp()])
        pending = begin(org, Person(), http := Hasty())
        tries = []

        def impatient(challenge):
            tries.append(challenge)
            if len(tries) == 2:
                raise KeyboardInterrupt
            return "000"

        with pytest.raises(KeyboardInterrupt):
            satisfy(http, pending, impatient, "totp")
        assert len(org.cancelled) == 1


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_an_org_that_cannot_be_told_does_not_hide_the_reason(engine):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [Push()])
        pending = begin(org, Person(), http := Hasty())

        def breaking(request, reply):
            reply.dropped = request.path.endswith("/cancel")
            return reply

        org.tamper = breaking
        with pytest.raises(KeyboardInterrupt):
            satisfy(http, pending, Person(Approval=KeyboardInterrupt()), "push")


@pytest.mark.parametrize("engine", ["classic", "identity"])
def test_what_went_well_is_not_cancelled(engine):
    with OktaOrg(engine) as org:
        org.user(NAME, PASSWORD, [Push()])
        pending = begin(org, Person(), http := Hasty())
        satisfy(http, pending, Person(), "push")
        assert org.cancelled == []
