"""How long credentials may last, and who says so."""

import pytest

from runas.testing import AwsEmulator

from .emulator_world import PEOPLE, WORK, assume, client, refusal

ROLE_CAP = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
CHAIN_CAP = (
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role"
    " chaining."
)


@pytest.fixture
def aws():
    with AwsEmulator() as emulator:
        yield emulator


@pytest.fixture
def alice(aws):
    return aws.account(PEOPLE).user("alice")


@pytest.fixture
def sts(aws, alice):
    return client(aws, alice.access_key())


def out_of_range(seconds, constraint):
    where = f"Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: "
    return 400, "ValidationError", f"1 validation error detected: {where}{constraint}"


@pytest.mark.parametrize("seconds", [900, 3600, 43200])
def test_a_role_may_allow_up_to_twelve_hours(aws, sts, alice, seconds):
    role = aws.account(WORK).role("long", trusts=[alice], max_session_duration=43200)
    credentials = assume(sts, role, DurationSeconds=seconds)["Credentials"]
    assert aws.issued[credentials["AccessKeyId"]].duration == seconds


def test_a_role_allows_one_hour_unless_it_says_otherwise(aws, sts, alice):
    role = aws.account(WORK).role("short", trusts=[alice])
    longer = refusal(assume, sts, role, DurationSeconds=3601)
    assert longer == (400, "ValidationError", ROLE_CAP)


def test_whoever_may_not_take_the_role_is_not_told_its_limit(aws, sts):
    role = aws.account(WORK).role("short", trusts=["444455556666"])
    assert refusal(assume, sts, role, DurationSeconds=7200)[1] == "AccessDenied"


@pytest.mark.parametrize("limit", [3599, 43201])
def test_a_role_cannot_be_made_with_another_limit(aws, limit):
    with pytest.raises(ValueError, match="3600 to 43200"):
        aws.account(WORK).role("odd", trusts=[WORK], max_session_duration=limit)


def test_durations_have_bounds_of_their_own(aws, sts, alice):
    role = aws.account(WORK).role("long", trusts=[alice], max_session_duration=43200)
    least = "Member must have value greater than or equal to 900"
    most = "Member must have value less than or equal to {}"
    assert refusal(assume, sts, role, DurationSeconds=899) == out_of_range(899, least)
    assert refusal(assume, sts, role, DurationSeconds=43201) == out_of_range(
        43201, most.format(43200)
    )
    assert refusal(sts.get_session_token, DurationSeconds=899) == out_of_range(899, least)
    assert refusal(sts.get_session_token, DurationSeconds=129601) == out_of_range(
        129601, most.format(129600)
    )
    sts.get_session_token(DurationSeconds=129600)


def test_what_is_no_number_is_refused(sts, aws, alice):
    assert refusal(sts.get_session_token, DurationSeconds="1h")[:2] == (400, "ValidationError")


@pytest.mark.parametrize("kind", ["role", "session"])
def test_a_chain_lasts_one_hour_at_most(aws, sts, alice, kind):
    first = aws.account(WORK).role("first", trusts=[alice])
    last = aws.account(WORK).role("last", trusts=[alice, first], max_session_duration=43200)
    answer = assume(sts, first) if kind == "role" else sts.get_session_token()
    chained = client(aws, answer["Credentials"])
    assert refusal(assume, chained, last, DurationSeconds=3601) == (
        400,
        "ValidationError",
        CHAIN_CAP,
    )
    assume(chained, last, DurationSeconds=3600)
