"""``runas status`` and ``runas list profiles``."""

import json
import re
import time
from contextlib import ExitStack

from .moving import Mover


def test_what_is_cached_and_when_it_ends(world):
    world.run("ops", "true")
    done = world.run("status", TZ="UTC")
    title, role, end, _ = done.stdout.split("\n", 3)
    assert (title, role) == ("ops", "  arn:aws:iam::123456789012:role/ops as alice")
    assert re.search(r" UTC \(in (59 minutes|1 hour)\)", end)
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_for_programs(world):
    world.run("ops", "true")
    world.run("-s", "-O", "json", "read-only")
    found = json.loads(world.run("status", "--json").stdout)
    kinds = {one["kind"]: one for one in found}
    assert set(kinds) == {"role", "session"}
    assert kinds["role"]["profiles"] == ["ops"]
    assert kinds["role"]["expiration"].endswith("Z")
    assert kinds["role"]["ends"] - time.time() < 3600
    assert "secret" not in json.dumps(found).lower()


def test_a_token_of_the_access_portal_shows_without_its_secret(world):
    folder = world.home / ".aws" / "sso" / "cache"
    folder.mkdir(parents=True)
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7230))
    token = {
        "accessToken": "canary",
        "expiresAt": end,
        "startUrl": "https://corp.awsapps.com/start",
    }
    (folder / "a.json").write_text(json.dumps(token))
    (folder / "b.json").write_text(json.dumps({"clientId": "x", "clientSecret": "canary"}))
    (folder / "c.json").write_text("torn {")
    done = world.run("status")
    assert "Identity Center token of https://corp.awsapps.com/start" in done.stdout
    assert "in 2 hours" in done.stdout
    assert "canary" not in done.stdout + done.stderr


def test_files_beyond_reason_are_left_out(world):
    cookies, tokens = world.home / "state" / "cookies", world.home / ".aws" / "sso" / "cache"
    for folder in (cookies, tokens):
        folder.mkdir(parents=True)
        (folder / "deep.json").write_text("[" * 500_000)
        (folder / "late.json").write_text('{"accessToken": "canary", "expiresAt": 1e999}')
    for name, saved in (("endless", "1e999"), ("huge", "1" * 25), ("far", "1e18"), ("fine", "1")):
        content = f'{{"saved": {saved}, "cookies": [{{"domain": "{name}.example"}}]}}'
        (cookies / f"{name}.json").write_text(content)
    done = world.run("status", "--json", RUNAS_STATE_DIR=str(cookies.parent))
    assert (done.returncode, done.stderr) == (0, "")
    assert [one["subject"] for one in json.loads(done.stdout)] == ["fine.example"]


def test_sessions_with_providers_and_who_uses_them(world):
    with ExitStack() as stack:
        mover = Mover(world, "my-saml-profile my-sso-profile", stack)
        assert world.run("my-saml-profile", "true").returncode == 0
        done = world.run("status", TZ="UTC")
        found = json.loads(world.run("status", "--json").stdout)
    blocks = [block.splitlines() for block in re.split(r"\n(?! )", done.stdout.rstrip("\n"))]
    by_what = {block[1].strip(): block for block in blocks}
    session = by_what["sign-in session of 127.0.0.1"]
    assert session[0] == "my-saml-profile, my-deploy-profile"
    assert re.fullmatch(r"  used .* UTC \((now|\d+ seconds? ago)\)", session[2])
    token = by_what[f"Identity Center token of {mover.center.start_url}, renewable"]
    assert token[0] == "my-sso-profile"
    assert {one["kind"] for one in found} > {"role", "sign-in session"}
    assert all(one["profiles"] for one in found)


def test_of_many_profiles_the_first_are_named(world):
    arn = "arn:aws:iam::123456789012:role/ops"
    for n in range(5):
        world.add(
            f"[profile o{n}]\nrole_arn = {arn}\nsource_profile = default\nregion = eu-west-1\n"
        )
    world.run("ops", "true")
    assert world.run("status").stdout.splitlines()[0] == "ops, o0, o1 and 3 more"


def test_clear_drops_everything(world):
    world.run("ops", "true")
    cookies = world.home / "runas-state" / "cookies"
    cookies.mkdir(parents=True)
    (cookies / "a.json").write_text("{}")
    done = world.run("status", "--clear")
    assert "dropped" in done.stderr
    assert "1 sign-in sessions" in done.stderr
    empty = world.run("status")
    assert (empty.stdout, "nothing is cached" in empty.stderr) == ("", True)
    assert not list(cookies.iterdir())


def test_the_profiles_in_a_table(world):
    world.add(
        "[profile lost]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile = nope\n"
    )
    world.run("read-only", "true")
    done = world.run("list", "profiles")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["PROFILE", "SIGNS", "IN", "BY", "ACCOUNT", "ROLE", "CREDENTIALS"]
    rows = {line.split()[0]: line for line in lines[1:]}
    assert rows["read-only"].split()[1:4] == ["iam", "123456789012", "read-only"]
    assert re.search(r"\(in (59 minutes|1 hour)\)", rows["read-only"])
    assert rows["lost"].endswith("broken")
    assert "names the source_profile 'nope'" in done.stderr
    assert max(map(len, lines)) <= 80


def test_without_profiles_it_says_what_writes_one(world):
    world.config.unlink()
    world.credentials.unlink()
    done = world.run("list", "profiles")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "runas: there are no profiles yet; 'runas configure profile NAME' writes one,"
        " 'runas sandbox' has some to try\n"
    )
    assert world.run("list", "profiles", "--names").stdout == ""
    assert json.loads(world.run("list", "profiles", "--json").stdout) == []


def test_the_profiles_for_programs(world):
    found = json.loads(world.run("list", "profiles", "--json").stdout)
    ops = next(one for one in found if one["name"] == "ops")
    assert ops == {
        "name": "ops",
        "family": "keys",
        "provider": "iam",
        "account": "123456789012",
        "role": "ops",
        "state": "none",
        "expiration": None,
        "problem": None,
    }
    assert world.run("list", "profiles", "--names").stdout.split() == [one["name"] for one in found]
