"""A provider's code neither prints, nor prompts, nor sleeps, nor opens a browser: it yields."""

import ast

import pytest

from .workspace import PLUGINS, imports, trees

CALLS = {"print", "input", "breakpoint", "getpass.getpass", "time.sleep", "sys.stdin.readline"}
CALLS |= {"sys.stdout.write", "sys.stderr.write", "os.system", "webbrowser.open"}
MODULES = {"getpass", "webbrowser", "curses", "readline", "termios", "msvcrt", "tty", "typer"}
each = pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)


def shipped(plugin):
    """Yield the provider's own files; its fake may do as it likes."""
    found = [(path, tree) for path, tree in trees(plugin) if "/testing/" not in path]
    assert found
    return found


@each
def test_it_calls_nothing_of_the_kind(plugin):
    calls = [
        f"{path}:{node.lineno} {ast.unparse(node.func)}"
        for path, tree in shipped(plugin)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS
    ]
    assert not calls


@each
def test_it_imports_nothing_to_do_it_with(plugin):
    found = [
        f"{path}:{line} {name}"
        for path, tree in shipped(plugin)
        for line, name in imports(tree)
        if name.partition(".")[0] in MODULES
    ]
    names = [
        f"{path}:{node.lineno} {alias.name}"
        for path, tree in shipped(plugin)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name == "sleep"
    ]
    assert not found + names
