"""Read JSON that a server sent, where any value may be missing or of another type than promised.

Every answer is material to judge: a wrong shape reads as nothing, so that one place, which knows
what was needed, raises the error.
"""

from __future__ import annotations

from collections.abc import Mapping

SHOWN = 200
"""How much of a server's own words an error repeats, in characters."""

Json = Mapping[str, object]


def dig(value: object, *path: str | int) -> object:
    """Follow *path* through objects and arrays; None where it leads nowhere."""
    for step in path:
        if isinstance(step, str) and isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def text(value: object, *path: str | int) -> str:
    """Return the string at *path*, or an empty one. A number counts as its digits.

    Half a character (a lone surrogate, which JSON can write) can be sent nowhere: it becomes ``?``.
    """
    found = dig(value, *path)
    if isinstance(found, str):
        return found.encode("utf-8", "replace").decode()
    # bool is an int in Python, and `true` is no text.
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def table(value: object, *path: str | int) -> Json:
    """Return the object at *path*, or an empty one."""
    found = dig(value, *path)
    return found if isinstance(found, Mapping) else {}


def rows(value: object, *path: str | int) -> list[Json]:
    """Return the objects of the array at *path*; what is no object is left out."""
    found = dig(value, *path)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def shown(words: str) -> str:
    """Return a server's words fit for an error: one line, printable, not endless, no full stop."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return (line if len(line) <= SHOWN else line[: SHOWN - 1] + "…").rstrip(".")
