"""Take one piece of a plugin's error handling away at a time, and see that a test notices.

    .venv/bin/python .ci/mutants.py plugins/saml_form [FILE ...]

A mutant is the plugin without one ``raise``, one ``except`` clause, one ``if`` that ends in an
error, or one row of a table of errors. The plugin's own tests, the conformance kit among them, run
against each: the quick ones first, for most mutants die there. Those that live are printed, and
make the exit status 1. It takes minutes, so CI does not run it.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE = 20  # times what a file's tests take otherwise; who loops for ever has been noticed


@dataclass(frozen=True)
class Mutant:
    """One file with one piece less."""

    file: Path
    line: int
    what: str
    text: str

    def __str__(self) -> str:
        shown = self.file.read_text("utf-8").splitlines()[self.line - 1].strip()
        return f"{self.file.name}:{self.line} without its {self.what}: {shown}"


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield the mutants of one file."""
    text = file.read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        for what, first, last, instead in _cuts(node):
            lines = text.splitlines(keepends=True)
            start = lines[first - 1]
            indent = start[: len(start) - len(start.lstrip())]
            lines[first - 1 : last] = [f"{indent}{instead}\n"] if instead else []
            yield Mutant(file, first, what, "".join(lines))


def _cuts(node: ast.AST) -> Iterator[tuple[str, int, int, str]]:
    """Yield what can be taken away at a node: its name, its lines, and what takes its place."""
    if isinstance(node, ast.Raise):
        yield "raise", node.lineno, _end(node), "pass"
    elif isinstance(node, ast.ExceptHandler):
        yield "except", node.lineno, node.body[0].lineno - 1, "except ZeroDivisionError as error:"
    elif isinstance(node, ast.If) and not node.orelse and _fails(node.body[-1]):
        yield "if", node.lineno, _end(node), "pass"
    elif isinstance(node, ast.Dict):
        rows = zip(node.keys, node.values, strict=True)
        for key, value in rows:
            if key is not None and _names_an_error(value):
                yield "row", key.lineno, _end(value), ""
    elif isinstance(node, ast.Tuple):
        for row in node.elts:
            if isinstance(row, ast.Tuple) and _names_an_error(row):
                yield "row", row.lineno, _end(row), ""


def _fails(node: ast.stmt) -> bool:
    """Tell a raise, and the return of an error."""
    if isinstance(node, ast.Return):
        return node.value is not None and _names_an_error(node.value)
    return isinstance(node, ast.Raise)


def _names_an_error(node: ast.expr) -> bool:
    """Tell whether one of core's error classes, or a function of ``faults``, stands in there."""
    import runas

    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            named = getattr(runas, one.attr, None) if one.value.id == "runas" else None
            if one.value.id == "faults":
                return True
            if isinstance(named, type) and issubclass(named, Exception):
                return True
    return False


def _end(node: ast.stmt | ast.expr) -> int:
    return node.end_lineno or node.lineno


def quickest_first(plugin: Path) -> dict[Path, float]:
    """Return how long each file of tests takes; raise SystemExit where one fails by itself."""
    took = {}
    # Tests against other people's servers (tests/real) take too long to be run so often.
    for file in sorted((plugin / "tests").glob("test_*.py")):
        started = time.monotonic()
        if not _pass(file, plugin / "src", patience=None):
            raise SystemExit(f"{file.relative_to(ROOT)} fails without any mutant")
        took[file] = time.monotonic() - started
    return dict(sorted(took.items(), key=lambda one: one[1]))


def noticed(plugin: Path, tests: dict[Path, float], mutant: Mutant) -> bool:
    """Run the plugin's tests against a mutant; tell whether one failed."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "src"
        shutil.copytree(plugin / "src", copied, ignore=shutil.ignore_patterns("__pycache__"))
        (copied / mutant.file.relative_to(plugin / "src")).write_text(mutant.text, "utf-8")
        return not all(_pass(file, copied, PATIENCE * took) for file, took in tests.items())


def _pass(file: Path, source: Path, patience: float | None) -> bool:
    environ = os.environ | {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    words = ["-m", "pytest", "-qx", "-p", "no:cacheprovider", str(file)]
    try:
        done = subprocess.run(
            [sys.executable, *words],
            env=environ,
            cwd=ROOT,
            capture_output=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def main(plugin: Path, only: list[str]) -> int:
    """Try every mutant of a plugin; print a line for each file, and each mutant that lives."""
    files = [file for file in sorted((plugin / "src").rglob("*.py")) if "testing" not in file.parts]
    tests = quickest_first(plugin)
    lived = 0
    with ThreadPoolExecutor(3 * (os.cpu_count() or 1)) as pool:  # tests wait more than they work
        for file in files:
            every = list(mutants(file)) if not only or file.name in only else []
            passed = [
                one
                for one, bad in zip(
                    every, pool.map(lambda m: noticed(plugin, tests, m), every), strict=True
                )
                if not bad
            ]
            lived += len(passed)
            if every:
                shown = file.relative_to(plugin / "src")
                print(f"{shown}: {len(every) - len(passed)} of {len(every)} noticed", flush=True)
            for one in passed:
                print(f"  {one}", flush=True)
    return 1 if lived else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
