"""The operations of STS, asked for and answered as documented."""

from datetime import UTC, datetime, timedelta

import pytest

from runas.testing import AwsEmulator

from .emulator_world import (
    EXPIRED,
    INVALID_TOKEN,
    PEOPLE,
    WORK,
    assume,
    client,
    not_authorized,
    refusal,
)


@pytest.fixture
def aws():
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def alice(aws):
    return aws.account(PEOPLE).user("alice", path="/team/")


@pytest.fixture
def sts(aws, alice):
    return client(aws, alice.access_key())


def test_a_user_is_told_who_it_is(sts, alice):
    answer = sts.get_caller_identity()
    assert answer["Arn"] == f"arn:aws:iam::{PEOPLE}:user/team/alice"
    assert (answer["Account"], answer["UserId"]) == (PEOPLE, alice.user_id)


def test_nobody_needs_permission_to_ask_who_it_is(aws):
    key = aws.account(PEOPLE).user("nobody", policies={}).access_key()
    assert client(aws, key).get_caller_identity()["Account"] == PEOPLE


def test_assume_role_answers_as_documented(aws, sts, alice):
    role = aws.account(WORK).role("admin", trusts=[alice], path="/teams/")
    before = datetime.now(UTC)
    answer = assume(sts, role)
    credentials, taken = answer["Credentials"], answer["AssumedRoleUser"]
    assert credentials["AccessKeyId"].startswith("ASIA")
    assert timedelta(minutes=59) < credentials["Expiration"] - before <= timedelta(hours=1)
    assert taken["Arn"] == f"arn:aws:sts::{WORK}:assumed-role/admin/alice"  # no path
    assert taken["AssumedRoleId"] == f"{role.role_id}:alice"
    assert "PackedPolicySize" not in answer
    assert "SourceIdentity" not in answer
    assert len(answer["ResponseMetadata"]["RequestId"]) == 36


def test_role_credentials_are_a_session_of_the_role(aws, sts, alice):
    role = aws.account(WORK).role("admin", trusts=[alice])
    credentials = assume(sts, role)["Credentials"]
    answer = client(aws, credentials).get_caller_identity()
    assert answer["Arn"] == f"arn:aws:sts::{WORK}:assumed-role/admin/alice"
    assert answer["UserId"] == f"{role.role_id}:alice"


def test_what_credentials_carry_can_be_asked(aws, alice):
    key = alice.access_key()
    role = aws.account(WORK).role("admin", trusts=[alice], max_session_duration=7200)
    credentials = assume(client(aws, key), role, DurationSeconds=7200)["Credentials"]
    issued = aws.issued[credentials["AccessKeyId"]]
    assert (issued.operation, issued.role, issued.source) == ("AssumeRole", role, key.access_key_id)
    assert (issued.session_name, issued.duration, issued.chain_depth) == ("alice", 7200, 1)
    assert (issued.mfa, issued.options.policy, issued.options.tags) == (False, None, {})
    assert issued.session_token == credentials["SessionToken"]


def test_session_credentials_are_the_user(aws, sts, alice):
    credentials = sts.get_session_token()["Credentials"]
    assert client(aws, credentials).get_caller_identity()["Arn"] == alice.arn
    assert aws.issued[credentials["AccessKeyId"]].duration == 43200


def test_session_credentials_take_roles(aws, sts, alice):
    role = aws.account(WORK).role("admin", trusts=[alice])
    credentials = sts.get_session_token()["Credentials"]
    answer = assume(client(aws, credentials), role)
    assert aws.issued[answer["Credentials"]["AccessKeyId"]].chain_depth == 1


def test_a_chain_of_roles(aws, sts, alice):
    first = aws.account(WORK).role("first", trusts=[alice])
    second = aws.account("444455556666").role("second", trusts=[first])
    middle = client(aws, assume(sts, first)["Credentials"])
    last = assume(middle, second)["Credentials"]
    assert aws.issued[last["AccessKeyId"]].chain_depth == 2
    assert not aws.issued[last["AccessKeyId"]].mfa
    assert refusal(assume, sts, second) == not_authorized(alice.arn, second)


@pytest.mark.parametrize("kind", ["role", "session"])
def test_get_session_token_wants_long_term_credentials(aws, sts, alice, kind):
    role = aws.account(WORK).role("admin", trusts=[alice])
    answer = assume(sts, role) if kind == "role" else sts.get_session_token()
    temporary = client(aws, answer["Credentials"])
    message = "Cannot call GetSessionToken with session credentials"
    assert refusal(temporary.get_session_token) == (403, "AccessDenied", message)


def test_unknown_keys_are_refused(aws):
    keys = {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "x" * 40}
    assert refusal(client(aws, keys).get_caller_identity) == INVALID_TOKEN


def test_inactive_keys_are_refused(aws, alice):
    key = alice.access_key()
    key.active = False
    assert refusal(client(aws, key).get_caller_identity) == INVALID_TOKEN


@pytest.mark.parametrize("token", [None, "wrong"])
def test_temporary_keys_need_their_session_token(aws, sts, token):
    credentials = dict(sts.get_session_token()["Credentials"], SessionToken=token)
    assert refusal(client(aws, credentials).get_caller_identity) == INVALID_TOKEN


def test_long_term_keys_come_without_a_session_token(aws, alice):
    key = alice.access_key()
    keys = {
        "AccessKeyId": key.access_key_id,
        "SecretAccessKey": key.secret_access_key,
        "SessionToken": "stale",
    }
    assert refusal(client(aws, keys).get_caller_identity) == INVALID_TOKEN


def test_expired_credentials_are_refused(aws, sts):
    aws.clock = lambda: 1_800_000_000.0
    temporary = client(aws, sts.get_session_token(DurationSeconds=900)["Credentials"])
    aws.advance(899)
    temporary.get_caller_identity()
    aws.advance(1)
    assert refusal(temporary.get_caller_identity) == EXPIRED


def test_credentials_can_be_made_to_end_soon(aws, sts, alice):
    role = aws.account(WORK).role("admin", trusts=[alice])
    aws.lifetime_override = 2
    answer = assume(sts, role, DurationSeconds=3600)
    left = answer["Credentials"]["Expiration"] - datetime.now(UTC)
    assert left <= timedelta(seconds=2)
    aws.advance(2)
    assert refusal(client(aws, answer["Credentials"]).get_caller_identity) == EXPIRED


def test_no_secret_is_shown_by_repr(aws, sts, alice):
    device = alice.mfa_device()
    credentials = sts.get_session_token(SerialNumber=device.serial, TokenCode=device.code())
    key, issued = alice.keys[0], next(iter(aws.issued.values()))
    shown = repr((aws.accounts, alice, device, key, issued, aws.requests))
    secrets = [key.secret_access_key, device.secret, issued.secret_access_key]
    secrets += [credentials["Credentials"]["SessionToken"]]
    assert not [each for each in secrets if each in shown]
