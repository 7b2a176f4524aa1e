"""Ask for the newest releases, by pip itself.

Only pip knows every way in which a place may say where packages come from: its files, variables,
proxies, certificates, passwords.
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from runas.launch.aside import said

log = logging.getLogger(__name__)

_PATIENCE = 20  # seconds in all
_VERSIONS = re.compile(r"(?m)^Available versions: (.+)$")


@dataclass(frozen=True)
class Release:
    """A distribution: what is installed, and the newest that there is."""

    name: str
    installed: str
    newest: str

    @property
    def newer(self) -> bool:
        """Whether the newest is newer: a development version may be ahead of all releases."""
        return _order(self.newest) > _order(self.installed)

    def document(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {**asdict(self), "newer": self.newer}


def newer(installed: Mapping[str, str]) -> list[Release]:
    """Ask for every distribution at the same time; those that nobody knows are left out."""
    with ThreadPoolExecutor(8) as pool:
        newest = pool.map(_newest, installed)
        both = zip(installed.items(), newest, strict=True)
        return [Release(name, here, there) for (name, here), there in both if there]


def _newest(name: str) -> str:
    """Return the newest release's version; empty where pip does not find out."""
    # -P: a folder "pip" in the working directory is not pip.
    argv = [sys.executable, "-P", "-m", "pip", "index", "versions", name]
    argv += ["--disable-pip-version-check", "--no-input", "--retries", "0", "--timeout", "5"]
    try:
        done = said(argv, _PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.debug("pip does not answer about %s: %s", name, type(error).__name__)
        return ""
    found = _VERSIONS.search(done.stdout)
    if found is None:
        log.debug("pip finds no releases of %s (status %d)", name, done.returncode)
        return ""
    return found[1].partition(",")[0].strip()


def _order(text: str) -> list[int]:
    """Compare releases by their numbers; a pre-release counts as the release before its number.

    Source: PEP 440, as far as releases of runas go
    """
    numbers = re.match(r"v?(\d+(?:\.\d+)*)", text)
    order = [int(part) for part in numbers[1].split(".")] if numbers else []
    order += [0] * (4 - len(order))
    return [*order, -1 if re.search(r"(a|b|rc|dev)\d*", text) else 0]
