"""Ending the session: at the portal, and here for all AWS tools."""

import json
from pathlib import Path

import pytest

import runas
from runas_sso import kept
from runas_sso.place import Place


@pytest.fixture
def signed_in(profile, login, front):
    own = profile(use_device_code="true")
    login(own, front.answer)
    return own


def test_session_ends_there_and_here(signed_in, login, center, home):
    identity = login(signed_in.having(runas_kept="true"))
    identity.end()
    assert center.logins[0].ended
    assert kept.token(Place.of(signed_in)) is None
    left = [json.loads(path.read_text()) for path in (home / ".aws/sso/cache").iterdir()]
    assert ["accessToken" in content for content in left] == [False]


def test_role_credentials_of_the_aws_cli_go_too(signed_in, login, home):
    cache = home / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    (cache / "a.json").write_text('{"ProviderType": "sso", "Credentials": {}}')
    (cache / "b.json").write_text('{"Credentials": {}}')
    (cache / "c.json").write_text("garbage")
    login(signed_in.having(runas_kept="true")).end()
    assert sorted(path.name for path in cache.iterdir()) == ["b.json", "c.json"]


def test_session_behind_a_token_that_has_ended(signed_in, login, center):
    center.logins[0].access.clear()
    login(signed_in.having(runas_kept="true")).end()
    assert center.logins[0].ended
    assert kept.token(Place.of(signed_in)) is None


def test_session_that_has_ended_before(signed_in, login, center):
    center.revoke()
    login(signed_in.having(runas_kept="true")).end()
    assert kept.token(Place.of(signed_in)) is None


@pytest.mark.parametrize("status", [500, 0])
def test_portal_that_cannot_be_told(signed_in, login, center, status):
    center.fail("/logout", status, times=9)
    with pytest.raises(runas.ServiceUnavailable, match="removed here"):
        login(signed_in.having(runas_kept="true")).end()
    assert kept.token(Place.of(signed_in)) is None


def test_newer_login_of_another_process_stays(signed_in, login, front, center):
    old = login(signed_in.having(runas_kept="true"))
    login(signed_in.having(runas_anew="true"), front.answer)
    old.end()
    assert kept.token(Place.of(signed_in)) is not None


def test_nobody_signed_in(profile, login):
    with pytest.raises(runas.InteractionRequired):
        login(profile(runas_kept="true"))


def test_identity_shows_no_secret(signed_in, login):
    identity = login(signed_in)
    content = json.loads(Path(kept.token_path(Place.of(signed_in))).read_text())
    for name in ("accessToken", "refreshToken", "clientSecret"):
        assert content[name] not in repr(identity) + repr(identity.token) + repr(vars(identity))
