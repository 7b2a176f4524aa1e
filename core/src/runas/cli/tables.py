"""Rows as aligned columns, and marks in colour where that is welcome."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLOURS = {"green": "32", "yellow": "33", "red": "31", "bold": "1"}


def columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table: two spaces between columns, nothing padded at the end of a line.

    Cells may be the words of a server: what would steer a terminal is left out.
    """
    from runas.prompters.words import plain

    lines = [head, *([plain(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    padded = (
        "  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
    return "".join(f"{line}\n" for line in padded)


def coloured(stream: TextIO) -> bool:
    """Tell whether colours may be used on a stream: a terminal that knows them, unless refused.

    Source: https://no-color.org (set and not empty means none)
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM", "dumb") in ("", "dumb"):
        return False
    return stream.isatty()


def paint(text: str, colour: str, stream: TextIO | None = None) -> str:
    """Colour a text for stdout (or *stream*), where that is welcome."""
    if not coloured(sys.stdout if stream is None else stream):
        return text
    return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"
