"""The login that is kept: where, in which form, for how long, and for how many at once."""

import json
import logging
import os
import queue
import stat
import subprocess
import sys
import threading
import time
from logging.handlers import QueueHandler
from pathlib import Path

import pytest

import runas
from runas.cache import locks
from runas_sso import kept, token
from runas_sso.place import Place


def cache(home: Path) -> Path:
    return home / ".aws" / "sso" / "cache"


@pytest.fixture
def signed_in(profile, login, front):
    """Log in, and return the profile, with its token's file."""
    own = profile(use_device_code="true")
    login(own, front.answer)
    return own


def edit(profile, **changes):
    """Change a kept token's file, as time or another tool would."""
    path = Path(kept.token_path(Place.of(profile)))
    content = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({name: text for name, text in content.items() if text is not None}))
    return content


def soon(seconds):
    return token.moment(time.time() + seconds)


@pytest.mark.parametrize(
    ("session", "start_url", "name"),
    [
        ("my-sso", "https://x.awsapps.com/start", "0ad374308c5a4e22f723adf10145eafad7c4031c"),
        (
            None,
            "https://d-9067642ac7.awsapps.com/start",
            "9e104e67bc03709422c341f8e7b917448969b3a1",
        ),
    ],
)
def test_token_file_has_the_name_that_aws_tools_look_for(profile, home, session, start_url, name):
    place = Place.of(profile(sso_session=session, sso_start_url=start_url))
    assert Path(kept.token_path(place)) == cache(home) / f"{name}.json"


def test_token_file_is_the_aws_clis_own_format(signed_in, home, center):
    path = Path(kept.token_path(Place.of(signed_in)))
    content = json.loads(path.read_text())
    assert set(content) == set(
        "startUrl region accessToken expiresAt clientId clientSecret registrationExpiresAt"
        " refreshToken".split()
    )
    assert content["startUrl"] == center.start_url
    assert content["region"] == "us-east-1"
    for name in ("expiresAt", "registrationExpiresAt"):
        assert time.strptime(content[name], "%Y-%m-%dT%H:%M:%SZ")


def test_who_waits_for_a_renewal_is_told_for_whom(profile, monkeypatch):
    monkeypatch.setattr(locks, "_PATIENCE", 0.0)
    place, told = Place.of(profile()), queue.SimpleQueue()

    def renew():
        with kept.locked(place):
            told.put("renewed")

    heard = QueueHandler(told)
    notices = logging.getLogger("runas.notice")
    notices.addHandler(heard)
    waiting = threading.Thread(target=renew)
    try:
        with kept.locked(place):
            waiting.start()
            said = told.get(timeout=30).getMessage()
    finally:
        waiting.join()
        notices.removeHandler(heard)
    assert said == f"waiting for process {os.getpid()}, which is logging in"


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
def test_files_are_for_the_user_only(signed_in, home):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in cache(home).iterdir()}
    assert modes == {0o600}
    assert stat.S_IMODE(cache(home).stat().st_mode) == 0o700
    assert not [path for path in cache(home).iterdir() if path.suffix != ".json"]


def test_kept_login_asks_nobody(signed_in, login, center):
    assert login(signed_in).expiration
    assert len(center.calls("/device_authorization")) == 1


def test_login_anew_on_demand(signed_in, login, front, center):
    login(signed_in.having(runas_anew="true"), front.answer)
    assert len(center.calls("/device_authorization")) == 2


def test_status_looks_at_what_is_kept_and_asks_no_network(signed_in, login, center):
    before = len(center.asked)
    identity = login(signed_in.having(runas_kept="true"))
    assert identity.expiration > time.time()
    assert len(center.asked) == before


def test_status_of_nobody(profile, login, center):
    with pytest.raises(runas.InteractionRequired, match="nobody is signed in to corp") as caught:
        login(profile(runas_kept="true"))
    assert caught.value.status == 75
    assert not center.asked


def test_token_is_renewed_ahead_of_its_end(signed_in, login, center):
    old = edit(signed_in, expiresAt=soon(600))
    login(signed_in)
    new = edit(signed_in)
    assert center.rotations == 1
    assert new["accessToken"] != old["accessToken"]
    assert new["refreshToken"] != old["refreshToken"]
    assert new["clientId"] == old["clientId"]


