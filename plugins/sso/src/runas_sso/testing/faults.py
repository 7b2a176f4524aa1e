"""Failing on demand: what a test wants instead of an answer."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from runas_sso.testing.wire import Answer

HANG_UP = Answer(0)
"""Instead of an answer: the connection ends."""


@dataclass
class _Fault:
    operation: str
    answer: Answer
    times: int
    delay: float


@dataclass
class Faults:
    """Answers to give instead, by operation (``*``: any), each as often as wanted."""

    _faults: list[_Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def add(self, operation: str, answer: Answer, times: int, delay: float) -> None:
        """Let the next calls be answered so, after *delay* seconds."""
        self._faults.append(_Fault(operation, answer, times, delay))

    def clear(self) -> None:
        """Take all faults back."""
        self._faults.clear()

    def take(self, operation: str) -> Answer | None:
        """Return what to answer instead, if anything."""
        with self._lock:
            fitting = (one for one in self._faults if one.operation in (operation, "*"))
            fault = next(fitting, None)
            if fault is None:
                return None
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
        self._stopped.wait(fault.delay)
        return fault.answer

    def stop(self) -> None:
        """End all delays."""
        self._stopped.set()
