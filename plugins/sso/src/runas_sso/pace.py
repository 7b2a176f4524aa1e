"""Ask as fast as the service allows, with several threads at once.

Identity Center refuses bursts with 429, soon and without saying how much is allowed. One thread's
refusal holds all of them back for a moment; whoever waits can be stopped at once. Failures, and
the first refusals, are repeated by the session that runas hands to its providers.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import runas
from runas_sso.refusals import busy
from runas_sso.wire import Fault

A = TypeVar("A")

PATIENCE = 20.0
"""Seconds without any answer but "too many requests" before that is the answer."""

_FIRST, _LONGEST = 0.1, 2.0  # seconds of the first pause, and of the longest of our own choice


class Pace:
    """Shared by the threads of one listing; also good for a single question."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._resume = 0.0  # by the monotonic clock: nobody asks before
        self._good = time.monotonic()

    def ask(self, question: Callable[[], A]) -> A:
        """Ask a question that changes nothing, until it is answered."""
        refused = 0
        while True:
            self._wait()
            try:
                answer = question()
            except Fault as fault:
                if fault.code != "toomanyrequests":
                    raise
                self._hold(refused, fault)
                refused += 1
            else:
                self._good = time.monotonic()
                return answer

    def stop(self) -> None:
        """End all waiting: whoever waits is refused an answer."""
        self._stopped.set()

    def _hold(self, refused: int, fault: Fault) -> None:
        """Keep everybody from asking for a moment, or give up."""
        now = time.monotonic()
        pause = min(_FIRST * 2**refused, _LONGEST) * random.uniform(0.5, 1.0)
        pause = pause if fault.retry_after is None else max(fault.retry_after, _FIRST)
        if now + pause > self._good + PATIENCE:
            raise busy() from fault
        with self._lock:
            self._resume = max(self._resume, now + pause)

    def _wait(self) -> None:
        while (left := self._resume - time.monotonic()) > 0:
            # Not all at the same moment: that would be the next burst.
            self._pause(left * random.uniform(1.0, 1.3))
        if self._stopped.is_set():
            raise runas.Cancelled("cancelled")

    def _pause(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise runas.Cancelled("cancelled")
