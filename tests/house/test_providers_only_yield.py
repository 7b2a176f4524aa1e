"""A provider's code neither prints, nor prompts, nor sleeps, nor opens a browser: it yields."""

import ast

import pytest

from .workspace import PLUGINS, imports, places, trees

CALLS = {"print", "input", "breakpoint", "getpass.getpass", "time.sleep", "sys.stdin.readline"}
CALLS |= {"sys.stdout.write", "sys.stderr.write", "os.system", "webbrowser.open"}
MODULES = {"getpass", "webbrowser", "curses", "readline", "termios", "msvcrt", "tty", "typer"}
each = pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)


def shipped(plugin):
    """Yield the provider's own files; its fake may do as it likes."""
    found = [(path, tree) for path, tree in trees(plugin) if "/testing/" not in path]
    assert found
    return found


def asks(node):
    return isinstance(node, ast.Call) and ast.unparse(node.func) in CALLS


def sleeps(node):
    """Tell ``from time import sleep``, whatever it is called then."""
    named = isinstance(node, ast.ImportFrom) and node.module == "time"
    return named and "sleep" in [alias.name for alias in node.names]


@each
def test_it_calls_nothing_of_the_kind(plugin):
    assert not places(shipped(plugin), asks)


@each
def test_it_imports_nothing_to_do_it_with(plugin):
    found = [
        f"{path}:{line} {name}"
        for path, tree in shipped(plugin)
        for line, name in imports(tree)
        if name.partition(".")[0] in MODULES
    ]
    assert not found + places(shipped(plugin), sleeps)
