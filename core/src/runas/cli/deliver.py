"""Hand credentials over: print them, or run the command with them.

The fast lane and the full program both end here, so this file loads only what every command needs.
"""

from __future__ import annotations

import os
import sys
import time

from runas import formats
from runas.cli.report import say
from runas.errors import CommandNotFound
from runas.launch.environment import child_environment
from runas.launch.execute import find, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from runas.cache import Entry
    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.config.selection import Selection


def command_line(config: Config, selection: Selection) -> list[str]:
    """Return what to execute: the program found, or the user's shell for an alias.

    Raises CommandNotFound or CommandNotExecutable before anybody is asked to log in.
    """
    command = selection.command
    try:
        find(command[0], config.environ.get("PATH", os.defpath))
    except CommandNotFound:
        _mistaken_for_command(config, selection)
        from runas.launch.shell import through_shell

        shell = through_shell(command, config.environ)
        if shell is None:
            raise
        return shell
    return command


def _mistaken_for_command(config: Config, selection: Selection) -> None:
    """Say it where the first word is a profile, but AWS_PROFILE made it the command."""
    word = selection.command[0]
    if selection.stand_in is None or not config.has_profile(word):
        return
    if selection.stand_in == "default_profile":
        return
    rest = " ".join(selection.command[1:]) or "COMMAND"
    raise CommandNotFound(
        f"'{word}' is a profile, not a command; {selection.stand_in} is set to"
        f" '{selection.profile.name}', so every word is the command",
        f"type 'runas --profile {word} {rest}', or unset {selection.stand_in}",
    )


def show(invocation: Invocation, entry: Entry) -> None:
    """Print the credentials, or when they end, on stdout."""
    if invocation.on("expiration"):
        text = expires(entry)
    else:
        style = invocation.text("output") or "env"
        text = formats.render(style, entry.credentials, entry.facts.get("account"))
    sys.stdout.write(text)
    sys.stdout.flush()


def expires(entry: Entry) -> str:
    """Say when the credentials end, as a moment and as a span."""
    end = entry.credentials.expiration
    if end is None:
        return "the credentials do not expire\n"
    return f"{formats.moment(end)} ({formats.left(round(end - time.time()))})\n"


def run_with_environment(
    config: Config, invocation: Invocation, selection: Selection, argv: list[str], entry: Entry
) -> NoReturn:
    """Replace this process by the command, the credentials in its environment."""
    announce(invocation, entry)
    keys = formats.environment(entry.credentials)
    replace(argv, child_environment(config.environ, selection.profile, keys))


def announce(invocation: Invocation, entry: Entry) -> None:
    """Before a command runs, say on stderr what ``-e`` asked for."""
    if invocation.on("expiration"):
        say("the credentials end " + expires(entry).rstrip("\n"))
