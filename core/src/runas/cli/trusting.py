"""Ask once whether a project file may name commands and addresses."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runas.challenges import Choice
from runas.cli.report import say
from runas.config.folders import state_folder
from runas.config.load import open_config
from runas.config.trust import Trust, digest

if TYPE_CHECKING:
    from runas.config.commandline import Invocation
    from runas.config.project import ProjectFile
    from runas.config.resolver import Config
    from runas.prompters.terminal import Terminal

_YES, _NO = "use them", "leave them out"


def confirmed_config(invocation: Invocation) -> Config:
    """Open the configuration; ask the person about what a project file may not say by itself."""
    config = open_config(invocation)
    project = config.project
    if project is None or not project.left_out:
        return config
    person = None if invocation.on("no_input") else terminal()
    question = f"{project.shown} sets {', '.join(project.left_out)}, and may have come with a clone"
    if person is None or person.answer(Choice(f"{question}.", (_YES, _NO))) == _NO:
        say(f"{question}; left out")
        return config
    _confirm(config, project)
    return open_config(invocation)


def terminal() -> Terminal | None:
    """Return the person at the terminal, if there is one."""
    from runas.prompters.recent import Recent
    from runas.prompters.terminal import Terminal
    from runas.prompters.tty import NoTerminal, open_terminal

    try:
        return Terminal(open_terminal(), recent=Recent.of(os.environ))
    except NoTerminal:
        return None


def _confirm(config: Config, project: ProjectFile) -> None:
    folder = state_folder(config.environ, os.path.expanduser("~"))
    Trust(folder).confirm(project.path, digest(project.content))
