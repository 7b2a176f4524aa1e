"""What an author tells the conformance kit: a fake that runs, and what its user knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from runas.challenges import Browse
from runas.errors import RunasError

__all__ = ["Case", "Trouble"]


@dataclass(frozen=True)
class Trouble:
    """A way in which the fake refuses, and the error that the login must end in.

    ``cause`` brings the fake into that state before the login begins.
    """

    cause: Callable[[], object]
    error: type[RunasError]


@dataclass(frozen=True)
class Case:
    """One fake identity provider, up and running.

    ``settings`` are the profile keys that lead to it. ``username``, ``password`` and ``code`` are
    what the person knows: all three are canaries, which nothing may repeat. ``code`` may be a
    function that makes one. ``picks`` choose options by a part of their label. ``role`` is the ARN
    of a role that they may take, for a plugin with an ``assume`` of its own.

    Where a phone must approve: ``approve``, ``reject`` and ``expire`` make the fake believe that
    the person did, declined, or never looked; ``waiting`` tells whether it still waits. Where a
    browser must be opened, ``browse`` gets the `runas.Browse` and does what a person would there.
    ``troubles`` are further ways to be refused, by a name for messages; ``secrets`` are further
    canaries.
    """

    settings: Mapping[str, str]
    username: str = "alice"
    password: str = field(default="", repr=False)
    code: str | Callable[[], str] = field(default="", repr=False)
    wrong_code: str = "000000"
    picks: Sequence[str] = ()
    role: str = ""
    approve: Callable[[], object] | None = None
    reject: Callable[[], object] | None = None
    expire: Callable[[], object] | None = None
    waiting: Callable[[], bool] | None = None
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    secrets: Sequence[str] = field(default=(), repr=False)
    browse: Callable[[Browse], object] | None = None
