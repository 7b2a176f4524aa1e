"""Passwords in a file, encrypted under a key file next to it, both readable by their owner only.

That keeps them out of backups that spare the key, out of sight and out of ``grep``; against who can
read the user's files, the folder's mode is what protects. It is Fernet: AES-128-CBC with an HMAC.
Source: https://github.com/fernet/spec
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from runas.cache.locks import Lock
from runas.errors import ConfigurationError
from runas.secrets import private
from runas.secrets.store import Absent, to_stderr, unwritable

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

INSTALL = "pip install 'runas-core[keyring]'"


class EncryptedFile:
    """The keeper of machines without a keyring."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._path = os.path.join(folder, "passwords.json")
        self._key = os.path.join(folder, "passwords.key")

    def get(self, realm: str, username: str) -> str:
        """Return a password; raise Absent where there is none that this key opens."""
        from cryptography.fernet import InvalidToken

        sealed = self._read().get(_name(realm, username))
        try:
            key = private.content(self._key)
            if not isinstance(sealed, str):
                raise Absent(realm)
            return _fernet(key).decrypt(sealed.encode()).decode("utf-8", "surrogatepass")
        except (FileNotFoundError, InvalidToken, ValueError):
            raise Absent(realm) from None

    def set(self, realm: str, username: str, text: str) -> None:
        """Keep a password."""
        with self._changing():
            fernet = _fernet(self._own_key())
            sealed = fernet.encrypt(text.encode("utf-8", "surrogatepass")).decode()
            self._write(self._read() | {_name(realm, username): sealed})

    def delete(self, realm: str, username: str) -> None:
        """Forget a password; raise Absent where there is none."""
        if not self._read():  # nothing to change, so nothing to lock
            raise Absent(realm)
        with self._changing():
            kept = self._read()
            if kept.pop(_name(realm, username), None) is None:
                raise Absent(realm)
            self._write(kept)

    def _read(self) -> dict[str, object]:
        with suppress(FileNotFoundError):
            return private.table(private.content(self._path))
        return {}

    def _write(self, kept: dict[str, object]) -> None:
        try:
            private.save(self._path, kept)
        except OSError as error:
            raise unwritable(self._folder, error) from None

    def _own_key(self) -> bytes:
        """Return the key; make one where there is none that works (what it sealed is lost)."""
        from cryptography.fernet import Fernet

        with suppress(FileNotFoundError, ValueError):
            key = private.content(self._key)
            _fernet(key)
            return key
        key = Fernet.generate_key()
        try:
            private.publish(self._key, key)
        except OSError as error:
            raise unwritable(self._folder, error) from None
        return key

    def _changing(self) -> Lock:
        def complain(error: OSError) -> None:
            raise unwritable(self._folder, error)

        return Lock(self._path + ".lock", to_stderr, complain)


def _fernet(key: bytes) -> Fernet:
    from cryptography.fernet import Fernet

    return Fernet(key.strip())


def _name(realm: str, username: str) -> str:
    return json.dumps([realm, username])


def available() -> None:
    """Raise ConfigurationError where the extra is not installed."""
    try:
        import cryptography.fernet  # noqa: F401
    except ImportError:
        raise ConfigurationError(
            "keeping passwords needs the extra 'keyring'", f"type: {INSTALL}"
        ) from None
