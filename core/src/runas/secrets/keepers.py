"""Which keeper there is: the OS keyring, or the encrypted file.

The keyring is asked for on first use. On a server it is often there and yet not: no backend, a
chain of none, a D-Bus that nobody answers, a collection that wants a window to be unlocked. All of
these mean the file, and none may hang or print.
Source: https://keyring.readthedocs.io/en/latest/ (API interface, third-party backends)
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from runas.config.folders import state_folder
from runas.secrets.encrypted import EncryptedFile, available
from runas.secrets.store import FOLDER, Absent, Keeper, Store

log = logging.getLogger(__name__)

T = TypeVar("T")

SERVICE = "runas {}"
"""The name of an entry in the keyring, with the realm in it."""

_PATIENCE = 20.0  # seconds for a keyring that may have to ask its owner
_PROBE = "runas probe"


class Backend(Protocol):
    """What we use of a backend of keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return a password, or None."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password."""
        ...


class Unusable(Exception):
    """The keyring of this machine cannot keep anything now."""


class Chosen:
    """The keyring where it works, else the file; decided when first needed.

    What lies in the one is found even when the other is chosen by now: passwords are read from
    both, and a new one replaces the old one in both.
    """

    def __init__(self, folder: str, environ: Mapping[str, str]) -> None:
        self._file = EncryptedFile(folder)
        self._environ = environ
        self._ring: Keyring | None = None
        self._tried = False

    def get(self, realm: str, username: str) -> str:
        """Return a password, from wherever it is."""
        for keeper in self._keepers():
            try:
                return keeper.get(realm, username)
            except (Absent, Unusable):
                continue
        raise Absent(realm)

    def set(self, realm: str, username: str, text: str) -> None:
        """Keep a password in the keyring, else in the file, and nowhere else."""
        ring, file = self._keyring(), self._file
        if ring is not None:
            try:
                ring.set(realm, username, text)
            except Unusable:
                log.debug("the keyring refuses to keep a password; using the file")
            else:
                self._drop(file, realm, username)
                return
        available()
        file.set(realm, username, text)
        if ring is not None:
            self._drop(ring, realm, username)

    def delete(self, realm: str, username: str) -> None:
        """Forget a password, wherever it is."""
        dropped = [self._drop(keeper, realm, username) for keeper in self._keepers()]
        if not any(dropped):
            raise Absent(realm)

    def _drop(self, keeper: Keeper, realm: str, username: str) -> bool:
        try:
            keeper.delete(realm, username)
        except (Absent, Unusable):
            return False
        return True

    def _keepers(self) -> list[Keeper]:
        ring = self._keyring()
        if ring is None:
            available()
            return [self._file]
        return [ring, self._file]

    def _keyring(self) -> Keyring | None:
        if not self._tried:
            self._tried = True
            self._ring = find(self._environ)
        return self._ring


def open_store(environ: Mapping[str, str], home: str) -> Store:
    """Open the user's store: the OS keyring where one works, else the encrypted file.

    Nothing is looked for before a password is asked for or set. Then, without the extra
    ``keyring``, a ConfigurationError says how to install it.
    """
    folder = state_folder(environ, home)
    return Store(folder, Chosen(os.path.join(folder, FOLDER), environ))


class Keyring:
    """The OS keyring, held to a time: a locked one may wait for a window that nobody sees."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def get(self, realm: str, username: str) -> str:
        """Return a password; raise Absent, or Unusable."""
        found = _within(lambda: self._backend.get_password(SERVICE.format(realm), username))
        if found is None:
            raise Absent(realm)
        return found

    def set(self, realm: str, username: str, text: str) -> None:
        """Keep a password; raise Unusable."""
        _within(lambda: self._backend.set_password(SERVICE.format(realm), username, text))

    def delete(self, realm: str, username: str) -> None:
        """Forget a password; raise Absent, or Unusable."""
        self.get(realm, username)
        _within(lambda: self._backend.delete_password(SERVICE.format(realm), username))


def find(environ: Mapping[str, str]) -> Keyring | None:
    """Find a keyring that works; None where the package, a backend or a session is missing."""
    try:
        import keyring
    except ImportError:
        return None
    if _nobody_home(environ):
        return None
    try:
        backend = _within(keyring.get_keyring)
        if backend.priority <= 0 or _empty(backend):
            return None
        _within(lambda: backend.get_password(_PROBE, _PROBE))
    except Unusable:
        return None
    return Keyring(backend)


def _nobody_home(environ: Mapping[str, str]) -> bool:
    """Tell a Linux without a session bus: asking there starts one, which starts a prompter."""
    nobody = False
    if sys.platform != "win32" and sys.platform != "darwin":
        bus = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "PYTHON_KEYRING_BACKEND")
        nobody = not any(environ.get(name) for name in bus)
    return nobody


def _empty(backend: object) -> bool:
    """Tell the backends that stand for none: ``fail``, ``null``, and a chain without links."""
    module = type(backend).__module__
    if module in ("keyring.backends.fail", "keyring.backends.null"):
        return True
    return module == "keyring.backends.chainer" and not getattr(backend, "backends", ())


def _within(action: Callable[[], T]) -> T:
    """Do something with the keyring; raise Unusable where it fails or takes too long.

    Backends raise whatever their system does (D-Bus, GLib, ctypes), so every exception counts.
    """
    outcome: list[T] = []

    def run() -> None:
        try:
            outcome.append(action())
        except Exception as error:  # noqa: BLE001 - backends raise what they like
            log.debug("the keyring fails: %s", type(error).__name__)

    # A daemon: the process ends even while the keyring waits.
    thread = threading.Thread(target=run, name="runas-keyring", daemon=True)
    thread.start()
    thread.join(_PATIENCE)
    if not outcome:
        raise Unusable
    return outcome[0]
