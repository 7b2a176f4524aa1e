"""Cookies between runs."""

import json
import os
import sys
import time

import pytest

from runas.http import CookieFile, session
from runas.model import Profile
from runas.testing.site import Answer, Site

PROFILE = Profile("work", {})


@pytest.fixture
def store(tmp_path):
    return CookieFile(str(tmp_path), "okta", "https://idp.example", "alice")


@pytest.fixture
def site():
    with Site() as made:
        headers = {
            "Set-Cookie": [
                "sid=one; Path=/; HttpOnly", "dt=two; Path=/; Max-Age=3600",
                "old=three; Path=/; Max-Age=1", "deep=four; Path=/deep",
            ]
        }  # fmt: skip
        made.on("GET", "/in", Answer(200, headers))
        made.page("/", "x")
        yield made


def test_they_come_back_in_the_next_run(store, site):
    with session(PROFILE, store=store) as http:
        http.get(site.url + "/in")
        http.keep()
    time.sleep(1.1)
    with session(PROFILE, store=store) as http:
        http.get(site.url)
    assert site.requests[-1].cookies == {"sid": "one", "dt": "two"}


def test_the_file_is_for_its_owner_only(store, site):
    with session(PROFILE, store=store) as http:
        http.get(site.url + "/in")
        http.keep()
    assert os.listdir(os.path.dirname(store.path)) == [os.path.basename(store.path)]
    if sys.platform != "win32":
        assert os.stat(store.path).st_mode & 0o777 == 0o600
        assert os.stat(os.path.dirname(store.path)).st_mode & 0o777 == 0o700
        os.chmod(store.path, 0o644)
        assert not list(store.load())


def test_users_providers_and_sites_are_apart(tmp_path):
    made = [
        CookieFile(str(tmp_path), *each).path
        for each in [
            ("okta", "https://a", "alice"), ("okta", "https://a", "bob"),
            ("adfs", "https://a", "alice"), ("okta", "https://b", "alice"),
            ("okta", "https://a\0alice", ""), ("okta", "../../x", "/etc/passwd"),
        ]
    ]  # fmt: skip
    assert len(set(made)) == 6
    assert {os.path.dirname(path) for path in made} == {str(tmp_path / "cookies")}


def test_forgetting(store, site):
    with session(PROFILE, store=store) as http:
        http.get(site.url + "/in")
        http.keep()
        http.forget()
        assert not list(http.cookies)
    assert not os.path.exists(store.path)
    store.clear()


GOOD = {"name": "a", "value": "b", "domain": "idp.example", "path": "/", "expires": None}


def document(store, **changes):
    key = os.path.basename(store.path).removesuffix(".json")
    return {"version": 1, "key": key, "saved": int(time.time()), "cookies": [GOOD]} | changes


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"key": "another"}, 0),
        ({"version": 2}, 0),
        ({"saved": int(time.time()) + 9999}, 0),
        ({"saved": int(time.time()) - 13 * 3600}, 0),
        ({"saved": "x"}, 0),
        ({"cookies": None}, 0),
        ({"cookies": 7}, 0),
        ({"cookies": [GOOD | {"expires": 1}]}, 0),
        ({"cookies": [GOOD | {"expires": "x"}]}, 0),
        ({"cookies": [GOOD | {"expires": 10**400}]}, 0),
        ({"cookies": [GOOD | {"value": None}, 7, GOOD]}, 1),
        ({"cookies": [{}]}, 0),
    ],
)
def test_what_a_file_may_say(store, changes, count):
    write(store, json.dumps(document(store, **changes)).encode())
    assert len(list(store.load())) == count


def write(store, content):
    os.makedirs(os.path.dirname(store.path), 0o700, exist_ok=True)
    with open(os.open(store.path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)


@pytest.mark.parametrize("age", ["9" * 400, "-" + "9" * 400, "9" * 5000])
def test_an_age_beyond_reason_warns_nobody(store, site, recwarn, age):
    site.on("GET", "/odd", Answer(200, {"Set-Cookie": [f"odd=1; Max-Age={age}"]}))
    with session(Profile("x", {}), store=store) as http:
        http.get(site.url + "/odd")
        http.keep()
    assert not recwarn.list


def test_a_torn_file_is_no_file(store):
    whole = json.dumps(document(store)).encode()
    for size in range(len(whole)):
        write(store, whole[:size])
        assert not list(store.load())
    for content in (b"\xff", b"[]", b"[" * 100_000, b"null", b'{"cookies": 7}', b"\0" * 99):
        write(store, content)
        assert not list(store.load())


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
def test_links_pipes_and_folders_are_no_files(store, tmp_path):
    write(store, json.dumps(document(store)).encode())
    os.rename(store.path, tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", store.path)
    assert not list(store.load())
    os.unlink(store.path)
    os.mkfifo(store.path, 0o600)
    assert not list(store.load())
    os.unlink(store.path)
    os.mkdir(store.path, 0o700)
    assert not list(store.load())


def test_a_folder_that_cannot_be_written_costs_no_login(tmp_path, site):
    (tmp_path / "file").write_text("")
    store = CookieFile(str(tmp_path / "file"), "okta", "https://idp.example", "alice")
    with session(PROFILE, store=store) as http:
        http.get(site.url + "/in")
        http.keep()
