"""``runas diagnose`` can be pasted into an issue: nobody's secrets, names and numbers are in it."""

import pytest

from runas.cli.diagnosis import redact

from .test_diagnose import lines


def test_nothing_of_the_user_is_shown(world):
    world.add(
        "[profile shy]\nregion = eu-west-1\nexternal_id = canary-1\nsource_profile = default\n"
        "role_arn = arn:aws:iam::123456789012:role/x\n"
        "mfa_serial = arn:aws:iam::111122223333:mfa/al\n"
        "mfa_process = /opt2/code --pin canary-2\nsaml_username = somebody@example.com\n"
    )
    for words in (["-vv"], ["--json"]):
        done = world.run("diagnose", "shy", *words, RUNAS_PASSWORD="canary-3")
        said = lines(done)
        assert "canary" not in said
        for private in ("111122223333", "123456789012", "mfa/al", "somebody@", str(world.home)):
            assert private not in said, private
        assert world.seeds.key.access_key_id not in said
        assert world.seeds.key.secret_access_key not in said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("role in 123456789012", "role in 1234****9012"),
        ("https://me:pw@corp.example:8443/a?token=b c", "https://corp.example:8443/a?… c"),
        ("me.too@example.com", "m…@example.com"),
        ("arn:aws:iam::123456789012:mfa/me", "arn:aws:iam::1234****9012:mfa/…"),
    ],
)
def test_what_is_masked(text, shown):
    assert redact.redacted(text) == shown


HIDDEN = {
    "aws_session_token": "(hidden)",
    "external_id": "(hidden)",
    "credential_process": "b …",
    "mfa_process": "b …",
    "password_process": "b …",
    "saml_username": "/…",
    "acme_api_key": "(hidden)",
    "saml_password": "(hidden)",
}


@pytest.mark.parametrize(("key", "shown"), HIDDEN.items())
def test_values_that_are_hidden(key, shown):
    assert redact.value(key, "/a/b --key canary") == shown


def test_of_a_profile_that_cannot_be_resolved_nothing_private_is_shown_either(world):
    world.add(
        "[profile lost]\nsource_profile = nope\nsaml_username = somebody\nexternal_id = canary\n"
        "mfa_process = /opt2/code --pin canary\nacme_secret = canary\nregion = eu-west-1\n"
    )
    said = lines(world.run("diagnose", "lost"))
    assert "saml_username = s…" in said
    assert "mfa_process = code …" in said
    assert "canary" not in said
    assert "somebody" not in said
