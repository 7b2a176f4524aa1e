"""Logging in: MFA, chains, durations, sessions and the cache, through the real command."""

import json
import subprocess
import sys
import threading
import time

import pytest

from runas._credentials import Credentials
from runas.cache import Cache, Entry

from .world import RUNAS, alone


def keys(found: subprocess.CompletedProcess[str]) -> dict[str, str]:
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def who(world, found) -> str:
    return world.aws.issued[keys(found)["AccessKeyId"]].arn


def test_cached_credentials_need_no_network(world) -> None:
    first = keys(world.run("-O", "json", "read-only"))
    before = len(world.aws.requests)
    again = world.run("-O", "json", "read-only", AWS_ENDPOINT_URL=world.aws.url)
    assert keys(again) == first
    assert len(world.aws.requests) == before


def test_refresh_drops_the_role_but_not_the_session(world) -> None:
    code = world.seeds.device.code()
    first = keys(world.run("-O", "json", "-o", code, "admin"))
    second = keys(world.run("-r", "-O", "json", "admin"))
    assert first["AccessKeyId"] != second["AccessKeyId"]
    assert (world.calls("GetSessionToken"), world.calls("AssumeRole")) == (1, 2)
    third = world.run("-rr", "-O", "json", "-o", world.seeds.device.next_code(), "admin")
    assert third.returncode == 0, third.stderr
    assert world.calls("GetSessionToken") == 2


def test_one_code_serves_every_role_of_an_hour(world) -> None:
    world.add(
        "[profile other]\nsource_profile = default\nrole_arn = "
        f"{world.seeds.read_only.arn}\nmfa_serial = {world.seeds.device.serial}\n"
    )
    code = world.seeds.device.code()
    assert world.run("-O", "json", "-o", code, "admin").returncode == 0
    found = world.run("-O", "json", "other")
    assert who(world, found).endswith("assumed-role/read-only/alice")
    assert world.calls("GetSessionToken") == 1


def test_a_code_is_not_sent_twice(world) -> None:
    code = world.seeds.device.code()
    assert world.run("-O", "json", "-o", code, "admin").returncode == 0
    sent = world.calls("GetSessionToken")
    found = world.run("-rr", "-O", "json", "--otp", code, "admin")
    assert found.returncode == 77
    assert "used" in found.stderr
    assert world.calls("GetSessionToken") == sent


def test_a_longer_role_session_goes_direct(world) -> None:
    code = world.seeds.device.code()
    found = world.run("-O", "json", "-a", "4h", "-o", code, "admin")
    issued = world.aws.issued[keys(found)["AccessKeyId"]]
    assert issued.duration == 4 * 3600
    assert world.calls("GetSessionToken") == 0


def test_a_duration_above_the_roles_is_lowered_said_and_remembered(world) -> None:
    found = world.run("-O", "json", "-a", "12h", "read-only")
    assert world.aws.issued[keys(found)["AccessKeyId"]].duration == 3600
    assert "read-only" in found.stderr
    assert found.stderr.count("\n") == 1
    tries = world.calls("AssumeRole")
    again = world.run("-r", "-O", "json", "-a", "12h", "read-only")
    assert again.returncode == 0
    assert world.calls("AssumeRole") == tries + 1


def test_a_limit_met_with_a_code_is_remembered(world, person) -> None:
    someone = person("runas", "-O", "json", "-a", "12h", "admin")
    someone.sees("MFA code for")
    someone.types(world.seeds.device.unused_code() + "\n")
    someone.sees("MFA code for")
    someone.types(world.seeds.device.unused_code() + "\n")
    assert someone.waits()[0] == 0
    again = world.run("-r", "-O", "json", "-a", "12h", "admin")
    assert world.aws.issued[keys(again)["AccessKeyId"]].duration == 3600


def test_a_chain_needs_no_second_code_and_is_capped_at_an_hour(world) -> None:
    code = world.seeds.device.code()
    found = world.run("-O", "json", "-a", "2h", "-o", code, "deploy")
    assert who(world, found).endswith("assumed-role/deploy/alice")
    assert "1h" in found.stderr
    assert world.calls("AssumeRole") == 2


