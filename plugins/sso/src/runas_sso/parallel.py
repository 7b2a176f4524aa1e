"""Do one thing for many items at once, and be able to leave at any moment.

Not ``concurrent.futures``: at the end of the program it waits for requests under way, so that
Ctrl-C would take as long as the slowest answer.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

I = TypeVar("I")  # noqa: E741 - an item
O = TypeVar("O")  # noqa: E741 - an outcome


class _Work(Generic[I, O]):
    def __init__(self, work: Callable[[I], O]) -> None:
        self.work = work
        self.items: queue.SimpleQueue[I | None] = queue.SimpleQueue()
        self.done: queue.SimpleQueue[O | BaseException] = queue.SimpleQueue()

    def run(self) -> None:
        """Work until there is a None."""
        while (item := self.items.get()) is not None:
            try:
                self.done.put(self.work(item))
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                self.done.put(error)
                return

    def next(self) -> O | BaseException:
        """Wait for an outcome, awake often enough to hear Ctrl-C on every system."""
        while True:
            try:
                return self.done.get(timeout=0.2)
            except queue.Empty:
                continue

    def drop(self) -> None:
        """Leave undone what nobody has begun."""
        try:
            while True:
                self.items.get_nowait()
        except queue.Empty:
            pass


def each(work: Callable[[I], O], items: Iterable[I], threads: int) -> list[O]:
    """Return the outcomes in the order they came; the first error ends it.

    Work begins while *items* is still being read.
    """
    pool: _Work[I, O] = _Work(work)
    started = count = 0
    outcomes: list[O] = []
    try:
        for item in items:
            pool.items.put(item)
            count += 1
            if started < min(count, threads):
                threading.Thread(target=pool.run, daemon=True).start()
                started += 1
        while len(outcomes) < count:
            outcome = pool.next()
            if isinstance(outcome, BaseException):
                raise outcome
            outcomes.append(outcome)
    finally:
        pool.drop()
        for _ in range(started):
            pool.items.put(None)
    return outcomes
