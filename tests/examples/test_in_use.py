"""The example extensions, in the real program: beside a provider that knows nothing of them."""

import json
import os
import subprocess
import sys

import pytest

from runas.testing import AwsEmulator
from runas.testing.aws.seed import aws_files, seed

EXAMPLES = {
    "audit_log": ("audit-log", "runas_audit_log"),
    "totp_command": ("totp-command", "runas_totp_command"),
}


@pytest.fixture
def world(home, monkeypatch, request, tmp_path):
    """Give an AWS with alice and her device, and both extensions on the path."""
    root = request.config.rootpath / "docs" / "examples"
    paths = [str(tmp_path)]
    for folder, (name, module) in EXAMPLES.items():
        paths.append(str(root / folder / "src"))
        info = tmp_path / f"{module}-1.0.dist-info"
        info.mkdir()
        about = f"Metadata-Version: 2.1\nName: runas-plugin-{name}\nVersion: 1.0\n"
        (info / "METADATA").write_text(about, "utf-8")
        (info / "entry_points.txt").write_text(f"[runas.extensions]\n{name} = {module}\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.chdir(home)
    with AwsEmulator(control=True) as aws:
        aws_files(seed(aws), home / ".aws")
        for name, text in aws.environment().items():
            monkeypatch.setenv(name, text)
        yield aws


def runas(*words, status=0):
    done = subprocess.run(
        [sys.executable, "-m", "runas", "--no-input", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done


def lines(log):
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("mode", [[], ["-E"]], ids=["endpoint", "environment"])
def test_a_line_for_every_set_of_credentials(world, tmp_path, mode):
    log = tmp_path / "audit.jsonl"
    noted = ["--set", f"audit_log_file={log}"]
    command = [sys.executable, "-c", "pass"]
    runas(*mode, *noted, "read-only", *command)
    runas(*mode, *noted, "read-only", *command)  # from the cache: nothing new was issued
    (line,) = lines(log)
    assert line["who"] == "alice"
    assert line["profile"] == "read-only"
    assert line["provider"] == "iam"
    assert line["role"].endswith(":role/read-only")
    assert line["command"] == os.path.basename(sys.executable)
    assert line["expires"] > line["time"]
    assert not {"secret_access_key", "session_token"} & line.keys()


def test_without_a_command_there_is_none_in_the_line(world, tmp_path):
    log = tmp_path / "audit.jsonl"
    runas("--set", f"audit_log_file={log}", "-O", "json", "read-only")
    assert lines(log)[0]["command"] is None


def test_a_log_that_cannot_be_written_stops_the_login(world, tmp_path):
    done = runas("--set", f"audit_log_file={tmp_path}", "-O", "json", "read-only", status=78)
    assert "audit_log_file" in done.stderr
    assert not done.stdout


def test_codes_come_from_the_command(world, tmp_path):
    code = f'"{sys.executable}" -m runas sandbox code'
    os.environ["RUNAS_SANDBOX"] = world.url
    try:
        runas("--set", f"totp_command={code}", "-O", "json", "admin")
    finally:
        del os.environ["RUNAS_SANDBOX"]


def test_a_command_that_fails_says_so(world):
    done = runas("--set", "totp_command=no-such-program", "-O", "json", "admin", status=78)
    assert "totp_command prints no code" in done.stderr
