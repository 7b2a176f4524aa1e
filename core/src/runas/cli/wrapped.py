"""Run a command beside a local endpoint that keeps its credentials fresh.

This process stays as the parent, so it stays small: whatever needs AWS or a person is done by a
short-lived helper, which is ``runas -O json`` itself.
"""

from __future__ import annotations

import sys
import time

from runas.cache import Cache, Entry, Miss, key
from runas.cli.deliver import announce
from runas.launch.environment import child_environment
from runas.launch.shield import shield
from runas.serve.listener import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from runas._credentials import Credentials
    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.config.selection import Selection
    from runas.serve.helper import Helper


class Wrapped:
    """One command beside its endpoint."""

    __slots__ = ("_obtained", "_renewer", "config", "folder", "invocation", "selection")

    def __init__(
        self, config: Config, invocation: Invocation, selection: Selection, folder: str
    ) -> None:
        self.config = config
        self.invocation = invocation
        self.selection = selection
        self.folder = folder
        self._obtained = 0
        self._renewer: Helper | None = None

    def run(self, argv: list[str], entry: Entry | None) -> int:
        """Log in where *entry* is missing, start the command, and return its exit status."""
        config, profile = self.config, self.selection.profile
        if entry is None:
            entry = self._first_login()
        self._obtained = entry.obtained
        announce(self.invocation, entry)
        listener = Listener.open()
        hidden = shield(config.config, config.credentials, profile, self.folder, config.environ)
        environ = child_environment(config.environ, profile, {**hidden, **listener.variables()})
        from runas.serve.wrapped import run

        return run(argv, environ, listener, entry, self._renew, self._cancel)

    def _first_login(self) -> Entry:
        """Log in as the user typed it: with ``-r``, ``--otp`` and, for ``-P -``, stdin."""
        credentials = self._helper(self.invocation.first_options()).obtain()
        entry = self._cached()
        if entry is not None and entry.credentials == credentials:
            return entry
        return Entry(credentials, int(time.time()), {})  # the cache took nothing new

    def _renew(self) -> Credentials:
        """Take what another runas has left in the cache meanwhile, else log in again.

        The cached ones are dropped (``-r``): a client wants more life than a new command does.
        """
        entry = self._cached()
        if entry is not None and entry.obtained > self._obtained:
            self._obtained = entry.obtained
            return entry.credentials
        if self._renewer is None:
            self._renewer = self._helper([*self.invocation.lasting_options(), "-r"])
        credentials = self._renewer.renew()
        self._obtained = int(time.time())
        return credentials

    def _cancel(self) -> None:
        if self._renewer is not None:
            self._renewer.cancel()

    def _helper(self, options: list[str]) -> Helper:
        from runas.serve.helper import Helper

        named = self.invocation.typed("profile") or self.invocation.typed("role_arn")
        name = [] if named else ["exec", "--", self.selection.profile.name]
        # -P: the working directory may be a clone, and what lies in it is no module of ours.
        argv = [sys.executable, "-P", "-m", "runas", *options, "-O", "json", *name]
        environ = {**self.config.environ, "RUNAS_COMMAND": self.selection.command[0]}
        return Helper(argv, environ, self.invocation.text("password") == "-")

    def _cached(self) -> Entry | None:
        purpose = "session" if self.invocation.on("session") else "role"
        try:
            return Cache(self.folder).read(key(purpose, self.selection.profile))
        except Miss:
            return None
