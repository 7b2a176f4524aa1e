"""Ten thousand profiles: only the sections that a command needs are parsed.

Told by what nobody would miss in milliseconds: every other section is broken, and whoever parsed
one would have to say so.
"""

import json
import subprocess
import sys

import pytest

from runas.testing import AwsEmulator
from runas.testing.aws.seed import aws_files, seed

COUNT = 10_000
MIDDLE = COUNT // 2
BROKEN = "[profile broken-{number:05}]\nregion = eu-west-1\nthis is no setting\nduration = soon\n"
BROKEN_KEYS = "[broken-{number:05}]\naws_access_key_id = AKIAEXAMPLE\nthis is no setting\n"


@pytest.fixture
def world(home, monkeypatch):
    """Give a home whose good sections stand in the middle of ten thousand broken ones."""
    with AwsEmulator() as aws:
        files = aws_files(seed(aws), home / ".aws")
        for file, section in ((files.config, BROKEN), (files.credentials, BROKEN_KEYS)):
            broken = [section.format(number=number) for number in range(COUNT)]
            good = file.read_text("utf-8")
            text = "\n".join([*broken[:MIDDLE], good, *broken[MIDDLE:]])
            file.write_text(text, "utf-8")
        for name, text in aws.environment().items():
            monkeypatch.setenv(name, text)
        monkeypatch.chdir(home)
        yield aws


def run(*words):
    """Run `runas WORDS`."""
    return subprocess.run(
        [sys.executable, "-m", "runas", *words], capture_output=True, text=True, check=False
    )


def test_a_profile_is_resolved_past_ten_thousand_broken_ones(world):
    cold = run("-O", "json", "read-only")
    assert cold.returncode == 0, cold.stderr
    again = run("-O", "json", "read-only")
    assert json.loads(again.stdout) == json.loads(cold.stdout)
    assert len(world.calls("AssumeRole")) == 1


def test_a_command_runs_beside_ten_thousand_broken_profiles(world):
    done = run("-E", "read-only", "printenv", "AWS_ACCESS_KEY_ID")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("ASIA")


def test_the_broken_one_is_found_out_when_it_is_asked_for(world, home):
    config = (home / ".aws" / "config").read_text("utf-8").splitlines()
    name = f"broken-{MIDDLE + 7:05}"
    line = config.index(f"[profile {name}]") + 3
    done = run("-O", "json", name)
    assert done.returncode == 78
    assert f"config:{line}:" in done.stderr
