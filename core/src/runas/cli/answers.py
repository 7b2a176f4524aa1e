"""Choose who answers a login's questions: what was given, then a person, or nobody."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from runas.challenges import Choice
from runas.cli.report import once
from runas.config.given import Given
from runas.errors import UsageError
from runas.factors import TYPED
from runas.login import Login
from runas.model import Factor
from runas.prompters import front_end
from runas.prompters.stored import Answers, Stored

if TYPE_CHECKING:
    from runas.config.commandline import Invocation
    from runas.config.resolver import Config
    from runas.profile import Profile
    from runas.prompters.prompter import Prompter


def login(invocation: Invocation, config: Config) -> Login:
    """Return what logs in for one invocation of the command line."""
    return Login(config, partial(prompter, invocation), once(), invocation.text("record"))


def prompter(invocation: Invocation, profile: Profile, session: Login) -> Prompter:
    """Return who answers for a profile: what was given, then the person or nobody."""
    forbids = invocation.given.get("no_input")
    behind = front_end(
        no_input=invocation.on("no_input"),
        no_input_origin=forbids.origin if forbids else "--no-input",
        open_browser=None if invocation.on("no_browser") else _open_browser,
    )
    answers = Answers.of(
        profile,
        password=given_password(invocation),
        code=invocation.given.get("otp"),
        prefer=preference(invocation),
        recall=session.passwords.recall,
    )
    return Stored(answers, behind, spent=session.memory.spent)


def _open_browser(url: str) -> bool:
    from runas.cli.browser import open_browser

    return open_browser(url, os.environ)


def given_password(invocation: Invocation) -> Given | None:
    """Return the password given; ``-P -`` reads one line of stdin and leaves the rest alone."""
    given = invocation.given.get("password")
    if given is not None and given.text == "-":
        line = _line_of_stdin()
        if not line:
            raise UsageError(f"{given.origin} -: stdin holds no password", "write it on one line")
        return Given(line, given.origin)
    return given


def _line_of_stdin() -> str:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(sys.stdin.fileno(), 1)
        if not byte:
            break
        line += byte
    return line.decode(errors="replace").rstrip("\r\n")


def preference(invocation: Invocation) -> Any:
    """Prefer a typed code where one was given; where nobody can pick, a push, then a code."""
    code_given = invocation.text("otp") is not None

    def prefer(choice: Choice[Any]) -> Any:
        if not code_given or not choice.options or not isinstance(choice.options[0], Factor):
            return None
        typed = [factor for factor in choice.options if factor.kind in TYPED]
        return min(typed, key=lambda factor: TYPED.index(factor.kind), default=None)

    return prefer
