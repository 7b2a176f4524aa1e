"""Passwords, by sign-in origin and username.

They are kept in the OS keyring. Where there is none that works (a server, a container), a file
takes its place, encrypted under a key file next to it. Both need the extra ``keyring``.

A password that the provider refused is *stale*: it is kept, for the person may be right after
all, but not offered again until it is set anew. So fifty commands that start together do not lock
an account with fifty times the same wrong password::

    with store.guard(realm, username):          # one login at a time with a kept password
        text = store.get(realm, username)       # Absent where there is none, or it is stale
        ...
        store.mark_stale(realm, username)       # the provider said no
"""

from __future__ import annotations

from runas.secrets.keepers import open_store
from runas.secrets.store import Absent, Store

__all__ = ["Absent", "Store", "open_store"]
