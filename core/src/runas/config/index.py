"""All headers of an AWS config file in one small text, to look for a name in any spelling.

Splitting at every ``[`` takes a few milliseconds for ten thousand profiles. What follows each
bracket up to the end of its line is a *head*; the heads, one a line, are the index. So a line of
the index has the number of its bracket in the file, and a bracket inside a header is a line break.
"""

from __future__ import annotations

from runas.config.ini import as_bytes, as_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = (b'"', b"'", b"\\")
_BESIDE = (b" ", b"\t", b'"', b"'")  # what may stand before and, like "]", after a name


class Index:
    """The heads of one file's content."""

    def __init__(self, content: bytes) -> None:
        self._pieces = content.split(b"[")
        self._heads = [piece.partition(b"\n")[0] for piece in self._pieces]
        self._text = b"\n".join(self._heads) + b"\n"

    def mentions(self, name: str) -> list[int]:
        """Return the offsets of the brackets in whose headers a name may stand, in file order."""
        text = as_bytes(name).replace(b"[", b"\n")
        beside = [mark for mark in _BESIDE if mark in self._text]
        needles = [one + text + other for one in beside for other in (b"]", *beside)]
        if name == "default":
            needles.append(b"\ndefault]")
        return self._offsets(self._numbers(needles) | self._oddly_quoted())

    def openings(self) -> Iterator[tuple[int, bytes | None]]:
        """Yield the offset and the head of every bracket that begins a line.

        The head is None where it takes more than a look to tell whether this is a header: it is
        indented, or a second bracket in the line hides a part of it.
        """
        offset = -1
        for number, piece in enumerate(self._pieces):
            if number and self._opens_line(number):
                plain = self._pieces[number - 1].endswith(b"\n") and b"\n" in piece
                yield offset, self._heads[number] if plain else None
            offset += len(piece) + 1

    def _opens_line(self, number: int) -> bool:
        """Tell a bracket with nothing but space before it in its line."""
        before = self._pieces[number - 1]
        if before.endswith(b"\n"):
            return True
        start = before.rfind(b"\n") + 1
        return (start > 0 or number == 1) and not as_text(before[start:]).strip()

    def _numbers(self, needles: list[bytes]) -> set[int]:
        """Return the numbers of the brackets in whose heads one of these texts stands."""
        numbers = set()
        for needle in needles:
            at = self._text.find(needle)
            while at >= 0:
                numbers.add(self._text.count(b"\n", 0, at + needle.startswith(b"\n")))
                at = self._text.find(needle, at + 1)
        return numbers - {0}

    def _oddly_quoted(self) -> set[int]:
        """Return the headers whose name does not stand there as it is: ``[profile a"b c"]``."""
        marks = [mark for mark in _QUOTES if mark in self._text]
        if not marks or (len(marks) == 1 and _plainly_quoted(self._text, marks[0])):
            return set()
        heads = enumerate(self._heads)
        odd = [number for number, head in heads if any(mark in head for mark in marks)]
        return {number for number in odd if number and self._opens_line(number)}

    def _offsets(self, numbers: set[int]) -> list[int]:
        offsets, counted, offset = [], 0, -1
        for number in sorted(numbers):
            offset += sum(map(len, self._pieces[counted:number])) + number - counted
            counted = number
            offsets.append(offset)
        return offsets


def _plainly_quoted(text: bytes, quote: bytes) -> bool:
    """Tell whether every quoted name is like ``profile "a b"]``, in one go for all heads."""
    parts = text.split(quote)
    inside, outside = b"".join(parts[1::2]), quote.join(parts[::2])
    whole = outside.count(b" " + quote + b"]\n") + outside.count(b" " + quote + b"]\r\n")
    return len(parts) % 2 == 1 and b"\n" not in inside and outside.count(quote) == whole
