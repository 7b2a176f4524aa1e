"""What time does to an entry: it goes stale, it ends, and a clock that was moved is survived."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from runas._credentials import Credentials
from runas.cache import Cache, Entry

KEY = "ab" * 20
NOW = 1_800_000_000


class TestTheClock:
    def entry(self, life: int | None) -> Entry:
        return Entry(Credentials("A", "S", "T", None if life is None else NOW + life), NOW)

    @pytest.mark.parametrize(
        ("life", "after", "margin", "fresh"),
        [
            (3600, 0, 300, True),
            (3600, 3299, 300, True),
            (3600, 3300, 300, False),
            (900, 0, 900, True),  # the margin is capped at 225 seconds
            (900, 674, 900, True),
            (900, 675, 900, False),
            (3600, 3599, 0, True),
            (3600, 3600, 0, False),
            (-5, 0, 300, False),
            (None, 10**9, 300, True),
        ],
    )
    def test_makes_stale_ahead_of_the_end(
        self, life: int | None, after: int, margin: int, fresh: bool
    ) -> None:
        assert self.entry(life).fresh(NOW + after, margin) is fresh

    def test_leaves_stale_ones_usable_until_half_a_minute_before(self) -> None:
        assert self.entry(3600).usable(NOW + 3570)
        assert not self.entry(3600).usable(NOW + 3571)
        assert self.entry(None).usable(NOW + 10**9)

    @pytest.mark.parametrize("life", [3600, None])
    def test_set_back_is_not_trusted(self, life: int | None) -> None:
        entry = self.entry(life)
        assert entry.fresh(NOW - 60, 300)
        assert not entry.fresh(NOW - 61, 300)
        assert not entry.usable(NOW - 61)

    def test_set_forward_ends_entries_and_notes_without_an_error(self, tmp_path: Path) -> None:
        cache = Cache(str(tmp_path))
        cache.write(KEY, self.entry(3600))
        cache.note(KEY, {"a": "b"}, int(time.time()) - 1)
        assert not cache.read(KEY).fresh(NOW + 10**8, 300)
        assert not cache.read(KEY).usable(NOW + 10**8)
        assert cache.noted(KEY) == {}
