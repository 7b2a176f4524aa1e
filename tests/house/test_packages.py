"""Every package of the workspace is made alike, and asks for what it imports."""

import re
import sys
from importlib.metadata import packages_distributions

import pytest

from .workspace import CORE, PACKAGES, PLUGINS, ROOT, imports, module, project, trees

each = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
# boto3 and botocore are one library in two distributions, released together.
TWINS = {"botocore": "boto3"}


def normal(requirement: str) -> str:
    """Return the normalised name of the distribution that a requirement is about."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def declared(package) -> set[str]:
    """Return what a package may import: itself, its dependencies and those of its extras."""
    table = project(package)
    asked = [*table.get("dependencies", ()), table["name"]]
    for extra in table.get("optional-dependencies", {}).values():
        asked.extend(extra)
    return {normal(requirement) for requirement in asked}


@each
def test_a_package_has_its_rooms(package):
    for name in ("README.md", "LICENSE", "src", "tests"):
        assert (package / name).exists(), f"{package.name} has no {name}"
    assert (module(package) / "py.typed").is_file()


@each
def test_the_licence_is_the_workspace_s(package):
    assert (package / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@each
def test_imports_are_declared(package):
    # What is installed editable is not in the list.
    homes = {module(own).name: [project(own)["name"]] for own in PACKAGES}
    homes = {**packages_distributions(), **homes}
    allowed = declared(package)
    for path, tree in trees(package):
        for line, name in imports(tree):
            top = name.split(".")[0]
            if top in sys.stdlib_module_names:
                continue
            owners = {TWINS.get(owner, owner) for owner in map(normal, homes.get(top, [top]))}
            assert owners & allowed, f"{path}:{line} imports {top}, which is not asked for"


def test_versions_agree():
    assert len({project(package)["version"] for package in PACKAGES}) == 1


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_names_of_a_plugin_agree(plugin):
    table = project(plugin)
    short = table["name"].removeprefix("runas-plugin-")
    assert module(plugin).name == "runas_" + short.replace("-", "_")
    targets = {target for group in table["entry-points"].values() for target in group.values()}
    assert {target.split(":")[0].split(".")[0] for target in targets} == {module(plugin).name}
    assert "runas-core" in {normal(requirement) for requirement in table["dependencies"]}


def test_the_extra_all_brings_only_what_is_here():
    official = {project(plugin)["name"] for plugin in PLUGINS}
    assert set(project(CORE)["optional-dependencies"]["all"]) <= official
