"""The session tokens of IMDSv2: made without keeping them, so that no number of them is too many.

A token holds its own end, sealed under a key that only this process knows.
Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import struct
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_SHORTEST, _LONGEST = 1, 21600  # seconds
_END = struct.Struct(">d8s")  # the end by our clock, and what makes tokens differ
_SEAL = 24  # bytes


if sys.platform == "linux":

    def _elapsed() -> float:
        """Return seconds that go on while the machine sleeps: ``time.monotonic`` stands still."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def _elapsed() -> float:
        """Return seconds that go on while the machine sleeps: ``time.monotonic`` stands still."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)

else:

    def _elapsed() -> float:
        """Return seconds that go on while the machine sleeps."""
        return time.monotonic()


class Tokens:
    """Issue tokens and know them again; neither a clock set back nor sleep prolongs them."""

    def __init__(self, clock: Callable[[], float] = _elapsed) -> None:
        self._clock = clock
        self._key = os.urandom(32)

    def issue(self, ttl: str) -> tuple[str, int]:
        """Return a token and its life in seconds; ValueError where *ttl* is no life it may have."""
        if not ttl.isdecimal() or not ttl.isascii():
            raise ValueError("not a number of seconds")
        seconds = int(ttl)
        if not _SHORTEST <= seconds <= _LONGEST:
            raise ValueError("out of range")
        end = _END.pack(self._clock() + seconds, os.urandom(8))
        return base64.urlsafe_b64encode(end + self._seal(end)).decode(), seconds

    def left(self, token: str) -> int | None:
        """Return how many seconds a token has left; None where it is over, or none of ours."""
        try:
            content = base64.b64decode(token.encode("ascii"), b"-_", validate=True)
        except ValueError:
            return None
        end, seal = content[: _END.size], content[_END.size :]
        if not hmac.compare_digest(seal, self._seal(end)) or len(end) != _END.size:
            return None
        left: float = _END.unpack(end)[0] - self._clock()
        return int(left) if left > 0 else None

    def _seal(self, content: bytes) -> bytes:
        return hmac.new(self._key, content, hashlib.sha256).digest()[:_SEAL]
