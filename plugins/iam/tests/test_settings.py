"""What the provider says about itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from runas_iam.settings import SETTINGS

README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_explained(setting):
    assert f"`{setting.name}`" in README.read_text("utf-8")
    assert setting.help.endswith(".")


def test_settings_are_told_once(login):
    (told,) = login.hook.settings()
    names = [setting.name for setting in told]
    assert len(set(names)) == len(names)


def test_who_logs_in_is_told_from_what_is_taken():
    identity = {setting.name for setting in SETTINGS if setting.identity}
    assert {"aws_access_key_id", "credential_process", "mfa_serial"} <= identity
    assert not identity & {"external_id", "credentials_duration", "session_tags", "read_only"}


def test_importing_the_provider_loads_nothing_heavy():
    heavy = ("boto3", "botocore", "requests", "urllib3", "typer", "bs4", "keyring")
    code = f"import runas_iam, sys; print([each for each in {heavy} if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
