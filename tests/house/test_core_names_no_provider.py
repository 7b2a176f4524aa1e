"""Core names no provider: which there are, only the entry points of what is installed tell."""

import ast
import re
import tomllib
from collections.abc import Iterator

import pytest

from .workspace import CORE, PLUGINS, imports, module, project, sources, trees

# Calls whose words are AWS services or HTML tags, though a provider may have the same name.
OTHER_WORDS = {"client", "resource", "create_client", "find", "find_all", "select", "select_one"}
# Names that are also everyday words in the code of a program like this.
EVERYDAY = {"iam", "sso", "form"}
# One plays AWS and speaks of AWS's services, the other reads pages and speaks of HTML's tags.
OTHER_TONGUES = ("core/src/runas/testing/aws/", "core/src/runas/html/")

Deciding = ast.Assign | ast.AnnAssign | ast.Compare | ast.Dict | ast.keyword | ast.match_case


def names(group: str) -> set[str]:
    """Return what the plugins enter in a group of entry points."""
    tables = [project(package).get("entry-points", {}) for package in PLUGINS]
    return {name for table in tables for name in table.get(f"runas.{group}", {})}


def strings(tree: ast.AST) -> list[tuple[int, str]]:
    """Return the string literals that could name a provider."""
    others: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            others.update(map(id, node.args if called in OTHER_WORDS else ()))
    return [
        (node.lineno, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in others
    ]


def test_there_are_providers():
    assert names("providers")


# A family is a kind of profile, core's own word: a provider may have taken it for a name.
@pytest.mark.parametrize("name", sorted(names("providers") - names("families")))
def test_no_string_is_a_provider(name):
    found = [
        f"{path}:{line}"
        for path, tree in trees(CORE)
        for line, value in strings(tree)
        if value.lower() == name and not path.startswith(OTHER_TONGUES)
    ]
    assert not found, f"core names the provider {name!r}: {', '.join(found)}"


@pytest.mark.parametrize("name", sorted(names("providers")))
def test_nothing_is_decided_by_a_provider_s_name(name):
    found = [
        f"{path}: {ast.unparse(node)}"
        for path, tree in trees(CORE)
        for node in ast.walk(tree)
        if isinstance(node, Deciding) and "provider" in ast.unparse(node)
        if any(value.lower() == name for _, value in strings(node))
    ]
    assert not found, "\n".join(found)


def test_no_text_mentions_a_provider():
    words = "|".join(map(re.escape, sorted(names("providers") - EVERYDAY)))
    pattern = re.compile(rf"(?i)(?<![a-z])(?:{words or '(?!)'})(?![a-z])")
    found = [str(file) for file in sources(CORE) if pattern.search(file.read_text("utf-8"))]
    assert not found, f"core mentions a provider: {', '.join(found)}"


def values(data: object) -> Iterator[str]:
    """Yield the strings of a data file; keys are left out: those are other programs' words."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from values(each)


def test_no_data_of_core_chooses_a_provider():
    files = sorted((CORE / "src").rglob("*.toml"))
    assert files
    found = [
        f"{file.name}: {text}"
        for file in files
        for text in values(tomllib.loads(file.read_text("utf-8")))
        if text.lower() in names("providers")
    ]
    assert not found


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_no_module_of_a_plugin_is_mentioned(plugin):
    name, distribution = module(plugin).name, project(plugin)["name"]
    imported = [
        f"{path}:{line}"
        for path, tree in trees(CORE)
        for line, target in imports(tree)
        if target.split(".")[0] == name
    ]
    texts = {str(file): file.read_text("utf-8") for file in sources(CORE)}
    mentioned = [file for file, text in texts.items() if name in text or distribution in text]
    assert not imported + mentioned
