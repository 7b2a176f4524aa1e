"""Write the two locks of the workspace: `requirements-dev.lock` and `requirements-lowest.lock`.

The first pins the newest of everything that the tools and the packages ask for; the second the
lowest version of each dependency that a package names itself, for the run of `make lowest`.
Usage: python .ci/lock.py UV, where UV is the program `uv`.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEV = ROOT / "requirements-dev.lock"
LOWEST = ROOT / "requirements-lowest.lock"
# What the lowest run needs besides: the builder of editable installs, and the tests' own.
LOWEST_TOOLS = ("editables", "hatchling", "hypothesis", "pytest-xdist")


def name_of(requirement: str) -> str:
    """Return the normalised distribution name at the start of a requirement."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    if match is None:
        raise SystemExit(f"not a requirement: {requirement!r}")
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def projects() -> list[dict[str, Any]]:
    """Read the pyproject.toml of every distribution of the workspace."""
    files = [ROOT / "core/pyproject.toml", *sorted(ROOT.glob("plugins/*/pyproject.toml"))]
    return [tomllib.loads(file.read_text("utf-8")) for file in files]


def wanted() -> list[str]:
    """Return what the packages and their extras ask of others."""
    found: set[str] = set()
    own = set()
    for document in projects():
        project = document["project"]
        unlocked = document.get("tool", {}).get("runas", {}).get("unlocked-extras", ())
        own.add(name_of(project["name"]))
        found.update(project.get("dependencies", ()))
        for name, extra in project.get("optional-dependencies", {}).items():
            found.update(() if name in unlocked else extra)
    return sorted(requirement for requirement in found if name_of(requirement) not in own)


def compile_lock(uv: str, requirements: list[str], target: Path, *options: str) -> None:
    """Resolve for every platform and supported Python, and write the pins with their hashes."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "requirements.in")
        source.write_text("\n".join(requirements) + "\n", "utf-8")
        command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
        command += ["--no-emit-find-links", "--upgrade", "--output-file", str(target), *options]
        subprocess.run([*command, str(source)], check=True, stdout=subprocess.DEVNULL)


def pinned(lock: Path, names: tuple[str, ...]) -> list[str]:
    """Return the pins that a lock holds for some distributions."""
    lines = lock.read_text("utf-8").splitlines()
    pins = [line.split()[0] for line in lines if re.match(r"[a-z0-9]", line)]
    return [pin for pin in pins if name_of(pin) in names]


def main() -> None:
    """Write both locks."""
    uv = sys.argv[1]
    tools = (ROOT / "requirements-dev.in").read_text("utf-8").splitlines()
    compile_lock(uv, [*tools, *wanted()], DEV)
    lowest = [*wanted(), *pinned(DEV, LOWEST_TOOLS)]
    compile_lock(uv, lowest, LOWEST, "--resolution", "lowest-direct")


if __name__ == "__main__":
    main()
