"""``runas ssm ssh --ec2ic``: the key that ssh would use is at the instance before ssh is."""

import json
import shutil
import subprocess

import pytest

from runas.testing.aws.seed import WORK

KEY = "ssh-ed25519 " + "AAAAC3NzaC1lZDI1NTE5AAAAI" + "k" * 43
OTHER = "ssh-rsa " + "AAAAB3NzaC1yc2E" + "r" * 300
CURVE = "ecdsa-sha2-nistp256 " + "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI" + "e" * 100


@pytest.fixture
def machine(world):
    return world.aws.machine(WORK, "eu-west-1", name="web-1")


@pytest.fixture
def plugin(world):
    return world.program("session-manager-plugin")


@pytest.fixture
def openssh(world, plugin):
    """Put ssh, ssh-keygen and ssh-add on the PATH; they say what a test lets them say."""
    folder = world.home / "bin"
    (world.home / ".ssh").mkdir()

    def says(name, text, status=0):
        told = world.home / f"{name}.says"
        told.write_text(text)
        script = folder / name
        script.write_text(f'#!/bin/sh\necho "$@" >> {told}.asked\ncat {told}\nexit {status}\n')
        script.chmod(0o755)

    says("ssh", "user bob\nidentityfile ~/.ssh/id_rsa\nidentityfile ~/.ssh/id_ed25519\n")
    says("ssh-keygen", "", status=255)
    says("ssh-add", "", status=2)
    return says


def keep(world, name, text):
    (world.home / ".ssh" / name).write_text(text)


def sent(world):
    (call,) = world.aws.calls("SendSSHPublicKey")
    return call.parameters


def test_the_key_is_sent_before_the_session_begins(world, machine, plugin, openssh):
    keep(world, "id_ed25519.pub", f"{KEY} me@laptop\n")
    done = world.run("ssm", "ssh", "--ec2ic", "ops", f"alice@{machine.instance_id}:2222")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert machine.login_keys == {"alice": KEY}
    actions = [one.action for one in world.aws.requests]
    assert actions.index("SendSSHPublicKey") < actions.index("StartSession")
    (run,) = plugin()
    assert json.loads(run["argv"][4])["Parameters"] == {"portNumber": ["2222"]}


def test_ssh_is_asked_about_this_host_and_user(world, machine, openssh):
    keep(world, "id_ed25519.pub", KEY)
    world.run("ssm", "ssh", "--ec2ic", "ops", "Name:web-1")
    assert (world.home / "ssh.says.asked").read_text() == "-G -l ec2-user -- Name:web-1\n"
    assert sent(world)["InstanceId"] == machine.instance_id
    assert sent(world)["InstanceOSUser"] == "ec2-user"


WAYS = {
    "the first that there is": {"id_rsa.pub": OTHER, "id_ed25519.pub": KEY},
    "one that EC2 does not take is passed over": {"id_rsa.pub": CURVE, "id_ed25519.pub": OTHER},
    "a file that holds the public half itself": {"id_rsa": OTHER},
}


@pytest.mark.parametrize("files", WAYS.values(), ids=WAYS)
def test_which_of_the_files(files, world, machine, openssh):
    for name, text in files.items():
        keep(world, name, f"{text} comment\n")
    done = world.run("ssm", "ssh", "--ec2ic", "ops", machine.instance_id)
    assert done.returncode == 0, done.stderr
    assert machine.login_keys == {"ec2-user": OTHER}


def test_the_public_half_is_made_from_a_private_key(world, machine, openssh):
    keep(world, "id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\ncanary\n")
    openssh("ssh-keygen", f"{KEY} made\n")
    done = world.run("-vv", "ssm", "ssh", "--ec2ic", "ops", machine.instance_id)
    assert machine.login_keys == {"ec2-user": KEY}
    asked = (world.home / "ssh-keygen.says.asked").read_text()
    assert asked == f"-y -P  -f {world.home}/.ssh/id_rsa\n"
    assert "canary" not in done.stdout + done.stderr


