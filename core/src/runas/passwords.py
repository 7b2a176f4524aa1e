"""Passwords that are kept, as one login uses them: offered once, and marked when refused."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from runas.config.given import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.challenges import Password
    from runas.secrets import Store


class Passwords:
    """Look passwords up where they are kept, and mark one that the provider did not take.

    From `recall` to `judged` nobody else gets the same password, whatever profile they log in for:
    fifty wrong tries at once would lock the account.
    """

    def __init__(self, environ: Mapping[str, str], home: str) -> None:
        self._environ = environ
        self._home = home
        self._tried: dict[Password, ExitStack] = {}

    @cached_property
    def store(self) -> Store:
        """The keyring or the encrypted file; opened when it is first needed."""
        from runas.secrets import open_store

        return open_store(self._environ, self._home)

    def recall(self, challenge: Password) -> Given | None:
        """Return the password kept for this sign-in address and user, unless it is stale."""
        from runas.errors import ConfigurationError
        from runas.http import origin
        from runas.secrets import Absent

        with ExitStack() as holding:
            try:
                whose = origin(challenge.realm), challenge.username
                self.store.get(*whose)  # where there is none, nobody has to wait
                holding.enter_context(self.store.guard(*whose))
                text = self.store.get(*whose)
            except (Absent, ConfigurationError):
                return None
            self._tried[challenge] = holding.pop_all()
            return Given(text, "the stored password")

    def judged(self, challenge: Password, refused: bool) -> None:
        """Let others have the password; one that was *refused* nobody gets until it is set anew."""
        from runas.http import origin

        tried = self._tried.pop(challenge, None)
        if tried is None:  # not ours: it was typed, or given
            return
        with tried:
            if refused:
                self.store.mark_stale(origin(challenge.realm), challenge.username)
