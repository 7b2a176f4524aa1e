"""``runas list mfa``: what -M takes for an IAM user, what -t takes for a provider's factors."""

import json
from contextlib import ExitStack

import pytest

from runas_okta.testing import Push, Totp

from .moving import PASSWORD, USER, Mover

HARDWARE = "GAHT12345678"


@pytest.mark.parametrize("words", [["list", "mfa", "ops"], ["-m", "ops"], ["-m"]])
def test_devices_are_listed_as_they_are_named_to_aws(words, world):
    world.seeds.user.mfa_device(serial=HARDWARE)
    done = world.run(*words)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [world.seeds.device.serial, HARDWARE]


def test_a_hardware_device_s_serial_works_where_it_was_listed_for(world):
    device = world.seeds.user.mfa_device(serial=HARDWARE)
    done = world.run("-M", HARDWARE, "-o", device.code(), "admin", "true")
    assert done.returncode == 0, done.stderr


def test_the_factors_of_a_provider(world):
    with ExitStack() as stack:
        mover = Mover(world, "my-saml-profile", stack)
        mover.okta.user(USER, PASSWORD, [Push(), Totp()])
        done = world.run("list", "mfa", "my-saml-profile")
        assert done.returncode == 0, done.stderr
        head, push, totp = done.stdout.splitlines()
        assert head.split() == ["TYPE", "DEVICE"]
        assert push.split() == ["push", "iPhone"]
        assert totp.split(None, 1)[0] == "totp"
        assert push.index("iPhone") == head.index("DEVICE")
        listed = json.loads(world.run("list", "mfa", "my-saml-profile", "--json").stdout)
        assert listed[0] == {"kind": "push", "device": "iPhone"}
        assert world.run("my-saml-profile", "true").returncode == 0
        known = world.run("list", "mfa", "my-saml-profile")
        assert (known.returncode, known.stdout) == (0, "")
        assert "if it is still remembered, 'runas logout' first" in known.stderr


def test_without_any(world):
    world.seeds.user.devices.clear()
    done = world.run("list", "mfa")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no second factor found" in done.stderr
