"""Long days in a short time: ten thousand refreshes, sleep and wake, clocks that jump."""

import gc
import os
import sys
import threading

import pytest

from runas.errors import ServiceUnavailable

REFRESHES = 10_000
LIFE = 2  # seconds


def settled(service):
    service.profiles.current.renewal.settle(lambda: False, 20)
    return service.profiles.current.renewal.current()


def weight():
    """Return how much there is: objects, threads, open files."""
    gc.collect()
    files = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    return len(gc.get_objects()), threading.active_count(), files


def test_ten_thousand_refreshes_leave_nothing_behind(site, clock):
    service = site(clock=clock)
    service.flow = lambda profile: _short(service)
    renewal = service.profiles.current.renewal
    service.profiles.current.renewal.renew()
    settled(service)
    before = weight()
    for number in range(REFRESHES):
        clock.now += LIFE
        service.logins.clear()  # the test's own list
        keys = settled(service)
        assert keys.expiration > clock.now
        if number % 500 == 0:
            assert service.get()[0] == 200
        if number == 1_000:
            before = weight()
    assert service.number >= REFRESHES
    objects, threads, files = (now - then for now, then in zip(weight(), before, strict=True))
    assert objects < 500
    assert threads <= 2
    assert files <= 2
    assert renewal.failure is None


def _short(service):
    service.number += 1
    return service.made(service.number, LIFE)
    yield


def test_expired_credentials_are_never_served_whatever_the_clock_does(site, clock):
    service = site(clock=clock)
    for jump in (4_000, 86_400, -86_400, 10, -3_000, 1_000_000, -1):
        clock.now += jump
        service.get()
        keys = settled(service)
        assert keys.expiration > clock.now
        assert keys.expiration <= clock.now + 86_400 + 3_600


def test_an_outage_across_a_night(site, clock):
    service = site(clock=clock)

    def outage(profile):
        raise ServiceUnavailable("the provider is down")
        yield

    service.flow = outage
    clock.now += 30_000
    assert service.get()[0] == 503
    service.flow = service.simply
    service.profiles.current.renewal.renew()
    settled(service)
    assert service.get()[0] == 200


@pytest.mark.parametrize("ec2", [False, True])
def test_switching_back_and_forth_leaves_nothing_behind(site, ec2):
    service = site(ec2=ec2)
    before = weight()
    for number in range(300):
        name = ("admin", "other")[number % 2]
        service.profiles.switch(service.config.profile(name)).renewal.current()
        if number == 100:
            before = weight()
    objects, threads, files = (now - then for now, then in zip(weight(), before, strict=True))
    assert objects < 500
    assert threads <= 4
    assert files <= 2
