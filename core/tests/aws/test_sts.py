"""STS against the strict emulator."""

import logging
import time

import pytest

from runas.aws import sts
from runas.errors import (
    AccessDenied,
    ConfigurationError,
    Refused,
    ServiceUnavailable,
    WrongCode,
)
from runas.model import KeyIdentity, MfaCode, Role, RoleArn

from .conftest import MINE, THEIRS, keys_of, role_of

HOUR = 3600


def life_of(credentials) -> float:
    return credentials.expiration - time.time()


def lasts(credentials, seconds: int) -> bool:
    return abs(life_of(credentials) - seconds) < 60


def test_the_caller_is_told_apart(aws, profile, alice, identity):
    found = sts.caller(profile(), identity.credentials)
    assert (found.account_id, found.arn, found.name) == (MINE, alice.arn, "alice")


def test_a_user_s_path_is_no_part_of_the_name(aws, profile):
    bob = aws.account(MINE).user("bob", path="/people/eu/")
    assert sts.caller(profile(), keys_of(bob)).name == "bob"


def test_a_session_s_name_is_the_caller_s(aws, profile, alice, identity):
    role = aws.account(THEIRS).role("admin", [alice], path="/team/")
    taken = sts.assume_with_keys(profile(), identity, role_of(role))
    assert sts.caller(profile(), taken).name == "alice"


def test_root_is_called_root():
    assert sts.Caller(MINE, f"arn:aws:iam::{MINE}:root", MINE).name == "root"


def test_a_session_token_lasts_twelve_hours(aws, profile, identity):
    won = sts.session_token(profile(), identity.credentials)
    assert won.temporary
    assert lasts(won, 12 * HOUR)


@pytest.mark.parametrize(
    ("asked", "seconds"), [("900", 900), ("1", 900), ("129600", 129600), ("999999", 129600)]
)
def test_a_session_token_s_life_stays_within_limits(aws, profile, identity, asked, seconds):
    won = sts.session_token(profile(session_token_duration=asked), identity.credentials)
    assert lasts(won, seconds)


def test_one_code_serves_a_session_and_the_session_serves_roles(aws, profile, alice, identity):
    device = alice.mfa_device()
    role = role_of(aws.account(THEIRS).role("admin", [alice], mfa=True))
    with pytest.raises(AccessDenied):
        sts.assume_with_keys(profile(), identity, role)
    won = sts.session_token(profile(), identity.credentials, MfaCode(device.serial, device.code()))
    for _ in range(2):
        sts.assume_with_keys(profile(), KeyIdentity("alice", credentials=won), role)
    assert len(aws.calls("GetSessionToken")) == 1


def test_a_code_goes_with_the_role(aws, profile, alice, identity):
    device = alice.mfa_device()
    role = aws.account(THEIRS).role("admin", [alice], mfa=True, max_session_duration=12 * HOUR)
    proven = KeyIdentity(
        "alice", credentials=identity.credentials, mfa=MfaCode(device.serial, device.code())
    )
    taken = sts.assume_with_keys(profile(credentials_duration="43200"), proven, role_of(role))
    assert lasts(taken, 12 * HOUR)


def test_a_wrong_code_may_be_typed_again(aws, profile, alice, identity):
    device = alice.mfa_device()
    with pytest.raises(WrongCode):
        sts.session_token(
            profile(), identity.credentials, MfaCode(device.serial, device.wrong_code())
        )


def test_a_code_is_good_once(aws, profile, alice, identity):
    device = alice.mfa_device()
    mfa = MfaCode(device.serial, device.code())
    sts.session_token(profile(), identity.credentials, mfa)
    with pytest.raises(WrongCode):
        sts.session_token(profile(), identity.credentials, mfa)


