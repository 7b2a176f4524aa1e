"""The part of ``runas --help`` that comes from the option table."""

from __future__ import annotations

import textwrap

from runas.config.options import OPTIONS, Option

_LEFT, _WIDTH = 34, 78


def options_help() -> str:
    """Write the table as help text, a block a panel; ``\\b`` keeps the lines as they are."""
    panels: dict[str, list[str]] = {}
    for option in OPTIONS:
        if option.flags:
            panels.setdefault(option.panel, []).extend(_lines(option))
    blocks = [f"\b\n{title}:\n" + "\n".join(lines) for title, lines in panels.items()]
    return "\n\n" + "\n\n".join(blocks) + "\n"


def _lines(option: Option) -> list[str]:
    flags = "  " + ", ".join(option.flags[:2])
    if option.takes_value:
        flags += " " + option.metavar
    text = option.help
    if option.choices:
        text += " One of: " + ", ".join(option.choices) + "."
    if option.env:
        text += " [$" + ", $".join(option.env) + "]"
    wrapped = textwrap.wrap(text, _WIDTH - _LEFT, break_on_hyphens=False)
    right = [" " * _LEFT + line for line in wrapped]
    if len(flags) > _LEFT - 2:
        return [flags, *right]
    return [f"{flags:{_LEFT}}{wrapped[0]}", *right[1:]]
