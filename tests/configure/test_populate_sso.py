"""`runas configure populate` with an Identity Center."""

import json
import stat

from runas_sso.testing import IdentityCenter

from .world import World, sign_in

NAMES = ["Production-EU.Admin", "Production-EU.ReadOnly", "dev.Admin"]


def test_a_profile_for_every_role(world: World) -> None:
    before = world.config.read_bytes()
    world.config.chmod(0o640)
    done = world.populate("-r", "eu-west-1", "-r", "us-east-1", "-c", "output=json")
    assert done.stdout == ""
    assert done.stderr == "runas: profiles: 6 new\n"
    assert world.config.read_bytes().startswith(before)
    assert stat.S_IMODE(world.config.stat().st_mode) == 0o640
    assert world.config.with_name("config.runas-backup").read_bytes() == before
    found = world.profiles()
    assert list(found) == ["own", *[name + end for name in NAMES for end in ("", ".usea1")]]
    assert found["Production-EU.Admin"] == {
        "sso_session": "corp",
        "sso_account_name": "Production (EU)",
        "sso_account_id": "111111111111",
        "sso_role_name": "Admin",
        "region": "eu-west-1",
        "runas_populated": "true",
        "output": "json",
    }
    assert found["dev.Admin.usea1"]["region"] == "us-east-1"


def test_what_is_written_works(world: World) -> None:
    world.populate("--region", "eu-west-1", "--credential-process")
    done = world.run("-O", "json", "dev.Admin")
    assert done.returncode == 0, done.stderr
    process = world.profiles()["dev.Admin"]["credential_process"]
    assert process == "runas --no-input -O json --profile dev.Admin"
    again = world.run(*process.split()[1:])
    assert json.loads(again.stdout)["AccessKeyId"] == json.loads(done.stdout)["AccessKeyId"]


def test_a_dry_run_shows_and_writes_nothing(world: World) -> None:
    world.populate("-r", "eu-west-1")
    before = world.config.read_bytes()
    done = world.populate("-r", "eu-west-2", "--components", "role_name,account_id", "--dry-run")
    assert world.config.read_bytes() == before
    assert done.stdout.startswith("--- ~/.aws/config\n+++ ~/.aws/config\n\n+[profile Admin.1111")
    changed = world.populate("-r", "eu-west-2", "--prune", "--account-id", "dev", "--dry-run")
    assert changed.stdout.splitlines()[2:] == [
        "",
        " [profile dev.Admin]",
        "-region = eu-west-1",
        "+region = eu-west-2",
    ]
    assert "1 changed (nothing is written)" in changed.stderr


def test_a_second_run_changes_nothing(world: World) -> None:
    world.populate("-r", "eu-west-1")
    before = world.config.read_bytes()
    assert world.populate("-r", "eu-west-1", "--prune").stderr == "runas: profiles: 3 as before\n"
    assert world.config.read_bytes() == before


def test_what_went_away_is_pruned_and_nothing_else(world: World, center: IdentityCenter) -> None:
    world.populate("-r", "eu-west-1")
    with world.config.open("a") as file:
        file.write(
            "\n# hand-made\n[profile byhand]\nsso_session = corp\nsso_account_id = 999999999999\n"
            "sso_role_name = Gone\n\n[profile elsewhere]\nrunas_populated = true\n"
            "sso_start_url = https://other.example/start\nsso_region = us-east-1\n"
            "\n[profile needed]\nrunas_populated = true\nsso_session = corp\n"
            "\n[profile chain]\nsource_profile = needed\n"
        )
    del center.accounts["222222222222"]
    words = ("--sso-session", "corp", "-r", "eu-west-1")
    assert "2 as before" in world.populate(*words).stderr
    assert "dev.Admin" in world.profiles()
    done = world.populate(*words, "--prune")
    assert "1 removed" in done.stderr
    assert "source_profile: needed" in done.stderr
    found = world.profiles()
    assert "dev.Admin" not in found
    assert {"own", "byhand", "elsewhere", "needed", "chain", *NAMES[:2]} == set(found)
    assert "# hand-made\n[profile byhand]" in world.config.read_text()


