"""``runas ssm``: sessions of the emulator, carried by a plugin that records."""

import json
import sys

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed


@pytest.fixture
def machine(world):
    return world.aws.machine(
        "123456789012",
        "eu-west-1",
        name="web-1",
        tags={"team": "red"},
        private_ip="10.0.3.7",
        public_ip="203.0.113.9",
    )


@pytest.fixture
def plugin(world):
    return world.program("session-manager-plugin")


def only(runs):
    (run,) = runs()
    return run


def test_a_shell_by_the_plugin(world, machine, plugin):
    done = world.run("ssm", "shell", "ops", machine.instance_id)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    run = only(plugin)
    response, region, operation, profile, request, endpoint = run["argv"]
    assert (response, region) == ("AWS_SSM_START_SESSION_RESPONSE", "eu-west-1")
    assert (operation, profile) == ("StartSession", "")
    assert json.loads(request) == {"Target": machine.instance_id}
    assert endpoint == world.aws.url
    opened = json.loads(run["environ"]["AWS_SSM_START_SESSION_RESPONSE"])
    assert set(opened) == {"SessionId", "TokenValue", "StreamUrl"}
    assert opened["TokenValue"] not in " ".join(run["argv"])


def test_the_plugin_has_the_credentials_for_its_own_calls(world, machine, plugin):
    world.run("ssm", "shell", "ops", machine.instance_id, AWS_PROFILE="ops")
    environ = only(plugin)["environ"]
    assert environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"].startswith("http://127.0.0.1:")
    assert environ["AWS_REGION"] == "eu-west-1"
    assert "AWS_PROFILE" not in environ


