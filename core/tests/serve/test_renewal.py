"""Renewing ahead of time, once for all, and never at a client's cost."""

import threading
import time

import pytest

from runas._credentials import Credentials
from runas.errors import Cancelled, InteractionRequired, Refused, ServiceUnavailable
from runas.serve.renewal import Unavailable


def test_fresh_credentials_are_served_and_nobody_is_asked(renewal, source):
    assert renewal(source.made(0)).current().access_key_id == "AKIA0"
    assert source.calls == 0


def test_long_term_keys_are_never_renewed(renewal, source):
    held = renewal(Credentials("A", "S"))
    held.start()
    assert held.current().access_key_id == "A"
    assert source.calls == 0


@pytest.mark.parametrize(
    ("life", "left", "due"),
    [
        (3600, 1201, False),
        (3600, 1199, True),  # SDKs ask again from 15 minutes on
        (43200, 1201, False),
        (900, 301, False),  # those never have 15 minutes
        (900, 299, True),
    ],
)
def test_when_credentials_are_due(renewal, source, clock, eventually, life, left, due):
    source.life = life
    held = renewal(source.made(0), clock.now)
    clock.now += life - left
    assert held.current().access_key_id == "AKIA0"
    if due:
        eventually(lambda: held.current().access_key_id == "AKIA1")
    assert source.calls == due


def test_the_old_ones_are_served_while_new_ones_are_obtained(renewal, source, clock, eventually):
    held = renewal(source.made(0))
    clock.now += 3000
    source.gate.clear()
    assert [held.current().access_key_id for _ in range(5)] == ["AKIA0"] * 5
    assert source.came.acquire(timeout=20)
    source.gate.set()
    eventually(lambda: held.current().access_key_id == "AKIA1")
    assert source.calls == 1


def test_a_client_with_nothing_waits_for_the_flight(renewal, source, clock):
    held = renewal(source.made(0), wait=20)
    clock.now += 4000
    source.gate.clear()
    threading.Timer(0.05, source.gate.set).start()
    assert held.current().access_key_id == "AKIA1"


def test_a_client_is_not_kept_waiting_for_a_person(renewal, source, clock):
    held = renewal(source.made(0), wait=0.1)
    clock.now += 4000
    source.gate.clear()
    with pytest.raises(Unavailable, match="terminal") as caught:
        held.current()
    assert caught.value.code == "CredentialsBeingRenewed"


def test_what_was_never_held_has_not_expired(renewal, source):
    held = renewal(wait=0.1)
    source.gate.clear()
    with pytest.raises(Unavailable, match="are being obtained"):
        held.current()


def test_many_at_expiry_are_one_login(renewal, source, clock):
    held = renewal(source.made(0), wait=20)
    clock.now += 4000
    source.gate.clear()
    names = []
    threads = [
        threading.Thread(target=lambda: names.append(held.current().access_key_id))
        for _ in range(200)
    ]
    for thread in threads:
        thread.start()
    source.gate.set()
    for thread in threads:
        thread.join(20)
    assert names == ["AKIA1"] * 200
    assert source.calls == 1


def test_an_outage_is_invisible_while_the_old_ones_are_good(renewal, source, clock, eventually):
    held = renewal(source.made(0))
    clock.now += 3000
    source.failure = ServiceUnavailable("AWS is down")
    for _ in range(3):
        assert held.current().access_key_id == "AKIA0"
    eventually(lambda: held._failure is not None)
    assert held.current().access_key_id == "AKIA0"
    clock.now += 1000
    with pytest.raises(Unavailable, match="AWS is down") as caught:
        held.current()
    assert not caught.value.person
    assert source.calls == 1  # the next attempt has to wait


def test_after_an_outage_the_next_attempt_brings_new_ones(renewal, source, clock, eventually):
    held = renewal(source.made(0))
    clock.now += 3000
    source.failure = ServiceUnavailable("AWS is down")
    held.start()
    eventually(lambda: source.calls == 1 and held._failure is not None)
    source.failure = None
    eventually(lambda: held.current().access_key_id == "AKIA2")


@pytest.mark.parametrize(
    ("failure", "code", "person"),
    [
        (
            InteractionRequired("a code is needed", "run: runas login p"),
            "InteractionRequired",
            True,
        ),
        (ServiceUnavailable("no route"), "ServiceUnavailable", False),
        (Refused("access denied"), "AccessDenied", False),
        (Cancelled("no"), "AccessDenied", False),
        (OSError(12, "out of memory"), "ServiceUnavailable", False),
    ],
)
def test_a_failure_says_why(renewal, source, failure, code, person):
    source.failure = failure
    with pytest.raises(Unavailable) as caught:
        renewal(wait=20).current()
    assert (caught.value.code, caught.value.person) == (code, person)
    assert str(getattr(failure, "fact", "out of memory")) in caught.value.message


def test_a_waiting_client_may_cause_an_earlier_attempt(renewal, source, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("runas.serve.renewal.time", _Time(now))
    held = renewal(wait=20)
    source.failure = ServiceUnavailable("down")
    waits = []
    for _ in range(8):
        with pytest.raises(Unavailable):
            held.current()
        calls, start = source.calls, now[0]
        while source.calls == calls:
            now[0] += 0.5
            with pytest.raises(Unavailable):
                held.current()
        waits.append(now[0] - start)
    assert waits[:4] == [1, 2, 4, 5]
    assert set(waits[4:]) == {5}


def test_a_refusal_is_not_repeated_for_a_quarter_of_an_hour(renewal, source, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("runas.serve.renewal.time", _Time(now))
    held = renewal(wait=20)
    source.failure = Refused("wrong password")
    for minutes, calls in ((0, 1), (14, 1), (16, 2), (45, 2), (47, 3)):
        now[0] = 1000 + 60 * minutes
        with pytest.raises(Unavailable, match="wrong password"):
            held.current()
        assert source.calls == calls


def test_the_same_credentials_again_are_no_reason_to_spin(renewal, source, clock, eventually):
    source.life = 100
    first = source.made(0)
    held = renewal(first, clock.now - 10_000)
    source.made = lambda number: first
    held.start()
    eventually(lambda: source.calls == 2)
    time.sleep(0.3)
    assert source.calls == 2


def test_a_clock_that_jumps_is_noticed_at_the_next_request(renewal, source, clock):
    held = renewal(source.made(0), wait=20)
    held.start()
    clock.now += 8 * 3600  # the laptop was asleep
    assert held.current().access_key_id == "AKIA1"


def test_nothing_begins_after_the_end(renewal, source, clock):
    held = renewal(source.made(0), wait=0.05)
    held.close()
    clock.now += 4000
    with pytest.raises(Unavailable):
        held.current()
    assert source.calls == 0


class _Time:
    def __init__(self, now):
        self._now = now

    def monotonic(self):
        return self._now[0]


def test_a_login_that_no_thread_can_be_had_for_is_tried_again(renewal, source, no_threads):
    held = renewal()
    no_threads(1)
    with pytest.raises(Unavailable) as caught:
        held.current()
    assert caught.value.code == "ServiceUnavailable"
    held.renew()
    assert held.current() == source.made(1)
