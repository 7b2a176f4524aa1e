"""Put an engine together for one profile, and a front-end that answers its questions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from runas import plugins
from runas.cache import Cache
from runas.challenges import Flow, drive
from runas.cli.answers import prompter
from runas.cli.cached import margin
from runas.config.folders import cache_folder
from runas.engine import Engine
from runas.memory import Memory

if TYPE_CHECKING:
    from typing import TypeVar

    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.profile import Profile

    R = TypeVar("R")


def engine(config: Config, profile: Profile, cache: Cache) -> Engine:
    """Compose the engine of a profile, and of the profiles whose roles come before it."""
    source = None
    if profile.source is not None and profile.source.ends_in_role:
        source = engine(config, profile.source, cache)
    manager = plugins.load(plugins.candidates(profile))
    return Engine(profile, manager, cache, Memory(cache), source, margin(config))


class Login:
    """A cache, and somebody to answer: what every verb that logs in needs."""

    def __init__(self, config: Config, invocation: Invocation, cache: Cache) -> None:
        self.config = config
        self.invocation = invocation
        self.cache = cache

    @property
    def folder(self) -> str:
        """Return where the cache lies."""
        return folder(self.config)

    def engine(self, profile: Profile) -> Engine:
        """Compose the engine of *profile*."""
        return engine(self.config, profile, self.cache)

    def drive(self, profile: Profile, flow: Flow[R]) -> R:
        """Run *flow* to its end, asking the person or whatever answers in their place."""
        front = prompter(self.invocation, profile, Memory(self.cache))
        return drive(flow, front.answer)


def open_cache(config: Config, notice: Any) -> Cache:
    """Return the user's cache."""
    return Cache(folder(config), notice)


def folder(config: Config) -> str:
    """Return where the cache lies."""
    return cache_folder(config.environ, os.path.expanduser("~"))
