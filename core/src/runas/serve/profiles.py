"""The profiles that are served: the one that a page can switch, and others by their names."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from runas.cache import key
from runas.errors import ConfigurationError, RunasError
from runas.prompters.web import Web

from .messages import Refusal
from .renewal import Renewal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from runas.config.resolver import Config
    from runas.profile import Profile

    from .journal import Journal
    from .sessions import Session

    Opener = Callable[[Profile, Web], Session]
    Asker = Callable[[Callable[[], None]], Web]


class Held:
    """One profile with its logins, its questions and its credentials."""

    def __init__(
        self,
        profile: Profile,
        opener: Opener,
        journal: Journal,
        asker: Asker,
        renewal: Callable[..., Renewal],
    ) -> None:
        self.profile = profile
        self.web = asker(self._stirred)
        self.session = opener(profile, self.web)
        self._journal = journal
        self.renewal = renewal(self.session.obtain, asking=self.web.asking, changed=journal.ring)

    def _stirred(self) -> None:
        self._journal.ring()
        self.renewal.stir()

    def close(self) -> None:
        """Log in no more."""
        self.renewal.close()
        self.web.close()


class Profiles:
    """Resolve, hold and switch profiles. *config* may be read anew at any time.

    *allowed* says which profiles clients may ask for by name. *opener* makes a profile's logins,
    *asker* whoever answers their questions, *renewal* what keeps their credentials fresh.
    """

    def __init__(
        self,
        config: Config,
        opener: Opener,
        journal: Journal,
        allowed: Allowed,
        *,
        asker: Asker = Web,
        renewal: Callable[..., Renewal] = Renewal,
    ) -> None:
        self.config = config
        self.current: Held | None = None
        self._opener = opener
        self._journal = journal
        self._allowed = allowed
        self._asker = asker
        self._renewal = renewal
        self._others: dict[str, Held] = {}
        self._lock = threading.Lock()

    def switch(self, profile: Profile) -> Held:
        """Serve another profile from now on, ahead of time and on demand."""
        held = self._hold(profile)
        with self._lock:
            before, self.current = self.current, held
        if before is not None:
            before.close()
        self._journal.note("now served", profile.name)
        held.renewal.start()
        return held

    def served(self) -> Renewal:
        """Return the current profile's credentials; raises Refusal where none is selected."""
        current = self.current
        if current is None:
            raise Refusal(503, "NoProfile", "no profile is selected: pick one on the page")
        return current.renewal

    def other(self, name: str) -> Renewal:
        """Return the credentials of a profile by its name, where that is allowed."""
        current = self.current
        if current is not None and name == current.profile.name:
            return current.renewal
        with self._lock:
            held = self._others.get(name)
        return (held or self._opened(name)).renewal

    def _opened(self, name: str) -> Held:
        # One answer for what is not there and what is not allowed: names are not to be fished for.
        unknown = Refusal(404, "ProfileNotServed", "no such profile, or it is not served (--allow)")
        if not self.config.has_profile(name):
            raise unknown
        try:
            profile = self.config.profile(name)
        except RunasError as error:
            raise Refusal(503, "ConfigurationError", str(error)) from error
        if not self._allowed(profile):
            raise unknown
        made = self._hold(profile)
        with self._lock:
            held = self._others.setdefault(name, made)
        if held is made:
            self._journal.note("asked for by a client", name)
        return held

    def reload(self, config: Config, start: Profile | None) -> None:
        """Take in a changed configuration; what is unchanged keeps its credentials.

        *start* is the profile of the command line, whose options count for it alone.
        """
        self.config = config
        for held in self.all():
            name = held.profile.name
            profile = start if start is not None and start.name == name else self._anew(held)
            if profile is None or key("role", profile) == key("role", held.profile):
                continue
            if held is self.current:
                self.switch(profile)
            else:
                with self._lock:
                    self._others.pop(name, None)
                held.close()
        self._journal.note("configuration read again")

    def _anew(self, held: Held) -> Profile | None:
        """Resolve a profile anew; None where it has gone or is broken: the old one goes on."""
        try:
            return self.config.profile(held.profile.name)
        except RunasError as error:
            self._journal.note(str(error), held.profile.name, "bad")
            return None

    def all(self) -> list[Held]:
        """Return every profile that is held."""
        with self._lock:
            others = list(self._others.values())
        return [*others, *([self.current] if self.current else [])]

    def close(self) -> None:
        """Log in no more."""
        for held in self.all():
            held.close()

    def _hold(self, profile: Profile) -> Held:
        return Held(profile, self._opener, self._journal, self._asker, self._renewal)


class Allowed:
    """Which profiles clients may name: those listed, all, or those that log in the same way."""

    def __init__(self, config: Config, start: Profile | None, listed: Collection[str]) -> None:
        self._start = start
        self._names = frozenset(listed) - {"all"}
        self._all = "all" in listed
        missing = [name for name in sorted(self._names) if not config.has_profile(name)]
        if missing:
            raise ConfigurationError(
                f"--allow names profiles that do not exist: {', '.join(missing)}",
                "see 'runas list profiles'",
            )

    def __call__(self, profile: Profile) -> bool:
        """Tell whether a profile may be asked for by its name."""
        if self._all or self._names:
            return self._all or profile.name in self._names
        start = self._start
        return start is not None and (profile.family, profile.provider) == (
            start.family,
            start.provider,
        )
