"""Keyrings that a machine may have, as backends of the real `keyring` package.

They keep passwords in the JSON file that RUNAS_TEST_RING names, so that processes share them.
"""

import json
import os
import time

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Good(KeyringBackend):
    """One that works."""

    priority = 5

    def _read(self):
        try:
            with open(os.environ["RUNAS_TEST_RING"]) as file:
                return json.load(file)
        except FileNotFoundError:
            return {}

    def _write(self, kept):
        with open(os.environ["RUNAS_TEST_RING"], "w") as file:
            json.dump(kept, file)

    def get_password(self, service, username):
        return self._read().get(f"{service}|{username}")

    def set_password(self, service, username, password):
        self._write({**self._read(), f"{service}|{username}": password})

    def delete_password(self, service, username):
        kept = self._read()
        if kept.pop(f"{service}|{username}", None) is None:
            raise PasswordDeleteError("not found")
        self._write(kept)


class Locked(Good):
    """One that nobody unlocks."""

    def get_password(self, service, username):
        raise KeyringLocked("locked")

    def set_password(self, service, username, password):
        raise KeyringLocked("locked")

    delete_password = get_password


class Broken(Good):
    """One whose system fails in its own way."""

    def get_password(self, service, username):
        raise OSError("no bus")


class ReadOnly(Good):
    """One that keeps nothing new."""

    def set_password(self, service, username, password):
        raise RuntimeError("no")


class Hanging(Good):
    """One that waits for a window nobody sees."""

    def get_password(self, service, username):
        time.sleep(3600)


class Never(Good):
    """One that says itself that it is no use."""

    priority = 0


class NoClass(Good):
    """One that cannot even be made."""

    def __init__(self):
        raise RuntimeError("no")
