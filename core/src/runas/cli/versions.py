"""What ``runas --version`` prints."""

from __future__ import annotations

from importlib.metadata import version

from runas import plugins


def print_versions() -> int:
    """Print core's version and each installed plugin's, a line each."""
    print(f"runas-core {version('runas-core')}")
    for line in sorted({str(plugin) for plugin in plugins.installed()}):
        print(line)
    return 0
