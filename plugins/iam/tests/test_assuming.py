"""Taking roles, with what AWS does not say found out."""

import logging
import time

import pytest

import runas

from .conftest import MINE, THEIRS, role_of

HOUR = 3600


def lasts(credentials, seconds: int) -> bool:
    return abs(credentials.expiration - time.time() - seconds) < 60


@pytest.fixture
def roles(aws):
    return aws.account(THEIRS)


def test_a_role_without_mfa(aws, login, keyed, alice, roles):
    role = roles.role("admin", [alice])
    taken = login.take(keyed(role_arn=role.arn), role_of(role))
    assert lasts(taken, HOUR)
    assert aws.calls("AssumeRole")[-1].parameters["RoleSessionName"] == "alice"
    assert aws.calls("ListMFADevices") == []


def test_one_code_for_two_roles(aws, login, keyed, alice, roles):
    device = alice.mfa_device()
    first, second = (roles.role(name, [alice], mfa=True) for name in ("admin", "audit"))
    asked = keyed(role_arn=first.arn, mfa_serial=device.serial)
    login.codes = [device.code()]
    identity = login.identity(asked)
    for role in (first, second):
        assert lasts(login.take(asked, role_of(role), identity), HOUR)
    assert len(login.asked) == 1


def test_a_long_role_is_taken_directly(aws, login, keyed, alice, roles):
    device = alice.mfa_device()
    role = roles.role("admin", [alice], mfa=True, max_session_duration=12 * HOUR)
    asked = keyed(role_arn=role.arn, mfa_serial=device.serial, credentials_duration="43200")
    login.codes = [device.code()]
    assert lasts(login.take(asked, role_of(role)), 12 * HOUR)
    assert [each.action for each in aws.requests] == ["GetCallerIdentity", "AssumeRole"]


def test_too_long_with_a_code_and_the_maximum_unknown(aws, login, keyed, alice, roles, caplog):
    device = alice.mfa_device()
    role = roles.role("admin", [alice], mfa=True, max_session_duration=4 * HOUR)
    asked = keyed(role_arn=role.arn, mfa_serial=device.serial, credentials_duration="43200")
    login.codes = [device.code(), device.unused_code]
    with caplog.at_level(logging.WARNING, "runas.notice"):
        assert lasts(login.take(asked, role_of(role)), HOUR)
    assert len(login.asked) == 2
    assert caplog.messages == ["admin does not allow 12h; using 1h"]


def test_too_long_with_a_code_and_the_maximum_readable(aws, login, keyed, alice, caplog):
    device = alice.mfa_device()
    role = aws.account(MINE).role("admin", [alice], mfa=True, max_session_duration=4 * HOUR)
    asked = keyed(role_arn=role.arn, mfa_serial=device.serial, credentials_duration="43200")
    login.codes = [device.code(), device.unused_code]
    with caplog.at_level(logging.WARNING, "runas.notice"):
        assert lasts(login.take(asked, role_of(role)), 4 * HOUR)
    assert len(login.asked) == 2
    assert caplog.messages == ["admin does not allow 12h; using 4h"]


def test_too_long_without_a_code(aws, login, keyed, alice, caplog):
    role = aws.account(MINE).role("admin", [alice], max_session_duration=5400)
    asked = keyed(role_arn=role.arn, credentials_duration="43200")
    with caplog.at_level(logging.WARNING, "runas.notice"):
        assert lasts(login.take(asked, role_of(role)), 5400)
    assert caplog.messages == ["admin does not allow 12h; using 1h30m"]


def test_another_account_s_role_of_the_same_name_is_not_mistaken(aws, login, keyed, alice, roles):
    aws.account(MINE).role("admin", [alice], max_session_duration=5400)
    role = roles.role("admin", [alice], max_session_duration=2 * HOUR)
    asked = keyed(role_arn=role.arn, credentials_duration="43200")
    assert lasts(login.take(asked, role_of(role)), 2 * HOUR)


def test_a_burnt_code_is_reported_as_such(aws, login, keyed, alice, roles):
    device = alice.mfa_device()
    role = roles.role("admin", [alice], mfa=True, max_session_duration=12 * HOUR)
    asked = keyed(role_arn=role.arn, mfa_serial=device.serial, credentials_duration="43200")
    code = device.code()
    login.codes = [code, code]
    login.take(asked, role_of(role))
    with pytest.raises(runas.WrongCode):
        login.take(asked, role_of(role))


def test_a_device_is_found_where_none_is_configured(aws, login, keyed, alice, roles):
    alice.security_key()
    device = alice.mfa_device()
    role = roles.role("admin", [alice], mfa=True)
    login.codes = [device.code]
    assert lasts(login.take(keyed(role_arn=role.arn), role_of(role)), HOUR)
    assert [each.device for each in login.asked] == [device.serial]
    assert len(aws.calls("GetSessionToken")) == 1


