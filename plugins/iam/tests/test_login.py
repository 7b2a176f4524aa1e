"""Proving who the user is."""

import base64
import json
import time

import pytest

import runas
from runas.testing import AwsEmulator
from runas_iam.login import WebIdentity

HOUR = 3600
ROLE = "arn:aws:iam::123456789012:role/admin"


def test_long_term_keys_are_for_a_role_as_they_are(aws: AwsEmulator, login, keyed):
    identity = login.identity(keyed(role_arn=ROLE))
    assert identity.subject == "alice"
    assert not identity.credentials.temporary
    assert not identity.keepable
    assert [each.action for each in aws.requests] == ["GetCallerIdentity"]


def test_a_known_name_is_not_asked_for_again(aws, login, keyed):
    identity = login.identity(keyed(role_arn=ROLE, runas_subject="alice"))
    assert identity.subject == "alice"
    assert aws.requests == []


@pytest.mark.parametrize("more", [{}, {"role_arn": ROLE, "session": "true"}])
def test_without_a_role_the_keys_become_temporary(aws, login, keyed, more):
    identity = login.identity(keyed(**more))
    assert identity.credentials.temporary
    assert identity.keepable
    assert identity.expiration == identity.credentials.expiration
    assert abs(identity.expiration - time.time() - 12 * HOUR) < 60


def test_temporary_keys_are_handed_through(aws, login, profile):
    keys = {
        "aws_access_key_id": "ASIAEXAMPLE",
        "aws_secret_access_key": "s",
        "aws_session_token": "t",
    }
    identity = login.identity(profile(**keys))
    assert identity.credentials == runas.Credentials("ASIAEXAMPLE", "s", "t")
    assert not identity.keepable
    assert aws.requests == []


def test_temporary_keys_for_a_role_bring_their_holder_s_name(aws, login, keyed, profile):
    won = login.identity(keyed()).credentials
    keys = {
        "aws_access_key_id": won.access_key_id,
        "aws_secret_access_key": won.secret_access_key,
        "aws_session_token": won.session_token,
        "role_arn": ROLE,
        "mfa_serial": "arn:aws:iam::111122223333:mfa/alice",
    }
    identity = login.identity(profile(**keys))
    assert identity.subject == "alice"
    assert login.asked == []


def test_one_code_opens_a_session_for_twelve_hours(aws, login, keyed, alice):
    device = alice.mfa_device()
    login.codes = [f"{device.code()[:3]} {device.code()[3:]}"]
    identity = login.identity(keyed(role_arn=ROLE, mfa_serial=device.serial))
    assert login.asked == [runas.Code(device.serial)]
    assert identity.keepable
    assert identity.credentials.temporary
    assert abs(identity.expiration - time.time() - 12 * HOUR) < 60


def test_the_session_s_life_is_the_user_s_choice(aws, login, keyed, alice):
    device = alice.mfa_device()
    login.codes = [device.code()]
    asked = keyed(role_arn=ROLE, mfa_serial=device.serial, session_token_duration="28800")
    assert abs(login.identity(asked).expiration - time.time() - 8 * HOUR) < 60


def test_a_longer_role_takes_the_code_itself(aws, login, keyed, alice):
    device = alice.mfa_device()
    login.codes = [device.code()]
    asked = keyed(role_arn=ROLE, mfa_serial=device.serial, credentials_duration="7200")
    identity = login.identity(asked)
    assert identity.mfa.serial == device.serial
    assert not identity.credentials.temporary
    assert not identity.keepable
    assert aws.calls("GetSessionToken") == []


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"])
def test_a_code_of_another_form_is_not_sent(aws, login, keyed, alice, typed):
    device = alice.mfa_device()
    login.codes = [typed]
    with pytest.raises(runas.WrongCode):
        login.identity(keyed(mfa_serial=device.serial))
    assert aws.calls("GetSessionToken") == []


def test_a_refused_code_may_be_typed_again(aws, login, keyed, alice):
    device = alice.mfa_device()
    asked = keyed(role_arn=ROLE, mfa_serial=device.serial)
    pending = login.start(asked)
    login.codes = [device.wrong_code(), device.code()]
    with pytest.raises(runas.WrongCode) as caught:
        login.satisfy(asked, pending)
    assert device.wrong_code() not in str(caught.value)
    assert login.satisfy(asked, pending).keepable


def test_a_user_s_own_devices_are_found(aws, login, keyed, alice):
    alice.security_key()
    virtual = alice.mfa_device()
    hardware = alice.mfa_device(serial="GAHT12345678")
    aws.page_size = 1
    pending = login.start(keyed(mfa_serial="auto"))
    assert [factor.id for factor in pending.factors] == [virtual.serial, hardware.serial]
    assert {factor.kind for factor in pending.factors} == {"totp"}
    login.codes = [hardware.code()]
    assert login.satisfy(keyed(mfa_serial="auto"), pending, pick=1).keepable


def test_a_user_without_devices_is_let_through(aws, login, keyed, alice):
    alice.security_key()
    assert isinstance(login.start(keyed(mfa_serial="auto", role_arn=ROLE)), runas.KeyIdentity)


def test_a_factor_of_another_provider_is_declined(login, keyed):
    pending = runas.MfaRequired((runas.Factor("totp"),), state={"nonce": "x"})
    flow = login.hook.mfa(profile=keyed(), http=None, pending=pending, factor=pending.factors[0])
    assert flow is None


def test_the_source_s_keys_serve(aws, login, keyed, profile):
    between = profile(source=keyed())
    assert login.identity(profile(source=between, role_arn=ROLE)).subject == "alice"