def test_mfa_is_found_where_it_is_not_configured(world) -> None:
    world.add(f"[profile bare]\nsource_profile = default\nrole_arn = {world.seeds.admin.arn}\n")
    found = world.run("-O", "json", "-o", world.seeds.device.code(), "bare")
    assert who(world, found).endswith("assumed-role/admin/alice")
    assert world.run("-O", "json", "-r", "bare").returncode == 0
    assert world.calls("GetSessionToken") == 1


def test_session_credentials(world) -> None:
    found = world.run("-s", "-O", "json", "-o", world.seeds.device.code(), "admin")
    issued = world.aws.issued[keys(found)["AccessKeyId"]]
    assert (issued.operation, issued.duration, issued.mfa) == ("GetSessionToken", 43200, True)
    assert world.calls("AssumeRole") == 0
    assert keys(world.run("-s", "-O", "json", "admin")) == keys(found)


def test_a_profile_with_keys_only_gives_session_credentials(world) -> None:
    found = world.run("-d", "1h", "-O", "json", "default")
    issued = world.aws.issued[keys(found)["AccessKeyId"]]
    assert (issued.operation, issued.duration) == ("GetSessionToken", 3600)


def test_a_role_arn_needs_no_profile(world) -> None:
    found = world.run("-O", "json", world.seeds.read_only.arn)
    assert who(world, found).endswith("assumed-role/read-only/alice")
    world.credentials.unlink()
    key = world.seeds.key
    environ = {
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
    }
    again = world.run("-r", "-O", "json", "--role", world.seeds.read_only.arn, **environ)
    assert who(world, again).endswith("assumed-role/read-only/alice")


def test_what_the_role_was_taken_with(world) -> None:
    policy = world.home / "policy.json"
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    policy.write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    found = world.run(
        *("-O", "json", "--role-session-name", "me@work", "--policy", str(policy), "--read-only"),
        *("--set", "session_tags=team=core", "--set", "source_identity=alice", "read-only"),
    )
    issued = world.aws.issued[keys(found)["AccessKeyId"]]
    assert issued.session_name == "me@work"
    assert "s3:*" in str(issued.options.policy)
    assert issued.options.policy_arns == ("arn:aws:iam::aws:policy/ReadOnlyAccess",)


