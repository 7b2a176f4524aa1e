"""Find the sections of an AWS config file by name, parsing no others.

Ten thousand profiles are 1.5 MB: parsing them takes half a second, the index of their headers a
millisecond and a half. So only what stands around a header that may be the right one is parsed.
"""

from __future__ import annotations

from runas.config.index import Index, openings
from runas.config.ini import as_text, clean, header_in, parse, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from runas.config.ini import Body

KINDS = ("profile", "sso-session", "services")
_BOM = b"\xef\xbb\xbf"


class Headers:
    """The headers of one file's content, found by name."""

    def __init__(self, content: bytes) -> None:
        content = content.removeprefix(_BOM)
        if b"\r" in content and b"\r" in content.replace(b"\r\n", b""):
            content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # an old Mac's file
        self.content = content
        self._index: Index | None = None
        self._blocks: dict[int, list[Body]] = {}
        self._known = (0, 1)  # the last offset whose line was counted

    def exactly(self, header: str) -> list[Body]:
        """Return the sections whose header is *header*, letter for letter, in file order."""
        bodies = self._near(self._indexed().begins(header + "]"))
        return [body for body in bodies if body.header == header]

    def called(self, kind: str, name: str) -> list[Body]:
        """Return the sections of a config file that `kind_and_name` reads as these two."""
        bodies = self._near(self._indexed().mentions(name))
        return [body for body in bodies if kind_and_name(body.header) == (kind, name)]

    def everything(self) -> list[Body]:
        """Parse the whole file."""
        return parse(as_text(self.content).split("\n"))

    def names(self) -> Iterator[str]:
        """Yield every header in file order; bodies are parsed only around indented ones."""
        for offset, head in openings(self.content):
            if head is not None:
                header = header_in("[" + as_text(head).rstrip())
            else:
                found = [body for body in self._near([offset]) if body.line == self._line(offset)]
                header = found[0].header if found else None
            if header is not None and clean(header):
                yield header

    def _indexed(self) -> Index:
        if self._index is None:
            self._index = Index(self.content)
        return self._index

    def _near(self, offsets: Iterable[int]) -> Iterator[Body]:
        """Parse the surroundings of some offsets; every section once, in file order."""
        seen = set()
        for offset in sorted(offsets):
            for body in self._block(offset):
                if body.line not in seen and body.header is not None:
                    seen.add(body.line)
                    yield body

    def _block(self, offset: int) -> list[Body]:
        """Parse from the last header at the left margin to the next one.

        Only such a header is one whatever stands before it: an indented one may be the
        continuation of a value.
        """
        start = self._margin(self.content.rfind(b"\n[", 0, offset + 1) + 1, back=True)
        if start not in self._blocks:
            end = self._margin(self.content.find(b"\n[", offset) + 1, back=False)
            lines = as_text(self.content[start : end or None]).split("\n")
            self._blocks[start] = parse(lines, self._line(start))
        return self._blocks[start]

    def _margin(self, at: int, back: bool) -> int:
        """Go on from a line that begins with ``[`` to one that is a header, else to 0."""
        while at > 0:
            end = self.content.find(b"\n", at)
            line = self.content[at : end if end >= 0 else None]
            if header_in(as_text(line).strip()) is not None:
                break
            if back:
                at = self.content.rfind(b"\n[", 0, at) + 1
            else:
                at = self.content.find(b"\n[", at) + 1
        return at

    def _line(self, offset: int) -> int:
        """Return the number of the line in which an offset is, counting on from the last one."""
        known, line = self._known if offset >= self._known[0] else (0, 1)
        self._known = (offset, line + self.content.count(b"\n", known, offset))
        return self._known[1]


def kind_and_name(header: str | None) -> tuple[str, str] | None:
    """Read a config file's header as botocore does: ``profile "a b"`` is the profile ``a b``.

    Like botocore, look at how the header begins and take the second of exactly two words.
    """
    if header == "default":
        return "profile", header
    for kind in KINDS:
        if header is not None and header.startswith(kind):
            parts = words(header)
            return (kind, parts[1]) if len(parts) == 2 else None
    return None
