"""Six hooks at most; each is tested by name, and documented with its signature and an example."""

import ast
import inspect
import re
from typing import Any

import pluggy
import pytest

import runas
from runas import hookspecs

from .workspace import ROOT

HOOKS = {name: one for name, one in vars(hookspecs).items() if hasattr(one, "runas_spec")}
PAGE = (ROOT / "docs/plugins/reference.md").read_text("utf-8")
each = pytest.mark.parametrize("name", HOOKS)


def section(name):
    """Return a hook's part of the reference page."""
    found = re.search(rf"^### `{name}\((.*?)(?=^##)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/plugins/reference.md says nothing about {name}"
    return found[0]


def test_six_is_the_ceiling():
    assert len(HOOKS) <= 6


@each
def test_a_hook_has_a_test_of_its_name(name):
    files = [*ROOT.glob("core/tests/**/test_*.py"), *ROOT.glob("tests/**/test_*.py")]
    names = (
        node.name
        for file in files
        if "node_modules" not in file.parts
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    )
    assert any(re.fullmatch(rf"test_hook_{name}(_.*)?", one) for one in names)


@each
def test_a_hook_is_documented_with_its_signature(name):
    signature = str(inspect.signature(HOOKS[name])).replace("'", "")
    assert f"### `{name}{signature}`" in section(name)


@each
def test_the_example_of_a_hook_is_a_plugin(name):
    code = re.search(r"```python\n(.*?)```", section(name), re.DOTALL)
    assert code, f"{name} has no example"
    names: dict[str, Any] = {"runas": runas}
    exec(compile(code[1], f"{name}'s example", "exec"), names)
    manager = pluggy.PluginManager("runas")
    manager.add_hookspecs(hookspecs)
    manager.register(type("example", (), {name: staticmethod(names[name])}))
    manager.check_pending()
    assert len(getattr(manager.hook, name).get_hookimpls()) == 1
