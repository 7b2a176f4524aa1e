"""Run the conformance kit for an installed plugin and gather what it says."""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from runas.errors import UsageError
from runas.plugins import Installed, installed
from runas.testing.conformance import ExtensionConformance, ProviderConformance
from runas.testing.conformance.shape import Shape

__all__ = ["Report", "Result", "classes_for", "run"]

_FILE = """\
from runas.testing.checking import classes_for
globals().update(classes_for({name!r}, {only!r}))
"""
_QUIET = ["-p", "no:terminal", "-p", "no:cacheprovider", "--import-mode=importlib"]


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
        ways = [way for way in dict.fromkeys(self.ways) if way]
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
        kept = {one.promise for one in self.results if one.outcome == "passed"}
        broken = {one.promise for one in self.failed}
        if not broken:
            return f"keeps all {len(kept)} promises that apply"
        return f"breaks {len(broken)} of {len(kept | broken)} promises"


def run(plugin: Installed, only: Sequence[str] = ()) -> Report:
    """Run every check that the plugin can be put to; with *only* in these ways of signing in.

    Raises UsageError where it has no such way, and KeyboardInterrupt after Ctrl-C.
    """
    try:
        own = _own(plugin.module)
    except Exception as error:  # noqa: BLE001 - somebody else's code: it may raise anything
        words = f"{plugin.module} cannot be imported: {type(error).__name__}: {error}"
        return Report([Result("It can be checked.", "failed", words=words)])
    _known(only, own)
    listener = _Listener()
    with tempfile.TemporaryDirectory(prefix="runas-check-") as folder, _alone():
        file, settings = Path(folder, "test_plugin.py"), Path(folder, "pytest.ini")
        file.write_text(_FILE.format(name=plugin.name, only=tuple(only)), "utf-8")
        settings.write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
        ended = pytest.main([*_QUIET, "-c", str(settings), str(file)], [listener])
    if listener.interrupted:
        raise KeyboardInterrupt
    report = Report(listener.results, bool(own))
    if ended not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        words = listener.trouble or f"pytest ended with {ended!r}"
        report.results.append(Result("It can be checked.", "failed", words=words))
    return report


def classes_for(name: str, only: Sequence[str] = ()) -> dict[str, type[Shape]]:
    """Return the plugin's conformance classes, or one for what shows without logging in.

    They are named so that pytest takes them for tests.
    """
    plugin = next(one for one in installed() if one.name == name)
    found: dict[str, type[Shape]] = {}
    for one in _own(plugin.module):
        ways = [way for way in one.ways if not only or way in only]
        if ways:
            given = {"provider": name, "ways": ways}
            found[f"Test{one.__name__}"] = type(f"Test{one.__name__}", (one,), given)
    bare = {"provider": name, "ways": ()}
    return found or {"TestPlugin": type("TestPlugin", (Shape,), bare)}


def _known(only: Sequence[str], own: Sequence[type[ProviderConformance]]) -> None:
    """Refuse a way that none of the classes has."""
    ways = list(dict.fromkeys(way for one in own for way in one.ways if way))
    for way in only:
        if way not in ways:
            raise UsageError(
                f"--way: '{way}' is none of its ways: {', '.join(ways) or 'it has one'}"
            )


def _own(module: str) -> list[type[ProviderConformance]]:
    """Find the classes that ``<module>.testing.conformance`` has, or else ``<module>.testing``."""
    for name in (f"{module}.testing.conformance", f"{module}.testing"):
        if not _exists(name):
            continue
        found = [
            one
            for one in vars(importlib.import_module(name)).values()
            if isinstance(one, type) and issubclass(one, ProviderConformance) and one not in _KIT
        ]
        if found:
            return found
    return []


_KIT = (ProviderConformance, ExtensionConformance)


def _exists(module: str) -> bool:
    """Tell whether a module is there; what fails while the packages above it load is raised."""
    above, _, _ = module.rpartition(".")
    if "." in above and not _exists(above):
        return False
    package = importlib.import_module(above)
    return hasattr(package, "__path__") and importlib.util.find_spec(module) is not None


@contextmanager
def _alone() -> Iterator[None]:
    """Keep from pytest what the user's environment would add to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTEST_ADDOPTS", raising=False)
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        yield


class _Listener:
    """Hears from pytest how each check went."""

    def __init__(self) -> None:
        self.trouble = ""
        self.interrupted = False
        self._promises: dict[str, tuple[str, str]] = {}
        self._results: dict[tuple[str, str, str], Result] = {}

    @property
    def results(self) -> list[Result]:
        """The results, the same ones for several ways as one."""
        return list(self._results.values())

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Note what each check promises: the first line of its docstring."""
        for item in items:
            promise = (item.function.__doc__ or item.originalname).strip().splitlines()[0]
            promise = promise.replace("``", "`")
            self._promises[item.nodeid] = (promise, _way(item))

    def pytest_keyboard_interrupt(self) -> None:
        """Note that the person has ended it."""
        self.interrupted = True

    def pytest_internalerror(self, excrepr: Any) -> None:
        """Note what broke outside of the checks."""
        self.trouble = str(excrepr).strip().splitlines()[-1]

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


def _way(item: Any) -> str:
    """Name the way through the login; that of a further class with the class's name before it."""
    way = item.callspec.params.get("way") if hasattr(item, "callspec") else None
    if not isinstance(way, str):
        return ""
    name = item.cls.__name__.removeprefix("Test")
    return way if name == "Conformance" else f"{name} {way}".strip()


def _words(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longrepr)
    return text.removeprefix("AssertionError: ").removeprefix("Failed: ").strip()
