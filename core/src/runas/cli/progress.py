"""Show that something takes its time: a spinner on stderr, and only where that is a terminal."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

_PATIENCE = 0.4  # seconds before anything is shown: what is quick needs no spinner
_TICK = 0.15


@contextmanager
def working(text: str) -> Iterator[None]:
    """Show *text* with a spinner while the block runs; it is wiped away afterwards."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_spin, args=(text, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _spin(text: str, done: threading.Event) -> None:
    if done.wait(_PATIENCE):
        return
    for frame in cycle("|/-\\"):
        sys.stderr.write(f"\r{text} {frame}")
        sys.stderr.flush()
        if done.wait(_TICK):
            break
    sys.stderr.write("\r" + " " * (len(text) + 2) + "\r")
    sys.stderr.flush()