def test_token_that_has_ended_is_renewed(signed_in, login, center):
    edit(signed_in, expiresAt=soon(-600))
    login(signed_in)
    assert center.rotations == 1


def test_answer_without_a_new_refresh_token_keeps_the_old(signed_in, login, center):
    old = edit(signed_in, expiresAt=soon(600))
    access = next(iter(center.logins[0].access))
    center.fail("/token", 200, json.dumps({"accessToken": access, "expiresIn": 3600}).encode())
    login(signed_in)
    assert edit(signed_in)["refreshToken"] == old["refreshToken"]


@pytest.mark.parametrize("status", [500, 503, 0])
def test_renewal_that_fails_does_not_matter_while_the_token_is_good(
    signed_in, login, center, status
):
    edit(signed_in, expiresAt=soon(600))
    center.fail("/token", status, times=9)
    assert login(signed_in).expiration
    center.faults.clear()


def test_renewal_that_fails_after_the_end_is_an_outage_not_a_new_login(signed_in, login, center):
    edit(signed_in, expiresAt=soon(-600))
    center.fail("/token", 503, times=9)
    with pytest.raises(runas.ServiceUnavailable):
        login(signed_in)
    center.faults.clear()
    login(signed_in)
    assert center.rotations == 1


def test_busy_service_is_no_reason_for_a_new_login(signed_in, login, center):
    edit(signed_in, expiresAt=soon(-600))
    body = b'{"error":"slow_down"}'
    center.fail("/token", 400, body, x_amzn_ErrorType="SlowDownException")
    with pytest.raises(runas.ServiceUnavailable, match="too many requests"):
        login(signed_in)
    login(signed_in)


def test_refresh_token_spent_by_a_tool_without_our_lock(signed_in, login, center):
    """Another tool renews at the same moment: its token is found when ours is refused."""
    before = edit(signed_in)
    edit(signed_in, expiresAt=soon(-600))
    login(signed_in)
    theirs = edit(signed_in)
    path = Path(kept.token_path(Place.of(signed_in)))
    path.write_text(json.dumps(before | {"expiresAt": soon(-600)}))
    respond = center._server.respond

    def renewed_meanwhile(request):
        answer = respond(request)
        if request.path == "/token":
            path.write_text(json.dumps(theirs))
        return answer

    center._server.respond = renewed_meanwhile
    assert login(signed_in).token.access == theirs["accessToken"]


@pytest.mark.parametrize(
    "changes",
    [
        {"refreshToken": None},
        {"clientSecret": None},
        {"registrationExpiresAt": "2020-01-01T00:00:00Z"},
        {"refreshToken": "spent"},
        {"clientId": "unknown"},
        {"clientSecret": "wrong"},
    ],
)
def test_what_cannot_be_renewed_is_logged_in_anew(signed_in, login, front, center, changes):
    edit(signed_in, expiresAt=soon(-600), **changes)
    login(signed_in, front.answer)
    assert len(center.calls("/device_authorization")) == 2


def test_ended_session_is_logged_in_anew_once(signed_in, login, front, center):
    center.revoke()
    identity = login(signed_in, front.answer)
    assert identity.token.access in center.logins[-1].access
    assert len(center.calls("/device_authorization")) == 2


def test_ended_token_of_a_live_session_is_renewed(signed_in, login, center):
    """By the clock it is good, but the portal does not take it."""
    center.logins[0].access.clear()
    login(signed_in)
    assert center.rotations == 1


def test_a_session_whose_name_is_no_utf_8(profile, login, front):
    named = profile(sso_session="half\udcff", use_device_code="true")
    login(named, front.answer)
    login(named)  # nobody is asked


