"""Serve one run from the cache; the fast lane's part of the command line."""

from __future__ import annotations

import os
import time

from runas.cache import Cache, Entry, Miss, key
from runas.cli import deliver
from runas.config.folders import cache_folder
from runas.config.load import open_config
from runas.config.selection import NoProfile, select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.config.selection import Selection


def serve(invocation: Invocation) -> int | None:
    """Print or run from the cache; return None where a person may have to answer first.

    Beside an endpoint even the login is a helper's work, so that the waiting parent stays small.
    """
    config = open_config(invocation)
    if config.project is not None and config.project.left_out:
        return None
    try:
        selection = select(config, invocation)
    except NoProfile:
        return None
    argv = deliver.command_line(config, selection) if selection.command else []
    folder = cache_folder(config.environ, os.path.expanduser("~"))
    entry = None if invocation.count("refresh") else fresh(config, invocation, selection, folder)
    if argv and not invocation.on("env"):
        from runas.cli.wrapped import Wrapped

        return Wrapped(config, invocation, selection, folder).run(argv, entry)
    if entry is None:
        return None
    if argv:
        deliver.run_with_environment(config, invocation, selection, argv, entry)
    deliver.show(invocation, entry)
    return 0


def fresh(
    config: Config, invocation: Invocation, selection: Selection, folder: str
) -> Entry | None:
    """Return the profile's cached credentials, or None where they are missing or nearly over."""
    purpose = "session" if invocation.on("session") else "role"
    try:
        entry = Cache(folder).read(key(purpose, selection.profile))
    except Miss:
        return None
    return entry if entry.fresh(time.time(), config.margin) else None
