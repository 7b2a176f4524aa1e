"""One login of a plugin under test, run as core runs it, guarded and listened to."""

from __future__ import annotations

import logging
import os
import tempfile
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runas.challenges import Flow, drive
from runas.errors import RunasError
from runas.hookspecs import hookimpl
from runas.model import Identity, MfaRequired, Profile
from runas.testing.guards import Guard, owned
from runas.testing.script import Script
from runas.testing.wire import Wire

if TYPE_CHECKING:
    from pluggy import PluginManager

    from runas.testing.case import Case

__all__ = ["Outcome", "Trial", "sign_in"]

Driver = Callable[[Flow[Identity], Callable[[Any], Any]], Identity]

_QUIET = {
    # Tries again are the services' business; one answer has to be enough for a test.
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@dataclass
class Outcome:
    """How one login ended: with an ``identity``, or with an ``error``; and what was seen of it."""

    person: Script
    wire: Wire
    identity: Identity | None = None
    error: BaseException | None = None
    log: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    pending: list[MfaRequired] = field(default_factory=list, repr=False)
    modules: Sequence[str] = ()

    @property
    def story(self) -> str:
        """Say in a few words how it ended."""
        if self.error is None:
            return f"it ended with the identity of {getattr(self.identity, 'subject', None)!r}"
        return f"it ended with {type(self.error).__name__}: {self.error}{self._where}"

    @property
    def _where(self) -> str:
        """Say which line of the plugin an error came through that is none of runas."""
        lines = traceback.walk_tb(self.error.__traceback__) if self.error else ()
        found = [
            (frame.f_globals["__name__"], line)
            for frame, line in lines
            if owned(frame.f_globals.get("__name__", ""), self.modules)
        ]
        if not found or isinstance(self.error, RunasError):
            return ""
        return f" ({found[-1][0]}, line {found[-1][1]})"

    @property
    def trace(self) -> str:
        """Return everything that a traceback of the error would show, causes included."""
        if self.error is None:
            return ""
        return "".join(traceback.format_exception(self.error))


class Trial:
    """The plugins of one login, put together as for a profile that names the provider."""

    def __init__(
        self, manager: PluginManager, modules: Sequence[str], family: str, provider: str
    ) -> None:
        self.manager = manager
        self._witness = Witness()
        manager.register(self._witness)
        self.modules = tuple(modules)
        self.family = family
        self.provider = provider

    def profile(self, settings: Mapping[str, str], **more: str) -> Profile:
        """Make the profile of a case."""
        given = {"runas_provider": self.provider, **settings, **more}
        origins = dict.fromkeys(given, "~/.aws/config:7")
        return Profile("conformance", given, origins, family=self.family)

    def flow(self, profile: Profile, folder: str) -> Flow[Identity]:
        """Begin a login: what core does between the cache and the role."""
        from runas.cache import Cache
        from runas.engine import Engine
        from runas.memory import Memory

        cache = Cache(folder)
        return Engine(profile, self.manager, cache, Memory(cache)).prove(profile)

    def run(
        self,
        case: Case,
        person: Script,
        wire: Wire | None = None,
        driver: Driver = drive,
        **settings: str,
    ) -> Outcome:
        """Log in once; whatever the login raises ends up in the outcome."""
        outcome = Outcome(person, wire or Wire(), modules=self.modules)
        self._witness.pending = outcome.pending
        with ExitStack() as stack:
            folder = stack.enter_context(world())
            stack.enter_context(outcome.wire)
            guard = stack.enter_context(Guard(self.modules))
            stack.enter_context(listening(outcome.log, self.modules))
            try:
                flow = self.flow(self.profile(case.settings, **settings), folder)
                outcome.identity = driver(flow, person.answer)
            except KeyboardInterrupt:
                raise  # whoever runs the tests has had enough
            except BaseException as error:  # noqa: BLE001 - how it ends is what is looked at
                outcome.error = error
            outcome.refused = guard.caught
        return outcome

    def call(self, hook: str, case: Case, **arguments: Any) -> Any:
        """Call one hook as the engine does, guarded."""
        from runas.http import session

        profile = self.profile(case.settings, **({"role_arn": case.role} if case.role else {}))
        caller = getattr(self.manager.hook, hook)
        names = caller.spec.argnames
        with world(), Guard(self.modules), session(profile) as http:
            given = {"profile": profile, "http": http, **arguments}
            return caller(**{name: given[name] for name in names})

    def attempt(self, hook: str, case: Case, **arguments: Any) -> Exception | None:
        """Call one hook; return what it raises."""
        try:
            self.call(hook, case, **arguments)
        except Exception as error:  # noqa: BLE001 - how it ends is what is looked at
            return error
        return None


class Witness:
    """Stands around the login's hooks and notes what second factors they want."""

    def __init__(self) -> None:
        self.pending: list[MfaRequired] = []

    @hookimpl(wrapper=True)
    def authenticate(self) -> Generator[None, Any, Any]:
        """Note what the password led to."""
        return self._noting((yield))

    @hookimpl(wrapper=True)
    def mfa(self) -> Generator[None, Any, Any]:
        """Note what a factor led to."""
        return self._noting((yield))

    def _noting(self, flow: Flow[Any] | None) -> Flow[Any] | None:
        return self._noted(flow) if isinstance(flow, Generator) else flow

    def _noted(self, flow: Flow[Any]) -> Flow[Any]:
        outcome = yield from flow
        if isinstance(outcome, MfaRequired):
            self.pending.append(outcome)
        return outcome


@contextmanager
def world() -> Iterator[str]:
    """Give a login an empty home and nothing of the user's AWS; yield its cache folder."""
    with tempfile.TemporaryDirectory(prefix="runas-trial-") as folder:
        before = dict(os.environ)
        for name in list(os.environ):
            if name.startswith(("AWS_", "RUNAS_", "SAML_", "MFA_")):
                del os.environ[name]
        os.environ.update(_QUIET, RUNAS_STATE_DIR=folder, RUNAS_CACHE_DIR=folder)
        os.environ.update(HOME=folder, USERPROFILE=folder)
        try:
            yield folder
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextmanager
def listening(lines: list[str], modules: Sequence[str] = ()) -> Iterator[None]:
    """Collect what runas and the plugins log, at any level."""
    handler = _Collector(lines)
    loggers = [logging.getLogger(name) for name in dict.fromkeys(("runas", *modules))]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(level)


class _Collector(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self._lines.append(f"{record.name}: {self.format(record)}")


def sign_in(module: str, settings: Mapping[str, str], person: Script, family: str = "saml") -> Any:
    """Log in with one plugin for a test of your own; return the identity or raise the error.

        identity = sign_in("runas_acme", {"saml_auth_url": idp.url}, Script(password="pa55"))

    *module* need not be installed. Guards are on, as in the kit.
    """
    from runas.plugins import compose
    from runas.testing.case import Case

    trial = Trial(compose([module]), [module], family, module)
    outcome = trial.run(Case(settings), person)
    if outcome.error is not None:
        raise outcome.error
    return outcome.identity
