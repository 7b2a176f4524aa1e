"""docs/identity-center.md as a reader sees it: its blocks, in order, and its commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "identity-center.md"
_SPAN = re.compile(r"`([^`]+)`")


def blocks(text: str) -> Iterator[list[str]]:
    """Yield the indented blocks, without their indent; empty lines do not part them."""
    found: list[str] = []
    for line in [*text.splitlines(), "end"]:
        if line.startswith("    "):
            found.append(line[4:])
        elif line.strip() and found:
            yield found
            found = []
        elif found:
            found.append("")


def parts(block: list[str]) -> Iterator[tuple[str, str]]:
    """Tell config (a run of lines from a header on) from commands, one each."""
    config: list[str] = []
    command = ""
    for line in block:
        if line.startswith(("[", "#")) or (config and "=" in line.partition(" #")[0][:40]):
            config.append(line)
            continue
        if config and line:
            yield "config", "\n".join(config)
            config = []
        command += line.partition("  #")[0].strip()
        if command.endswith("\\"):
            command = command[:-1]
        elif command:
            yield "command", command
            command = ""
    if config:
        yield "config", "\n".join(config)


def spans(text: str) -> list[str]:
    """List the commands of `runas` that stand in the text and its tables, each once."""
    flowing = "\n".join(line for line in text.splitlines() if not line.startswith("    "))
    found = (" ".join(one.split()) for one in _SPAN.findall(flowing))
    return list(dict.fromkeys(one for one in found if one.startswith("runas ")))


def rows(text: str, heading: str) -> Iterator[tuple[list[str], str]]:
    """Yield the left cell's spans and the right cell of the table under a header cell."""
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and cells[0] == heading:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not cells[0].startswith("---"):
            yield _SPAN.findall(cells[0]) + cells[0].split("`")[-1:], cells[1]
