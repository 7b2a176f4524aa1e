"""Time commands side by side: A B C, C B A, A B C, ...; what is reported are ratios within a round.

A busy machine makes both halves of a pair slow, so the median of the ratios holds still where the
times themselves do not.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

WARM_UP = 2  # rounds


@dataclass(frozen=True)
class Case:
    """One command; *until* it ends ("exit") or the first byte of its output arrives ("output").

    *before* runs ahead of every start and is not timed.
    """

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    until: str = "exit"
    before: Callable[[], None] | None = None


@dataclass(frozen=True)
class Spread:
    """The least, the middle and the greatest of some numbers."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Spread:
        """Summarise *numbers*."""
        return cls(min(numbers), statistics.median(numbers), max(numbers))


@dataclass
class Timings:
    """The seconds that every case took, round by round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def milliseconds(self, name: str) -> float:
        """Return the median time of a case."""
        return statistics.median(self.seconds[name]) * 1000

    def ratio(self, name: str, to: str) -> Spread:
        """Compare two cases, pair by pair."""
        pairs = zip(self.seconds[name], self.seconds[to], strict=True)
        return Spread.of([ours / theirs for ours, theirs in pairs])


def interleave(cases: Sequence[Case], rounds: int) -> Timings:
    """Run every case once a round, in turning order; the first ones are for the caches."""
    timings = Timings({case.name: [] for case in cases})
    for number in range(WARM_UP + rounds):
        for case in cases if number % 2 else reversed(cases):
            seconds = time_once(case)
            if number >= WARM_UP:
                timings.seconds[case.name].append(seconds)
    return timings


def time_once(case: Case) -> float:
    """Start a command and return the seconds until the moment that its case asks for."""
    if case.before is not None:
        case.before()
    with tempfile.TemporaryFile() as complaints:
        output, write = os.pipe()
        try:
            begun = time.perf_counter()
            pid = _spawn(case, write, complaints.fileno())
            os.close(write)
            first = _drain(output)
            _, status = os.waitpid(pid, 0)
            ended = time.perf_counter()
        finally:
            os.close(output)
        if status != 0 or (case.until == "output" and first is None):
            complaints.seek(0)
            raise SystemExit(f"{case.name}: status {status}\n{complaints.read().decode()}")
    return (first if case.until == "output" and first else ended) - begun


def _spawn(case: Case, output: int, complaints: int) -> int:
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, output, 1),
        (os.POSIX_SPAWN_DUP2, complaints, 2),
    ]
    return os.posix_spawn(case.command[0], [*case.command], case.environ, file_actions=actions)


def _drain(output: int) -> float | None:
    """Read to the end; return when the first bytes came."""
    first = None
    while os.read(output, 65536):
        first = first or time.perf_counter()
    return first
