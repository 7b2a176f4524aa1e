"""Questions of one login that wait for whoever answers first: a web page, or the terminal.

A thread drives the login and stops here at each challenge; the page's requests come from other
threads. An answer passes through: it is handed to the login and kept nowhere.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

from runas.challenges import Approval, Browse, Challenge, Code, Password, Username
from runas.errors import Cancelled
from runas.prompters.headless import nobody
from runas.prompters.question import Question, Stale
from runas.prompters.words import notice

T = TypeVar("T")

__all__ = ["Question", "Second", "Stale", "Web"]

_PATIENCE = 900.0  # seconds until a question is given up, and with it the lock on the cache
_NOTHING = object()


class Second(Protocol):
    """Somebody else who may answer: asks in the background, and can be told to stop."""

    def ask(self, challenge: Challenge[Any], done: Callable[[Any], None]) -> None:
        """Begin to ask; *done* gets the answer, or the exception to raise."""

    def withdraw(self) -> None:
        """Stop asking."""

    def tell(self, text: str) -> None:
        """Show one line."""


class Web:
    """The questions of one profile's logins, one at a time.

    ``changed`` is called, with nothing locked, whenever there is something new to show. What was
    offered beforehand (a form with name and password in one) answers the challenges it fits, once.
    """

    def __init__(
        self,
        changed: Callable[[], None] = lambda: None,
        second: Second | None = None,
        patience: float = _PATIENCE,
    ) -> None:
        self._tell_changed = changed
        self._second = second
        self._patience = patience
        self._news = threading.Condition()
        self._question: Question | None = None
        self._answer: object = _NOTHING
        self._offers: dict[type[Challenge[Any]], str] = {}
        self._cancelled = False
        self._closed = False

    @property
    def question(self) -> Question | None:
        """What is being asked at the moment, and not answered yet."""
        return self._question if self._answer is _NOTHING else None

    def asking(self) -> str:
        """Say what is being asked, for clients that cannot answer; '' where nothing is."""
        question = self.question
        return question.wanted if question is not None else ""

    def answer(self, challenge: Challenge[T]) -> T:
        """Show the challenge and wait for its answer; raises what the login should see."""
        offered = self._take_offer(challenge)
        if offered is not None:
            return cast(T, offered)
        if isinstance(challenge, (Approval, Browse)):
            return cast(T, self._look_again(challenge))
        question = self._show(challenge)
        if self._second is not None:
            self._second.ask(challenge, lambda answer: self._settle(question.id, answer))
        try:
            return cast(T, self._await(challenge))
        finally:
            self._withdraw()

    def tell(self, text: str) -> None:
        """Show a notice where there is a second place for it."""
        if self._second is not None:
            self._second.tell(text)

    def put(self, question_id: str, text: str) -> None:
        """Answer a question; raises Stale where it is no longer asked, or ValueError."""
        question = self.question
        if question is None or question.id != question_id:
            raise Stale
        self._settle(question_id, question.read(text))

    def offer(self, **answers: str) -> None:
        """Answer what is asked, or have answers ready for a login that is about to ask.

        They are a username, a password, a code. What does not fit what is asked is dropped.
        """
        kinds = {"username": Username, "password": Password, "code": Code}
        offers = {kinds[name]: text for name, text in answers.items()}
        with self._news:
            question = self.question
            answer = offers.pop(question.challenge, None) if question else None
            if question is None or answer is not None:
                self._offers = offers
        if question is not None and answer is not None:
            self._settle(question.id, question.read(answer))

    def cancel(self) -> None:
        """End the login that is asking."""
        with self._news:
            self._cancelled = self._question is not None
            self._news.notify_all()

    def end(self) -> None:
        """Forget whatever a login that is over did not take."""
        with self._news:
            self._offers.clear()
            self._question, self._answer, self._cancelled = None, _NOTHING, False
        self._tell_changed()

    def close(self) -> None:
        """Ask nothing any more."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        if self._second is not None:
            self._second.withdraw()

    def _take_offer(self, challenge: Challenge[Any]) -> str | None:
        """Return what was offered for this kind; where another is asked, the offer has lapsed."""
        with self._news:
            offer = self._offers.pop(type(challenge), None)
            if offer is None:
                self._offers.clear()
            return offer

    def _show(self, challenge: Challenge[Any]) -> Question:
        question = Question.of(challenge)
        with self._news:
            if self._question is None or not self._question.same(question):
                self._question = question
            self._answer = _NOTHING
            shown = self._question
        self._tell_changed()
        return shown

    def _settle(self, question_id: str, answer: object) -> None:
        with self._news:
            asked = self._question is not None and self._question.id == question_id
            if asked and self._answer is _NOTHING:
                self._answer = answer
                self._news.notify_all()

    def _await(self, challenge: Challenge[Any]) -> object:
        with self._news:
            self._news.wait_for(self._answered, self._patience)
            self._refuse_if_ended()
            answer, self._answer = self._answer, _NOTHING
        if answer is _NOTHING:
            raise nobody(challenge, f"no answer for {round(self._patience / 60)} minutes")
        if isinstance(answer, Cancelled):
            raise answer
        return answer

    def _answered(self) -> bool:
        return self._answer is not _NOTHING or self._cancelled or self._closed

    def _withdraw(self) -> None:
        if self._second is not None:
            self._second.withdraw()
        with self._news:
            self._question = None
        self._tell_changed()

    def _look_again(self, challenge: Approval | Browse) -> None:
        """Show what has to be done elsewhere, and wait until it is time to look."""
        before = self._question
        if self._show(challenge) is not before:
            self.tell(notice(challenge))
        until = time.monotonic() + max(challenge.poll_after, 0.0)
        with self._news:
            self._news.wait_for(self._answered, until - time.monotonic())
            self._refuse_if_ended()

    def _refuse_if_ended(self) -> None:
        if self._closed or self._cancelled:
            self._cancelled = False
            raise Cancelled("the login was cancelled")
