"""Server-sent events: the page's state, sent anew whenever it changes.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from runas.serve.messages import Refusal

if TYPE_CHECKING:
    from runas.serve.journal import Journal

_MOST = 16  # pages open at the same time; each takes a thread
_QUIET = 10.0  # seconds after which a comment finds out whether anybody still listens
_BURST = 0.03  # seconds in which several changes become one


class Stream:
    """The watchers of one server."""

    def __init__(self, journal: Journal, state: Callable[[], dict[str, Any]]) -> None:
        self._journal = journal
        self._state = state
        self._places = threading.BoundedSemaphore(_MOST)

    def open(self) -> Generator[bytes, None, None]:
        """Return the events of one watcher; raises Refusal where there are too many."""
        if not self._places.acquire(blocking=False):
            raise Refusal(503, "TooManyPages", "too many pages are open", Retry_After="15")
        events = self._events()
        next(events)  # from here on, closing it gives the place back
        return events

    def _events(self) -> Generator[bytes, None, None]:
        try:
            yield b""
            seen = -1
            while not self._journal.closed:
                version = self._journal.version
                if version != seen:
                    seen = version
                    yield b"data: " + json.dumps(self._state()).encode() + b"\n\n"
                elif not self._journal.wait(seen, _QUIET):
                    yield b": still here\n\n"
                else:
                    time.sleep(_BURST)
        finally:
            self._places.release()
