"""What goes wrong with an Identity Center: a status, one line, and what to do next."""

import pytest

ELSEWHERE = "https://no.awsapps.com/start"


def refused(world, *words: str, status: int, **environ: str) -> str:
    found = world.run(*words, **environ)
    assert found.returncode == status, found.stderr
    assert found.stdout == ""
    assert found.stderr.count("\n") == 1, found.stderr
    return found.stderr


def signed_in(world) -> None:
    world.center.approve_next()
    assert world.run("login", "sso").returncode == 0


def test_wrong_region_and_no_such_instance(world) -> None:
    told = refused(world, "-w", "sso", status=78, AWS_ENDPOINT_URL_SSO_OIDC=world.center.elsewhere)
    assert f"there is no Identity Center {world.center.start_url} in us-east-1" in told
    assert "check sso_start_url (~/.aws/config:4) and sso_region (~/.aws/config:5)" in told
    words = ("--sso-start-url", ELSEWHERE, "--sso-region", "us-east-1")
    told = refused(world, *words, "list", "roles", status=78)
    assert f"there is no Identity Center {ELSEWHERE}" in told


def test_not_assigned(world) -> None:
    signed_in(world)
    told = refused(world, "--set", "sso_role_name=Root", "-O", "json", "sso", status=77)
    assert "no role 'Root' in account 123456789012; there you have: Auditor, Developer" in told
    told = refused(world, "--set", "sso_account_id=999999999999", "-O", "json", "sso", status=77)
    assert "nor any other there" in told
    assert "runas logout" in told


def test_denied(world) -> None:
    world.center.deny_next()
    told = refused(world, "-O", "json", "sso", status=77)
    assert "declined in the browser" in told
    assert "runas login sso" in told


def test_revoked_session(world) -> None:
    signed_in(world)
    world.center.revoke()
    assert "sign in at a terminal first: runas login sso" in refused(world, "-w", "sso", status=75)
    signed_in(world)
    assert world.run("-w", "sso").returncode == 0


def test_expired_registration(world) -> None:
    signed_in(world)
    world.center.forget_clients()
    world.center.approve_next()
    assert world.run("-rr", "login", "sso").returncode == 0
    assert len(world.center.calls("/client/register")) == 2


def test_slow_down_is_obeyed_and_no_error(world, person) -> None:
    world.center.slow_downs = 1
    world.center.approve_next()
    someone = person("--no-browser", "--use-device-code", "login", "sso")
    assert someone.waits()[0] == 0
    outcomes = [one.outcome for one in world.center.calls("/token")]
    assert outcomes == ["SlowDownException", "done"]


def test_too_many_requests(world) -> None:
    signed_in(world)
    world.center.fail("/federation/credentials", 429, times=99, Retry_After="60")
    assert "too many requests" in refused(world, "-O", "json", "sso", status=69)


def test_a_clock_that_is_ahead(world) -> None:
    world.center.advance(-100 * 86400)
    world.center.approve_next()
    told = refused(world, "-O", "json", "sso", status=78)
    assert "this machine's clock is ahead of AWS's" in told
    assert "set the clock" in told


@pytest.mark.parametrize("words", [["--all"], ["--sso-session", "corp"]])
def test_the_command_that_is_named_signs_in_to_a_session(world, words) -> None:
    told = refused(world, "login", *words, status=75)
    named = told.strip().rpartition("runas ")[2].split()
    world.center.approve_next()
    done = world.run(*named)
    assert "nobody can be asked" in told
    assert (done.returncode, named) == (0, ["login", "--sso-session", "corp"])
