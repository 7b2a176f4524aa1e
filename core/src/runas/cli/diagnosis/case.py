"""The login that is looked at, and what is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from runas.cli.diagnosis.redact import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.errors import RunasError
    from runas.model import Setting
    from runas.plugins import Installed
    from runas.profile import Profile


class Mark(Enum):
    """How a finding is marked: fine, worth a look, wrong."""

    FINE = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One line of the diagnosis: nothing secret, nothing that says who exactly is asking.

    ``detail`` marks what only ``-v`` shows.
    """

    mark: Mark
    topic: str
    text: str
    hint: str = ""
    detail: bool = False

    def document(self) -> dict[str, str]:
        """Return it for JSON."""
        found = {"mark": self.mark.value, "topic": self.topic, "text": redacted(self.text)}
        return found | ({"hint": redacted(self.hint)} if self.hint else {})


@dataclass
class Case:
    """One invocation, its configuration, and the profile where it can be resolved.

    ``name`` is what was asked for. ``settings`` collects what the plugins say about themselves, for
    the checks that follow.
    """

    invocation: Invocation
    config: Config
    profile: Profile | None
    problem: RunasError | None = None
    offline: bool = False
    name: str = ""
    settings: dict[str, Sequence[Setting]] = field(default_factory=dict)
    chosen: Installed | None = None

    @cached_property
    def hops(self) -> list[Profile]:
        """The chain of profiles, the one that proves the identity first."""
        return list(self.profile.hops()) if self.profile else []

    @property
    def first(self) -> Profile:
        """The profile that proves the identity."""
        return self.hops[0]

    def sections(self) -> Iterator[Any]:
        """Yield the sections of the files that the chain stands in."""
        for name in dict.fromkeys(hop.name for hop in self.hops):
            for file in (self.config.config, self.config.credentials):
                section = file.profile(name)
                if section is not None:
                    yield section
