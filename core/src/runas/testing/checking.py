"""Run the conformance kit for an installed plugin and gather what it says."""

from __future__ import annotations

import importlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from runas.plugins import Installed, installed
from runas.testing.conformance import ExtensionConformance, ProviderConformance
from runas.testing.conformance.shape import Shape

__all__ = ["Report", "Result", "class_for", "run"]

_FILE = "from runas.testing.checking import class_for\nTestPlugin = class_for({name!r})\n"


@dataclass
class Result:
    """How one promise was kept: ``passed``, ``failed`` or ``skipped``; ``ways`` says in which."""

    promise: str
    outcome: str
    ways: list[str] = field(default_factory=list)
    words: str = ""

    @property
    def shown_ways(self) -> str:
        """The ways through the login, for people; empty where there is but one."""
        ways = [way for way in self.ways if way and way != "login"]
        return f" ({', '.join(ways)})" if ways else ""


@dataclass
class Report:
    """All results; ``complete`` says that logins were tried."""

    results: list[Result] = field(default_factory=list)
    complete: bool = True

    @property
    def failed(self) -> list[Result]:
        """The promises that are broken."""
        return [result for result in self.results if result.outcome == "failed"]

    @property
    def summary(self) -> str:
        """One line."""
        kept = len([one for one in self.results if one.outcome == "passed"])
        if not self.failed:
            return f"keeps all {kept} promises that apply"
        return f"breaks {len(self.failed)} of {kept + len(self.failed)} promises"


def run(plugin: Installed) -> Report:
    """Run every check that the plugin can be put to."""
    listener = _Listener()
    with tempfile.TemporaryDirectory(prefix="runas-check-") as folder:
        file = Path(folder, "test_plugin.py")
        file.write_text(_FILE.format(name=plugin.name), "utf-8")
        Path(folder, "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
        quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "--import-mode=importlib"]
        pytest.main([*quiet, "-c", str(Path(folder, "pytest.ini")), str(file)], [listener])
    report = Report(listener.merged(), _conformance_of(plugin.module) is not None)
    if not report.results:
        words = listener.trouble or "pytest found nothing to run"
        report.results.append(Result("It can be checked.", "failed", words=words))
    return report


def class_for(name: str) -> type[Shape]:
    """Return the plugin's own conformance class, or one for what shows without logging in."""
    plugin = next(one for one in installed() if one.name == name)
    own = _conformance_of(plugin.module)
    return type("TestPlugin", (own or Shape,), {"provider": name, "ways": own.ways if own else ()})


def _conformance_of(module: str) -> type[ProviderConformance] | None:
    """Find the class that ``<module>.testing`` brings along."""
    try:
        testing: ModuleType = importlib.import_module(f"{module}.testing")
    except ModuleNotFoundError:
        return None
    kit = (ProviderConformance, ExtensionConformance)
    for value in vars(testing).values():
        if isinstance(value, type) and issubclass(value, kit) and value not in kit:
            return value
    return None


class _Listener:
    """Hears from pytest how each check went."""

    def __init__(self) -> None:
        self.trouble = ""
        self._promises: dict[str, tuple[str, str]] = {}
        self._results: dict[tuple[str, str, str], Result] = {}

    def merged(self) -> list[Result]:
        """Return the results, the same ones for several ways as one."""
        return list(self._results.values())

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Note what each check promises: the first line of its docstring."""
        for item in items:
            promise = (item.function.__doc__ or item.originalname).strip().splitlines()[0]
            way = item.callspec.params.get("way", "") if hasattr(item, "callspec") else ""
            self._promises[item.nodeid] = (promise, way)

    def pytest_collectreport(self, report: Any) -> None:
        """Note why nothing could be collected."""
        if report.failed:
            self.trouble = str(report.longrepr).strip().splitlines()[-1]

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Note how a check went."""
        if report.when != "call" and report.outcome == "passed":
            return
        if report.when == "teardown" and report.outcome == "skipped":
            return
        promise, way = self._promises[report.nodeid]
        words = _words(report) if report.outcome == "failed" else ""
        known = self._results.setdefault(
            (promise, report.outcome, words), Result(promise, report.outcome, [], words)
        )
        known.ways.append(way)


def _words(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longrepr)
    return text.removeprefix("AssertionError: ").removeprefix("Failed: ").strip()
