"""The questions that logging in asks IAM."""

import pytest

from runas.aws import iam, sts
from runas.aws.faults import SignInKeysRefused
from runas.errors import AccessDenied
from runas.model import RoleArn

from .conftest import MINE, keys_of


@pytest.mark.parametrize("page_size", [None, 1, 2])
def test_devices_that_show_codes_are_found(aws, profile, alice, page_size):
    aws.page_size = page_size
    alice.security_key()
    first = alice.mfa_device()
    second = alice.mfa_device()
    alice.security_key()
    third = alice.mfa_device(serial="GAHT12345678")
    found = iam.find_devices(profile(), keys_of(alice))
    assert found == [first.serial, second.serial, third.serial]


def test_a_user_may_have_no_device(profile, alice):
    assert iam.find_devices(profile(), keys_of(alice)) == []


def test_devices_may_be_hidden(aws, profile):
    bob = aws.account(MINE).user("bob", policies={})
    with pytest.raises(AccessDenied) as caught:
        iam.find_devices(profile(), keys_of(bob))
    assert "iam:ListMFADevices" in caught.value.fact


def test_a_session_without_mfa_may_not_ask(profile, session):
    with pytest.raises(SignInKeysRefused):
        iam.find_devices(profile(), session)


def test_the_maximum_of_a_role_is_read(aws, profile, alice):
    role = aws.account(MINE).role("admin", [alice], max_session_duration=7200, path="/team/")
    arn = RoleArn.parse(role.arn)
    keys = keys_of(alice)
    assert iam.longest_session(profile(), keys, arn) == 7200
    elsewhere = RoleArn("aws", "123456789012", "/team/", "admin")
    assert iam.longest_session(profile(), keys, elsewhere) is None
    assert iam.longest_session(profile(), keys, RoleArn("aws", MINE, "/", "none")) is None


def test_the_maximum_that_may_not_be_read_is_unknown(aws, profile, alice, session):
    role = RoleArn.parse(aws.account(MINE).role("admin", [alice]).arn)
    assert iam.longest_session(profile(), session, role) is None
    sts.caller(profile(), session)
