"""All headers of an AWS config file in one small text, to look for a name in any spelling.

Splitting at every ``[`` takes a millisecond for ten thousand profiles. What follows each bracket up
to the end of its line is a *head*; the heads, one a line, are the index. So a line of the index has
the number of its bracket in the file, and a bracket inside a header is a line break.
"""

from __future__ import annotations

from runas.config.ini import as_bytes, as_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = (b'"', b"'", b"\\")
_BESIDE = (b" ", b"\t", b'"', b"'")  # what may stand before and, like "]", after a name
_STRETCH = 65_536  # bytes that are split at a time: new memory costs more than the splitting


class Index:
    """The heads of one file's content."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._starts: list[tuple[int, int]] = []  # of stretches: number of the bracket, offset
        texts, number = [], 0
        for start, pieces in self._stretches():
            self._starts.append((number, start))
            heads = [piece.partition(b"\n")[0] for piece in pieces[start > 0 :]]
            texts.append(b"\n".join(heads))
            number += len(heads)
        self._text = b"\n".join([*texts, b""])

    def mentions(self, name: str) -> list[int]:
        """Return the offsets of the brackets in whose headers a name may stand, in file order."""
        text = as_bytes(name).replace(b"[", b"\n")
        beside = [mark for mark in _BESIDE if mark in self._text]
        needles = [one + text + other for one in beside for other in (b"]", *beside)]
        if name == "default":
            needles.append(b"\ndefault]")
        return self._offsets(self._numbers(needles) | self._oddly_quoted())

    def begins(self, head: str) -> list[int]:
        """Return the offsets of the brackets that this text follows, in file order."""
        return self._offsets(self._numbers([b"\n" + as_bytes(head).replace(b"[", b"\n")]))

    def _stretches(self) -> Iterator[tuple[int, list[bytes]]]:
        """Yield parts of the content cut at their brackets; all but the first begin with one."""
        start, content = 0, self._content
        while start < len(content):
            end = content.find(b"[", start + _STRETCH)
            end = end if end >= 0 else len(content)
            yield start, content[start:end].split(b"[")
            start = end

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
        heads = enumerate(self._text.split(b"\n"))
        odd = [number for number, head in heads if any(mark in head for mark in marks)]
        opens = (number for number in odd if number)
        return {one for one in opens if _opens_line(self._content, self._offset(one))}

    def _offsets(self, numbers: set[int]) -> list[int]:
        return [self._offset(number) for number in sorted(numbers)]

    def _offset(self, number: int) -> int:
        first, start = next(one for one in reversed(self._starts) if one[0] <= number)
        offset = start or -1  # nothing but the first stretch has text before its brackets
        for _ in range(number - first):
            offset = self._content.find(b"[", offset + 1)
        return offset


def openings(content: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Yield the offset and the head of every bracket that begins a line.

    The head is None where it takes more than a look to tell whether this is a header: it is
    indented, or a second bracket in the line hides a part of it.
    """
    before, *pieces = content.split(b"[")
    offset = len(before)
    for piece in pieces:
        head, end, _ = piece.partition(b"\n")
        if before.endswith(b"\n"):
            yield offset, head if end else None
        elif _opens_line(content, offset):
            yield offset, None
        offset += len(piece) + 1
        before = piece


def _opens_line(content: bytes, offset: int) -> bool:
    """Tell a bracket with nothing but space before it in its line."""
    start = content.rfind(b"\n", 0, offset) + 1
    return not as_text(content[start:offset]).strip()


def _plainly_quoted(text: bytes, quote: bytes) -> bool:
    """Tell whether every quoted name is like ``profile "a b"]``, in one go for all heads."""
    parts = text.split(quote)
    inside, outside = b"".join(parts[1::2]), quote.join(parts[::2])
    whole = outside.count(b" " + quote + b"]\n") + outside.count(b" " + quote + b"]\r\n")
    return len(parts) % 2 == 1 and b"\n" not in inside and outside.count(quote) == whole