def test_logged_out_elsewhere_meanwhile(signed_in, login, front, center):
    edit(signed_in, expiresAt=soon(-60))
    os.unlink(kept.token_path(Place.of(signed_in)))
    login(signed_in, front.answer)
    assert len(center.calls("/device_authorization")) == 2


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"accessToken": "x"}',
        '{"accessToken": 5, "expiresAt": "2099-01-01T00:00:00Z"}',
        '{"accessToken": "a\\nb: c", "expiresAt": "2099-01-01T00:00:00Z"}',
        '{"accessToken": "", "expiresAt": "2099-01-01T00:00:00Z"}',
        '{"accessToken": "x", "expiresAt": "tomorrow"}',
        '{"accessToken": "x", "expiresAt": 99999999999}',
        '{"accessToken": "x", "expiresAt": "2099-01-01T00:00:00Z", "region": "eu-west-1"}',
        '{"accessToken": "x", "expiresAt": "2099-01-01T00:00:00Z", "startUrl": "https://other"}',
        "[" * 100_000,
        "\x00" * 100,
    ],
)
def test_file_that_is_no_token_of_ours_counts_as_none(profile, login, front, center, home, content):
    own = profile(use_device_code="true")
    path = Path(kept.token_path(Place.of(own)))
    path.parent.mkdir(parents=True)
    path.write_text(content)
    login(own, front.answer)
    assert len(center.calls("/device_authorization")) == 1


@pytest.mark.parametrize("end", ["2099-01-01T00:00:00Z", "2099-01-01T00:00:00UTC"])
def test_token_of_another_tool_is_used(profile, login, front, center, end):
    own = profile(use_device_code="true")
    login(own, front.answer)
    access = edit(own)["accessToken"]
    Path(kept.token_path(Place.of(own))).write_text(
        json.dumps({"accessToken": access, "expiresAt": end, "receivedAt": "x", "more": [1]})
    )
    assert login(own).token.access == access


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes are POSIX's")
def test_login_that_cannot_be_kept_is_a_login_all_the_same(profile, login, front, home, caplog):
    (home / ".aws" / "sso").mkdir(parents=True)
    (home / ".aws" / "sso" / "cache").write_text("no folder")
    assert login(profile(use_device_code="true"), front.answer).expiration
    assert "cannot be kept" in caplog.text


def test_older_form_has_its_file_by_address(profile, login, front, home, center):
    login(profile(sso_session=None), front.answer)
    assert (cache(home) / "9e104e67bc03709422c341f8e7b917448969b3a1.json").exists()


@pytest.mark.parametrize("session", ["corp", None])
def test_role_that_is_not_assigned_ends_no_login(profile, login, front, center, session):
    own = profile(sso_session=session, use_device_code="true")
    access = login(own, front.answer).token.access
    missing = own.having(sso_account_id="123456789012", sso_role_name="Nobody")
    assert login(missing).token.access == access
    assert center.calls("/federation/credentials")[-1].status == 403


def test_older_form_lasts_as_long_as_the_portal_s_session(profile, login, front, center):
    """The other tools cannot renew it: by the hour, it would end for them after the first."""
    old = profile(sso_session=None)
    login(old, front.answer)
    found = kept.token(Place.of(old))
    assert found.refresh is None
    assert found.left() > center.session_life - 60
    wide = profile(sso_session=None, sso_registration_scopes="sso:account:access")
    login(wide.having(runas_anew="true"), front.answer)
    assert kept.token(Place.of(wide)).refresh


RENEW = """
import json, sys
import runas, runas_sso
from runas.challenges import drive
from runas.http import session
profile = runas.Profile("dev", json.loads(sys.argv[1]), {}, None, "sso")
sys.stdin.read()
def nobody(challenge):
    raise AssertionError("asked")
with session(profile) as http:
    print(drive(runas_sso.authenticate(profile, http), nobody).token.access)
"""


def start(command):
    pipe = subprocess.PIPE
    return subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe)


@pytest.mark.parametrize("left", [600, -600])
def test_twenty_processes_renew_once(signed_in, center, left):
    edit(signed_in, expiresAt=soon(left))
    command = [sys.executable, "-c", RENEW, json.dumps(dict(signed_in.settings))]
    started = [start(command) for _ in range(20)]
    for process in started:
        process.stdin.close()
        process.stdin = None
    outcomes = [process.communicate(timeout=60) for process in started]
    assert [error for _, error in outcomes if error] == []
    assert {out.strip() for out, _ in outcomes} == {edit(signed_in)["accessToken"]}
    assert center.rotations == 1
