"""An AWS file as lines with their own endings, and the edits that `writing` makes in them.

Each edit parses the lines anew: these files are written once in a while, and then slowly is fine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from runas.config.headers import kind_and_name
from runas.config.ini import as_bytes, as_text, parse
from runas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.config.ini import Body

BOM = b"\xef\xbb\xbf"
_INNER = "    "  # in front of a nested setting, as the AWS CLI writes it


class Lines:
    """The lines of one file; *path* is for messages, *ending* where the first line has none."""

    def __init__(self, content: bytes, path: str, ending: str = "\n") -> None:
        self.path = path
        self._bom = BOM if content.startswith(BOM) else b""
        raw = content.removeprefix(BOM).splitlines(keepends=True)  # at \n, \r\n and \r only
        self._lines = [as_text(line) for line in raw]
        first = self._lines[0] if self._lines else ""
        self._ending = first[len(first.rstrip("\r\n")) :] or ending

    def content(self) -> bytes:
        """Return the file's content as it is now."""
        return self._bom + as_bytes("".join(self._lines))

    def find(self, header: str) -> Body | None:
        """Return the section that counts under this header, in whichever spelling it stands there.

        Raise ConfigurationError where it is broken: who would know which of two lines to change?
        """
        bodies = self._bodies()
        same = [body for body in bodies if body.header == header]
        if len(same) > 1:
            raise self._broken(same[1].line, f"[{header}] stands in line {same[0].line} already")
        named = kind_and_name(header)
        same = same or [body for body in bodies if named and kind_and_name(body.header) == named]
        if same and same[-1].problem is not None:
            raise self._broken(*same[-1].problem)
        return same[-1] if same else None

    def values(self, header: str) -> dict[str, str | dict[str, str]]:
        """Return what the section says, nested settings included."""
        body = self.find(header)
        return {key: body.value(key) for key in body.options} if body is not None else {}

    def others(self, header: str) -> list[tuple[object, ...]]:
        """Return what every section but the one spelt like this says, to compare after an edit."""
        rest = [other for other in self._bodies() if other.header != header]
        return [(other.header, said(other), other.problem and other.problem[1]) for other in rest]

    def append(self, header: str) -> None:
        """Add an empty section at the end, after a blank line."""
        if self._lines:
            self._end_last_line()
            if self._lines[-1].strip():
                self._lines.append(self._ending)
        self._lines.append(f"[{header}]{self._ending}")

    def remove(self, header: str) -> None:
        """Remove a section up to its last setting, and the blank lines after it."""
        body = self.find(header)
        if body is None:
            return
        end = _last_line(body)
        while end < len(self._lines) and not self._lines[end].strip():
            end += 1
        del self._lines[body.line - 1 : end]

    def set(self, header: str, key: str, text: str | None) -> None:
        """Set, add or remove one key."""
        body = self._must_find(header)
        if key not in body.options:
            if text is not None:
                self._insert(_last_line(body), self._indent(body), key, text)
        elif text is None:
            self._delete(_written(body, key))
        elif body.value(key) != text:
            first, *more = _written(body, key)
            self._rewrite(first, text)
            self._delete(more)

    def set_nested(self, header: str, key: str, inner: Mapping[str, str | None]) -> None:
        """Set, add or remove settings below a key; the key goes with the last of them."""
        value = self._must_find(header).options.get(key) and self.values(header)[key]
        old = value if isinstance(value, dict) else {}
        new = {name: text for name, text in {**old, **inner}.items() if text is not None}
        if not new:
            if old:
                self.set(header, key, None)
            return
        if not old:
            self.set(header, key, "")
        for name, text in inner.items():
            if old.get(name) != text:
                self._set_inner(header, key, name, text)

    def _set_inner(self, header: str, key: str, name: str, text: str | None) -> None:
        body = self._must_find(header)
        first, *more = _written(body, key)
        places = [number for number in more if self._key_in(number) == name]
        if text is None:
            self._delete(places)
        elif places:
            self._rewrite(places[-1], text, delimiters="=")  # of two equal ones the last counts
        else:
            beside = more[0] if more else 0
            indent = self._space(beside) if beside else self._space(first) + _INNER
            self._insert((more or [first])[-1], indent, name, text)

    def _bodies(self) -> list[Body]:
        return parse([line.rstrip("\r\n") for line in self._lines])

    def _must_find(self, header: str) -> Body:
        body = self.find(header)
        if body is None:
            raise ConfigurationError(f"{self.path} cannot hold a section [{header}]", "rename it")
        return body

    def _indent(self, body: Body) -> str:
        """Return what to put before a new key, so that nothing becomes a continuation of another.

        Like the last key; without one at least as deep as the next header.
        """
        if body.options:
            return self._space(max(pieces[0][0] for pieces in body.options.values()))
        below = [other.line for other in self._bodies() if other.line > body.line][:1]
        return max([self._space(number) for number in [body.line, *below]], key=len)

    def _insert(self, after: int, indent: str, key: str, text: str) -> None:
        if after == len(self._lines):
            self._end_last_line()
        self._lines.insert(after, f"{indent}{key} = {text}".rstrip(" ") + self._ending)

    def _rewrite(self, number: int, text: str, delimiters: str = "=:") -> None:
        """Put another value after the delimiter and the space around it."""
        line = self._lines[number - 1]
        bare = line.rstrip("\r\n")
        cut = min(at for at in map(bare.find, delimiters) if at >= 0) + 1
        tail = bare[cut:]
        space = tail[: len(tail) - len(tail.lstrip())] if tail.strip() else " "
        self._lines[number - 1] = (bare[:cut] + space + text).rstrip(" ") + line[len(bare) :]

    def _delete(self, numbers: list[int]) -> None:
        for number in sorted(numbers, reverse=True):
            del self._lines[number - 1]

    def _end_last_line(self) -> None:
        if self._lines and not self._lines[-1].endswith(("\n", "\r")):
            self._lines[-1] += self._ending

    def _space(self, number: int) -> str:
        line = self._lines[number - 1]
        return line[: len(line) - len(line.lstrip())]

    def _key_in(self, number: int) -> str:
        return self._lines[number - 1].partition("=")[0].strip()

    def _broken(self, line: int, fact: str) -> ConfigurationError:
        return ConfigurationError(f"cannot change {self.path}:{line}: {fact}", "correct that first")


def said(body: Body) -> dict[str, str]:
    """Return what a section says, every value with its continuation lines."""
    return {
        key: "\n".join([text for _, text in body.options[key]]).rstrip() for key in body.options
    }


def _written(body: Body, key: str) -> list[int]:
    """Return the numbers of the lines that a key's value takes, without blank ones."""
    (first, _), *more = body.options[key]
    return [first, *[number for number, text in more if text]]


def _last_line(body: Body) -> int:
    """Return the last line that says something: what follows may introduce the next section."""
    return max([body.line, *[number for key in body.options for number in _written(body, key)]])