def test_forty_cold_runs_make_one_login(world) -> None:
    found: list[subprocess.CompletedProcess[str]] = []

    def one() -> None:
        found.append(world.run("-O", "json", "read-only"))

    threads = [threading.Thread(target=one) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {keys(one)["AccessKeyId"] for one in found} == {keys(found[0])["AccessKeyId"]}
    assert world.calls("AssumeRole") == 1


def test_an_outage_is_invisible_while_credentials_are_good(world, home) -> None:
    first = keys(world.run("-O", "json", "read-only"))
    make_stale(home)
    world.aws.fail("AssumeRole", times=50)
    found = world.run("-O", "json", "read-only")
    assert keys(found)["AccessKeyId"] == first["AccessKeyId"]
    assert "still good" in found.stderr
    assert world.run("-O", "json", "-r", "read-only").returncode == 69


def make_stale(home) -> None:
    """Rewrite every cached entry as one that was won an hour ago and ends in two minutes."""
    now = int(time.time())
    cache = Cache(str(home / "runas-cache"))
    for name, entry in list(cache.entries()):
        old = entry.credentials
        ending = Credentials(old.access_key_id, old.secret_access_key, old.session_token, now + 120)
        cache.write(name, Entry(ending, now - 3600, entry.facts))


def test_a_cache_folder_that_cannot_be_written_costs_a_notice(world) -> None:
    found = world.run("-O", "json", "read-only", RUNAS_CACHE_DIR="/proc/nowhere")
    assert found.returncode == 0
    assert "not caching" in found.stderr
    assert found.stderr.count("\n") == 1


FETCH = """
import json, os, urllib.request
token = {"Authorization": os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]}
asked = urllib.request.Request(os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], headers=token)
print(json.load(urllib.request.urlopen(asked))["AccessKeyId"])
"""


def test_a_full_disk_does_not_bring_the_old_credentials_back(world) -> None:
    words = [RUNAS, "-r", "read-only", sys.executable, "-c", FETCH]
    first = world.run(*words[1:]).stdout
    environ = {**world.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    full = alone(["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *words], environ, world.home)
    assert "not caching" in full.stderr
    assert full.stdout.startswith("ASIA")
    assert full.stdout != first
    assert world.calls("AssumeRole") == 2


@pytest.mark.parametrize("mode", [[], ["-E"]])
def test_a_wrapped_command_works_without_a_cache(world, mode) -> None:
    found = world.run(*mode, "read-only", "true", RUNAS_CACHE_DIR="/proc/nowhere")
    assert found.returncode == 0, found.stderr


def test_list_roles_and_mfa(world) -> None:
    roles = world.run("list", "roles")
    assert roles.returncode == 0, roles.stderr
    assert roles.stdout.split() == sorted(
        [world.seeds.admin.arn, world.seeds.partner.arn, world.seeds.read_only.arn]
    )
    assert "role/audit/*" in roles.stderr
    assert world.run("-l").stdout == roles.stdout
    assert world.run("list", "mfa").stdout.strip() == world.seeds.device.serial
    assert world.run("-m", "default").stdout.strip() == world.seeds.device.serial


def test_list_profiles(world) -> None:
    listed = world.run("list", "profiles").stdout.splitlines()
    names = {line.split()[0] for line in listed}
    assert names >= {"default", "read-only", "admin", "deploy", "partner", "audit"}


def test_who_am_i(world) -> None:
    found = world.run("-w", "read-only")
    assert "Arn: arn:aws:sts::123456789012:assumed-role/read-only/alice" in found.stdout
    beside = world.run("-w", "-E", "read-only", "echo", "x")
    assert beside.stdout == "x\n"
    assert "assumed-role/read-only/alice" in beside.stderr


def test_credentials_are_written_for_programs_that_read_only_the_file(world) -> None:
    before = world.credentials.read_text()
    found = world.run("-c", "-O", "json", "read-only")
    written = world.credentials.read_text()
    assert written.startswith(before)
    assert "[read-only-runas]" in written
    assert keys(found)["SecretAccessKey"] in written
    assert keys(found)["Expiration"] in written
    aws = ["aws", "--profile", "read-only-runas", "sts", "get-caller-identity"]
    assert world.run("-E", "audit", *aws).returncode == 0
    (world.home / "runas.toml").write_text('profile_name_prefix = "work"')
    assert world.run("-c", "read-only", "true").returncode == 0
    assert "[work-read-only]" in world.credentials.read_text()


@pytest.mark.parametrize("mode", [["-O", "json", "round"], ["round", "true"]])
@pytest.mark.parametrize("there", ["--profile round", "there"])
def test_a_command_that_asks_for_the_very_keys_it_is_to_give(world, mode, there) -> None:
    world.add(
        f"[profile round]\ncredential_process = {RUNAS} -O json {there}\n"
        f"[profile there]\ncredential_process = {RUNAS} -E round env\n"
    )
    found = world.run(*mode)
    assert found.returncode == 78
    assert "a command that asks for them itself" in found.stderr
    assert "credential_process (~/.aws/config:" in found.stderr


def test_a_code_that_wants_the_very_keys_it_is_to_give(world) -> None:
    world.config.write_text(
        world.config.read_text().replace(
            "\nmfa_serial", f"\nmfa_process = {RUNAS} -O json admin\nmfa_serial"
        )
    )
    found = world.run("-O", "json", "admin")
    assert found.returncode == 78
    told, failed = found.stderr.splitlines()
    assert "a command that asks for them itself" in told
    assert "mfa_process (~/.aws/config:" in failed


def test_a_session_of_the_aws_cli_s_own(world) -> None:
    """The way out that is named leads there, whatever `aws` says of its session."""
    world.add(
        "[profile mine]\nlogin_session = arn:aws:iam::111122223333:user/alice\n"
        f"[profile next]\nsource_profile = mine\nrole_arn = {world.seeds.read_only.arn}\n"
    )
    world.credentials.unlink()
    for name in ("mine", "next"):
        found = world.run(name, "true")
        assert found.returncode == 78
        assert "~/.aws/config:" in found.stderr
        assert "aws configure export-credentials --format process --profile mine" in found.stderr
