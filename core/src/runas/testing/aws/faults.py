"""Trouble on demand: errors, slowness, connections that break."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from runas.testing.aws.errors import AwsError


@dataclass
class _Fault:
    action: str
    error: AwsError | None
    seconds: float
    left: int

    def meets(self, action: str) -> bool:
        return self.left > 0 and self.action in ("*", action)


class Faults:
    """The troubles still to come; each is used up by the calls it strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[_Fault] = []
        self._drops = 0
        self.waiting = 0  # calls that are being slow just now
        self._stopped = threading.Event()

    def fail(self, action: str, error: AwsError, times: int) -> None:
        """Let the next calls of an action (`*`: of any) fail."""
        with self._lock:
            self._faults.append(_Fault(action, error, 0, times))

    def slow(self, action: str, seconds: float, times: int) -> None:
        """Let the next calls of an action (`*`: of any) wait before they are looked at."""
        with self._lock:
            self._faults.append(_Fault(action, None, seconds, times))

    def drop(self, count: int) -> None:
        """Let the next connections break before an answer."""
        with self._lock:
            self._drops += count

    def take_drop(self) -> bool:
        """Tell whether this connection is to break."""
        with self._lock:
            self._drops -= (due := self._drops > 0)
            return due

    def wait(self, action: str) -> None:
        """Wait as long as this call has to."""
        fault = self._take(action, errors=False)
        if fault is not None:
            self._count(1)
            self._stopped.wait(fault.seconds)
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._lock:
            self.waiting += change

    def stop_waiting(self) -> None:
        """End the waiting that goes on: the emulator stops."""
        self._stopped.set()
        self._stopped = threading.Event()

    def take_error(self, action: str) -> AwsError | None:
        """Take the error that this call has to end with."""
        fault = self._take(action, errors=True)
        return fault.error if fault else None

    def _take(self, action: str, *, errors: bool) -> _Fault | None:
        with self._lock:
            for fault in self._faults:
                if fault.meets(action) and (fault.error is not None) == errors:
                    fault.left -= 1
                    return fault
        return None
