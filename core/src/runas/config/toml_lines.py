"""Read a flat TOML file and know the line of each key.

``tomllib`` names no lines, and importing it takes longer than starting Python. A project file is
four lines like ``key = "text"`` as a rule: those are read here; anything else is left to tomllib.
Source: https://toml.io/en/v1.0.0
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_BARE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


class NotToml(Exception):
    """The text is no TOML: the line of the problem and a fact."""

    def __init__(self, line: int, fact: str) -> None:
        super().__init__(fact)
        self.line = line
        self.fact = fact


def read(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the top-level values and the line of each; raise NotToml."""
    found = plain(text)
    if found is not None:
        return found
    values = _parsed(text)
    return values, {key: _line_of(key, text) for key in values}


def plain(text: str) -> tuple[dict[str, Any], dict[str, int]] | None:
    """Read a file of plain lines; None where it holds anything else, right or wrong."""
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        bare = line.strip(" \t")
        if not bare.replace("\t", " ").isprintable():
            return None
        if not bare or bare.startswith("#"):
            continue
        key, _, rest = bare.partition("=")
        key = key.rstrip(" \t")
        value = _value(rest.strip(" \t"))
        if not key or not _BARE.issuperset(key) or key in values or value is None:
            return None
        values[key] = value
        lines[key] = number
    return values, lines


def _value(text: str) -> str | int | bool | None:
    """Read a one-line string, a number or a boolean, and skip a comment after it."""
    mark = text[:1]
    if mark in ('"', "'"):
        inner, closed, rest = text[1:].partition(mark)
        rest = rest.strip(" \t")
        whole = closed and (not rest or rest.startswith("#"))
        return inner if whole and (mark == "'" or "\\" not in inner) else None
    word = text.partition("#")[0].rstrip(" \t")
    if word in ("true", "false"):
        return word == "true"
    digits = word.isascii() and word.isdigit() and len(word) < 19
    return int(word) if digits and (word == "0" or word[0] != "0") else None


def _parsed(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        fact, _, place = str(error).partition(" (at ")
        number = place.removeprefix("line ").partition(",")[0]
        line = int(number) if number.isdigit() else text.rstrip().count("\n") + 1
        raise NotToml(line, fact[:1].lower() + fact[1:]) from None
    except RecursionError:
        raise NotToml(1, "nested too deeply") from None
    except ValueError:  # Python reads none of thousands of digits
        raise NotToml(1, "a number beyond all reason") from None


def _line_of(key: str, text: str) -> int:
    """Find the line of a top-level key or table; 1 where it is written in an unusual way."""
    spellings = (key, f'"{key}"', f"'{key}'")
    for number, line in enumerate(text.split("\n"), 1):
        start = line.lstrip(" \t[")
        for spelling in spellings:
            if start.startswith(spelling) and start[len(spelling) :].lstrip(" \t")[:1] in "=.]":
                return number
    return 1
