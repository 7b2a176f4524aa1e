"""The guard around every test does what it promises."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .workspace import ROOT


def run(folder: Path, body: str, **environment: str) -> str:
    """Run one test in a pytest of its own, under the guard, and return what it reports."""
    file = folder / "test_it.py"
    file.write_text(f"import os, socket, pytest\n{body}\n", "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-q"]
    command += ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), str(file)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_a_test_sees_nothing_of_the_user(tmp_path, home):
    body = """
def test_it(home):
    assert os.environ["HOME"] == str(home) != "theirs"
    for name in ("AWS_PROFILE", "RUNAS_PROVIDER", "SAML_PASSWORD", "CI", "https_proxy"):
        assert name not in os.environ
    for name in ("AWS_CONFIG_FILE", "RUNAS_CACHE_DIR", "XDG_CACHE_HOME"):
        assert os.environ[name].startswith(str(home))
"""
    theirs = ("HOME", "AWS_PROFILE", "AWS_CONFIG_FILE", "RUNAS_PROVIDER", "SAML_PASSWORD", "CI")
    variables = dict.fromkeys((*theirs, "https_proxy", "XDG_CACHE_HOME"), "theirs")
    assert "1 passed" in run(tmp_path, body, **variables)


@pytest.mark.parametrize(
    "reach",
    [
        "socket.create_connection(('192.0.2.1', 443), 1)",
        "socket.create_connection(('example.com', 443), 1)",
        "socket.socket().connect_ex(('192.0.2.1', 443))",
    ],
)
def test_reaching_out_fails_a_test_even_when_it_is_swallowed(tmp_path, reach):
    body = f"def test_it():\n    try: {reach}\n    except OSError: pass"
    output = run(tmp_path, body)
    assert "the test tried to reach" in output
    assert "1 error" in output


def test_loopback_is_open(tmp_path):
    body = """
def test_it():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("localhost", server.getsockname()[1]), 5).close()
"""
    assert "1 passed" in run(tmp_path, body)


def test_a_changed_environment_fails_a_test_and_is_put_back(tmp_path):
    body = """
def test_it():
    os.environ["LEFT_BEHIND"] = "1"
    del os.environ["AWS_CONFIG_FILE"]
def test_after():
    assert "LEFT_BEHIND" not in os.environ
    assert "AWS_CONFIG_FILE" in os.environ
def test_undone(monkeypatch):
    monkeypatch.setenv("TIDY", "1")
"""
    output = run(tmp_path, body)
    assert "left os.environ changed: AWS_CONFIG_FILE, LEFT_BEHIND" in output
    assert "3 passed, 1 error" in output


@pytest.mark.parametrize(
    ("everything", "outcome"), [("", "1 passed, 1 skipped"), ("1", "1 passed, 1 error")]
)
def test_a_missing_program_skips_here_and_fails_in_ci(tmp_path, everything, outcome):
    body = """
@pytest.mark.requires("no-such-program")
def test_it(): pass
@pytest.mark.requires("python", "core/pyproject.toml")
def test_there(): pass
"""
    output = run(tmp_path, body, RUNAS_REQUIRE_ALL=everything)
    assert outcome in output
    assert not everything or "not installed: no-such-program" in output
