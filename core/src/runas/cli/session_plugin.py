"""AWS's session-manager-plugin: find it, and hand a session over to it.

The plugin calls AWS itself (to resume after a break, to end the session), so it runs like any
command of runas: with the profile's credentials, renewed by the endpoint for as long as it runs.
Source: aws-cli, ``awscli/customizations/sessionmanager.py`` (its arguments and its environment)
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas.cli import deliver
from runas.cli.wrapped import Wrapped
from runas.errors import CommandNotFound, ConfigurationError, RunasError
from runas.launch.aside import said
from runas.launch.execute import find

if TYPE_CHECKING:
    from runas.aws.ssm import Sessions, Wanted
    from runas.cli.acting import Acting

_PROGRAM = "session-manager-plugin"
_PATIENCE = 20  # seconds to tell its version
_HELP = (
    "install it: https://docs.aws.amazon.com/systems-manager/latest/userguide/"
    "session-manager-working-with-install-plugin.html"
)
_VARIABLE = "AWS_SSM_START_SESSION_RESPONSE"
_LAST_WITHOUT = [1, 2, 497, 0]
"""The last version that takes the session's token as an argument only, for all to see."""


@dataclass(frozen=True)
class Plugin:
    """The plugin that is installed."""

    path: str
    version: str

    @classmethod
    def find(cls) -> Plugin:
        """Find the plugin and ask its version; raise the error that says how to get it."""
        try:
            path = find(_PROGRAM, os.environ.get("PATH", os.defpath))
            done = said([path, "--version"], _PATIENCE)
        except CommandNotFound:
            raise ConfigurationError(f"AWS's {_PROGRAM} is not installed", _HELP) from None
        except (OSError, subprocess.TimeoutExpired):
            raise ConfigurationError(f"AWS's {_PROGRAM} does not run", _HELP) from None
        return cls(path, done.stdout.strip())

    @property
    def reads_environment(self) -> bool:
        """Whether it takes the session's token from its environment."""
        if not re.fullmatch(r"\d+(\.\d+){0,3}", self.version):
            return False
        numbers = [int(part) for part in self.version.split(".")]
        return numbers + [0] * (4 - len(numbers)) > _LAST_WITHOUT

    def run(self, acting: Acting, sessions: Sessions, wanted: Wanted) -> int:
        """Open a session and let the plugin carry it; return the plugin's exit status."""
        opened = sessions.start(wanted)
        answer = json.dumps(opened)
        argv = [
            self.path,
            _VARIABLE if self.reads_environment else answer,
            sessions.region,
            "StartSession",
            "",  # no profile: the credentials come from the environment
            json.dumps(wanted.request()),
            sessions.endpoint,
        ]
        config = acting.config
        if self.reads_environment:
            config.environ = {**config.environ, _VARIABLE: answer}
        try:
            return self._carry(acting, argv)
        except RunasError:
            sessions.end(opened["SessionId"])
            raise

    def _carry(self, acting: Acting, argv: list[str]) -> int:
        config, invocation, selection = acting.config, acting.invocation, acting.selection
        if invocation.on("env"):
            deliver.run_with_environment(config, invocation, selection, argv, acting.entry)
        return Wrapped(config, invocation, selection, acting.session.folder).run(argv, acting.entry)
