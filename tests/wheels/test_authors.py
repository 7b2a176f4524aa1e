"""An outsider writes plugins: from wheels, in an empty environment, without the checkout."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import DIST, DISTRIBUTIONS, ROOT

pytestmark = pytest.mark.wheels
CORE = DISTRIBUTIONS[0].name
TUTORIAL = (ROOT / "docs/plugins/tutorial.md").read_text("utf-8")
WAYS = {"adfs": "push", "form": "totp", "iam": "totp", "okta": "push", "sso": "redirect"}
"""One way through each login; the plugins' own tests take them all."""
EXAMPLES = sorted(file.parent for file in (ROOT / "docs/examples").glob("*/pyproject.toml"))


def build(folder: Path, out: Path) -> Path:
    """Build a project's wheel with the workspace's builder."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


def tried(environment, project: Path, wheel: Path, name: str) -> None:
    """Install a plugin's wheel beside core's, run its tests, and check what is installed."""
    environment.install(f"{CORE}[testing]", wheel)
    tests = str(project / "tests")
    options = ["-q", "-p", "no:cacheprovider", "-c", str(project / "tests.ini")]
    (project / "tests.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
    assert " failed" not in environment.run("python", "-m", "pytest", *options, tests)
    assert "keeps all" in environment.run("runas", "plugin", "check", name)
    assert name in environment.run("runas", "plugin", "list")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_a_package_like_anybody_s(environment, example, tmp_path):
    project = tmp_path / example.name
    shutil.copytree(example, project)
    name = example.name.replace("_", "-")
    tried(environment, project, build(project, tmp_path / "out"), name)


@pytest.mark.parametrize("kind", ["saml", "custom", "factor"])
def test_a_new_plugin_passes_its_tests_from_a_wheel(environment, kind, tmp_path):
    environment.install(CORE)
    project = tmp_path / "project"
    environment.run("runas", "plugin", "new", "acme", "--kind", kind, "--folder", str(project))
    tried(environment, project, build(project, tmp_path / "out"), "acme")


def test_the_tutorial_does_what_it_says(environment, home, tmp_path):
    for name, text in re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", TUTORIAL, re.DOTALL):
        place = home / ".aws" if name == "config" else tmp_path
        (place / name).write_text(text, "utf-8")
    environment.install(CORE, build(tmp_path, tmp_path / "out"))
    said = []
    for line in re.findall(r"^\$ (.*)$", TUTORIAL, re.MULTILINE):
        command, _, status = line.partition("  # status ")
        words = shlex.split(command)
        given = dict(word.split("=") for word in words if re.match(r"[A-Z_]+=", word))
        if words[0] != "pip":  # its `pip install .` is what was done above
            said.append(environment.run(*words[len(given) :], status=int(status or 0), **given))
    about, keys, *_ = said
    assert "toy_word (default: sesame)" in about
    assert json.loads(keys)["AccessKeyId"] == "ASIATOY"


def test_the_official_plugins_keep_their_promises_where_they_are_installed(environment):
    environment.install(f"{CORE}[all,testing]")
    listed = json.loads(environment.run("runas", "plugin", "list", "--json"))
    assert {one["name"] for one in listed} == set(WAYS)
    for name, way in WAYS.items():
        assert "keeps all" in environment.run("runas", "plugin", "check", name, "--way", way)


def test_the_wheels_are_there():
    assert DIST.is_dir()
