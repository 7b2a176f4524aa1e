"""What `runas serve` prints, writes and answers to; how it ends."""

import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

URI, TOKEN = "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"
IMDS = "AWS_EC2_METADATA_SERVICE_ENDPOINT"


def get(url, **headers):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request("GET", parts.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def credentials(served):
    return get(served.variables[URI], Authorization=served.variables.get(TOKEN, ""))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_stdout_is_for_a_shell_and_stderr_for_a_person(world):
    port = free_port()
    served = world.serve("ecs", "-p", port, "read-only")
    uri, token = f"http://127.0.0.1:{port}/credentials", served.variables[TOKEN]
    assert served.out == f"export {URI}='{uri}'\nexport {TOKEN}='{token}'\n"
    assert f"set -gx {TOKEN} '{token}'" in served.err
    assert f"$Env:{URI} = '{uri}'" in served.err
    assert f"SET {URI}={uri}" in served.err
    assert f"docker run --network host -e {URI} -e {TOKEN} IMAGE" in served.err
    assert credentials(served)[0] == 200


def test_the_shell_s_own_format_may_be_asked_for(world):
    served = world.start("-O", "fish", "serve", "ecs", "-p", "0", "read-only").says("page:")
    served.says(URI, "out")
    assert served.out.startswith(f"set -gx {URI} '")


def test_the_default_port(world):
    with socket.socket() as probe:
        if not probe.connect_ex(("127.0.0.1", 12319)):
            pytest.skip("port 12319 is in use here")
    assert world.serve("ecs", "read-only").variables[URI] == "http://127.0.0.1:12319/credentials"


def test_a_token_of_the_environment_is_used(world):
    served = world.serve("ecs", "-p", "0", "read-only", **{TOKEN: "my own long token"})
    assert served.variables[TOKEN] == "my own long token"
    assert get(served.variables[URI], Authorization="my own long token")[0] == 200
    assert get(served.variables[URI], Authorization="another token")[0] == 403


def test_files_for_programs(world):
    token_file, env_file = world.home / "token", world.home / "aws.env"
    token_file.write_text("old")
    token_file.chmod(0o644)
    served = world.serve(
        "ecs", "-p", "0", "--token-file", str(token_file), "--env-file", str(env_file), "read-only"
    )
    assert token_file.read_bytes() == served.variables[TOKEN].encode(), "no line break"
    lines = env_file.read_text().splitlines()
    assert dict(line.split("=", 1) for line in lines) == served.variables
    assert f"--env-file {env_file}" in served.err
    for file in (token_file, env_file):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_token(world):
    served = world.serve("ecs", "-p", "0", "--no-token", "read-only")
    assert TOKEN not in served.variables
    assert get(served.variables[URI])[0] == 200


def test_ec2_in_both_spellings(world):
    for words in (("serve", "ec2", "-p", "0", "read-only"), ("--ec2", "read-only", "-p", "0")):
        served = world.start(*words).says("page:").says(IMDS, "out")
        assert list(served.variables) == [IMDS]
        assert get(served.variables[IMDS] + "/latest/dynamic/instance-identity/document")[0] == 200


@pytest.mark.timing
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["TERM", "INT"]
)
@pytest.mark.parametrize("profile", ["read-only", "admin"])
def test_it_ends_within_a_second(world, number, status, profile):
    served = world.serve("ecs", "-p", "0", profile)  # admin waits for a code
    credentials(served)
    ended, seconds = served.ends(number)
    assert ended == status
    assert seconds < 1
    assert "Traceback" not in served.err


def test_two_services_do_not_mind_each_other(world):
    one = world.serve("ecs", "-p", "0", "read-only")
    other = world.serve("ecs", "-p", "0", "audit")
    assert credentials(one)[0] == credentials(other)[0] == 200


def test_a_port_in_use_names_who_has_it(world):
    served = world.serve("ecs", "-p", "0", "read-only")
    port = urlsplit(served.address).port
    late = world.start("serve", "ecs", "-p", str(port), "read-only")
    assert late.process.wait(20) == 69
    late.close()
    assert f"port {port} of 127.0.0.1 is in use" in late.err
    if sys.platform == "linux":
        assert f"process {served.process.pid} (" in late.err
    assert late.out == ""


@pytest.mark.parametrize(
    ("status", "words", "said"),
    [
        (78, ["ecs", "missing"], "no profile"),
        (78, ["ecs", "--allow", "missing", "read-only"], "--allow names"),
        (2, ["ecs", "-p", "99999", "read-only"], "99999"),
        (2, ["ecs", "-p", "x", "read-only"], "'x'"),
        (2, ["ecs", "-p", "0", "--token-file", "/no/such/folder/x", "read-only"], "cannot write"),
        (2, ["ecs", "-p", "0", "--env-file", os.devnull, "read-only"], "no regular file"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(world, status, words, said):
    done = subprocess.run(
        [RUNAS, "serve", *words], env=world.environ, cwd=world.home,
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr


def test_a_token_that_is_none_is_refused(world):
    late = world.start("serve", "ecs", "-p", "0", "read-only", **{TOKEN: "a\ttab in the token"})
    assert late.process.wait(20) == 2


@pytest.mark.skipif(os.name != "posix", reason="SIGHUP")
def test_sighup_reads_the_files_again(world, eventually):
    served = world.serve("ecs", "-p", "0", "read-only")
    arn = credentials(served)[1]
    world.add(
        "[profile later]\nsource_profile = default\n"
        f"role_arn = {world.seeds.audit.arn}\nregion = eu-west-1\n"
    )
    served.process.send_signal(signal.SIGHUP)
    served.says("read again")
    token = served.variables[TOKEN]
    assert get(served.variables[URI] + "/later", Authorization=token)[0] == 200
    assert credentials(served)[1] == arn, "what has not changed goes on"


def test_a_broken_file_changes_nothing(world):
    served = world.serve("ecs", "-p", "0", "read-only")
    before = credentials(served)
    with (world.home / ".aws" / "config").open("ab") as file:
        file.write(b"\n[profile broken\n\xff\n")
    served.process.send_signal(signal.SIGHUP)
    time.sleep(0.5)
    assert credentials(served) == before


def test_an_outage_is_invisible_while_credentials_are_good(world, eventually):
    world.aws.lifetime_override = 12
    served = world.serve("ecs", "-p", "0", "read-only")
    first = credentials(served)[1]["AccessKeyId"]
    calls = len(world.aws.requests)
    world.aws.fail("*", times=1_000)
    eventually(lambda: len(world.aws.requests) > calls)  # it has tried to renew
    assert credentials(served)[1]["AccessKeyId"] == first
    world.aws.faults.__init__()
    eventually(lambda: credentials(served)[1].get("AccessKeyId") not in (None, first))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_stays_small(world):
    served = world.serve("ecs", "-p", "0", "read-only")
    assert credentials(served)[0] == 200
    with open(f"/proc/{served.process.pid}/status", encoding="ascii") as file:
        resident = int(file.read().split("VmRSS:")[1].split()[0])
    assert resident < 100 * 1024
