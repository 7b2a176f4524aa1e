"""A stranger installs what is published: into an empty environment, without the checkout."""

import subprocess
import sys

import pytest

from .conftest import DISTRIBUTIONS, WHEELHOUSE

pytestmark = pytest.mark.wheels
CORE = DISTRIBUTIONS[0]
# Tools of this workspace that no user of the packages may be made to install.
OURS = {"hypothesis", "pytest", "mypy", "ruff", "awscli", "keyring"}


def provider_names(environment) -> str:
    code = "from importlib.metadata import entry_points as e; "
    code += "print(*e(group='runas.providers').names)"
    return environment.run("python", "-c", code).strip()


def test_core_alone_runs(environment):
    environment.install(CORE.name)
    assert CORE.version in environment.run("runas", "--version")
    assert CORE.version in environment.run("python", "-m", "runas", "--version")
    assert provider_names(environment) == ""
    installed = environment.distributions()
    assert not OURS & set(installed)
    assert [name for name in installed if name.startswith("runas")] == [CORE.name]


def test_a_plugin_brings_core(environment, plugin):
    environment.install(plugin.name)
    ours = {n: v for n, v in environment.distributions().items() if n.startswith("runas")}
    assert ours == {CORE.name: CORE.version, plugin.name: plugin.version}
    assert provider_names(environment)
    version = environment.run("runas", "--version")
    assert plugin.name in version and plugin.version in version
    environment.run("python", "-W", "error", "-c", f"import {plugin.module}")


def test_everything_installs_from_source(environment):
    sdists = [one.sdist for one in DISTRIBUTIONS]
    environment.install(*sdists, finds=(WHEELHOUSE,))
    ours = {n: v for n, v in environment.distributions().items() if n.startswith("runas")}
    assert ours == {one.name: one.version for one in DISTRIBUTIONS}
    assert CORE.version in environment.run("runas", "--version")


def test_the_extra_all_brings_the_official_plugins(environment):
    environment.install(f"{CORE.name}[all]")
    assert len(provider_names(environment).split()) >= 1


def test_the_extra_testing_brings_the_kit(environment):
    environment.install(f"{CORE.name}[testing]")
    environment.run("python", "-W", "error", "-c", "import runas.testing")
    assert "pytest" in environment.distributions()


def test_the_extra_keyring_brings_a_keyring(environment):
    environment.install(f"{CORE.name}[keyring]")
    assert "keyring" in environment.distributions()


def test_an_installed_core_is_typed(environment, tmp_path):
    environment.install(CORE.name)
    script = tmp_path / "uses.py"
    script.write_text("import runas\nreveal_type(runas.__name__)\n", "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path / "cache")]
    command += ["--python-executable", str(environment.python), str(script)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stdout
