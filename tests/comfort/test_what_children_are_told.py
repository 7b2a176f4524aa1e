"""Programs that runas starts for itself hear nothing of the secrets that it was given."""

import pytest

from runas.testing.aws.seed import WORK

PASSWORD = "c4nary-of-the-environment"
GIVEN = dict.fromkeys(("RUNAS_PASSWORD", "SAML_PASSWORD", "WEB_PASSWORD"), PASSWORD)
PIP = "import os, sys; open(sys.argv[0] + '.environ', 'w').write(repr(dict(os.environ)))\n"


@pytest.fixture
def script(world):
    """Return what puts a program on the PATH that notes its environment, and speaks."""
    world.program("docker")  # makes the folder

    def write(name, text="1.2.650.0", status=0):
        path, record = world.home / "bin" / name, world.home / f"{name}.environ"
        path.write_text(f"#!/bin/sh\nenv >> {record}\necho {text}\nexit {status}\n")
        path.chmod(0o755)
        return record

    return write


def test_the_browser(script, world):
    record = script("a-browser", "opened in an existing window")
    done = world.run("console", "ops", BROWSER="a-browser", **GIVEN)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "BROWSER=a-browser" in record.read_text()
    assert PASSWORD not in record.read_text()


def test_the_session_plugin_and_openssh(script, world):
    machine = world.aws.machine(WORK, "eu-west-1", name="web-1")
    (world.home / ".ssh").mkdir()
    (world.home / ".ssh" / "key").write_text("no key")
    records = [
        script("session-manager-plugin"),
        script("ssh", "identityfile ~/.ssh/key"),
        script("ssh-keygen", status=1),
        script("ssh-add", status=1),
    ]
    done = world.run("ssm", "ssh", "--ec2ic", "ops", machine.instance_id, **GIVEN)
    assert "ssh has no RSA or Ed25519 key" in done.stderr
    assert world.run("ssm", "shell", "ops", machine.instance_id, **GIVEN).returncode == 0
    for record in records:
        assert "PATH=" in record.read_text()
        assert PASSWORD not in record.read_text()


def test_pip(world):
    package = world.home / "packages" / "pip"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(PIP)
    done = world.run("update", PYTHONPATH=str(package.parent), **GIVEN)
    assert done.returncode == 0, done.stderr
    told = (package / "__main__.py.environ").read_text()
    assert "PYTHONPATH" in told
    assert PASSWORD not in told
