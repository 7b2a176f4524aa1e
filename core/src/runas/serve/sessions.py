"""The logins of one profile, run in this process by the same engine as everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runas.cache import Cache, Entry, Miss, key
from runas.errors import RunasError

if TYPE_CHECKING:
    from typing import Any, Protocol

    from runas._credentials import Credentials
    from runas.challenges import Flow
    from runas.profile import Profile
    from runas.prompters.web import Web

    from .journal import Journal

    class Login(Protocol):
        """What a session needs of ``runas.login.Login``."""

        folder: str

        def engine(self, profile: Profile) -> Any:
            """Compose the engine of a profile."""

        def drive(self, profile: Profile, flow: Flow[Entry]) -> Entry:
            """Run a flow to its end, asking whoever answers."""


class Session:
    """Obtain a profile's credentials, as often as wanted. Not thread-safe: Renewal sees to that.

    *login* knows how to ask; *session* asks for session-token credentials (``-s``), *refresh*
    drops what is cached the first time (``-r``).
    """

    def __init__(
        self,
        profile: Profile,
        login: Login,
        web: Web,
        journal: Journal,
        *,
        session: bool = False,
        refresh: int = 0,
    ) -> None:
        self.profile = profile
        self.facts: dict[str, str] = {}
        self.problem: RunasError | None = None
        self._login = login
        self._web = web
        self._journal = journal
        self._session = session
        self._refresh = refresh
        self._obtained = 0
        self._begun = False

    def obtain(self) -> Credentials:
        """Take what another runas has left in the cache, else log in; raises RunasError."""
        try:
            entry = self._newer() or self._won()
        except RunasError as error:
            self.problem = error
            self._journal.note(str(error), self.profile.name, "bad")
            raise
        finally:
            self._web.end()
        self._obtained, self._refresh, self._begun = entry.obtained, 1, True
        self.facts, self.problem = entry.facts, None
        self._journal.note("credentials obtained", self.profile.name, "good")
        return entry.credentials

    def anew(self) -> None:
        """Drop what is cached the next time: a person has asked for it."""
        self._refresh = max(self._refresh, 1)

    def _won(self) -> Entry:
        engine = self._login.engine(self.profile)
        flow: Flow[Entry] = engine.entry(session=self._session, refresh=self._refresh)
        return self._login.drive(self.profile, flow)

    def _newer(self) -> Entry | None:
        """Return what is cached where it is newer than ours; the engine judges the first time."""
        if not self._begun:
            return None
        try:
            name = key("session" if self._session else "role", self.profile)
            entry = Cache(self._login.folder).read(name)
        except Miss:
            return None
        return entry if entry.obtained > self._obtained else None
