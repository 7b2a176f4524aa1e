"""Durations and booleans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runas.config.values import boolean, seconds, span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12h", 43200),
        ("1h30m", 5400),
        ("900s", 900),
        ("15m", 900),
        ("3600", 3600),
        (" 1H ", 3600),
        ("1h0m5s", 3605),
    ],
)
def test_durations(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize(
    "text", ["", "h", "1d", "1m1h", "1h1h", "-1", "1.5h", "12h3", "٣h", "1h x", "m5"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError):
        seconds(text)


@given(st.integers(min_value=0, max_value=10**6))
def test_a_span_reads_back(number: int) -> None:
    assert seconds(span(number)) == number


@pytest.mark.parametrize("text", ["1", "true", "YES", " on "])
def test_true(text: str) -> None:
    assert boolean(text) is True


@pytest.mark.parametrize("text", ["0", "False", "no", "OFF", ""])
def test_false(text: str) -> None:
    assert boolean(text) is False


def test_neither() -> None:
    with pytest.raises(ValueError):
        boolean("perhaps")
