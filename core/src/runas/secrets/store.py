"""The store of passwords, wherever it keeps them.

Beside each password a *note* says whether it was refused; the note holds no secret, so it lies in a
file of the state folder with either keeper, and so does the lock of each entry.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from typing import Protocol

from runas.cache.locks import Lock
from runas.errors import ConfigurationError

FOLDER = "passwords"


class Absent(KeyError):
    """No password is kept for this user there, or the one that is was refused."""


class Keeper(Protocol):
    """Where texts are kept by two names."""

    def get(self, realm: str, username: str) -> str:
        """Return what is kept; raise Absent where nothing is."""
        ...

    def set(self, realm: str, username: str, text: str) -> None:
        """Keep a text, in place of the one before."""
        ...

    def delete(self, realm: str, username: str) -> None:
        """Forget a text; raise Absent where there is none."""
        ...


class Store:
    """Passwords by *realm* (the origin of the sign-in address) and username."""

    def __init__(self, folder: str, keeper: Keeper) -> None:
        self._folder = os.path.join(folder, FOLDER)
        self._keeper = keeper

    def get(self, realm: str, username: str) -> str:
        """Return the password; raise Absent where there is none that may be tried."""
        if self.is_stale(realm, username):
            raise Absent(realm)
        return self._keeper.get(realm, username)

    def set(self, realm: str, username: str, password: str) -> None:
        """Keep a password; one that was refused before is fresh again.

        Waits for who tries the old one: its refusal must not mark the new one.
        """
        with self._lock(realm, username, lambda error: None):
            self._keeper.set(realm, username, password)
            with suppress(FileNotFoundError):
                os.unlink(self._path(realm, username, "stale"))

    def delete(self, realm: str, username: str) -> None:
        """Forget a password; raise Absent where there is none."""
        self._keeper.delete(realm, username)  # first: what was refused must not become fresh
        with suppress(FileNotFoundError):
            os.unlink(self._path(realm, username, "stale"))

    def mark_stale(self, realm: str, username: str) -> None:
        """Remember that the provider refused the password: it is not offered until set anew."""
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)
            # Empty: that much even a full disk takes.
            os.close(os.open(self._path(realm, username, "stale"), os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise unwritable(self._folder, error) from None

    def is_stale(self, realm: str, username: str) -> bool:
        """Tell whether the provider refused the password that is kept."""
        # Its being there says it, whatever it holds.
        return os.path.lexists(self._path(realm, username, "stale"))

    @contextmanager
    def guard(self, realm: str, username: str) -> Iterator[None]:
        """Let one process at a time try the password: the others then see what came of it.

        Ask `get` inside, not before: the mark may have been set while this one waited.
        """

        def complain(error: OSError) -> None:
            raise unwritable(self._folder, error)

        with self._lock(realm, username, complain):
            yield

    def _lock(self, realm: str, username: str, complain: Callable[[OSError], None]) -> Lock:
        return Lock(self._path(realm, username, "lock"), to_stderr, complain)

    def _path(self, realm: str, username: str, suffix: str) -> str:
        text = f"{realm}\0{username}".encode("utf-8", "surrogatepass")
        return os.path.join(self._folder, f"{blake2b(text, digest_size=20).hexdigest()}.{suffix}")


def unwritable(folder: str, error: OSError) -> ConfigurationError:
    """Return the error for a state folder that refuses."""
    reason = error.strerror or type(error).__name__
    return ConfigurationError(
        f"passwords cannot be kept in {folder} ({reason})", "set RUNAS_STATE_DIR to another folder"
    )


def to_stderr(text: str) -> None:
    """Tell the person for whom we wait."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.write(f"runas: {text}\n")
