"""A command beside its endpoint, as processes."""

import os
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")

# runas -O json, as far as the endpoint can tell; every answer has another key.
HELPER = """
import os, sys, time
with open(os.environ["CALLS"], "a") as file:
    file.write("x")
number = os.path.getsize(os.environ["CALLS"])
end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
print('{"Version": 1, "AccessKeyId": "AKIA%d", "SecretAccessKey": "S", "SessionToken": "T",'
      ' "Expiration": "%s"}' % (number, end))
"""

PROGRAM = """
import os, sys, time
from runas._credentials import Credentials
from runas.cache import Entry
from runas.launch.environment import child_environment
from runas.profile import Profile
from runas.serve.helper import Helper
from runas.serve.listener import Listener
from runas.serve.wrapped import run
helper, left, *argv = sys.argv[1:]
end = int(time.time() + float(left))
entry = Entry(Credentials("AKIA0", "S", "T", end), end - 3600)
listener = Listener.open()
environ = child_environment(os.environ, Profile("p", {"region": "eu-west-1"}), listener.variables())
login = Helper([sys.executable, helper], os.environ)
status = run(argv, environ, listener, entry, login.renew, login.cancel)
sys.exit(status)
"""

SDK = """
import botocore.session
session = botocore.session.get_session()
credentials = session.get_credentials()
key = credentials.get_frozen_credentials().access_key
print(credentials.method, key, session.get_config_variable("region"))
"""


@pytest.fixture
def wrapped(tmp_path):
    helper = tmp_path / "helper.py"
    helper.write_text(HELPER)
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    environ = {**os.environ, "CALLS": str(tmp_path / "calls")}

    def run(*argv, left=3600, helper=helper, **options):
        words = [sys.executable, str(program), str(helper), str(left), *argv]
        return subprocess.run(
            words, capture_output=True, text=True, timeout=60, check=False, env=environ, **options
        )

    return run


def test_an_sdk_finds_the_credentials(wrapped):
    done = wrapped(sys.executable, "-c", SDK)
    assert (done.stdout, done.stderr) == ("container-role AKIA0 eu-west-1\n", "")


def test_an_sdk_gets_new_ones_when_the_old_have_expired(wrapped, tmp_path):
    done = wrapped(sys.executable, "-c", SDK, left=-10)
    assert (done.stdout, done.stderr) == ("container-role AKIA1 eu-west-1\n", "")
    assert (tmp_path / "calls").read_text() == "x"


@pytest.mark.parametrize("code", ["exit 0", "exit 1", "exit 255", "kill -TERM $$", "sleep 0.04"])
def test_the_status_is_the_commands_whenever_it_ends(wrapped, code):
    expected = subprocess.run(["sh", "-c", code], check=False).returncode
    done = wrapped("sh", "-c", code)
    assert done.returncode == (expected if expected >= 0 else 128 - expected)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.parametrize("milliseconds", range(0, 120, 10))
def test_a_quick_command_leaves_no_trace(wrapped, milliseconds):
    """Whatever is being imported at the time: nothing on stderr, the right status."""
    done = wrapped("sh", "-c", f"sleep {milliseconds / 1000}; exit 3")
    assert (done.returncode, done.stderr) == (3, "")


def test_a_login_under_way_ends_with_the_command(wrapped, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text(
        f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\n"
        "time.sleep(60)\n"
    )
    wait = f"while [ ! -s '{tmp_path}/pid' ]; do sleep 0.05; done"
    start = time.monotonic()
    done = wrapped("sh", "-c", wait, left=-10, helper=slow)
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - start < 30
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_waiting_parent_is_small(wrapped):
    code = SDK + (
        "import os\nstatus = open(f'/proc/{os.getppid()}/status').read()\n"
        "print(status.split('VmRSS:')[1].split()[0])\n"
    )
    done = wrapped(sys.executable, "-c", code, left=-10)
    assert int(done.stdout.split()[-1]) <= 30 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_command_inherits_neither_the_socket_nor_anything_else(wrapped):
    done = wrapped("sh", "-c", "ls /proc/$$/fd", stdin=subprocess.DEVNULL)
    assert done.stdout.split() == ["0", "1", "2"]
