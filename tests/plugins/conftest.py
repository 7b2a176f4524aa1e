"""Plugins that an outsider wrote, installed for the real command; and a way to run it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

SPY = "import sys; from runas.__main__ import main; status = main(); sys.stdout.flush(); "
SPY += "sys.stderr.write('modules: ' + ' '.join(sys.modules)); sys.exit(status)"

GOOD = '''"""Sign in to {name}; the session token tells which settings this plugin was shown."""
import runas

@runas.hookimpl
def settings() -> list[runas.Setting]:
    return [runas.Setting("{name}_key", "A key.", example="1")]

@runas.hookimpl
def authenticate(profile: runas.Profile) -> runas.Flow[runas.Identity]:
    yield from ()
    seen = ",".join(sorted(profile.settings))
    keys = runas.Credentials("ASIA{name}", "a-secret", seen, 4102444800)
    return runas.KeyIdentity("{name}", credentials=keys)
'''


@dataclass
class Shelf:
    """A folder on the path of the real command, into which plugins are installed."""

    folder: Path
    home: Path

    def put(self, name, code=None, group="providers", families=(), api=()):
        """Install a plugin: a module, and the metadata that an installer writes."""
        module = f"runas_{name}"
        text = GOOD.format(name=name) if code is None else code
        (self.folder / f"{module}.py").write_text(text, "utf-8")
        info = self.folder / f"runas_plugin_{name}-2.3.dist-info"
        info.mkdir()
        about = f"Metadata-Version: 2.1\nName: runas-plugin-{name}\nVersion: 2.3\n"
        (info / "METADATA").write_text(about, "utf-8")
        points = [f"[runas.{group}]", f"{name} = {module}"]
        for title, names in (("families", families), ("api", api)):
            points += [f"[runas.{title}]", *(f"{one} = {module}" for one in names)]
        (info / "entry_points.txt").write_text("\n".join(points) + "\n", "utf-8")

    def profile(self, name, **settings):
        """Add a profile to the config."""
        lines = [f"[profile {name}]", *(f"{key} = {text}" for key, text in settings.items())]
        with (self.home / ".aws/config").open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")

    def run(self, *words, status=0, spy=False, **environment):
        """Run the real command; with *spy* stderr ends in the modules that it has loaded."""
        program = ["-c", SPY] if spy else ["-m", "runas"]
        done = subprocess.run(
            [sys.executable, *program, "--no-input", *words],
            env={**os.environ, "PYTHONPATH": str(self.folder), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done


@pytest.fixture
def shelf(home, tmp_path):
    """Give a test an empty shelf."""
    return Shelf(tmp_path, home)
