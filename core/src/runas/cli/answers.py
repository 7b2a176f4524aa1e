"""Choose who answers a login's questions: what was given, then a person, or nobody."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from runas.challenges import Choice
from runas.config.given import Given
from runas.factors import TYPED
from runas.model import Factor
from runas.prompters import front_end
from runas.prompters.stored import Answers, Stored

if TYPE_CHECKING:
    from runas.config.commandline import Invocation
    from runas.memory import Memory
    from runas.profile import Profile
    from runas.prompters.prompter import Prompter


def prompter(invocation: Invocation, profile: Profile, memory: Memory) -> Prompter:
    """Return the front-end of one invocation."""
    forbids = invocation.given.get("no_input")
    behind = front_end(
        no_input=invocation.on("no_input"),
        no_input_origin=forbids.origin if forbids else "--no-input",
    )
    answers = Answers(
        username=_setting(profile, "username"),
        password=_password(invocation),
        password_process=_setting(profile, "password_process"),
        code=invocation.given.get("otp"),
        code_process=_setting(profile, "mfa_process"),
        prefer=_preference(invocation),
    )
    return Stored(answers, behind, spent=memory.spent)


def _setting(profile: Profile, name: str) -> Given | None:
    text = profile.get(name)
    return Given(text, profile.origin(name)) if text else None


def _password(invocation: Invocation) -> Given | None:
    """Return the password given; ``-P -`` reads one line of stdin and leaves the rest alone."""
    given = invocation.given.get("password")
    if given is not None and given.text == "-":
        return Given(_line_of_stdin(), given.origin)
    return given


def _line_of_stdin() -> str:
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(sys.stdin.fileno(), 1)
        if not byte:
            break
        line += byte
    return line.decode(errors="replace").rstrip("\r\n")


def _preference(invocation: Invocation) -> Any:
    """Prefer a typed code where one was given; where nobody can pick, a push, then a code."""
    code_given = invocation.text("otp") is not None

    def prefer(choice: Choice[Any]) -> Any:
        if not code_given or not choice.options or not isinstance(choice.options[0], Factor):
            return None
        typed = [factor for factor in choice.options if factor.kind in TYPED]
        return typed[0] if typed else None

    return prefer
