"""Choose from a list by typing lines: a number, or text that narrows it until one is left.

For terminals that cannot move their cursor (``TERM=dumb``, Windows); others have `live`.
"""

from __future__ import annotations

from collections.abc import Sequence

from runas.prompters.columns import aligned
from runas.prompters.words import plain

__all__ = ["Picker"]


class Picker:
    """The state of one choice; what is typed goes in, what to show comes out.

    An option keeps its number while the list narrows, so every number on the screen stays true.
    """

    def __init__(self, labels: Sequence[str], page: int = 15) -> None:
        self._labels = [" ".join(plain(label).split()) for label in labels]
        self._shown = aligned([plain(label) for label in labels])
        self._names = [plain(label).partition("  ")[0].casefold() for label in labels]
        self._all = list(range(len(labels)))
        self._left = self._all
        self._first = 0
        self._page = page
        self._note = ""

    def view(self) -> str:
        """Return the lines to show before asking: a page of the list, or what went wrong."""
        if self._note:
            note, self._note = self._note, ""
            return note + "\n"
        digits = len(str(len(self._all)))
        end = self._first + self._page
        lines = [f"{i + 1:>{digits}}) {self._shown[i]}" for i in self._left[self._first : end]]
        more = len(self._left) - end
        if more > 0:
            lines.append(f"{'':>{digits}}  ... and {more} more (Enter shows them)")
        return "".join(line + "\n" for line in lines)

    @property
    def question(self) -> str:
        """What to ask below the list."""
        return "Enter takes it: " if len(self._all) == 1 else "Number, or text to filter by: "

    def typed(self, text: str) -> int | None:
        """Take one line of input; return the position of the option it settles on, else None."""
        wanted = " ".join(plain(text).split()).casefold()
        if not wanted:
            return self._turn()
        certain = self._named(wanted)
        if certain is not None:
            return certain
        # Text that fits nothing of what is left starts over: there is no other way back.
        found = self._matching(wanted, self._left) or self._matching(wanted, self._all)
        if len(found) == 1:
            return found[0]
        if found:
            self._left, self._first = found, 0
        else:
            self._note = f"nothing here matches '{plain(text)}'"
        return None

    def _turn(self) -> int | None:
        """Show the next page, and after the last one the whole list again."""
        if len(self._all) == 1:
            return 0
        self._first += self._page
        if self._first >= len(self._left):
            self._left, self._first = self._all, 0
        return None

    def _named(self, wanted: str) -> int | None:
        """Find the option with that number, or that exact text or first column, if only one has."""
        for i in self._left:
            if str(i + 1) == wanted:
                return i
        exact = [i for i in self._all if wanted in (self._labels[i].casefold(), self._names[i])]
        return exact[0] if len(exact) == 1 else None

    def _matching(self, wanted: str, among: Sequence[int]) -> list[int]:
        words = wanted.split()
        return [i for i in among if all(word in self._labels[i].casefold() for word in words)]
