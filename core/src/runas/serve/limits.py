"""How many failures are heard out."""

from __future__ import annotations

import hmac
import threading
import time

from .messages import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_FAILURES = 30
_WITHIN = 60.0  # seconds


class Failures:
    """Answer wrong tokens, keys and cookies with 403, and from so many a minute on with 429.

    Who has the right one is never kept out: then any program could do that to all others. 192
    random bits need no lock-out; this keeps a program that has gone wrong from being a burden.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._count = 0
        self._since = clock()

    def refusal(self, message: str) -> Refusal:
        """Return what a failed attempt is answered with."""
        with self._lock:
            now = self._clock()
            if now - self._since > _WITHIN:
                self._count, self._since = 0, now
            self._count += 1
            left = max(1, round(_WITHIN - (now - self._since)))
            if self._count > _FAILURES:
                return Refusal(429, "TooManyFailures", "too many failures", Retry_After=str(left))
        return Refusal(403, "AccessDenied", message)


def same(given: str, secret: str) -> bool:
    """Compare in a time that does not tell how much was right."""
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())
