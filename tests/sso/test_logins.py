"""The verbs of a login, and many at once."""

import json
import re

import pytest

from runas_sso.testing.person import Person as Clicker


def address(someone) -> str:
    shown = someone.sees("user_code=") + someone.sees("\n")
    found = re.search(r"http://\S+user_code=\S+", shown)
    assert found, shown
    return found.group()


def cached(world) -> list[dict[str, str]]:
    folder = world.home / ".aws" / "sso" / "cache"
    found = [json.loads(path.read_text()) for path in folder.glob("*.json")]
    return [one for one in found if "accessToken" in one]


@pytest.mark.parametrize("words", [("sso",), ("--sso-session", "corp"), ("--all",)])
def test_login_by_profile_by_session_and_all(world, words) -> None:
    tokens = 2 if words == ("--all",) else 1  # the older form has a login of its own
    for _ in range(tokens):
        world.center.approve_next()
    done = world.run("login", *words)
    assert done.returncode == 0, done.stderr
    assert world.run("-O", "json", "sso").returncode == 0
    assert len(cached(world)) == tokens
    assert "signed in" in done.stderr
    done = world.run("logout", *words)
    assert done.returncode == 0, done.stderr
    assert cached(world) == []
    assert all(login.ended for login in world.center.logins)
    assert world.run("-O", "json", "sso").returncode == 75


def test_status_says_where_until_when_and_whether_it_renews_itself(world) -> None:
    for name in "sso", "legacy":
        world.center.approve_next()
        assert world.run("login", name).returncode == 0
    shown = world.run("status").stdout
    assert shown.count(world.center.start_url) >= 2, shown
    document = world.run("status", "--json").stdout
    assert world.center.start_url in document
    token = cached(world)[0]["accessToken"]
    assert token not in shown + document
    assert "renew" in shown, shown


def test_one_login_however_many_ask(world, person) -> None:
    other = ("--set", "sso_role_name=Auditor")
    asking = [person("--no-browser", "-O", "json", *more, "sso") for more in ((), (), other)]
    first = next(one for one in _looking(asking) if "user_code=" in one.shown)
    Clicker().open(address(first))
    for someone in asking:
        status, out, err = someone.waits()
        assert status == 0, err
        assert json.loads(out)["AccessKeyId"] in world.aws.issued
    assert len(world.center.calls("/device_authorization")) == 1


def _looking(people):
    for _ in range(600):
        for someone in people:
            someone._read(0.05)
            yield someone
    raise AssertionError([someone.shown for someone in people])


def test_the_code_and_the_whole_address_are_shown_and_browser_is_respected(world, person) -> None:
    quiet = person("--use-device-code", "--no-browser", "login", "sso", BROWSER=world.browser())
    url = address(quiet)
    assert "check that it shows" in quiet.sees("check that it shows")
    code = quiet.sees("\n").strip()
    assert re.fullmatch("[A-Z]{4}-[A-Z]{4}", code)
    assert url.endswith(code)
    assert not world.opened.exists()
    quiet.types("\x03")
    status, out, err = quiet.waits()
    assert (status, out) == (130, ""), err
    assert "Traceback" not in err
    seen = person("--use-device-code", "login", "sso", BROWSER=world.browser())
    url = address(seen)
    Clicker().open(url)
    assert seen.waits()[0] == 0
    assert world.opened.read_text() == url


def test_account_and_role_are_picked_by_typing(world, person) -> None:
    world.add("[profile any]\nsso_session = corp\n")
    world.center.approve_next()
    assert world.run("login", "any").returncode == 0
    refused = world.run("-O", "json", "any")
    assert refused.returncode == 78
    assert "role/Auditor" in refused.stderr
    assert refused.stderr.count("\n") == 1
    someone = person("-w", "any")
    someone.sees("Auditor")
    someone.types("people")
    someone.sees("1 of 3")
    someone.types("\r")
    status, out, err = someone.waits()
    assert status == 0, err
    assert "111122223333:assumed-role/AWSReservedSSO_Developer_" in out


def test_a_long_listing_shows_how_far_it_is(world, person) -> None:
    for number in range(60):
        world.center.account(f"{300000000000 + number}", f"a{number}").role("Developer")
    world.center.approve_next()
    assert world.run("login", "sso").returncode == 0
    world.center.fail("/assignment/roles", 429, times=2, Retry_After="1")
    someone = person("list", "roles", "--csv", "sso", streams="tty")
    shown = someone.sees(" accounts")
    assert re.search(r"\rlisting the roles . \[#* *\] \d+ of \d+ accounts$", shown), shown
    assert someone.waits()[0] == 0
    assert someone.shown.count(",Developer\r\n") == 62
    assert " accounts" not in world.run("-vv", "list", "roles", "--csv", "sso").stderr


def test_login_without_a_word_means_the_only_session(world) -> None:
    world.config.write_text(world.config.read_text().partition("[profile legacy]")[0])
    world.center.approve_next()
    done = world.run("login")
    assert done.returncode == 0, done.stderr
    assert "corp: signed in" in done.stderr
    world.add("[profile other]\nsso_start_url = https://other.awsapps.com/start\n")
    found = world.run("login")
    assert found.returncode == 78
    assert "there are: corp, other" in found.stderr
