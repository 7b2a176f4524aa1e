"""What the package promises: its names, its settings, its weight."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pluggy

import runas
import runas_adfs
from runas import hookspecs

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_names_agree():
    assert PROJECT["name"] == "runas-plugin-adfs"
    assert PROJECT["entry-points"]["runas.providers"] == {"adfs": "runas_adfs"}
    assert PROJECT["entry-points"]["runas.families"] == {"saml": "runas_adfs"}


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text("utf-8")
    for setting in runas_adfs.settings():
        assert f"`{setting.name}`" in readme


def test_hooks_fit():
    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(runas_adfs)
    manager.check_pending()


def test_mfa_of_somebody_else_is_declined(world):
    person = world.person(world.farm())
    factor = runas.Factor("totp")
    pending = runas.MfaRequired((factor,), "another plugin's")
    assert runas_adfs.mfa(person.profile, person.http, pending, factor) is None


def test_import_is_light():
    code = "import sys, runas_adfs; print(*sys.modules)"
    path = f"import sys; sys.path[:0] = {[str(ROOT / 'src'), *sys.path]!r}; "
    done = subprocess.run(
        [sys.executable, "-c", path + code], capture_output=True, text=True, check=True
    )
    heavy = {"requests", "bs4", "urllib3", "boto3", "http.server", "requests_kerberos"}
    assert not heavy & set(done.stdout.split())


def test_failing_repr_shows_nothing(world):
    farm = world.farm("2022", "azure-mfa")
    person = world.person(farm)
    flow = runas_adfs.authenticate(profile=person.profile, http=person.http)
    next(flow)
    flow.send(world.name)
    try:
        flow.send(world.password)
    except StopIteration as done:
        shown = repr(done.value) + repr(done.value.state)
    assert "EncryptedData" not in shown
    assert world.password not in shown