def test_a_device_is_found_for_a_session_without_mfa(aws, login, keyed, alice, roles):
    device = alice.mfa_device()
    role = roles.role("admin", [alice], mfa=True)
    weak = login.identity(keyed())
    kept = runas.KeyIdentity(weak.subject, weak.expiration, weak.credentials, keepable=True)
    login.codes = [device.code]
    assert lasts(login.take(keyed(role_arn=role.arn), role_of(role), kept), HOUR)


def test_denied_without_any_device(aws, login, keyed, alice, roles):
    alice.security_key()
    role = roles.role("admin", [alice], mfa=True)
    with pytest.raises(runas.AccessDenied) as caught:
        login.take(keyed(role_arn=role.arn), role_of(role))
    assert "sts:AssumeRole" in caught.value.fact
    assert "mfa_serial" in caught.value.hint


def test_denied_where_devices_may_not_be_listed(aws, login, profile, roles):
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    may = {"Version": "2012-10-17", "Statement": [allow]}
    bob = aws.account(MINE).user("bob", policies={"roles": may})
    bob.mfa_device()
    key = bob.access_key()
    role = roles.role("admin", [bob], mfa=True)
    asked = profile(
        role_arn=role.arn,
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
    )
    with pytest.raises(runas.AccessDenied) as caught:
        login.take(asked, role_of(role))
    assert "AssumeRole" in caught.value.fact
    assert login.asked == []


def test_denied_with_a_code_is_final(aws, login, keyed, alice, roles):
    device = alice.mfa_device()
    role = roles.role("admin", [f"arn:aws:iam::{MINE}:root"], external_id="partner-7f3a")
    login.codes = [device.code]
    with pytest.raises(runas.AccessDenied):
        login.take(keyed(role_arn=role.arn), role_of(role))
    assert len(login.asked) == 1


def test_denied_with_a_kept_session_that_carries_mfa_is_final(login, keyed, alice, roles):
    device = alice.mfa_device()
    role = roles.role("admin", [alice], external_id="partner-7f3a")
    login.codes = [device.code]
    proven = login.identity(keyed(mfa_serial=device.serial))
    kept = runas.KeyIdentity("alice", proven.expiration, proven.credentials, keepable=True)
    with pytest.raises(runas.AccessDenied):
        login.take(keyed(role_arn=role.arn), role_of(role), kept)
    assert len(login.asked) == 1


def test_no_device_is_looked_for_behind_a_role(aws, login, keyed, profile, alice, roles):
    alice.mfa_device()
    first = roles.role("first", [alice])
    second = roles.role("second", [first], mfa=True)
    source = keyed(role_arn=first.arn)
    taken = login.take(source, role_of(first))
    chained = runas.KeyIdentity("alice", taken.expiration, taken)
    with pytest.raises(runas.AccessDenied):
        login.take(profile(source=source, role_arn=second.arn), role_of(second), chained)
    assert aws.calls("ListMFADevices") == []


def test_a_chain_of_three(aws, login, keyed, profile, alice, roles, caplog):
    first = roles.role("first", [alice])
    second = roles.role("second", [first], max_session_duration=12 * HOUR)
    third = roles.role("third", [second])
    source, identity = None, None
    for role in (first, second, third):
        settings = {"role_arn": role.arn, "credentials_duration": "43200"}
        asked = profile(source=source, **settings) if source else keyed(role_arn=role.arn)
        with caplog.at_level(logging.WARNING, "runas.notice"):
            taken = login.take(asked, role_of(role), identity)
        identity = runas.KeyIdentity("alice", taken.expiration, taken)
        source = asked
    assert lasts(taken, HOUR)
    assert {each.parameters["RoleSessionName"] for each in aws.calls("AssumeRole")} == {"alice"}
    assert len(caplog.messages) == 2


def test_what_is_no_key_is_left_to_others(login, profile):
    identity = runas.SamlIdentity("alice", assertion="x")
    role = runas.Role(runas.RoleArn("aws", THEIRS, "/", "admin"))
    ask = {"profile": profile(), "http": None, "identity": identity}
    assert login.hook.assume(role=role, **ask) is None
    assert login.hook.list_roles(**ask) is None


@pytest.mark.parametrize(
    ("partition", "account"), [("aws-cn", "222233334444"), ("aws-us-gov", "333344445555")]
)
def test_another_partition_throughout(aws, login, profile, partition, account):
    carol = aws.account(account, partition=partition).user("carol")
    device, key = carol.mfa_device(), carol.access_key()
    role = aws.account(account).role("admin", [carol], mfa=True)
    asked = profile(
        role_arn=role.arn,
        aws_access_key_id=key.access_key_id,
        aws_secret_access_key=key.secret_access_key,
    )
    login.codes = [device.code]
    assert lasts(login.take(asked, role_of(role)), HOUR)
    regions = {each.region for each in aws.requests}
    assert regions <= {"cn-northwest-1", "us-gov-west-1"}
