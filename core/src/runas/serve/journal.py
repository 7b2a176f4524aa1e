"""What has happened lately, and a bell for whoever watches. Nothing secret goes in here."""

from __future__ import annotations

import threading
import time
from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_KEPT = 50


class Journal:
    """The last events, and a number that grows with every change of anything a page shows."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._events: deque[dict[str, str | float]] = deque(maxlen=_KEPT)
        self._bell = threading.Condition()
        self._version = 0
        self._closed = False

    @property
    def events(self) -> list[dict[str, str | float]]:
        """The last events, the newest first."""
        with self._bell:
            return list(reversed(self._events))

    @property
    def version(self) -> int:
        """How much has changed so far."""
        return self._version

    def note(self, text: str, profile: str = "", kind: str = "info") -> None:
        """Remember an event; *kind* is ``info``, ``good`` or ``bad``."""
        event: dict[str, str | float] = {
            "time": self._clock(),
            "profile": profile,
            "text": text,
            "kind": kind,
        }
        with self._bell:
            last = self._events[-1] if self._events else None
            if last and all(last[name] == event[name] for name in ("profile", "text", "kind")):
                self._events.pop()  # the same again: only the time is news
            self._events.append(event)
        self.ring()

    def ring(self) -> None:
        """Wake up whoever watches."""
        with self._bell:
            self._version += 1
            self._bell.notify_all()

    def wait(self, seen: int, seconds: float) -> bool:
        """Wait for a change after version *seen*; return False when the time is up."""
        with self._bell:
            return self._bell.wait_for(lambda: self._closed or self._version != seen, seconds)

    def close(self) -> None:
        """Send watchers home."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()

    @property
    def closed(self) -> bool:
        """Tell whether watching is over."""
        return self._closed
