"""`serve ec2` on 169.254.169.254: rights are dropped, the address goes away, whatever happens."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..run.world import RUNAS  # noqa: TID252 - tests are not installed

NOBODY = 65534
SCRIPT = str(Path(__file__).with_name("linklocal.py"))


def nobody_may_run_this_python():
    """Tell whether the interpreter lies where other users may read it."""
    code = f"import os; os.setgid({NOBODY}); os.setuid({NOBODY}); import json, runas"
    argv = [sys.executable, "-c", code]
    return subprocess.run(argv, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="wants root on Linux")
@pytest.mark.requires("unshare", "ip")
def test_the_address_comes_and_goes():
    if not nobody_may_run_this_python():
        pytest.skip("other users may not read this Python")
    done = subprocess.run(
        ["unshare", "-n", sys.executable, SCRIPT],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    missing = told.pop("missing")
    statuses = {name: each["status"] for name, each in told.items()}
    assert statuses == {"TERM": 0, "INT": 130, "crash": 137, "guardian": -9, "after": 0}
    for name, each in told.items():
        assert each["added"]
        assert each["rights"]["Uid"] == each["rights"]["Gid"] == [str(NOBODY)] * 4
        assert each["rights"]["Groups"] == [str(NOBODY)]
        assert int(each["rights"]["CapEff"][0], 16) == 0
        assert each["list"] == [200, "runas"]
        assert each["without"] == 401
        assert not each["answers"]
        assert each["left"] == (name == "guardian"), "only a killed root process leaves it"
    assert (missing["status"], missing["left"]) == (78, False)
    assert "no profile or role 'missing'" in missing["err"]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="wants to be no root")
def test_without_root_rights_it_says_what_to_do(world):
    done = subprocess.run(
        [RUNAS, "serve", "ec2", "read-only"], env=world.environ,
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "needs root rights; run it with sudo, or choose a port with -p" in done.stderr
