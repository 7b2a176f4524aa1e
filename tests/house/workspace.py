"""What the checks of the house look at: the files, packages and names of this workspace."""

import ast
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core"
PLUGINS = sorted(file.parent for file in ROOT.glob("plugins/*/pyproject.toml"))
PACKAGES = [CORE, *PLUGINS]


def project(package: Path) -> dict:
    """Read the [project] table of a package."""
    return tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]


def sources(*packages: Path) -> list[Path]:
    """Return the Python files that packages ship."""
    return sorted(file for package in packages for file in (package / "src").rglob("*.py"))


def module(package: Path) -> Path:
    """Return the folder of a package's one module."""
    (found,) = (file.parent for file in (package / "src").glob("*/__init__.py"))
    return found


def trees(*packages: Path) -> Iterator[tuple[str, ast.Module]]:
    """Parse what packages ship; the paths are relative to the workspace."""
    for file in sources(*packages):
        yield str(file.relative_to(ROOT)), ast.parse(file.read_text("utf-8"))


def places(files: Iterable[tuple[str, ast.Module]], wanted: Callable[[ast.AST], bool]) -> list[str]:
    """Name every place in parsed files that is wanted, with what stands there."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}"
        for path, tree in files
        for node in ast.walk(tree)
        if wanted(node)
    ]


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Name every module that is imported, anywhere in a file, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
