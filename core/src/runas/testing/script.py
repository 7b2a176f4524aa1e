"""A person for tests: answers challenges from a script, and remembers what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, cast

from runas.challenges import Approval, Browse, Challenge, Choice, Code, Password, Username
from runas.errors import InteractionRequired

__all__ = ["LOOKS", "Endless", "Script"]

T = TypeVar("T")
Answer = str | Callable[[], str]

LOOKS = 25
"""How often one login may ask before it counts as endless."""


class Endless(AssertionError):
    """The plugin asks on and on."""


class Script:
    """A front-end without a person.

    ``codes`` are given in turn, the last one again and again; each is text, or a function that
    makes the code when it is wanted. ``picks`` choose an option by a part of its label, else the
    first is taken. ``approve`` is called while an approval is waited for: it taps on the phone.
    ``browse`` gets the `Browse`, opens its address (else ``approve`` is called), and returns None,
    or the address that it ends on, as somebody would who pastes it.
    ``hang_up`` is raised from challenge number ``at`` on, counted from 0.

        person = Script(username="alice", password="pa55", codes=["123456"])
        identity = runas.challenges.drive(flow, person.answer)
        assert person.kinds == ["Username", "Password", "Code"]
    """

    def __init__(
        self,
        username: str = "alice",
        password: str = "",
        codes: Sequence[Answer] = (),
        picks: Sequence[str] = (),
        approve: Callable[[], None] | None = None,
        hang_up: BaseException | None = None,
        at: int = 0,
        browse: Callable[[Browse], str | None] | None = None,
    ) -> None:
        self.asked: list[Challenge[Any]] = []
        self.told: list[str] = []
        self._username = username
        self._password = password
        self._codes = _lasting(codes)
        self._picks = tuple(picks)
        self._approve = approve
        self._hang_up = hang_up
        self._at = at
        self._browse = browse

    @property
    def kinds(self) -> list[str]:
        """Name the challenges that were asked, in order."""
        return [type(challenge).__name__ for challenge in self.asked]

    def answer(self, challenge: Challenge[T]) -> T:
        """Answer as the script says."""
        self.asked.append(challenge)
        if self._hang_up is not None and len(self.asked) - 1 >= self._at:
            raise self._hang_up
        if len(self.asked) > LOOKS:
            raise Endless(f"it asks without end: {type(challenge).__name__} once more")
        return cast(T, self._answer(challenge))

    def tell(self, text: str) -> None:
        """Keep what was told."""
        self.told.append(text)

    def _answer(self, challenge: Challenge[Any]) -> Any:
        match challenge:
            case Username():
                return self._username
            case Password():
                return self._password
            case Code():
                return self._code(challenge)
            case Choice():
                return self._pick(challenge)
            case Browse() if self._browse:
                return self._browse(challenge)
            case Approval() | Browse():
                return self._approve() if self._approve else None
        raise TypeError(f"not a challenge: {challenge!r}")

    def _code(self, challenge: Code) -> str:
        made = next(self._codes, None)
        if made is None:
            raise InteractionRequired(f"the script has no code for {challenge.device}")
        return made() if callable(made) else made

    def _pick(self, challenge: Choice[T]) -> T:
        for option in challenge.options:
            if any(pick in challenge.label(option) for pick in self._picks):
                return option
        return challenge.options[0]


def _lasting(codes: Sequence[Answer]) -> Iterator[Answer]:
    yield from codes
    while codes:
        yield codes[-1]
