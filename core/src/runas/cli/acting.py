"""What verbs that act as a profile begin with: the profile, and fresh credentials for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas.cli.answers import login
from runas.cli.run import choose, obtain
from runas.cli.trusting import confirmed_config

if TYPE_CHECKING:
    from runas.cache import Entry
    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.config.selection import Selection
    from runas.login import Login
    from runas.profile import Profile


@dataclass(frozen=True)
class Acting:
    """One verb at work: for whom, with what."""

    config: Config
    invocation: Invocation
    selection: Selection
    session: Login
    entry: Entry

    @property
    def profile(self) -> Profile:
        """The profile that was chosen."""
        return self.selection.profile


def act(invocation: Invocation, word: str | None) -> Acting:
    """Choose the profile (on a terminal the person may), and log in where need be."""
    config = confirmed_config(invocation)
    selection = choose(config, invocation, [word] if word else [])
    session = login(invocation, config)
    return Acting(config, invocation, selection, session, obtain(session, invocation, selection))