def test_hand_made_profiles_are_left_alone_unless_told(world: World) -> None:
    with world.config.open("a") as file:
        file.write(
            "\n[profile dev.Admin]\n# mine\nregion = eu-north-1\nrole_arn = x\ncolor = red\n"
        )
    done = world.populate("-r", "eu-west-1")
    assert "--overwrite replaces them): dev.Admin\n" in done.stderr
    assert "2 new, 1 left alone" in done.stderr
    assert world.profiles()["dev.Admin"]["role_arn"] == "x"
    assert "1 changed" in world.populate("-r", "eu-west-1", "--overwrite").stderr
    found = world.profiles()["dev.Admin"]
    assert "role_arn" not in found
    assert (found["color"], found["region"]) == ("red", "eu-west-1")
    assert "[profile dev.Admin]\n# mine\n" in world.config.read_text()


def test_existing_settings_of_generated_profiles(world: World) -> None:
    world.populate("-r", "eu-west-1", "-c", "output=json", "-c", "color=red")
    world.populate("-r", "eu-west-1", "-c", "output=yaml", "-c", "cli_pager=")
    found = world.profiles()["dev.Admin"]
    assert (found["output"], found["cli_pager"], found["color"]) == ("json", "", "red")
    more = ("--existing-config-action", "overwrite")
    world.populate("-r", "eu-west-1", "-c", "output=yaml", *more)
    assert world.profiles()["dev.Admin"]["output"] == "yaml"
    world.populate("-r", "eu-west-1", "--existing-config-action", "discard")
    assert not {"output", "color"} & world.profiles()["dev.Admin"].keys()


def test_without_a_session_and_with_a_new_one(world: World, center: IdentityCenter) -> None:
    world.config.write_text("")
    sign_in(center)
    place = ("-u", center.start_url, "--sso-region", center.region)
    world.populate(*place)
    old = world.profiles()["dev.Admin"]
    assert (old["sso_start_url"], old["sso_region"]) == (center.start_url, center.region)
    assert "region" not in old
    sign_in(center, sso_session="work")
    assert "3 changed" in world.populate(*place, "--sso-session", "work").stderr
    new = world.profiles()["dev.Admin"]
    assert new["sso_session"] == "work"
    assert "sso_start_url" not in new
    assert "[sso-session work]\nsso_start_url = https://" in world.config.read_text()


def test_profiles_of_aws_sso_util_are_gone_on_with(world: World, center: IdentityCenter) -> None:
    with world.config.open("a") as file:
        file.write(
            f"\n[profile dev.Admin]\nsso_start_url = {center.start_url}\nsso_region = us-east-1\n"
            "sso_account_id = 222222222222\nsso_role_name = Admin\nsso_auto_populated = true\n"
            "credential_process = aws-sso-util credential-process --profile dev.Admin\n"
        )
    done = world.populate("-r", "eu-west-1", "--no-credential-process")
    assert "2 new, 1 changed" in done.stderr
    assert "credential_process" not in world.profiles()["dev.Admin"]


def test_mistakes_show_before_anybody_signs_in(world: World) -> None:
    mistakes = {
        ("--name-template", "{who}"): "no such field: {who}",
        ("--trim-role-name", "("): "no regular expression",
        ("--region-style", "tiny"): "none of short, long",
        ("-c", "output"): "not KEY=VALUE",
    }
    for words, text in mistakes.items():
        assert text in world.populate(*words, status=2).stderr
    nowhere = world.populate("-u", "https://nowhere.example/start", status=78)
    assert "exactly one Identity Center" in nowhere.stderr
    assert "neither" in world.populate("own", status=78).stderr


def test_nobody_there_to_sign_in(world: World, center: IdentityCenter) -> None:
    center.revoke()
    done = world.populate(status=75)
    assert "nobody can be asked" in done.stderr


def test_roles_are_listed_as_a_table(world: World) -> None:
    world.populate("-r", "eu-west-1")
    listed = world.run("list", "roles", "dev.Admin").stdout.splitlines()
    assert listed[0].split() == ["ACCOUNT", "ID", "ACCOUNT", "ROLE"]
    found = world.run("list", "roles", "--csv", "dev.Admin")
    assert found.stdout.splitlines() == [
        "account_id,account_name,role_name",
        "222222222222,dev,Admin",
        "111111111111,Production (EU),Admin",
        "111111111111,Production (EU),ReadOnly",
    ]
    assert found.stderr == ""
    document = json.loads(world.run("list", "roles", "--json", "dev.Admin").stdout)
    first = {"account_id": "222222222222", "account_name": "dev", "role_name": "Admin"}
    assert document["roles"][0] == first
