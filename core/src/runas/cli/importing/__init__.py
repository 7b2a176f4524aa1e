"""``runas configure import``: the profiles of the tools that runas replaces.

What other tools call things is data (`tools.toml`); `reading` reads their files, `translating`
makes our sections of them. Only new sections are written, at the end of the AWS config file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from runas.cli.report import say
from runas.cli.tables import paint
from runas.config.commandline import Invocation
from runas.config.load import open_config
from runas.errors import ConfigurationError, InteractionRequired, UsageError

if TYPE_CHECKING:
    from runas.cli.importing.translating import Section
    from runas.config.resolver import Config

_WRITE, _LEAVE = "write them", "leave the file alone"

Tool = Annotated[str | None, typer.Argument(metavar="[TOOL]", show_default=False)]
File = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="Its file, where it is elsewhere.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be written, no more.")]
Yes = Annotated[bool, typer.Option("--yes", help="Write without asking.")]


def configure_import(
    invocation: Invocation,
    tool: Tool = None,
    file: File = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> int:
    """Take over the profiles of another tool; without TOOL, say whose files are here.

    Shows what would be added to the AWS config file and asks. Sections that exist are never
    changed, and passwords are not taken along: keep them with 'runas password'.

    \b
    Examples:
      runas configure import
      runas configure import saml2aws --dry-run
      runas configure import saml2aws --yes
      runas configure import aws-runas --file old-laptop/config
    """
    from runas.cli.importing.reading import tools

    config = open_config(invocation)
    known = tools()
    if tool is None:
        return _found(known)
    if tool not in known:
        raise UsageError(f"no such tool: {tool!r}", f"name one of {', '.join(known)}")
    sections = _sections(config, tool, file)
    print(_diff(config, sections), end="")
    if not sections or dry_run:
        return 0
    if not yes:
        _ask(invocation)
    _write(config, sections)
    return 0


def _found(known: dict[str, dict[str, object]]) -> int:
    """Say whose files are here."""
    from runas.cli.importing.reading import path_of

    for name, table in known.items():
        path = path_of(table)
        print(f"{name:16}  {path if os.path.exists(path) else '(no file)'}")
    return 0


def _sections(config: Config, tool: str, file: str | None) -> list[Section]:
    """Translate the tool's profiles; say what cannot be taken over, and why."""
    from runas import plugins
    from runas.cli.importing.reading import profiles, tools
    from runas.cli.importing.translating import Translator

    table = tools()[tool]
    providers = {plugin.name for plugin in plugins.installed() if not plugin.extension}
    translator = Translator(table, set(config.profile_names()), providers)
    sections = [translator.section(name, theirs) for name, theirs in profiles(table, file).items()]
    for remark in translator.remarks:
        say(remark)
    made = [section for section in sections if section is not None]
    if not made:
        say(f"nothing of {tool} is to be taken over")
    return made


def _diff(config: Config, sections: list[Section]) -> str:
    """Show what is added, as a diff does."""
    if not sections:
        return ""
    lines = [f"--- {config.config.shown}", f"+++ {config.config.shown}", "@@ at the end @@"]
    for section in sections:
        added = [
            f"[{section.header}]",
            *(f"{key} = {text}" for key, text in section.values.items()),
        ]
        lines += ["+", *(paint(f"+{line}", "green") for line in added)]
    return "".join(f"{line}\n" for line in lines)


def _ask(invocation: Invocation) -> None:
    from runas.challenges import Choice
    from runas.cli.trusting import terminal

    person = None if invocation.on("no_input") else terminal()
    if person is None:
        raise InteractionRequired("nobody can be asked whether to write this", "give --yes")
    if person.answer(Choice("Add these profiles?", (_WRITE, _LEAVE))) == _LEAVE:
        raise ConfigurationError("nothing was written")


def _write(config: Config, sections: list[Section]) -> None:
    from runas.config.writing import append_section

    for section in sections:
        append_section(config.config.path, section.header, section.values)
    names = ", ".join(section.name for section in sections)
    say(f"added to {config.config.shown}: {names}")
