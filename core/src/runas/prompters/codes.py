"""Where one-time codes come from: given beforehand, printed by a command, typed by a person.

A code that was used is refused by every provider for the rest of its half minute. ``spent`` knows
which ones were; such a code is never sent, for some providers count it as a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from runas.challenges import Code
from runas.config.given import Given
from runas.errors import Refused
from runas.prompters.prompter import Prompter

__all__ = ["Codes"]

TRIES = 3  # at a prompt
_PERIOD, _POLL = 31.0, 3.0  # seconds: a code's half minute and a little, and between two looks
_WAIT = "wait for the next one"


class Codes:
    """The code of each device, from the first source that has one.

    A given code serves one device, once. A command may be asked once more after a refusal, for the
    half minute may have ended on the way; the same code again would only count against the user.
    """

    def __init__(
        self,
        then: Prompter,
        given: Given | None,
        run: Callable[[], str] | None,
        origin: str,
        spent: Callable[[str, str], bool],
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._then = then
        self._given = given
        self._run = run
        self._origin = origin  # of run, for messages
        self._spent = spent
        self._sleep = sleep
        self._clock = clock
        self._given_to: str | None = None
        self._sent: dict[str, str] = {}

    def answer(self, challenge: Code) -> str:
        """Return a code that has not been used; raise Refused where there is none to be had."""
        if self._given is not None and self._given_to in (None, challenge.device):
            return self._take(self._given, challenge)
        if self._run is not None:
            return self._generate(self._run, challenge)
        return self._ask(challenge)

    def _take(self, given: Given, challenge: Code) -> str:
        code = "".join(given.text.split())
        if self._given_to is not None:
            end = "was refused" if challenge.attempt else "has been used already"
            raise Refused(f"the code given by {given.origin} {end}", _WAIT)
        if self._spent(challenge.device, code):
            raise Refused(f"the code given by {given.origin} was used just now", _WAIT)
        self._given_to = challenge.device
        return code

    def _generate(self, run: Callable[[], str], challenge: Code) -> str:
        device = challenge.device
        refused = Refused(f"the code given by {self._origin} was refused", "check that it is right")
        if challenge.attempt > 1:
            raise refused
        code = "".join(run().split())
        if challenge.attempt and code == self._sent.get(device):
            raise refused
        self._sent[device] = self._unspent(run, device, code)
        return self._sent[device]

    def _unspent(self, run: Callable[[], str], device: str, code: str) -> str:
        """Wait for the command's next code while the present one is spent."""
        deadline = self._clock() + _PERIOD
        if self._spent(device, code):
            self._then.tell("waiting for the next code")
        while self._spent(device, code):
            if self._clock() >= deadline:
                raise Refused(f"the code given by {self._origin} was used just now", _WAIT)
            self._sleep(_POLL)
            code = "".join(run().split())
        return code

    def _ask(self, challenge: Code) -> str:
        for _ in range(max(TRIES - challenge.attempt, 1)):
            code = self._then.answer(challenge)
            if not self._spent(challenge.device, code):
                return code
            self._then.tell(f"that code was used just now: {_WAIT}")
            challenge = replace(challenge, attempt=0)  # nobody has refused this one
        raise Refused("that code was used just now", _WAIT)
