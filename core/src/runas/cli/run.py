"""``runas PROFILE [COMMAND]`` when the fast lane cannot: log in, then deliver."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from runas.cli import deliver
from runas.cli.answers import login
from runas.cli.report import say
from runas.cli.trusting import confirmed_config, terminal
from runas.config.selection import NoProfile, Selection, select
from runas.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from runas.cache import Entry
    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.login import Login


def run(invocation: Invocation, words: Sequence[str]) -> int:
    """Log in where need be, then print the credentials or run the command with them."""
    config = confirmed_config(invocation)
    selection = choose(config, invocation, words)
    argv = deliver.command_line(config, selection) if selection.command else []
    session = login(invocation, config)
    if selection.command:  # for extensions, which may note what the credentials are for
        os.environ["RUNAS_COMMAND"] = selection.command[0]
    entry = obtain(session, invocation, selection)
    if invocation.on("write_credentials"):
        from runas.cli.keeping import write_credentials

        name = write_credentials(config, selection.profile, entry)
        say(f"wrote the credentials to [{name}] of {config.credentials.shown}")
    if invocation.on("whoami"):
        _whoami(selection, entry, to_stderr=bool(argv))
    if argv and invocation.on("env"):
        deliver.run_with_environment(config, invocation, selection, argv, entry)
    if argv:
        from runas.cli.wrapped import Wrapped

        return Wrapped(config, invocation, selection, session.folder).run(argv, entry)
    if invocation.on("expiration") or not invocation.on("whoami"):
        deliver.show(invocation, entry)
    return 0


def choose(config: Config, invocation: Invocation, words: Sequence[str]) -> Selection:
    """Return profile and command; on a terminal the person may pick where none is named."""
    try:
        return select(config, invocation, words)
    except NoProfile:
        names = config.profile_names()
        if not names:
            raise UsageError(
                "there are no profiles yet",
                "'runas configure profile NAME' writes one, 'runas sandbox' has some to try",
            ) from None
        if invocation.on("no_input"):
            raise
        name = _pick(config, names)
        if name is None:
            raise
        return Selection(config.profile(name), list(words))


def obtain(session: Login, invocation: Invocation, selection: Selection) -> Entry:
    """Return the profile's credentials, from the cache or by logging in."""
    flow = session.engine(selection.profile).entry(
        session=invocation.on("session"), refresh=invocation.count("refresh")
    )
    return session.drive(selection.profile, flow)


def _pick(config: Config, names: list[str]) -> str | None:
    from runas.challenges import Choice
    from runas.cli.overview import label

    person = terminal()
    return person.answer(Choice("Which profile?", names, label(config))) if person else None


def _whoami(selection: Selection, entry: Entry, *, to_stderr: bool) -> None:
    import sys

    from runas.aws.sts import caller

    who = caller(selection.profile, entry.credentials)
    lines = (f"Account: {who.account_id}", f"Arn: {who.arn}", f"UserId: {who.user_id}")
    stream = sys.stderr if to_stderr else sys.stdout
    stream.write("\n".join(lines) + "\n")
    stream.flush()
