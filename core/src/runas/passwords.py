"""Passwords that are kept, as one login uses them: offered once, and marked when refused."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from runas.config.given import Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.challenges import Password
    from runas.secrets import Store


class Passwords:
    """Look passwords up where they are kept, and mark one that the provider did not take."""

    def __init__(self, environ: Mapping[str, str], home: str) -> None:
        self._environ = environ
        self._home = home
        self._offered: set[Password] = set()

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

        try:
            text = self.store.get(origin(challenge.realm), challenge.username)
        except (Absent, ConfigurationError):
            return None
        self._offered.add(challenge)
        return Given(text, "the stored password")

    def refused(self, challenge: Password) -> None:
        """Keep everybody from trying this one again, until it is set anew."""
        if challenge in self._offered:
            from runas.http import origin

            self.store.mark_stale(origin(challenge.realm), challenge.username)
