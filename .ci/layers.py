"""Check who imports whom: `.importlinter` for core, and what holds for every folder of plugins/.

The plugins' part is made here, from what is in plugins/, so that a new plugin need not be listed.
"""

import configparser
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = ROOT / "build" / "importlinter.ini"
# A provider proves an identity; it neither runs the pipeline, nor asks, nor starts anything.
INNER = ("cli", "engine", "launch", "prompters", "serve")


def plugin_modules() -> list[str]:
    """Return the module of every plugin, by its entry points."""
    found: set[str] = set()
    for file in ROOT.glob("plugins/*/pyproject.toml"):
        groups = tomllib.loads(file.read_text("utf-8"))["project"].get("entry-points", {})
        for group in groups.values():
            found.update(target.split(":")[0].split(".")[0] for target in group.values())
    return sorted(found)


def existing(names: tuple[str, ...]) -> list[str]:
    """Return those rooms of core that are there."""
    source = ROOT / "core/src/runas"
    return [f"runas.{n}" for n in names if (source / n).is_dir() or (source / f"{n}.py").is_file()]


def forbid(title: str, sources: list[str], targets: list[str]) -> dict[str, str]:
    """Write a contract: no source itself imports a target."""
    return {
        "name": title,
        "type": "forbidden",
        "source_modules": "\n" + "\n".join(sources),
        "forbidden_modules": "\n" + "\n".join(targets),
        "allow_indirect_imports": "True",
    }


def configuration(plugins: list[str]) -> configparser.ConfigParser:
    """Add the plugins' contracts to core's."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / ".importlinter", "utf-8")
    if not plugins:
        return config
    config["importlinter"]["root_packages"] += "\n" + "\n".join(plugins)
    core = forbid("Core knows no plugin", ["runas"], plugins)
    config["importlinter:contract:no-plugin-in-core"] = core
    inner = existing(INNER)
    if inner:
        rooms = forbid("A plugin keeps to the author's door", plugins, inner)
        config["importlinter:contract:door"] = rooms
    if len(plugins) > 1:
        config["importlinter:contract:neighbours"] = {
            "name": "No plugin knows another",
            "type": "independence",
            "modules": "\n" + "\n".join(plugins),
        }
    return config


def main() -> int:
    """Write the whole configuration to build/ and check it."""
    MADE.parent.mkdir(exist_ok=True)
    with MADE.open("w", encoding="utf-8") as file:
        configuration(plugin_modules()).write(file)
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", linter, "--no-logo", "--config", str(MADE), *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
