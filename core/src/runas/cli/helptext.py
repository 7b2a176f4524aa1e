"""The part of ``runas --help`` that comes from the option table."""

from __future__ import annotations

from runas.config.options import OPTIONS, Option

_WIDTH = 38


def options_help() -> str:
    """Write the table as help text, a block a panel; ``\\b`` keeps the lines as they are."""
    panels: dict[str, list[str]] = {}
    for option in OPTIONS:
        if option.flags:
            panels.setdefault(option.panel, []).append(_line(option))
    blocks = [f"\b\n{title}:\n" + "\n".join(lines) for title, lines in panels.items()]
    return "\n\n" + "\n\n".join(blocks) + "\n"


def _line(option: Option) -> str:
    flags = ", ".join(option.flags[:2])
    if option.takes_value:
        flags += " " + option.metavar
    text = option.help
    if option.choices:
        text += " One of: " + ", ".join(option.choices) + "."
    if option.env:
        text += " [$" + ", $".join(option.env) + "]"
    return (
        f"  {flags}\n      {text}" if len(flags) > _WIDTH - 4 else f"  {flags:{_WIDTH - 4}}  {text}"
    )
