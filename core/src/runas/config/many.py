"""Edit many sections of an AWS file in one pass over its lines.

Every section that changes is cut out, with the next header below it, edited by itself as `Lines`
does it, and put back: so ten thousand edits cost what ten thousand sections cost to read, and a
section's own lines are all that any edit can reach.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runas.config.headers import kind_and_name
from runas.config.ini import Body, as_bytes, as_text, parse
from runas.config.lines import BOM, Lines, said
from runas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    Changes = Mapping[str, str | None]
    Edit = Callable[[Lines], None]


class ManyLines:
    """The lines of one file and where its sections are; *path* is for messages."""

    def __init__(self, content: bytes, path: str) -> None:
        self.path = path
        self._bom = BOM if content.startswith(BOM) else b""
        self._raw = content.removeprefix(BOM).splitlines(keepends=True)
        first = as_text(self._raw[0]) if self._raw else ""
        self._ending = first[len(first.rstrip("\r\n")) :] or "\n"
        self.bodies = parse([as_text(line).rstrip("\r\n") for line in self._raw])
        # Kept from before any value is read, which may find another problem.
        self._problems = {body.line: body.problem[1] for body in self.bodies if body.problem}
        self._exact: dict[str | None, Body] = {}
        self._named: dict[tuple[str, str], Body] = {}
        self._twice: dict[str | None, Body] = {}
        for body in self.bodies:
            self._index(body)

    def _index(self, body: Body) -> None:
        if self._exact.setdefault(body.header, body) is not body:
            self._twice.setdefault(body.header, body)
        if (named := kind_and_name(body.header)) is not None:
            self._named[named] = body  # of two spellings the later one counts

    def find(self, header: str) -> Body | None:
        """Return the section that counts under this header; raise where it is broken."""
        named = kind_and_name(header)
        body = self._exact.get(header) or (self._named.get(named) if named else None)
        if body is None:
            return None
        if (second := self._twice.get(body.header)) is not None:
            fact = f"[{body.header}] stands in line {body.line} already"
            raise self._broken(second.line, fact)
        if body.problem is not None:
            raise self._broken(*body.problem)
        return body

    def others(self, headers: Collection[str | None]) -> list[tuple[object, ...]]:
        """Return what every section but these says, to compare after an edit."""
        rest = [body for body in self.bodies if body.header not in headers]
        return [(body.header, said(body), self._problems.get(body.line)) for body in rest]

    def edited(
        self, edits: Mapping[int, Edit], new: Mapping[str, Changes], gone: Collection[int]
    ) -> bytes:
        """Return the content with sections edited, by their headers' lines, and others added.

        *gone* are the headers that the edits remove.
        """
        starts = [body.line for body in self.bodies]
        ends = dict(zip(starts, [*starts[1:], len(self._raw) + 1], strict=False))
        parts, done = [self._bom], 0
        for line in sorted(edits):
            parts += self._raw[done : line - 1]
            below = ends[line]
            while below in gone and line not in gone:
                below = ends[below]
            parts.append(self._piece(line - 1, ends[line] - 1, below - 1, edits[line]))
            done = ends[line] - 1
        parts += self._raw[done:]
        return b"".join(parts) + self._added(parts, new)

    def _piece(self, start: int, end: int, stays: int, edit: Edit) -> bytes:
        """Edit one section; the next header that stays is below it: no edit may swallow that."""
        below = self._raw[stays] if stays < len(self._raw) else b""
        content = b"".join(self._raw[start:end])
        piece = Lines(content + below, self.path, self._ending)
        edit(piece)
        after = piece.content()
        if not after.endswith(below):
            raise ConfigurationError(
                f"cannot change the section in {self.path}:{start + 1} without changing the next",
                "begin every section's header at the left margin",
            )
        return after[: len(after) - len(below)]

    def _added(self, parts: list[bytes], new: Mapping[str, Changes]) -> bytes:
        """Write new sections for the end of the file, a blank line before each."""
        if not new:
            return b""
        last = next((part for part in reversed(parts[1:]) if part), b"")
        text = "" if not last or last.endswith((b"\n", b"\r")) else self._ending
        blank = bool(last) and bool(last.splitlines()[-1].strip())
        for header, changes in new.items():
            text += self._ending if blank else ""
            keys = [f"{key} = {value}".rstrip(" ") for key, value in _said(changes)]
            text += self._ending.join([f"[{header}]", *keys]) + self._ending
            blank = True
        return as_bytes(text)

    def _broken(self, line: int, fact: str) -> ConfigurationError:
        return ConfigurationError(f"cannot change {self.path}:{line}: {fact}", "correct that first")


def edit_many(
    before: bytes, path: str, changes: Mapping[str, Changes], remove: Iterable[str]
) -> bytes:
    """Return a file's new content; refuse an edit that would change what other sections say."""
    lines = ManyLines(before, path)
    edits: dict[int, Edit] = {}
    new: dict[str, Changes] = {}
    touched: dict[str | None, Changes | None] = {}
    gone: set[int] = set()
    for header in remove:
        if (body := lines.find(header)) is not None and body.header is not None:
            gone.add(body.line)
            edits[body.line] = _removal(body.header)
            touched[body.header] = None
    for header, wanted in changes.items():
        body = lines.find(header)
        if body is None or body.header is None:
            if _said(wanted):
                new[header], touched[header] = wanted, wanted
        elif not _says(body, wanted):
            edits[body.line] = _setting(body.header, wanted)
            touched[body.header] = wanted
    after = lines.edited(edits, new, gone)
    _check(lines, ManyLines(after, path), touched)
    return after


def _said(changes: Changes) -> list[tuple[str, str]]:
    return [(key, text) for key, text in changes.items() if text is not None]


def _says(body: Body, changes: Changes) -> bool:
    return all(
        (body.value(key) if key in body.options else None) == text for key, text in changes.items()
    )


def _setting(header: str, changes: Changes) -> Edit:
    def edit(lines: Lines) -> None:
        for key, text in changes.items():
            lines.set(header, key, text)

    return edit


def _removal(header: str) -> Edit:
    return lambda lines: lines.remove(header)


def _check(
    before: ManyLines, after: ManyLines, touched: Mapping[str | None, Changes | None]
) -> None:
    """Read everything back: what was asked for is there, and nothing else has changed."""
    if before.others(touched.keys()) != after.others(touched.keys()):
        raise ConfigurationError(
            f"cannot change {before.path} without changing another section",
            "begin every section's header at the left margin",
        )
    for header, changes in touched.items():
        body = after.find(header or "")
        if changes is None and body is None:
            continue
        if changes is None or body is None or not _says(body, changes):
            raise ConfigurationError(
                f"cannot write [{header}] to {before.path}: it would not read back the same",
                "leave out spaces around values, and '=', ':', '[' or '#' in keys",
            )
