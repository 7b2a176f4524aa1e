"""Rooms stay small: files, functions, and nine functions in ten."""

import ast

from .workspace import PACKAGES, ROOT, sources, trees

FILE_LINES = 300
FUNCTION_LINES = 40
NINE_IN_TEN = 30

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines_of(function: Function) -> int:
    """Count the lines from `def` on, without the docstring: explaining more is no fault."""
    first = function.body[0]
    described = isinstance(first, ast.Expr) and ast.get_docstring(function, clean=False) is not None
    words = (first.end_lineno - first.lineno + 1) if described else 0
    return function.end_lineno - function.lineno + 1 - words


def functions() -> list[tuple[int, str]]:
    """Return every function that is shipped, the longest first."""
    found = [
        (lines_of(node), f"{path}:{node.lineno} {node.name}")
        for path, tree in trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]
    return sorted(found, reverse=True)


def test_no_file_is_long():
    sizes = {file: len(file.read_text("utf-8").splitlines()) for file in sources(*PACKAGES)}
    long = {str(file.relative_to(ROOT)): n for file, n in sizes.items() if n > FILE_LINES}
    assert not long, f"longer than {FILE_LINES} lines: {long}"


def test_no_function_is_long():
    long = [f"{where}: {count}" for count, where in functions() if count > FUNCTION_LINES]
    assert not long, f"longer than {FUNCTION_LINES} lines:\n" + "\n".join(long)


def test_nine_functions_in_ten_fit_at_a_glance():
    counts = functions()
    long = [f"{where}: {count}" for count, where in counts if count > NINE_IN_TEN]
    assert len(long) <= len(counts) / 10, f"{len(long)} of {len(counts)}:\n" + "\n".join(long)
