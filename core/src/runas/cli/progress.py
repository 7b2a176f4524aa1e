"""Show that something takes its time: a spinner on stderr, and only where that is a terminal.

A provider that knows how far it is tells the logger ``runas.progress``, at level 5 (below DEBUG, so
no log shows it): ``"%d of %d accounts"``. Then there is a bar as well.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

_PATIENCE = 0.4  # seconds before anything is shown: what is quick needs no spinner
_TICK = 0.15
_BAR, _LEVEL = 20, 5


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show *text* with a spinner while the block runs; it is wiped away afterwards."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield
        return
    done, reached = threading.Event(), _Reached()
    thread = threading.Thread(target=_spin, args=(text, reached, done), daemon=True)
    thread.start()
    try:
        with reached.listening():
            yield
    finally:
        done.set()
        thread.join()


class _Reached(logging.Handler):
    """How far it is, in the words of who does the work."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Take the latest."""
        match record.args:
            case (int() as part, int() as whole) if 0 <= part <= whole and whole:
                bar = "#" * (part * _BAR // whole)
                self.text = f" [{bar:<{_BAR}}] {record.getMessage()}"

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear what is told meanwhile."""
        logger = logging.getLogger("runas.progress")
        before, logger.propagate = logger.level, False
        logger.setLevel(_LEVEL)
        logger.addHandler(self)
        try:
            yield
        finally:
            logger.removeHandler(self)
            logger.setLevel(before)
            logger.propagate = True


def _spin(text: str, reached: _Reached, done: threading.Event) -> None:
    if done.wait(_PATIENCE):
        return
    longest = 0
    for frame in cycle("|/-\\"):
        line = f"{text} {frame}{reached.text}"
        longest = max(longest, len(line))
        sys.stderr.write(f"\r{line:<{longest}}")
        sys.stderr.flush()
        if done.wait(_TICK):
            break
    sys.stderr.write("\r" + " " * longest + "\r")
    sys.stderr.flush()
