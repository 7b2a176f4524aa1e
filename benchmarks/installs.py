"""The programs under test, installed as a user has them: from wheels, with bytecode, each its own.

Everything lies under build/benchmarks/. The environments have no pip and no setuptools inside,
whose .pth file would make every start of Python slower, the unit included.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "benchmarks"
LOCK = ROOT / "requirements-dev.lock"
PACKAGES = ("core", "plugins/iam")
OTHERS = ("awscli", "awsume", "aws-sso-util")


class Environment:
    """A virtual environment under build/benchmarks/."""

    def __init__(self, name: str) -> None:
        self.folder = BUILD / name
        self.python = str(self.folder / "bin" / "python")

    def program(self, name: str) -> str:
        """Return the path of an installed program."""
        return str(self.folder / "bin" / name)

    def renew(self, wanted: str, *, pip: bool = False) -> bool:
        """Make it anew, unless it was finished for what is *wanted*; tell whether."""
        if self._stamp.is_file() and self._stamp.read_text("utf-8") == wanted:
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        options = [] if pip else ["--without-pip"]
        run([sys.executable, "-m", "venv", *options, str(self.folder)])
        return True

    def finished(self, wanted: str) -> None:
        """Remember what it was made for."""
        self._stamp.write_text(wanted, "utf-8")

    @property
    def _stamp(self) -> Path:
        return self.folder / "made-for"

    def versions(self, *names: str) -> str:
        """Say which versions are installed."""
        code = "import sys; from importlib.metadata import version as v\n"
        code += "print(', '.join(f'{name} {v(name)}' for name in sys.argv[1:]))"
        return run([self.python, "-c", code, *names]).strip()


def run(command: Sequence[str]) -> str:
    """Run a program of ours; return its output, or end with what it said."""
    environ = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def installer() -> list[str]:
    """Return a pip of today: the start-up of a program includes the script that pip writes.

    Before version 25.2 that script imported ``re``, which costs half a start of Python.
    """
    environment = Environment("installer")
    if environment.renew("pip", pip=True):
        run([environment.python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"])
        environment.finished("pip")
    return [environment.python, "-m", "pip", "--quiet", "--disable-pip-version-check"]


def install_runas() -> Environment:
    """Install this checkout from wheels; what it needs comes hash by hash from the lock."""
    pip, environment = installer(), Environment("venv")
    locked = hashlib.sha256(LOCK.read_bytes()).hexdigest() + sys.version
    wheelhouse, dist = BUILD / "wheelhouse", BUILD / "dist"
    names = _build(dist)
    into = [*pip, "--python", environment.python, "install", "--no-index", "--compile"]
    into += [f"--find-links={folder}" for folder in (wheelhouse, dist)]
    if environment.renew(locked):
        shutil.rmtree(wheelhouse, ignore_errors=True)
        run([*pip, "download", "--require-hashes", "--dest", str(wheelhouse), "-r", str(LOCK)])
        run([*into, *names])
        environment.finished(locked)
    run([*into, "--no-deps", "--force-reinstall", *names])
    return environment


def _build(dist: Path) -> list[str]:
    """Build the wheels; return their files."""
    shutil.rmtree(dist, ignore_errors=True)
    for package in PACKAGES:
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist)]
        run([*build, package])
    return [str(wheel) for wheel in sorted(dist.glob("*.whl"))]


def install_others() -> Environment:
    """Install what a user would otherwise pick from the package index, newest versions."""
    pip, environment = installer(), Environment("others")
    if environment.renew(sys.version):
        run([*pip, "--python", environment.python, "install", "--compile", *OTHERS])
        environment.finished(sys.version)
    return environment


def console_script(python: str, folder: Path) -> str:
    """Write the script that an older pip would have made for ``runas``."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "runas-of-an-older-pip"
    script.write_text(
        f"#!{python}\n# -*- coding: utf-8 -*-\nimport re\nimport sys\n"
        "from runas.__main__ import main\nif __name__ == '__main__':\n"
        "    sys.argv[0] = re.sub(r'(-script\\.pyw|\\.exe)?$', '', sys.argv[0])\n"
        "    sys.exit(main())\n",
        "utf-8",
    )
    script.chmod(0o755)
    return str(script)
