"""What was picked before comes first the next time."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from runas.cache import Cache
from runas.config.folders import cache_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Recent"]

_KEPT = 20
_LIFE = 90 * 86400  # seconds


class Recent:
    """The labels picked last, for each question; a note beside the cache, and no secret."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Recent:
        """Return the user's own."""
        folder = cache_folder(environ, os.path.expanduser("~"))
        return cls(Cache(folder, lambda text: None))

    def order(self, title: str, labels: Sequence[str]) -> list[int]:
        """Return the positions of the labels: those picked before, the last one first, then all."""
        before = {label: place for place, label in enumerate(self._picked(title))}
        positions = range(len(labels))
        return sorted(positions, key=lambda i: (before.get(labels[i], _KEPT), i))

    def picked(self, title: str, label: str) -> None:
        """Remember a pick."""
        labels = [label, *(one for one in self._picked(title) if one != label)][:_KEPT]
        facts = {f"{place:02}": text for place, text in enumerate(labels)}
        self._cache.note(_key(title), facts, int(time.time()) + _LIFE)

    def _picked(self, title: str) -> list[str]:
        facts = self._cache.noted(_key(title))
        return [facts[name] for name in sorted(facts)]


def _key(title: str) -> str:
    text = f"picked\0{title}".encode("utf-8", "surrogatepass")
    return blake2b(text, digest_size=20).hexdigest()
