"""Stand between a provider's flow and whoever answers it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from runas.challenges import Challenge, Code, Flow, Password
from runas.errors import WrongPassword

if TYPE_CHECKING:
    from runas.memory import Memory

R = TypeVar("R")


def _nothing(*_: object) -> None:
    return None


class Relay:
    """Pass challenges out and answers in, and see to what every provider must have.

    Codes are numbered, and remembered as spent. *guard* is told every secret answer, so that the
    HTTP session can keep it from others. *judged* is told what became of a password, at the end of
    the flow that asked for it, and whether the provider refused it.
    """

    def __init__(
        self,
        memory: Memory,
        guard: Callable[[str, str], None] = _nothing,
        judged: Callable[[Password, bool], None] = _nothing,
    ) -> None:
        self._memory = memory
        self._guard = guard
        self._judged = judged

    def run(
        self, flow: Flow[R], attempt: int = 0, *, once: bool = True
    ) -> Generator[Challenge[Any], Any, R]:
        """Run *flow*; *attempt* counts the codes refused before, *once* that codes are spent."""
        asked: list[Password] = []
        refused = False
        try:
            challenge = next(flow)
            while True:
                if isinstance(challenge, Code):
                    challenge = replace(challenge, attempt=attempt)
                if isinstance(challenge, Password):
                    asked.append(challenge)
                try:
                    answer = yield challenge
                except GeneratorExit:
                    raise
                except BaseException as refusal:  # noqa: BLE001 - the flow decides, not we
                    challenge = flow.throw(refusal)
                    continue
                self._note(challenge, answer, once)
                # A password must not stay behind in this frame while the flow asks on.
                challenge, answer = flow.send(answer), None
        except StopIteration as done:
            result: R = done.value
            return result
        except WrongPassword:
            refused = True
            raise
        finally:
            flow.close()
            for one in set(asked):
                self._judged(one, refused and one == asked[-1])

    def _note(self, challenge: Challenge[Any], answer: Any, once: bool) -> None:
        if isinstance(challenge, Code):
            self._guard(answer, "code")
            if once and answer not in challenge.words:
                self._memory.spend(challenge.device, answer)
        elif isinstance(challenge, Password):
            self._guard(answer, "password")
