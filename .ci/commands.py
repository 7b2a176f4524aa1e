"""Write docs/commands.md from the --help of every subcommand; with --check only compare."""

import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

# What is shown depends on the width of the terminal, the program's name and nothing else.
os.environ |= {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}

from runas.cli.app import run_app
from runas.cli.verbs import GROUPS, VERBS
from runas.config.commandline import parse

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"

_HEAD = """\
# Subcommands

Generated from the `--help` of every subcommand by `make reference`. The options of `runas` itself
([options.md](options.md)) may stand before or behind a subcommand's name.
"""


def page() -> str:
    """Return the whole page."""
    blocks = [_HEAD]
    group = ""
    for verb in VERBS:
        if verb.group and verb.group != group:
            blocks.append(f"\n## runas {verb.group}\n\n{GROUPS[verb.group]}\n")
        group = verb.group
        level = "###" if verb.group else "##"
        text = help_of(verb.path.split())
        blocks.append(f"\n{level} runas {verb.path}\n\n```text\n{text}\n```\n")
    return "".join(blocks)


def help_of(words: list[str]) -> str:
    """Return what a subcommand's --help shows."""
    shown = io.StringIO()
    with redirect_stdout(shown):
        run_app(parse([*words, "--help"], {}))
    return "\n".join(line.rstrip() for line in shown.getvalue().strip("\n").splitlines())


def main() -> int:
    """Write or check the page."""
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE.name} is out of date: make reference", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
