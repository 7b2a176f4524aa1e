"""``runas completion``: the script that makes a shell ask runas what may come next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from runas.cli.complete import SHELLS
from runas.config.commandline import Invocation
from runas.errors import UsageError

_SCRIPTS = Path(__file__).with_name("completions")

Shell = Annotated[str | None, typer.Argument(metavar="[bash|zsh|fish|powershell]")]


def completion(invocation: Invocation, shell: Shell = None) -> int:
    """Print the completion script of a shell: profiles, subcommands, options, regions.

    \b
    Examples:
      runas completion bash > ~/.local/share/bash-completion/completions/runas
      runas completion zsh > ~/.zfunc/_runas  # in fpath before compinit
      runas completion fish > ~/.config/fish/completions/runas.fish
      runas completion powershell >> $PROFILE
      source <(runas completion bash)                # for this shell only
    """
    name = (shell or os.path.basename(os.environ.get("SHELL", ""))).lower()
    name = {"pwsh": "powershell"}.get(name, name)
    if name not in SHELLS:
        raise UsageError(
            f"no completion for {name!r}" if name else "which shell?",
            f"name one of {', '.join(SHELLS)}",
        )
    print((_SCRIPTS / f"{name}.txt").read_text(encoding="utf-8"), end="")
    return 0
