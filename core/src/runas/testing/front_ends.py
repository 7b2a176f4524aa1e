"""Front-ends to try a login with: the real terminal with a scripted keyboard, and JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from runas.challenges import Approval, Browse, Challenge, Choice, Flow, drive
from runas.prompters.device import Tty
from runas.prompters.terminal import Terminal

__all__ = ["at_a_terminal", "from_json", "to_json"]

T = TypeVar("T")


class _Keyboard(Tty):
    """A terminal at which ``line`` is typed next; ``shown`` is the screen."""

    def __init__(self) -> None:
        self.line = ""
        self.shown = ""

    @property
    def interactive(self) -> bool:
        return True

    @property
    def size(self) -> tuple[int, int]:
        return 80, 24

    def read_line(self, prompt: str) -> str:
        self.shown += prompt
        return self.line

    def read_hidden(self, prompt: str) -> str:
        self.shown += prompt
        return self.line

    def read_unless(self, prompt: str, done: Callable[[], bool]) -> str | None:
        self.shown += prompt
        return None  # nobody pastes

    def _put(self, text: str) -> None:
        self.shown += text

    def close(self) -> None:
        """Nothing was opened."""


def at_a_terminal(flow: Flow[T], answer: Callable[[Challenge[Any]], Any]) -> T:
    """Drive a login with the terminal front-end; *answer* says what is typed."""
    keyboard = _Keyboard()
    terminal = Terminal(keyboard, sleep=lambda seconds: None)

    def typed(challenge: Challenge[Any]) -> Any:
        reply = answer(challenge)
        if isinstance(challenge, Choice):
            keyboard.line = str(_place(challenge, reply) + 1)
        elif not isinstance(challenge, (Approval, Browse)):
            keyboard.line = reply
        return terminal.answer(challenge)

    return drive(flow, typed)


def to_json(challenge: Challenge[Any]) -> dict[str, Any]:
    """Write a challenge as a page gets it: its kind, its fields, the labels of its options."""
    fields = {name: value for name, value in vars(challenge).items() if not callable(value)}
    if isinstance(challenge, Choice):
        fields["options"] = [challenge.label(option) for option in challenge.options]
    return {"kind": type(challenge).__name__, **fields}


def from_json(challenge: Challenge[Any], shown: dict[str, Any], reply: Any) -> Any:
    """Return the answer that a page's click or text stands for."""
    if not isinstance(challenge, Choice):
        return reply
    label = shown["options"][_place(challenge, reply)]
    return next(one for one in challenge.options if challenge.label(one) == label)


def _place(challenge: Choice[Any], option: Any) -> int:
    return next(place for place, one in enumerate(challenge.options) if one is option)
