"""Write the pages of docs/ that are made from code; with --check say if they are up to date."""

import sys
from pathlib import Path

import plugin_reference
import plugin_settings

from runas.config.options import OPTIONS, Option
from runas.config.values import span

DOCS = Path(__file__).parent.parent / "docs"
PAGE, PLUGINS = DOCS / "options.md", DOCS / "plugins" / "reference.md"
SETTINGS = DOCS / "settings.md"

_HEAD = """\
# Options, variables, profile keys

Generated from the option table (`core/src/runas/config/options.py`) by `make reference`.

An option of the command line beats its environment variable, that beats the project file, that
beats the profile, that beats the `source_profile`, that beats `[default]`. *Stands in* says where
a profile key may stand: a `hop` key belongs to the profile that states it; a `family` key may also
stand in the `source_profile` or in `[default]`; a `run` option is no profile key.
"""


def page() -> str:
    """Return the whole page."""
    panels: dict[str, list[str]] = {}
    for option in OPTIONS:
        panels.setdefault(option.panel, []).append(_row(option))
    blocks = [
        f"\n## {title}\n\n| option | environment | profile key | stands in | meaning |\n"
        "| --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
        for title, rows in panels.items()
    ]
    return _HEAD + "".join(blocks)


def _row(option: Option) -> str:
    flags = ", ".join(f"`{flag}`" for flag in option.flags)
    if option.takes_value and flags:
        flags += f" {option.metavar}"
    cells = (flags, _names(option.env), _names(option.keys), option.scope, _meaning(option))
    return "| " + " | ".join(cells) + " |"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _meaning(option: Option) -> str:
    text = option.help
    if option.choices:
        text += " One of " + ", ".join(f"`{choice}`" for choice in option.choices) + "."
    if option.kind == "duration":
        text += f" {span(option.low)} to {span(option.high)}."
    return text


def main() -> int:
    """Write or check the pages."""
    stale = 0
    made = ((PAGE, page), (PLUGINS, plugin_reference.page), (SETTINGS, plugin_settings.page))
    for path, text in ((path, make()) for path, make in made):
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            print(f"{path.name} is out of date: make reference", file=sys.stderr)
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
