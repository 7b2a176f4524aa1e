"""Answer from what was given beforehand, and leave the rest to the front-end behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from runas.challenges import Challenge, Choice, Code, Password, Username
from runas.config.given import Given
from runas.errors import WrongPassword
from runas.profile import Profile
from runas.prompters import commands
from runas.prompters.codes import Codes
from runas.prompters.prompter import Prompter

T = TypeVar("T")

__all__ = ["Answers", "Given", "Stored"]


@dataclass(frozen=True)
class Answers:
    """What is known before anybody is asked.

    ``code_process`` and ``password_process`` hold command lines that print the answer. ``recall``
    looks a password up where it is kept. ``prefer`` picks an option of a choice, or None.
    """

    username: Given | None = None
    password: Given | None = None
    password_process: Given | None = None
    recall: Callable[[Password], Given | None] | None = None
    code: Given | None = None
    code_process: Given | None = None
    prefer: Callable[[Choice[Any]], Any] | None = None

    @classmethod
    def of(cls, profile: Profile, **more: Any) -> Answers:
        """Return what a profile answers by itself, and *more*."""

        def setting(name: str) -> Given | None:
            text = profile.get(name)
            return Given(text, profile.origin(name)) if text else None

        return cls(
            username=setting("username"),
            password_process=setting("password_process"),
            code_process=setting("mfa_process"),
            **more,
        )


def _never_spent(device: str, code: str) -> bool:
    return False


class Stored:
    """Options, environment and commands in front of a person. One instance serves one login.

    What was given is tried once: asked for it again, the flow hears that it was refused. ``spent``
    says whether a device's code was used just now.
    """

    def __init__(
        self,
        answers: Answers,
        then: Prompter,
        *,
        spent: Callable[[str, str], bool] = _never_spent,
        run: Callable[[str, Given], str] = commands.output,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._answers = answers
        self._then = then
        self._run = run
        self._password = answers.password
        self._password_process = answers.password_process
        self._tried: dict[Password, Given] = {}
        generate, origin = None, ""
        if answers.code_process is not None:
            line = answers.code_process
            generate, origin = lambda: run("mfa_process", line), f"mfa_process ({line.origin})"
        self._codes = Codes(then, answers.code, generate, origin, spent, sleep, clock)

    def answer(self, challenge: Challenge[T]) -> T:
        """Return the answer at hand, else the front-end's."""
        return cast(T, self._answer(challenge))

    def tell(self, text: str) -> None:
        """Pass a notice on."""
        self._then.tell(text)

    def _answer(self, challenge: Challenge[Any]) -> Any:
        known = self._answers
        match challenge:
            case Username() if known.username is not None:
                return known.username.text
            case Password():
                return self._password_of(challenge)
            case Code():
                return self._codes.answer(challenge)
            case Choice() if known.prefer is not None:
                preferred = known.prefer(challenge)
                if preferred is not None:
                    return preferred
        return self._then.answer(challenge)

    def _password_of(self, challenge: Password) -> str:
        tried = self._tried.get(challenge)
        if tried is not None:
            fact = f"the password given by {tried.origin} was refused"
            raise WrongPassword(fact, "correct it there")
        found = self._find_password(challenge)
        if found is None:
            return self._then.answer(challenge)
        self._tried[challenge] = found
        return found.text

    def _find_password(self, challenge: Password) -> Given | None:
        # Given without a realm, these belong to the first one that asks, and to no other.
        given, self._password = self._password, None
        if given is not None:
            return given
        line, self._password_process = self._password_process, None
        if line is not None:
            text = self._run("password_process", line)
            return Given(text, f"password_process ({line.origin})")
        recall = self._answers.recall
        return recall(challenge) if recall is not None else None
