"""The questions: every front-end can ask them, and every one of them may be the last."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from runas.challenges import Approval, Browse, Challenge, Choice, Flow, drive
from runas.errors import Cancelled, InteractionRequired
from runas.model import Identity, KeyIdentity, SamlIdentity
from runas.testing.conformance.base import Base
from runas.testing.front_ends import at_a_terminal, from_json, to_json
from runas.testing.trial import Outcome

T = TypeVar("T")


class Asking(Base):
    """A login that goes well, on every front-end, and one that is broken off."""

    def test_it_logs_in(self, way: str) -> None:
        """A login with the right answers gives an identity."""
        identity = self.success(way).identity
        assert isinstance(identity, Identity), f"authenticate and mfa returned {identity!r}"
        # Some services name nobody; core then asks AWS whose keys it got.
        told = identity.subject or not isinstance(identity, (SamlIdentity, KeyIdentity))
        assert told, "the identity has no subject: nobody would know who it was"
        if isinstance(identity, SamlIdentity):
            from runas import saml

            read = saml.read(identity.assertion)
            assert read.roles or read.encrypted, "the assertion has no role of AWS in it"

    def test_it_says_nothing_itself(self, way: str, capfd: Any) -> None:
        """A provider neither prints nor writes to stdout or stderr."""
        capfd.readouterr()
        self.success(way)
        out, err = capfd.readouterr()
        assert not out, f"it wrote to stdout: {out[:200]!r}; yield a Challenge instead"
        assert not err, f"it wrote to stderr: {err[:200]!r}; log instead"

    def test_every_challenge_serialises(self, way: str) -> None:
        """Every challenge can be sent to a web page, and makes sense there."""
        for challenge in self.success(way).person.asked:
            complaint = _odd(challenge)
            assert not complaint, f"{type(challenge).__name__}: {complaint}"
            assert json.loads(json.dumps(to_json(challenge))), f"{challenge!r} is no JSON"

    def test_page_and_terminal_reach_the_same_identity(self, way: str) -> None:
        """The page, the terminal and a script lead to the same identity by the same questions."""
        script = self.success(way)
        page = self.success(way, driver=_on_the_page)
        terminal = self.success(way, driver=at_a_terminal)
        for name, other in (("page", page), ("terminal", terminal)):
            assert other.person.kinds == script.person.kinds, f"the {name} is asked otherwise"
            assert other.identity.subject == script.identity.subject  # type: ignore[union-attr]

    def test_each_step_may_run_in_another_thread(self, way: str) -> None:
        """A server answers each request in another thread: nothing may be tied to the first."""
        outcome = self.log_in(way, driver=_in_threads)
        assert outcome.identity is not None, f"with a thread for each step {outcome.story}"

    def test_two_logins_at_once_do_not_mix(self, way: str) -> None:
        """Two logins in one process, step by step in turn, know nothing of each other."""
        for at in range(len(self.success(way).person.asked)):
            first, second = self._interrupted(way, at)
            for which, outcome in (("first", first), ("second", second)):
                ended = outcome is not None and outcome.identity is not None
                story = outcome.story if outcome is not None else "it never began"
                assert ended, f"of two logins at once the {which}: {story}"

    def _interrupted(self, way: str, at: int) -> tuple[Outcome, Outcome | None]:
        """Log in, and once more while the first login waits at its question number *at*."""
        within: list[Outcome] = []
        asked: list[Challenge[Any]] = []

        def driver(flow: Flow[Identity], answer: Callable[[Challenge[Any]], Any]) -> Identity:
            def halfway(challenge: Challenge[Any]) -> Any:
                asked.append(challenge)
                if len(asked) - 1 == at:
                    within.append(self.log_in(way))
                return answer(challenge)

            return drive(flow, halfway)

        first = self.log_in(way, driver=driver)
        return first, next(iter(within), None)

    def test_it_may_be_cancelled_at_every_challenge(self, way: str) -> None:
        """Ctrl-C at any question ends the login at once, and takes a waiting push back."""
        for at, challenge in enumerate(self.success(way).person.asked):
            name = type(challenge).__name__
            outcome = self.log_in(way, hang_up=Cancelled("Ctrl-C"), at=at)
            assert isinstance(outcome.error, Cancelled), f"cancelled at {name}: {outcome.story}"
            asked = len(outcome.person.asked) - 1
            assert asked == at, f"cancelled at {name}, it asked {asked - at} more"

    def test_it_may_be_abandoned_at_every_challenge(self, way: str) -> None:
        """A login whose page was closed is closed too: ``finally`` runs, nothing is asked."""
        for at in range(len(self.success(way).person.asked)):
            outcome = self.log_in(way, hang_up=_Closed(), at=at, driver=_closing)
            assert isinstance(outcome.error, _Closed), f"closed at question {at}: {outcome.story}"

    def test_it_says_when_nobody_can_be_asked(self, way: str) -> None:
        """Without a person the login ends with status 75, at whichever question."""
        for at in range(len(self.success(way).person.asked)):
            outcome = self.log_in(way, hang_up=InteractionRequired("nobody is here"), at=at)
            asked = outcome.person.kinds[-1]
            # Core itself picks a factor where nobody can; then nothing more may have been needed.
            fits = isinstance(outcome.error, InteractionRequired)
            picked = outcome.identity is not None and asked == "Choice"
            assert fits or picked, f"at {asked}: {outcome.story}"

    def look_after(self, case: Any, outcome: Any) -> None:
        """See that no push is left behind by a login that is over."""
        super().look_after(case, outcome)
        ended = isinstance(outcome.error, (Cancelled, InteractionRequired, _Closed))
        if ended and case.waiting is not None:
            assert not case.waiting(), "a push still waits on the phone: cancel it in `finally`"


class _Closed(BaseException):
    """The page was closed."""


def _odd(challenge: Challenge[Any]) -> str:
    """Return what a front-end could not show."""
    if isinstance(challenge, Choice):
        labels = [challenge.label(option) for option in challenge.options]
        if not labels:
            return f"{challenge.title!r} offers nothing"
        if len(set(labels)) < len(labels):
            return f"two options look alike: {labels}"
        return "" if all(str(one).strip() for one in labels) else "an option has no label"
    if isinstance(challenge, (Approval, Browse)) and not 0.2 <= challenge.poll_after <= 60:
        return f"poll_after = {challenge.poll_after}: look again after some seconds"
    empty = [name for name in ("realm", "title", "url") if getattr(challenge, name, "-") == ""]
    return f"{empty[0]} is empty" if empty else ""


def _closing(flow: Flow[T], answer: Callable[[Challenge[Any]], Any]) -> T:
    """Drive a login that is closed where its person goes away, without a word to it."""
    try:
        challenge = next(flow)
        while True:
            challenge = flow.send(answer(challenge))
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        flow.close()


def _in_threads(flow: Flow[T], answer: Callable[[Challenge[Any]], Any]) -> T:
    """Drive a login with a new thread for every step."""
    try:
        challenge = _elsewhere(lambda: next(flow))
        while True:
            reply = answer(challenge)
            challenge = _elsewhere(lambda reply=reply: flow.send(reply))  # type: ignore[misc]
    except _Done as done:
        result: T = done.value
        return result
    finally:
        flow.close()


def _on_the_page(flow: Flow[T], answer: Callable[[Challenge[Any]], Any]) -> T:
    """Drive a login as a page does: threads, and JSON there and back."""

    def through_json(challenge: Challenge[Any]) -> Any:
        shown = json.loads(json.dumps(to_json(challenge)))
        return from_json(challenge, shown, answer(challenge))

    return _in_threads(flow, through_json)


class _Done(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _elsewhere(step: Callable[[], T]) -> T:
    """Run one step in a thread of its own."""
    box: dict[str, Any] = {}

    def run() -> None:
        try:
            box["value"] = step()
        except StopIteration as done:
            box["error"] = _Done(done.value)
        except BaseException as error:  # noqa: BLE001 - it goes on in the thread that waits
            box["error"] = error

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if "error" in box:
        raise box["error"]
    value: T = box["value"]
    return value
