"""What a line says, and what it does not say."""

import json

import pytest
import runas_audit_log

import runas

KEYS = runas.Credentials("ASIAEXAMPLE", "s3cret-canary", "t0ken-canary", 1900000000)
ROLE = runas.Role(runas.RoleArn.parse("arn:aws:iam::123456789012:role/dev"))


def issue(profile, outcome):
    wrapper = runas_audit_log.assume(profile, runas.Identity("alice"), ROLE)
    next(wrapper)
    with pytest.raises(StopIteration) as done:
        wrapper.send(outcome)
    assert done.value.value is outcome


def test_a_line_says_who_got_what(tmp_path):
    log = tmp_path / "audit.jsonl"
    given = {"audit_log_file": str(log), "runas_provider": "acme", "runas_command": "terraform"}
    issue(runas.Profile("work", given), KEYS)
    issue(runas.Profile("work", given), KEYS)
    lines = log.read_text("utf-8").splitlines()
    assert len(lines) == 2
    said = json.loads(lines[0])
    del said["time"]
    assert said == {
        "access_key_id": "ASIAEXAMPLE",
        "command": "terraform",
        "expires": 1900000000,
        "profile": "work",
        "provider": "acme",
        "role": "arn:aws:iam::123456789012:role/dev",
        "who": "alice",
    }
    assert "canary" not in log.read_text("utf-8")


def test_without_a_file_and_without_keys_there_is_no_line(tmp_path):
    log = tmp_path / "audit.jsonl"
    issue(runas.Profile("work", {}), KEYS)
    issue(runas.Profile("work", {"audit_log_file": str(log)}), None)
    assert not log.exists()


def test_a_log_that_cannot_be_written_stops_the_login(tmp_path):
    profile = runas.Profile("work", {"audit_log_file": str(tmp_path)})
    with pytest.raises(runas.ConfigurationError):
        issue(profile, KEYS)
