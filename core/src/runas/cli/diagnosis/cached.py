"""What is cached for the profile, and until when."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from runas import formats
from runas.cache import Cache, Miss, key
from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.config.folders import cache_folder

_TOPIC = "cache"
_SHOWN = {"role": "credentials", "session": "session credentials (-s)"}


def check(case: Case) -> Iterator[Finding]:
    """Look the profile's credentials up, as the next command would."""
    assert case.profile is not None
    folder = cache_folder(case.config.environ, os.path.expanduser("~"))
    yield from _writable(folder)
    cache, found = Cache(folder), False
    for purpose, what in _SHOWN.items():
        try:
            entry = cache.read(key(purpose, case.profile))
        except Miss:
            continue
        found = True
        end = entry.credentials.expiration
        if end is None:
            yield Finding(Mark.FINE, _TOPIC, f"{what} without an end")
            continue
        away = end - round(time.time())
        word = "end" if away > 0 else "have ended"
        fresh = "" if entry.fresh(time.time(), case.config.margin) else "; renewed at the next use"
        when = f"{formats.moment(end)} ({formats.left(away)})"
        yield Finding(Mark.FINE, _TOPIC, f"{what} {word} {when}{fresh}")
    if not found:
        yield Finding(Mark.FINE, _TOPIC, "no credentials yet: the next command logs in")


def _writable(folder: str) -> Iterator[Finding]:
    above = folder
    while not os.path.exists(above) and os.path.dirname(above) != above:
        above = os.path.dirname(above)
    if not os.access(above, os.W_OK):
        fact = f"{folder} cannot be written: every command logs in anew"
        yield Finding(Mark.LOOK, _TOPIC, fact, "set RUNAS_CACHE_DIR to another folder")
