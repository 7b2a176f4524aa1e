"""The questions a provider may ask, typed by what they mean.

A provider never prompts. Its ``authenticate`` and ``mfa`` are generators that *yield* a challenge
and are *sent* the answer, so the same provider serves a terminal, a web page and a cron job:

    code = yield from Code("iPhone")       # read ``yield from`` as "ask the person"

A refusal or Ctrl-C arrives as an exception at the ``yield``; ``finally`` runs, so a pending push
can be cancelled. The set is closed: front-ends know every challenge there is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

__all__ = [
    "Approval",
    "Browse",
    "Challenge",
    "Choice",
    "Code",
    "Flow",
    "Password",
    "Username",
    "drive",
]


class Challenge(Generic[T]):
    """A question with an answer of type ``T``. Ask it with ``yield from``."""

    def __iter__(self) -> Generator[Challenge[Any], Any, T]:
        answer: T = yield self
        return answer


Flow = Generator[Challenge[Any], Any, R]
"""A login step that may ask: yields challenges, is sent answers, returns ``R``."""


@dataclass(frozen=True)
class Username(Challenge[str]):
    """Who is signing in? ``realm`` names the place, ``default`` the likely answer."""

    realm: str
    default: str = ""


@dataclass(frozen=True)
class Password(Challenge[str]):
    """The password of ``username`` at ``realm`` (the sign-in address's origin)."""

    realm: str
    username: str


@dataclass(frozen=True)
class Code(Challenge[str]):
    """A one-time code from ``device``. ``attempt`` counts from 0 and is set by the engine.

    ``words`` may be typed instead, in lower case, such as ``resend``: they are shown, and no code.
    """

    device: str
    attempt: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice(Challenge[T]):
    """One of several ``options``; each is shown by ``str`` (``label`` overrides that)."""

    title: str
    options: Sequence[T]
    label: Callable[[T], str] = str


@dataclass(frozen=True)
class Approval(Challenge[None]):
    """Wait for a tap on ``device``; ``number`` is the one to choose there, where it shows any.

    Answered with None after ``poll_after`` seconds: *look again*, and ask once more if need be.
    """

    device: str
    number: str | None = None
    poll_after: float = 2.0


@dataclass(frozen=True)
class Browse(Challenge[str | None]):
    """Open ``url`` in a browser and compare ``user_code``; answered like an Approval.

    Where the browser is to come back to this machine, ``returned`` tells, at once, that there is
    no more to wait for. The answer may then also be an address: the one that a browser elsewhere
    could not open, as a person has pasted it. It holds a secret. ``attempt`` counts from 0 those
    that were not this sign-in's.
    """

    url: str
    user_code: str | None = None
    poll_after: float = 2.0
    returned: Callable[[], bool] | None = None
    attempt: int = 0


def drive(flow: Flow[R], answer: Callable[[Challenge[Any]], Any]) -> R:
    """Run *flow* to its end, answering every challenge with *answer*.

    Whatever *answer* raises is thrown into the flow at its ``yield``.
    """
    try:
        challenge = next(flow)
        while True:
            try:
                reply = answer(challenge)
            except BaseException as refusal:  # noqa: BLE001 - the flow decides, not we
                challenge = flow.throw(refusal)
            else:  # a password must not stay behind in this frame while the flow asks on
                challenge, reply = flow.send(reply), None
    except StopIteration as done:
        result: R = done.value
        return result
    finally:
        flow.close()
