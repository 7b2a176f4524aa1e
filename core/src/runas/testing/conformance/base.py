"""What every check builds on: find the plugin, start its fake, log in."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from socketserver import BaseServer
from typing import Any

import pytest

from runas.challenges import Browse, drive
from runas.errors import RunasError
from runas.model import Identity
from runas.plugins import Installed, compose, installed
from runas.plugins.installed import families
from runas.testing.case import Case
from runas.testing.script import Script
from runas.testing.trial import Driver, Outcome, Trial
from runas.testing.wire import Wire

__all__ = ["Base"]


class Base:
    """The plugin under test. ``provider`` is the name of its entry point, or a module's name.

    ``ways`` are the ways through the login that each check takes; a name that is a factor
    (``totp``, ``push``) becomes the profile's ``mfa_type``. ``beside`` are modules of other plugins
    to load with it. ``read_elsewhere`` are settings that it reads though others declare them.
    """

    provider: str = ""
    ways: Sequence[str] = ("",)
    beside: Sequence[str] = ()
    read_elsewhere: Sequence[str] = ()

    def identity_provider(self, way: str) -> AbstractContextManager[Case]:
        """Start the fake for one way of signing in; yield what leads through it."""
        raise NotImplementedError("define identity_provider(self, way): see runas.testing")

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run the checks that log in once for each way."""
        if "way" in metafunc.fixturenames:
            metafunc.parametrize("way", self.ways, ids=[way or "login" for way in self.ways])

    @cached_property
    def plugin(self) -> Installed | None:
        """The plugin's metadata; None where it is a module that nobody installed."""
        return next((one for one in installed() if one.name == self.provider), None)

    @cached_property
    def module(self) -> str:
        """The name of the plugin's module, which need not be installed."""
        if self.plugin:
            return self.plugin.module
        known = importlib.util.find_spec(self.provider.partition(".")[0]) is not None
        return self.provider if known else "runas_" + self.provider.replace("-", "_")

    @property
    def code(self) -> Any:
        """The plugin's module, imported."""
        return importlib.import_module(self.module)

    @cached_property
    def trial(self) -> Trial:
        """The plugin, composed as for a login."""
        known = families(self.plugin) if self.plugin else []
        modules = (*self.beside, self.module)
        return Trial(compose(modules), modules, known[0] if known else "saml", self.provider)

    def person(self, case: Case, **more: Any) -> Script:
        """Make the person who knows the case's answers; *more* replaces some."""
        answers = {
            "username": case.username,
            "password": case.password,
            "codes": [case.code] if case.code else [],
            "picks": case.picks,
            "approve": _patient(case.approve),
            "browse": _at_leisure(case.browse),
        }
        return Script(**{**answers, **more})

    def log_in(
        self,
        way: str,
        *,
        before: Callable[[Case], object] | None = None,
        wire: Wire | None = None,
        driver: Driver = drive,
        **answers: Any,
    ) -> Outcome:
        """Start the fake and log in once."""
        with self.fake(way) as case:
            if before is not None:
                before(case)
            outcome = self.run(case, way, wire, driver, **answers)
            self.look_after(case, outcome)
            return outcome

    @contextmanager
    def fake(self, way: str) -> Iterator[Case]:
        """Start the fake; see to it that its servers end quickly: the kit starts hundreds."""
        serve = BaseServer.serve_forever

        def attentively(server: BaseServer, poll_interval: float = 0.0) -> None:
            serve(server, 0.002)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseServer, "serve_forever", attentively)
            with self.identity_provider(way) as case:
                idle = case.waiting is None or not case.waiting()
                assert idle, "the case's `waiting` is true before anybody has logged in"
                yield case

    def run(
        self,
        case: Case,
        way: str,
        wire: Wire | None = None,
        driver: Driver = drive,
        **answers: Any,
    ) -> Outcome:
        """Log in once at a fake that runs."""
        settings = {"mfa_type": way} if way in _FACTORS else {}
        person = self.person(case, **answers)
        outcome = self.trial.run(case, person, wire, driver, **settings)
        assert not outcome.refused, "; ".join(outcome.refused)
        return outcome

    def look_after(self, case: Case, outcome: Outcome) -> None:
        """Look at a case once more before its fake ends; for classes with more to check."""

    def success(self, way: str, **more: Any) -> Outcome:
        """Log in with the right answers, which has to succeed."""
        return self.succeeded(self.log_in(way, **more))

    def succeeded(self, outcome: Outcome) -> Outcome:
        """Return a login with the right answers, which must have succeeded."""
        assert outcome.identity is not None, f"with the right answers {outcome.story}"
        return outcome

    def ended_in_order(self, outcome: Outcome, when: str) -> str:
        """Return what is wrong with the end of a login that was disturbed; empty where nothing."""
        error = outcome.error
        if any(not pending.factors for pending in outcome.pending):
            return f"{when}: it wants a second factor and offers none"
        if error is None and not isinstance(outcome.identity, Identity):
            return f"{when}: it returned {outcome.identity!r} for an identity"
        if isinstance(error, AssertionError) or (error and not isinstance(error, RunasError)):
            return f"{when}: {outcome.story}"
        if isinstance(error, RunasError) and error.status == RunasError.status:
            return f"{when}: {outcome.story} (that is for bugs; say what the service did)"
        return ""


_FACTORS = "push totp hotp token sms call email question webauthn duo code".split()


def _at_leisure(browse: Callable[[Browse], object] | None) -> Callable[[Browse], None] | None:
    """Open a browser at the second look only, likewise; what it does there is no answer."""
    looks: list[None] = []

    def look(challenge: Browse) -> None:
        looks.append(None)
        if browse is not None and len(looks) == 2:
            browse(challenge)

    return look if browse is not None else None


def _patient(approve: Callable[[], object] | None) -> Callable[[], None] | None:
    """Approve at the second look only: the first finds nothing, as with real phones."""
    looks: list[None] = []

    def look() -> None:
        looks.append(None)
        if approve is not None and len(looks) == 2:
            approve()

    return look
