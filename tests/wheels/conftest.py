"""The distributions in dist/, and clean environments to install them into without a network."""

import os
import shutil
import subprocess
import sys
import tomllib
import venv
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
WHEELHOUSE = ROOT / "build" / "wheelhouse"
PACKAGES = [ROOT / "core", *sorted(file.parent for file in ROOT.glob("plugins/*/pyproject.toml"))]


@dataclass(frozen=True)
class Distribution:
    """One package of the workspace, built."""

    folder: Path
    name: str
    version: str

    @property
    def module(self) -> str:
        """The folder that the wheel holds."""
        (init,) = (self.folder / "src").glob("*/__init__.py")
        return init.parent.name

    @property
    def wheel(self) -> Path:
        """The wheel in dist/."""
        return self._one(f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl")

    @property
    def sdist(self) -> Path:
        """The source distribution in dist/."""
        return self._one(f"{self.name.replace('-', '_')}-{self.version}.tar.gz")

    def _one(self, name: str) -> Path:
        assert (DIST / name).is_file(), f"dist/{name} is missing: make wheels"
        return DIST / name


def distribution(folder: Path) -> Distribution:
    """Read the name and version of a package."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    return Distribution(folder, project["name"], project["version"])


DISTRIBUTIONS = [distribution(folder) for folder in PACKAGES]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each distribution (`built`), or for each but core (`plugin`)."""
    for name, chosen in (("built", DISTRIBUTIONS), ("plugin", DISTRIBUTIONS[1:])):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, chosen, ids=lambda one: one.name)


class Environment:
    """A virtual environment that installs from files only."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=os.name != "nt", with_pip=False)
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")

    def install(self, *what: str | Path, finds: tuple[Path, ...] = (DIST, WHEELHOUSE)) -> None:
        """Install with the pip of the development environment."""
        links = [f"--find-links={folder}" for folder in finds]
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--no-index"]
        quietly = ["--quiet", "--disable-pip-version-check"]
        self._end([*pip, *quietly, *links, *map(str, what)], 0, {})

    @property
    def python(self) -> Path:
        """The interpreter."""
        return self.bin / "python"

    def run(self, *words: str, status: int = 0, **variables: str) -> str:
        """Run a program of the environment, away from the checkout, and return its stdout."""
        program = shutil.which(words[0], path=str(self.bin))
        assert program, f"{words[0]} was not installed"
        return self._end([program, *words[1:]], status, variables)

    def distributions(self) -> dict[str, str]:
        """Return name and version of all that is installed."""
        code = "from importlib.metadata import distributions as d\n"
        code += "for one in d(): print(one.metadata['Name'].lower(), one.version)"
        return dict(line.split() for line in self.run("python", "-c", code).splitlines())

    def _end(self, command: list[str], status: int, variables: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            cwd=self.bin,
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == status, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """Give a test an empty environment."""
    assert WHEELHOUSE.is_dir(), "build/wheelhouse is missing: make wheels"
    return Environment(tmp_path / "environment")
