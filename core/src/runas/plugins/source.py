"""Look at a plugin's code without running it: where it lies, which hooks it has, what is wrong."""

from __future__ import annotations

import ast
import os
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec

from runas.plugins.installed import Installed
from runas.plugins.versions import mismatch

HOOKS = ("settings", "detect", "authenticate", "mfa", "list_roles", "assume")


@dataclass(frozen=True)
class Look:
    """What can be seen from outside. ``problem`` is empty where nothing speaks against loading."""

    origin: str
    hooks: tuple[str, ...] = ()
    problem: str = ""


def look(plugin: Installed) -> Look:
    """Look at a plugin; nothing of it is imported."""
    spec = _spec(plugin.module)
    if spec is None or spec.origin is None:
        return Look("?", problem=f"its module {plugin.module} is missing")
    origin = os.path.dirname(spec.origin)
    error = mismatch(plugin)
    try:
        with open(spec.origin, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError) as fault:
        return Look(origin, problem=f"its code cannot be read: {type(fault).__name__}: {fault}")
    hooks = tuple(name for name in HOOKS if name in _defined(tree))
    if error is not None:
        return Look(origin, hooks, str(error))
    return Look(origin, hooks, "" if hooks else "it has no hook")


def _spec(name: str) -> ModuleSpec | None:
    """Find a module; unlike `find_spec` alone, without importing the packages above it."""
    top, *below = name.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return None
    for part in below:
        if spec is None:
            return None
        inside = list(spec.submodule_search_locations or ())
        spec = PathFinder.find_spec(f"{spec.name}.{part}", inside)
    return spec


def _defined(tree: ast.Module) -> set[str]:
    """Return the functions marked as hooks, and what is imported under a hook's name."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and any(map(_marks, node.decorator_list)):
            found.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            found.update(alias.asname or alias.name for alias in node.names)
    return found


def _marks(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return (getattr(called, "attr", None) or getattr(called, "id", None)) == "hookimpl"
