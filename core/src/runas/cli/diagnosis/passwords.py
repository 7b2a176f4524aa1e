"""Where passwords are kept, and whether that works."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator

from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.cli.diagnosis.provider import sign_in
from runas.config.folders import state_folder

_TOPIC = "passwords"


def check(case: Case) -> Iterator[Finding]:
    """Look at the keyring and the file; no password is read."""
    from runas.secrets import keepers

    detail = not sign_in(case.first)
    folder = state_folder(case.config.environ, os.path.expanduser("~"))
    if importlib.util.find_spec("keyring") is None:
        hint = "to keep passwords: pip install 'runas-core[keyring]'"
        fact = "the keyring package is not installed: passwords are asked for"
        yield Finding(Mark.FINE, _TOPIC, fact, hint, detail=detail)
        return
    ring = keepers.find(case.config.environ)
    if ring is None:
        fact = f"no OS keyring here: an encrypted file in {_short(folder)} takes its place"
    else:
        fact = "kept in the OS keyring"
    yield Finding(Mark.FINE, _TOPIC, fact, detail=detail)
    yield from _stale(case, folder)


def _stale(case: Case, folder: str) -> Iterator[Finding]:
    """Say it where the provider has refused the password that is kept."""
    from runas.http import origin
    from runas.secrets import open_store

    address, username = sign_in(case.first), case.first.get("username")
    if not address or not username:
        return
    store = open_store(case.config.environ, os.path.expanduser("~"))
    if store.is_stale(origin(address), username):
        fact = "the password that is kept was refused, and is not used again"
        hint = f"set it anew: runas password {case.first.name}"
        yield Finding(Mark.WRONG, _TOPIC, fact, hint)


def _short(folder: str) -> str:
    home = os.path.expanduser("~")
    return "~" + folder[len(home) :] if folder.startswith(home + os.sep) else folder