def test_a_profile_s_own_keys_come_first(aws, login, keyed, profile):
    bob = aws.account("111122223333").user("bob").access_key()
    own = profile(
        source=keyed(),
        role_arn=ROLE,
        aws_access_key_id=bob.access_key_id,
        aws_secret_access_key=bob.secret_access_key,
    )
    assert login.identity(own).subject == "bob"


def test_no_keys_at_all(login, profile):
    with pytest.raises(runas.ConfigurationError) as caught:
        login.identity(profile(role_arn=ROLE))
    assert "'work'" in caught.value.fact
    assert "credential_process" in caught.value.hint


@pytest.mark.parametrize("only", ["aws_access_key_id", "aws_secret_access_key"])
def test_half_a_key_is_named(login, profile, only):
    with pytest.raises(runas.ConfigurationError) as caught:
        login.identity(profile(**{only: "CANARY"}))
    assert caught.value.fact.startswith("~/.aws/config:7: ")
    assert "CANARY" not in str(caught.value)


def test_a_deleted_key_is_refused_before_a_code_is_asked_for(aws, login, keyed, alice):
    alice.keys[0].active = False
    with pytest.raises(runas.Refused) as caught:
        login.identity(keyed(mfa_serial="arn:aws:iam::111122223333:mfa/alice"))
    assert "deleted" in caught.value.hint
    assert login.asked == []


def test_a_wrong_secret_is_told_apart(login, keyed):
    with pytest.raises(runas.Refused) as caught:
        login.identity(keyed(aws_secret_access_key="CANARY"))
    assert "aws_secret_access_key" in caught.value.hint
    assert "CANARY" not in str(caught.value)


def test_a_program_gives_the_keys(aws, login, profile, alice, tmp_path):
    key = alice.access_key()
    file = tmp_path / "my keys.json"
    answer = {
        "Version": 1,
        "AccessKeyId": key.access_key_id,
        "SecretAccessKey": key.secret_access_key,
    }
    file.write_text(json.dumps(answer))
    asked = profile(role_arn=ROLE, credential_process=f"cat '{file}'")
    assert login.identity(asked).credentials.access_key_id == key.access_key_id


def test_the_environment_gives_the_keys(aws, login, profile, alice, monkeypatch):
    key = alice.access_key()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key.secret_access_key)
    asked = profile(role_arn=ROLE, credential_source="environment")
    assert login.identity(asked).subject == "alice"
    monkeypatch.undo()


def token_about(subject: str) -> str:
    payload = base64.urlsafe_b64encode(json.dumps({"sub": subject}).encode()).decode().rstrip("=")
    return f"head.{payload}.signature"


def test_a_token_in_a_file_takes_its_role(aws, login, profile, tmp_path):
    provider = aws.account("123456789012").oidc_provider()
    role = aws.account("123456789012").role("ci", [provider])
    token = token_about("system:serviceaccount:ci:deployer")
    aws.trust_web_identity(token, "system:serviceaccount:ci:deployer")
    file = tmp_path / "token"
    file.write_text(token + "\n")
    asked = profile(role_arn=role.arn, web_identity_token_file=str(file))
    identity = login.identity(asked)
    assert isinstance(identity, WebIdentity)
    assert token not in repr(identity)
    assert login.take(asked, runas.Role(runas.RoleArn.parse(role.arn)), identity).temporary
    made = aws.calls("AssumeRoleWithWebIdentity")[-1]
    assert made.parameters["RoleSessionName"] == "system-serviceaccount-ci-deployer"


def test_a_token_that_the_role_does_not_trust(aws, login, profile, tmp_path):
    aws.account("123456789012").oidc_provider()
    role = aws.account("123456789012").role("ci", ["123456789012"])
    aws.trust_web_identity("head.body.tail", "repo:acme/site")
    file = tmp_path / "token"
    file.write_text("head.body.tail")
    asked = profile(role_arn=role.arn, web_identity_token_file=str(file))
    with pytest.raises(runas.AccessDenied, match="sts:AssumeRoleWithWebIdentity") as caught:
        login.take(asked, runas.Role(runas.RoleArn.parse(role.arn)), login.identity(asked))
    assert "trust policy" in caught.value.hint
    assert "sub and aud" in caught.value.hint


def test_a_token_that_is_no_jwt_has_no_subject(login, profile, tmp_path):
    file = tmp_path / "token"
    deep = base64.b64encode(b"[" * 14_000).decode()
    asked = profile(role_arn=ROLE, web_identity_token_file=str(file))
    for token in ("opaque", "a.b.c", f"a.{deep}.c"):
        file.write_text(token)
        assert login.identity(asked).subject == ""


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00", b"x" * 20001])
def test_a_token_file_that_holds_no_token(login, profile, tmp_path, content):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(runas.ConfigurationError) as caught:
        login.identity(profile(role_arn=ROLE, web_identity_token_file=str(file)))
    assert "~/.aws/config:7" in caught.value.fact


@pytest.mark.parametrize("path", ["a\0b", "~nobody-of-this-name/token", "half\udcff"], ids=ascii)
def test_a_token_file_that_cannot_be(login, profile, path):
    with pytest.raises(runas.ConfigurationError):
        login.identity(profile(role_arn=ROLE, web_identity_token_file=path))


def test_a_token_wants_a_role(login, profile):
    with pytest.raises(runas.ConfigurationError) as caught:
        login.identity(profile(web_identity_token_file="token"))
    assert "role_arn" in caught.value.hint
