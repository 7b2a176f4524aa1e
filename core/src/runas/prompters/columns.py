"""Labels in columns, cut to a screen, and found by what is typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["aligned", "cut", "matching", "width_of"]

_GAP = re.compile(r"\s{2,}|\t")


def aligned(labels: Sequence[str]) -> list[str]:
    """Line up labels whose parts two spaces keep apart, where all have as many of them."""
    rows = [[" ".join(part.split()) for part in _GAP.split(label.strip())] for label in labels]
    if len({len(row) for row in rows}) != 1 or len(rows[0]) == 1:
        return ["  ".join(row) for row in rows]
    widths = [max(width_of(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            part + " " * (width - width_of(part)) for part, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def matching(typed: str, texts: Sequence[str]) -> list[int]:
    """Return the positions of the texts that hold every word typed, in any case and order."""
    words = plainly(typed).split()
    return [i for i, text in enumerate(texts) if all(word in plainly(text) for word in words)]


def plainly(text: str) -> str:
    """Return a text without its case, for comparing."""
    return text.casefold()


def cut(text: str, width: int) -> str:
    """Shorten a text to so many columns; an ellipsis says that there is more."""
    if width_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if width_of(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


def width_of(text: str) -> int:
    """Count the columns that a text takes: wide characters take two, combining ones none.

    Source: Unicode Standard Annex #11, "East Asian Width"
    """
    return sum(
        0 if unicodedata.combining(one) else 1 + (unicodedata.east_asian_width(one) in "WF")
        for one in text
    )