def test_a_wrong_device_is_no_wrong_code(aws, profile, alice, identity):
    device = alice.mfa_device()
    wrong = f"arn:aws:iam::{MINE}:user/alice"
    with pytest.raises(Refused) as caught:
        sts.session_token(
            profile(mfa_serial=wrong), identity.credentials, MfaCode(wrong, device.code())
        )
    assert not isinstance(caught.value, (WrongCode, AccessDenied))
    assert wrong in caught.value.fact
    assert "clock" in caught.value.hint


def test_all_that_a_profile_asks_for_goes_with_the_role(aws, profile, alice, identity):
    role = aws.account(THEIRS).role("admin", [alice], external_id="partner-7f3a")
    policy = aws.account(THEIRS).policy(
        "narrow",
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        },
    )
    asked = profile(
        external_id="partner-7f3a",
        role_session_name="deploy-42",
        source_identity="alice",
        session_tags="team=red, stage = dev",
        transitive_session_tags="team",
        session_policy_document=(
            '{ "Version": "2012-10-17",\n "Statement": {"Effect": "Allow", "Action": "s3:Get*",'
            ' "Resource": "*"} }'
        ),
        session_policy_arns=policy.arn,
        read_only="true",
    )
    sts.assume_with_keys(asked, identity, role_of(role))
    sent = aws.calls("AssumeRole")[-1].parameters
    assert sent["RoleSessionName"] == "deploy-42"
    assert sent["ExternalId"] == "partner-7f3a"
    assert sent["SourceIdentity"] == "alice"
    assert sent["Tags.member.2.Key"] == "stage"
    assert sent["Tags.member.2.Value"] == "dev"
    assert sent["TransitiveTagKeys.member.1"] == "team"
    assert sent["PolicyArns.member.1.arn"] == policy.arn
    assert sent["PolicyArns.member.2.arn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert sent["Policy"].startswith('{"Version":"2012-10-17","Statement":{"Effect"')
    assert "DurationSeconds" not in sent


def test_nothing_is_sent_that_was_not_asked_for(aws, profile, alice, identity):
    role = aws.account(THEIRS).role("admin", [alice])
    taken = sts.assume_with_keys(profile(), identity, role_of(role))
    assert lasts(taken, HOUR)
    assert set(aws.calls("AssumeRole")[-1].parameters) == {
        "Action", "Version", "RoleArn", "RoleSessionName",
    }  # fmt: skip


@pytest.mark.parametrize("most", [8, 4, 2, 1])
def test_a_role_s_maximum_is_found_and_said(aws, profile, alice, identity, caplog, most):
    role = aws.account(THEIRS).role("admin", [alice], max_session_duration=most * HOUR)
    with caplog.at_level(logging.WARNING, "runas.notice"):
        taken = sts.assume_with_keys(profile(credentials_duration="43200"), identity, role_of(role))
    assert lasts(taken, most * HOUR)
    assert caplog.messages == [f"admin does not allow 12h; using {most}h"]


def test_a_known_maximum_spares_the_guesses(aws, profile, alice, identity):
    role = aws.account(THEIRS).role("admin", [alice], max_session_duration=5400)
    asked = profile(credentials_duration="43200")
    taken = sts.assume_with_keys(asked, identity, role_of(role), lambda: 5400)
    assert lasts(taken, 5400)
    assert len(aws.calls("AssumeRole")) == 2


def test_a_refused_life_is_not_tried_again_with_the_same_code(aws, profile, alice, identity):
    device = alice.mfa_device()
    role = aws.account(THEIRS).role("admin", [alice], mfa=True)
    proven = KeyIdentity(
        "alice", credentials=identity.credentials, mfa=MfaCode(device.serial, device.code())
    )
    with pytest.raises(sts.DurationRefused):
        sts.assume_with_keys(profile(credentials_duration="7200"), proven, role_of(role))
    assert len(aws.calls("AssumeRole")) == 1


def test_a_chain_is_capped_before_aws_refuses(aws, profile, alice, session, caplog):
    role = aws.account(THEIRS).role("admin", [alice], max_session_duration=12 * HOUR)
    mine = KeyIdentity("alice", credentials=session)
    with caplog.at_level(logging.WARNING, "runas.notice"):
        taken = sts.assume_with_keys(profile(credentials_duration="43200"), mine, role_of(role))
    assert lasts(taken, HOUR)
    assert [each.outcome for each in aws.calls("AssumeRole")] == ["OK"]
    (said,) = caplog.messages
    assert "1h" in said
    assert "12h" in said


@pytest.mark.parametrize(
    ("partition", "account", "region"),
    [
        ("aws-cn", "222233334444", "cn-northwest-1"),
        ("aws-us-gov", "333344445555", "us-gov-west-1"),
    ],
)
def test_the_role_s_partition_decides_the_region(aws, profile, partition, account, region):
    carol = aws.account(account, partition=partition).user("carol")
    role = aws.account(account).role("admin", [carol])
    mine = KeyIdentity("carol", credentials=keys_of(carol))
    sts.assume_with_keys(profile(read_only="true"), mine, role_of(role))
    made = aws.calls("AssumeRole")[-1]
    assert made.region == region
    assert made.parameters["PolicyArns.member.1.arn"].startswith(f"arn:{partition}:iam::aws:")


def test_a_web_identity_takes_its_role_unsigned(aws, profile):
    provider = aws.account(THEIRS).oidc_provider()
    role = aws.account(THEIRS).role("ci", [provider], max_session_duration=2 * HOUR)
    aws.trust_web_identity("head.body.tail", "repo:acme/site")
    taken = sts.assume_with_web_identity(
        profile(credentials_duration="43200"), "head.body.tail", "repo:acme/site", role_of(role)
    )
    assert lasts(taken, 2 * HOUR)
    made = aws.calls("AssumeRoleWithWebIdentity")[-1]
    assert made.access_key_id is None
    assert made.parameters["RoleSessionName"] == "repo-acme-site"


def test_a_web_identity_whose_keys_aws_cannot_fetch_at_once(aws, profile):
    provider = aws.account(THEIRS).oidc_provider()
    role = aws.account(THEIRS).role("ci", [provider])
    aws.trust_web_identity("head.body.tail", "me")
    words = "Couldn't retrieve verification key from your identity provider,  please reference"
    asked = "AssumeRoleWithWebIdentity"
    aws.fail(asked, code="InvalidIdentityToken", status=400, message=words)
    taken = sts.assume_with_web_identity(profile(), "head.body.tail", "me", role_of(role))
    assert lasts(taken, HOUR)
    assert [each.outcome for each in aws.calls(asked)] == ["InvalidIdentityToken", "OK"]


def test_an_unknown_web_identity_is_refused(aws, profile):
    role = aws.account(THEIRS).role("ci", [aws.account(THEIRS).oidc_provider()])
    with pytest.raises(Refused) as caught:
        sts.assume_with_web_identity(profile(), "a.b.c", "me", role_of(role))
    assert "token" in caught.value.fact


def test_a_role_that_is_not_there_is_denied(aws, profile, identity):
    role = Role(RoleArn("aws", THEIRS, "/", "nobody"))
    with pytest.raises(AccessDenied) as caught:
        sts.assume_with_keys(profile(), identity, role)
    assert "sts:AssumeRole" in caught.value.fact


def test_a_malformed_policy_names_where_it_stands(aws, profile, alice, identity):
    role = role_of(aws.account(THEIRS).role("admin", [alice]))
    for document in ("{", '{"Version": "2012-10-17", "Statement": {"Effect": "Perhaps"}}'):
        asked = profile(session_policy="narrow.json", session_policy_document=document)
        with pytest.raises(ConfigurationError) as caught:
            sts.assume_with_keys(asked, identity, role)
        assert caught.value.fact.startswith("session_policy (~/.aws/config:7): ")


def test_half_an_answer_is_not_aws_s():
    with pytest.raises(ServiceUnavailable):
        sts.credentials_in({"Credentials": {"AccessKeyId": "A"}})
