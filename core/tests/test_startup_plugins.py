"""Installed plugins that a command does not use cost it no module at all."""

import subprocess
import sys

import pytest

from runas.testing import AwsEmulator
from runas.testing.aws.seed import aws_files, seed

FAKES = ("harbour", "lagoon")

PROBE = """
import os
import sys
os._exit = sys.exit  # main ends at once; here the rest must still be told
from runas.__main__ import main
try:
    status = main()
finally:
    sys.stderr.write("modules: " + " ".join(sorted(sys.modules)) + "\\n")
sys.exit(status)
"""


@pytest.fixture
def world(home, monkeypatch):
    """Give the home of a user whose profile `read-only` signs in with keys."""
    with AwsEmulator() as aws:
        aws_files(seed(aws), home / ".aws")
        for name, text in aws.environment().items():
            monkeypatch.setenv(name, text)
        monkeypatch.chdir(home)
        yield aws


@pytest.fixture
def fakes(tmp_path):
    """Install two providers that break when they are imported; return the folder."""
    for name in FAKES:
        module = f"runas_{name}"
        (tmp_path / f"{module}.py").write_text(f"raise RuntimeError('{module} was imported')\n")
        info = tmp_path / f"runas_plugin_{name}-9.9.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: runas-plugin-{name}\nVersion: 9.9\n"
        )
        points = f"[runas.providers]\n{name} = {module}\n\n[runas.families]\nsaml = {module}\n"
        (info / "entry_points.txt").write_text(points)
    return tmp_path


def run(*words):
    """Run `runas WORDS` and return its stdout and what was loaded in the end."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, set(done.stderr.rpartition("modules: ")[2].split())


COMMANDS = {
    "cached": (["-O", "json", "read-only"], True),
    "cold": (["-O", "json", "read-only"], False),
    "refresh": (["-r", "-O", "json", "read-only"], True),
    "profiles": (["list", "profiles"], False),
    "help": (["--help"], False),
    "version": (["--version"], False),
    "plugins": (["plugin", "list"], False),
}


@pytest.mark.parametrize(("words", "cached"), COMMANDS.values(), ids=COMMANDS)
def test_two_more_plugins_cost_no_module(words, cached, world, fakes, home, monkeypatch):
    def loaded(cache):
        monkeypatch.setenv("RUNAS_CACHE_DIR", str(home / cache))
        if cached:
            run(*words)
        return run(*words)[1]

    without = loaded("without")
    monkeypatch.setenv("PYTHONPATH", str(fakes))
    assert loaded("with") - without == set()


def test_the_plugins_are_seen_all_the_same(world, fakes, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(fakes))
    text, _ = run("plugin", "list")
    assert all(name in text for name in FAKES)


def test_a_broken_plugin_breaks_the_profiles_that_name_it(world, fakes, home, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(fakes))
    with open(home / ".aws" / "config", "a", encoding="utf-8") as config:
        config.write("\n[profile sea]\nrunas_provider = harbour\n")
    done = subprocess.run(
        [sys.executable, "-m", "runas", "-O", "json", "sea"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "runas-plugin-harbour 9.9" in done.stderr
    run("-O", "json", "read-only")