def test_else_the_agent_s(world, machine, openssh):
    openssh("ssh-add", f"{CURVE} a\n{KEY} b\n")
    world.run("ssm", "ssh", "--ec2ic", "ops", machine.instance_id)
    assert machine.login_keys == {"ec2-user": KEY}


def test_where_the_user_s_configuration_says(world, machine, openssh):
    openssh("ssh", 'identityfile none\nidentityfile "%d/my keys/%r@%h"\n')
    (world.home / "my keys").mkdir()
    (world.home / "my keys" / f"bob@{machine.instance_id}.pub").write_text(KEY)
    world.run("ssm", "ssh", "--ec2ic", "ops", f"bob@{machine.instance_id}")
    assert machine.login_keys == {"bob": KEY}


def test_without_a_key_nobody_is_logged_in(world, machine, openssh):
    done = world.run("ssm", "ssh", "--ec2ic", "ops", machine.instance_id)
    assert done.returncode == 78
    assert "make one: ssh-keygen -t ed25519" in done.stderr
    assert not world.aws.requests


def test_without_the_option_no_key_leaves(world, machine, plugin, openssh):
    keep(world, "id_ed25519.pub", KEY)
    assert world.run("ssm", "ssh", "ops", machine.instance_id).returncode == 0
    assert not world.aws.calls("SendSSHPublicKey")
    assert not (world.home / "ssh.says.asked").exists()


REFUSED = {
    "an instance that is not there": ("i-0123456789abcdef0", 77, "is it running, in this account"),
    "no EC2 instance": ("mi-0123456789abcdef0", 78, "is no EC2 instance that takes a key"),
    "no user": ("-o@i-0123456789abcdef0", 2, "'-o' is no user of an instance"),
}


@pytest.mark.parametrize(("target", "status", "said"), REFUSED.values(), ids=REFUSED)
def test_what_takes_no_key(target, status, said, world, openssh):
    keep(world, "id_ed25519.pub", KEY)
    done = world.run("ssm", "ssh", "--ec2ic", "ops", "--", target)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert not world.aws.calls("StartSession")


def test_a_machine_that_is_stopped(world, machine, openssh):
    machine.state = "stopped"
    keep(world, "id_ed25519.pub", KEY)
    done = world.run("ssm", "ssh", "--ec2ic", "ops", machine.instance_id)
    assert done.returncode == 77
    assert "takes no key now: Instance must be in the running state; is it running" in done.stderr


def test_a_role_that_may_not(world, machine, openssh):
    keep(world, "id_ed25519.pub", KEY)
    done = world.run("ssm", "ssh", "--ec2ic", "read-only", machine.instance_id)
    assert done.returncode == 77
    assert "ec2-instance-connect:SendSSHPublicKey" in done.stderr


@pytest.mark.requires("ssh", "ssh-keygen")
def test_with_the_real_programs(world, machine, plugin):
    """The user's own ~/.ssh/config is kept out: ssh finds it by the passwd entry, not by HOME."""
    ssh = world.home / "bin" / "ssh"
    ssh.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F none "$@"\n')
    ssh.chmod(0o755)
    (world.home / ".ssh").mkdir(mode=0o700)
    private = world.home / ".ssh" / "id_rsa"
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-C", "me", "-N", "", "-f", str(private)]
    subprocess.run(make, check=True)
    public = private.with_suffix(".pub")
    made = public.read_text().removesuffix(" me\n")
    target = f"bob@{machine.instance_id}"
    assert world.run("ssm", "ssh", "--ec2ic", "ops", target).returncode == 0
    assert machine.login_keys.pop("bob") == made
    public.unlink()
    assert world.run("ssm", "ssh", "--ec2ic", "ops", target).returncode == 0
    assert machine.login_keys.pop("bob") == made
