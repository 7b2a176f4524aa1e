"""Parameters within their limits, and the sentence when they are not."""

import pytest

from runas.testing import AwsEmulator

from .emulator_world import PEOPLE, WORK, client, refusal

NAME = r"[\w+=,.@-]*"


@pytest.fixture
def aws():
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def call(aws):
    alice = aws.account(PEOPLE).user("alice")
    role = aws.account(WORK).role("admin", trusts=[alice])
    sts = client(aws, alice.access_key())
    good = {"RoleArn": role.arn, "RoleSessionName": "alice"}
    return lambda **changed: sts.assume_role(**(good | changed))


def shorter(limit):
    return f"Member must have length greater than or equal to {limit}"


def longer(limit):
    return f"Member must have length less than or equal to {limit}"


def pattern(text):
    return f"Member must satisfy regular expression pattern: {text}"


@pytest.mark.parametrize(
    ("name", "value", "constraint"),
    [
        ("RoleArn", "arn:aws:iam::1", shorter(20)),
        ("RoleArn", "arn:aws:iam::123456789012:role/" + "r" * 2040, longer(2048)),
        ("RoleSessionName", "a", shorter(2)),
        ("RoleSessionName", "a" * 65, longer(64)),
        ("RoleSessionName", "a b", pattern(NAME)),
        ("RoleSessionName", "zoë", pattern(NAME)),
        ("ExternalId", "x", shorter(2)),
        ("ExternalId", "x" * 1225, longer(1224)),
        ("ExternalId", "x y", pattern(r"[\w+=,.@:\/-]*")),
        ("SerialNumber", "short", shorter(9)),
        ("SerialNumber", "s" * 257, longer(256)),
        ("SerialNumber", "GAHT 12345678", pattern(r"[\w+=/:,.@-]*")),
        ("TokenCode", "12345", shorter(6)),
        ("TokenCode", "1234567", longer(6)),
        ("TokenCode", "12345x", pattern(r"[\d]*")),
        ("SourceIdentity", "a", shorter(2)),
        ("SourceIdentity", "a b", pattern(NAME)),
        ("Policy", "x" * 2049, longer(2048)),
    ],
)
def test_texts_have_lengths_and_letters(call, name, value, constraint):
    status, code, message = refusal(call, **{name: value})
    assert (status, code) == (400, "ValidationError")
    place = name[0].lower() + name[1:]
    fault = f"Value '{value}' at '{place}' failed to satisfy constraint: {constraint}"
    assert message == f"1 validation error detected: {fault}"


def test_all_that_is_wrong_is_told_at_once(call):
    message = refusal(call, RoleSessionName="?", TokenCode="1")[2]
    assert message.startswith("3 validation errors detected: Value '?' at 'roleSessionName'")


def test_what_is_required_must_be_there(aws):
    sts = client(aws, aws.account(PEOPLE).user("alice").access_key())
    message = refusal(sts.assume_role, RoleSessionName="alice")[2]
    assert (
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null" in message
    )


@pytest.mark.parametrize(
    "arn",
    [
        "aws:iam:123456789012:role/admin",
        f"arn:aws:iam::{WORK}:user/alice-in-wonderland",
        f"arn:aws:sts::{WORK}:assumed-role/admin/alice",
    ],
)
def test_the_arn_must_be_a_roles(call, arn):
    status, code, message = refusal(call, RoleArn=arn)
    assert (status, code) == (400, "ValidationError")
    assert "is invalid" in message


def test_letters_of_all_kinds_that_are_allowed(call):
    name = "A_z+0=1,2.3@4-5"
    assert call(RoleSessionName=name)["AssumedRoleUser"]["Arn"].endswith(f"/admin/{name}")


def test_markup_in_values_stays_text(call):
    message = refusal(call, RoleSessionName="<a>&'\"")[2]
    assert "Value '<a>&'\"' at" in message
