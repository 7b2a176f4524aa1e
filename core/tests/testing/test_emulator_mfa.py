"""Second factors: what proves one, what does not, and how often."""

import pytest

from runas.testing import AwsEmulator, totp
from runas.testing.aws.totp import hotp

from .emulator_world import PEOPLE, WORK, assume, client, not_authorized, refusal

WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code."
WRONG_SERIAL = (
    "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA"
    " serial number is valid and associated with this user."
)
ONLY_ONE = (
    "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code."
)


class World:
    def __init__(self, aws):
        self.aws = aws
        self.alice = aws.account(PEOPLE).user("alice")
        self.device = self.alice.mfa_device()
        self.role = aws.account(WORK).role("admin", trusts=[self.alice], mfa=True)
        self.sts = client(aws, self.alice.access_key())

    def proof(self, code=None):
        return {"SerialNumber": self.device.serial, "TokenCode": code or self.device.code()}


@pytest.fixture
def world():
    with AwsEmulator(clock=lambda: 1_800_000_000.0) as aws:
        yield World(aws)


def denied(message):
    return 403, "AccessDenied", message


@pytest.mark.parametrize(
    ("when", "code"),
    [(59, "287082"), (1111111109, "081804"), (2000000000, "279037"), (20000000000, "353130")],
)
def test_codes_are_those_of_rfc_6238(when, code):
    assert totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", when) == code


def test_secrets_may_be_copied_carelessly():
    assert hotp("gezd gnbv gy3t qojq gezd gnbv gy3t qojq", 1) == "287082"
    assert hotp("MFRGG", 1) == hotp("MFRGG===", 1)


def test_a_code_opens_a_role_that_asks_for_mfa(world):
    answer = assume(world.sts, world.role, **world.proof())
    assert world.aws.issued[answer["Credentials"]["AccessKeyId"]].mfa


def test_without_a_code_the_refusal_names_no_reason(world):
    assert refusal(assume, world.sts, world.role) == not_authorized(world.alice.arn, world.role)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_the_clocks_may_differ_by_one_step(world, steps):
    world.sts.get_session_token(**world.proof(world.device.code(steps)))


@pytest.mark.parametrize("steps", [-2, 2])
def test_the_clocks_may_not_differ_by_two(world, steps):
    far = world.proof(world.device.code(steps))
    assert refusal(world.sts.get_session_token, **far) == denied(WRONG_CODE)


def test_wrong_codes_are_refused(world):
    wrong = world.proof(world.device.wrong_code())
    assert refusal(world.sts.get_session_token, **wrong) == denied(WRONG_CODE)
    assert refusal(assume, world.sts, world.role, **wrong) == denied(WRONG_CODE)


def test_a_code_works_once_whatever_it_is_used_for(world):
    proof = world.proof()
    world.sts.get_session_token(**proof)
    assert refusal(world.sts.get_session_token, **proof) == denied(WRONG_CODE)
    assert refusal(assume, world.sts, world.role, **proof) == denied(WRONG_CODE)
    world.sts.get_session_token(**world.proof(world.device.next_code()))
    world.aws.advance(60)
    world.sts.get_session_token(**world.proof())


def test_a_code_is_spent_by_a_call_that_fails_later(world):
    proof = world.proof()
    assert refusal(assume, world.sts, world.role, DurationSeconds=7200, **proof)[1] == (
        "ValidationError"
    )
    assert refusal(assume, world.sts, world.role, **proof) == denied(WRONG_CODE)


def test_a_code_is_not_spent_by_a_malformed_call(world):
    proof = world.proof()
    assert refusal(world.sts.get_session_token, DurationSeconds=1, **proof)[0] == 400
    world.sts.get_session_token(**proof)


def test_the_first_unused_code_can_be_asked_for(world):
    assert world.device.unused_code() == world.device.code()
    world.sts.get_session_token(**world.proof(world.device.unused_code()))
    assert world.device.unused_code() == world.device.next_code()
    world.sts.get_session_token(**world.proof(world.device.unused_code()))


def test_each_device_has_its_own_codes(world):
    second = world.alice.mfa_device()
    assert second.serial == f"{world.device.serial}-2"
    world.sts.get_session_token(**world.proof())
    world.sts.get_session_token(SerialNumber=second.serial, TokenCode=second.code())


def test_hardware_tokens_have_serials_of_their_own(world):
    token = world.alice.mfa_device(serial="GAHT12345678")
    world.sts.get_session_token(SerialNumber="GAHT12345678", TokenCode=token.code())


def test_the_serial_must_be_the_callers(world):
    proof = world.proof()
    for serial in (world.device.serial.replace(":mfa/", ":user/"), "GAHT12345678"):
        wrong = dict(proof, SerialNumber=serial)
        assert refusal(world.sts.get_session_token, **wrong) == denied(WRONG_SERIAL)
    bob = client(world.aws, world.aws.account(PEOPLE).user("bob").access_key())
    assert refusal(bob.get_session_token, **proof) == denied(WRONG_SERIAL)
    world.sts.get_session_token(**proof)  # nothing of this spent the code


def test_security_keys_cannot_be_used(world):
    key = world.alice.security_key()
    assert ":u2f/user/alice/" in key.serial
    proof = {"SerialNumber": key.serial, "TokenCode": "123456"}
    assert refusal(world.sts.get_session_token, **proof) == denied(WRONG_SERIAL)
    with pytest.raises(ValueError, match="shows no codes"):
        key.code()


@pytest.mark.parametrize("dropped", ["SerialNumber", "TokenCode"])
def test_serial_and_code_come_together(world, dropped):
    proof = world.proof()
    del proof[dropped]
    assert refusal(world.sts.get_session_token, **proof) == denied(ONLY_ONE)
    assert refusal(assume, world.sts, world.role, **proof) == denied(ONLY_ONE)


def test_a_session_with_mfa_opens_the_role_without_another_code(world):
    credentials = world.sts.get_session_token(**world.proof())["Credentials"]
    answer = assume(client(world.aws, credentials), world.role)
    assert world.aws.issued[answer["Credentials"]["AccessKeyId"]].mfa


def test_a_session_without_mfa_does_not(world):
    session = client(world.aws, world.sts.get_session_token()["Credentials"])
    assert refusal(assume, session, world.role) == not_authorized(world.alice.arn, world.role)
    assume(session, world.role, **world.proof())


def test_a_role_session_proves_no_factor(world):
    credentials = assume(world.sts, world.role, **world.proof())["Credentials"]
    second = world.aws.account(WORK).role("second", trusts=[world.role], mfa=True)
    third = world.aws.account(WORK).role("third", trusts=[world.role])
    session = client(world.aws, credentials)
    chained = assume(session, third)["Credentials"]
    assert not world.aws.issued[chained["AccessKeyId"]].mfa
    arn = session.get_caller_identity()["Arn"]
    assert refusal(assume, session, second) == not_authorized(arn, second)
    proof = world.proof(world.device.next_code())
    assert refusal(assume, session, second, **proof) == denied(WRONG_SERIAL)
