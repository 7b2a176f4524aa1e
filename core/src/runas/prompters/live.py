"""Choose from a list that narrows while one types, on a terminal that can move its cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from runas.prompters.columns import aligned, cut, matching
from runas.prompters.device import Tty, closed
from runas.prompters.words import plain

if TYPE_CHECKING:
    from runas.prompters.device import Keys

__all__ = ["Live", "pick"]

_MOST = 15
_HELP = "type to filter, arrows move, Enter takes"


def pick(tty: Tty, title: str, labels: Sequence[str]) -> int:
    """Let the person pick; return the position. The list is wiped away afterwards."""
    live = Live(title, labels)

    def redraw() -> None:
        tty.draw(*live.view(*tty.size))

    reader: Keys = tty.keys(redraw)
    with reader as next_key:
        try:
            redraw()
            while (picked := live.press(next_key())) is None:
                redraw()
        finally:
            tty.draw([""], 0)
    return picked


class Live:
    """The state of one choice: keys go in, lines to show come out."""

    def __init__(self, title: str, labels: Sequence[str]) -> None:
        self._title = plain(title)
        self._texts = [" ".join(plain(label).split()) for label in labels]
        self._shown = aligned([plain(label) for label in labels])
        self._filter = ""
        self._left = list(range(len(labels)))
        self._at = 0
        self._page = _MOST

    def view(self, width: int, height: int) -> tuple[list[str], int]:
        """Return the lines for a screen of this size, and the column of the cursor in the first."""
        self._page = max(min(_MOST, height - 3), 1)
        first = max(0, min(self._at - self._page // 2, len(self._left) - self._page))
        rows = [
            ("> " if first + place == self._at else "  ") + self._shown[i]
            for place, i in enumerate(self._left[first : first + self._page])
        ]
        question = f"{self._title} {self._filter}"
        count = f"  {len(self._left)} of {len(self._texts)}  ({_HELP})"
        lines = [cut(line, width - 1) for line in (question, *rows, count)]
        return lines, min(_width(question), width - 2)

    def press(self, key: str) -> int | None:
        """Take one key; return the position of the option it settles on, else None."""
        actions: dict[str, Callable[[], None]] = {
            "up": lambda: self._move(-1),
            "down": lambda: self._move(1),
            "pageup": lambda: self._move(-self._page),
            "pagedown": lambda: self._move(self._page),
            "home": lambda: self._move(-len(self._texts)),
            "end": lambda: self._move(len(self._texts)),
            "backspace": lambda: self._narrow(self._filter[:-1]),
            "word": lambda: self._narrow(self._filter.rstrip().rpartition(" ")[0]),
            "clear": lambda: self._narrow(""),
            "escape": lambda: self._narrow(""),
        }
        if key == "enter":
            return self._left[self._at] if self._left else None
        if key == "close":
            closed()
        if key in actions:
            actions[key]()
        elif key.isprintable():
            self._narrow(self._filter + key)
        return None

    def _move(self, by: int) -> None:
        self._at = max(0, min(self._at + by, len(self._left) - 1))

    def _narrow(self, text: str) -> None:
        self._filter = text.lstrip()
        self._left = matching(self._filter, self._texts)
        self._at = 0


def _width(text: str) -> int:
    from runas.prompters.columns import width_of

    return width_of(text)
