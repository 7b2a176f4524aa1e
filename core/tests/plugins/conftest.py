"""Plugins made of two files each: a module, and the metadata that an installer would write."""

import sys
from pathlib import Path

import pytest


class Shelf:
    """A folder on the path into which plugins are put."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name, code, group="providers", families=(), api=(), version="1.0", module=None):
        """Install a plugin; *code* is its module's text."""
        module = module or f"runas_{name}"
        (self.folder / f"{module}.py").write_text(code, "utf-8")
        info = self.folder / f"runas_plugin_{name}-{version}.dist-info"
        info.mkdir()
        about = f"Metadata-Version: 2.1\nName: runas-plugin-{name}\nVersion: {version}\n"
        (info / "METADATA").write_text(f"{about}Summary: The {name} plugin\n\n# {name}\n", "utf-8")
        points = [f"[runas.{group}]", f"{name} = {module}"]
        for title, names in (("families", families), ("api", api)):
            points += [f"[runas.{title}]", *(f"{one} = {module}" for one in names)] if names else []
        (info / "entry_points.txt").write_text("\n".join(points) + "\n", "utf-8")


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Put a shelf of plugins first on the path; what is imported from it is forgotten again."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield Shelf(tmp_path)
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


GOOD = """
import runas

@runas.hookimpl
def settings() -> list:
    return [runas.Setting("{name}_key", "A key.", example="1")]

@runas.hookimpl
def authenticate(profile: runas.Profile) -> runas.Flow[runas.Identity]:
    yield from ()
    seen = ",".join(sorted(profile.settings))
    return runas.KeyIdentity(seen, credentials=runas.Credentials("A", "s", "t"))
"""


@pytest.fixture
def good():
    """Return the text of a plugin that works, and whose identity tells what it was shown."""
    return lambda name: GOOD.format(name=name)
