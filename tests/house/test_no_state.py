"""No module keeps state: nothing is filled, counted or locked at its top level."""

import ast

import pytest

from .workspace import PACKAGES, places, trees

MAKERS = set("dict list set deque defaultdict OrderedDict Counter Lock RLock Event local".split())
each = pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)


def changing(statement):
    """Tell an assignment of something to be filled from one of a constant."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    value = statement.value
    if isinstance(value, ast.Call):
        return ast.unparse(value.func).rpartition(".")[2] in MAKERS
    if isinstance(value, ast.List | ast.Set):
        return not value.elts
    return isinstance(value, ast.Dict) and not value.keys


@each
def test_no_module_holds_something_to_fill(package):
    found = [
        f"{path}:{statement.lineno} {ast.unparse(statement)}"
        for path, tree in trees(package)
        for statement in tree.body
        if changing(statement)
    ]
    assert not found


@each
def test_no_function_changes_its_module(package):
    assert not places(trees(package), lambda node: isinstance(node, ast.Global))