def test_with_keys_in_the_environment(world, machine, plugin):
    world.run("-E", "ssm", "shell", "ops", machine.instance_id)
    environ = only(plugin)["environ"]
    assert environ["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert "AWS_SSM_START_SESSION_RESPONSE" in environ


@pytest.mark.parametrize("version", ["1.2.497.0", "1.1.61.0", "soon"])
def test_an_older_plugin_gets_the_token_as_an_argument(version, world, machine, plugin):
    done = world.run("ssm", "shell", "ops", machine.instance_id, FAKE_VERSION=version)
    assert done.returncode == 0
    run = only(plugin)
    assert set(json.loads(run["argv"][0])) == {"SessionId", "TokenValue", "StreamUrl"}
    assert "AWS_SSM_START_SESSION_RESPONSE" not in run["environ"]


@pytest.mark.parametrize(
    "target",
    [
        "Name:web-1",
        "team:red",
        "10.0.3.7",
        "203.0.113.9",
        "ip-10-0-3-7.eu-west-1.compute.internal",
        "ec2-203-0-113-9.eu-west-1.compute.amazonaws.com",
    ],
)
def test_targets_by_tag_address_and_name(target, world, machine, plugin):
    done = world.run("shell", "ops", target)
    assert done.returncode == 0, done.stderr
    assert json.loads(only(plugin)["argv"][4]) == {"Target": machine.instance_id}
    assert f"{target} is {machine.instance_id}" in done.stderr


def test_a_tag_that_fits_several_lists_them(world, machine, plugin):
    other = world.aws.machine("123456789012", "eu-west-1", name="web-2", tags={"team": "red"})
    world.aws.machine("123456789012", "eu-west-1", tags={"team": "red"}, state="stopped")
    world.aws.machine("123456789012", "eu-central-1", tags={"team": "red"})
    done = world.run("ssm", "shell", "ops", "team:red")
    assert done.returncode == 78
    assert f"{machine.instance_id} (web-1), {other.instance_id} (web-2)" in done.stderr
    assert not world.aws.calls("StartSession")


def test_forwarding_to_the_instance(world, machine, plugin):
    done = world.run("ssm", "forward", "-p", "18080", "ops", "Name:web-1:8080")
    assert done.returncode == 0, done.stderr
    assert json.loads(only(plugin)["argv"][4]) == {
        "Target": machine.instance_id,
        "DocumentName": "AWS-StartPortForwardingSession",
        "Parameters": {"portNumber": ["8080"], "localPortNumber": ["18080"]},
    }


def test_forwarding_beyond_the_instance(world, machine, plugin):
    target = f"{machine.instance_id}:5432"
    done = world.run("forward", "ops", target, "--host", "db.internal")
    assert done.returncode == 0, done.stderr
    assert json.loads(only(plugin)["argv"][4])["Parameters"] == {
        "host": ["db.internal"],
        "portNumber": ["5432"],
        "localPortNumber": ["0"],
    }


@pytest.mark.parametrize(("user", "port", "sent"), [("", "", "22"), ("ec2-user@", ":2222", "2222")])
def test_ssh_leaves_stdout_to_the_connection(user, port, sent, world, machine, plugin):
    done = world.run("ssm", "ssh", "ops", f"{user}{machine.instance_id}{port}")
    assert (done.returncode, done.stdout) == (0, "")
    request = json.loads(only(plugin)["argv"][4])
    assert request["DocumentName"] == "AWS-StartSSHSession"
    assert request["Parameters"] == {"portNumber": [sent]}


def test_the_plugin_s_status_is_handed_on(world, machine, plugin):
    assert world.run("ssm", "shell", "ops", machine.instance_id, FAKE_STATUS="3").returncode == 3


def test_without_the_plugin_nobody_logs_in(world, machine):
    done = world.run("ssm", "shell", "ops", machine.instance_id, **world.without())
    assert done.returncode == 78
    assert "session-manager-plugin is not installed; install it: https://" in done.stderr
    assert not world.aws.requests


def test_an_instance_that_is_not_connected(world, plugin):
    machine = world.aws.machine("123456789012", "eu-west-1", managed=False)
    done = world.run("ssm", "shell", "ops", machine.instance_id)
    assert done.returncode == 77
    assert f"{machine.instance_id} is not connected" in done.stderr


def test_a_role_that_may_not(world, machine, plugin):
    done = world.run("ssm", "shell", "read-only", machine.instance_id)
    assert done.returncode == 77
    assert "ssm:StartSession" in done.stderr


def test_a_session_whose_plugin_does_not_start_is_ended(world, machine, plugin, home):
    (home / "bin" / "session-manager-plugin").write_text("#!/no/such\n")
    script = home / "bin" / "session-manager-plugin"
    script.write_text('#!/bin/sh\nrm -f "$0"\necho 1.2.650.0\n')
    done = world.run("ssm", "shell", "ops", machine.instance_id)
    assert done.returncode in (126, 127)
    assert not world.aws.sessions
    assert world.aws.calls("TerminateSession")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ssm", "shell", "ops", "what?"], "is no target"),
        (["ssm", "forward", "ops", "Name:web-1"], "does not say which port"),
        (["ssm", "forward", "ops", "i-0123456789abcdef0:99999"], "does not say which port"),
        (["ssm", "shell"], "name a profile and a target"),
    ],
)
def test_what_is_malformed_is_a_usage_error(words, said, world, plugin):
    done = world.run(*words)
    assert done.returncode == 2
    assert said in done.stderr


def test_aws_profile_stands_in(world, machine, plugin):
    done = world.run("ssm", "shell", machine.instance_id, AWS_PROFILE="ops")
    assert done.returncode == 0, done.stderr


SHELL = """#!{python}
import os, signal, sys, time
if sys.argv[1:] == ["--version"]:
    print("1.2.650.0")
    sys.exit(0)
had = []
def note(number, frame):
    had.append(signal.Signals(number).name)
    os.write(1, " ".join(["had", *had, "\\n"]).encode())
    if len(had) == 2:
        sys.exit(5)
signal.signal(signal.SIGINT, note)
signal.signal(signal.SIGQUIT, note)
print("session open", flush=True)
while True:
    time.sleep(0.05)
"""


@pytest.mark.parametrize("mode", [[], ["-E"]])
def test_keys_for_signals_belong_to_the_session(mode, world, machine, plugin, at_terminal):
    (world.home / "bin" / "session-manager-plugin").write_text(SHELL.format(python=sys.executable))
    window = at_terminal(RUNAS, *mode, "ssm", "shell", "ops", machine.instance_id)
    window.shows("session open")
    window.types("\x03")
    window.shows("had SIGINT")
    window.types("\x1c")
    window.shows("had SIGINT SIGQUIT")
    assert window.ends() == 5
