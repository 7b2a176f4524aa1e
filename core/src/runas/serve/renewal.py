"""Credentials that stay fresh: renewed ahead of their end, once however many clients ask."""

from __future__ import annotations

import logging
import threading
import time

from runas.errors import RunasError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from runas._credentials import Credentials

log = logging.getLogger(__name__)

# SDKs refetch what has less than 15 minutes left (botocore), so renew before that; short-lived
# credentials, which never have that much, in the last third of their life.
WANTED_LEFT = 900
_HEAD_START = 300
_HOUR = 3600
_CLOCK_SLACK = 60  # seconds; a clock that was set back by more makes the end a guess

_WAIT = 0.8  # seconds a client is kept waiting: JavaScript and Java give up after one
_LONGEST_SLEEP = 30.0  # seconds; timers stand still while a laptop sleeps, its clock does not
_BACK_OFF = (1.0, 60.0)  # seconds; doubling from the first to the second
_AGAIN_ON_DEMAND = 5.0  # seconds after which a client that has nothing may cause another attempt
_REFUSED = (900.0, 3600.0)  # seconds between attempts after a refusal: accounts lock
_REFUSALS = frozenset((77, 130))  # Refused, and a person who said no
_PERSON_NEEDED = 75


class Unavailable(Exception):
    """There are no valid credentials at the moment; *person* says that somebody must log in."""

    def __init__(self, code: str, message: str, person: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.person = person


class Renewal:
    """Hold one set of credentials and replace it in time, by calling *obtain* in a thread.

    *obtained* is when the first ones were won, in epoch seconds. An attempt that fails while the
    old ones are good is nobody's business; afterwards clients are told why it failed. *wanted_left*
    is how many seconds of life clients want of credentials that live for an hour. *asking* says
    what a person is being asked for at the moment; *changed* is called when anything has changed.
    """

    def __init__(
        self,
        obtain: Callable[[], Credentials],
        credentials: Credentials | None = None,
        obtained: float | None = None,
        *,
        clock: Callable[[], float] = time.time,
        wait: float = _WAIT,
        wanted_left: int = WANTED_LEFT,
        asking: Callable[[], str] = str,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._obtain = obtain
        self._credentials = credentials
        self._obtained = clock() if obtained is None else obtained
        self._clock = clock
        self._wait = wait
        self._wanted_left = wanted_left
        self._asking = asking
        self._tell = changed
        self._changed = threading.Condition()
        self._flying = False
        self._closed = False
        self._failures = 0
        self._failure: Unavailable | None = None
        self._failed_at = 0.0  # monotonic, like the next
        self._refused = False
        self._not_before = 0.0

    def start(self) -> None:
        """Begin to renew ahead of time, whether a client asks or not."""
        threading.Thread(target=self._watch, name="renewal", daemon=True).start()

    def close(self) -> None:
        """Stop; an attempt that is under way ends for nobody."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stir(self) -> None:
        """Let clients that wait look again: a person is being asked."""
        with self._changed:
            self._changed.notify_all()

    def renew(self) -> None:
        """Begin an attempt now, whatever went before: a person wants it."""
        with self._changed:
            self._not_before, self._refused = 0.0, False
            self._launch(asked=False)

    @property
    def credentials(self) -> Credentials | None:
        """The credentials held, good or not."""
        return self._credentials

    @property
    def failure(self) -> Unavailable | None:
        """Why the last attempt failed; None where it did not, or another is under way."""
        return None if self._flying else self._failure

    @property
    def flying(self) -> bool:
        """Tell whether an attempt is under way."""
        return self._flying

    def settle(self, asked: Callable[[], bool], wait: float) -> bool:
        """Wait until the attempt has ended, or a person is *asked*; tell whether it came to that.

        Whoever makes *asked* true must `stir`.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._flying or asked(), wait)

    def current(self) -> Credentials:
        """Return valid credentials within a second; raises Unavailable."""
        with self._changed:
            if self._due():
                self._launch(asked=True)
            if not self._valid():
                self._changed.wait_for(self._worth_a_look, self._wait)
            if self._valid():
                assert self._credentials is not None
                return self._credentials
            raise self._reason()

    def _worth_a_look(self) -> bool:
        return self._valid() or not self._flying or bool(self._asking())

    def _valid(self) -> bool:
        end = self._credentials.expiration if self._credentials else 0
        return end is None or self._clock() < end

    def _due(self) -> bool:
        return self._left_until_due() <= 0

    def _left_until_due(self) -> float:
        if self._credentials is None:
            return 0
        end = self._credentials.expiration
        if end is None:
            return _LONGEST_SLEEP
        if self._obtained > self._clock() + _CLOCK_SLACK:
            return 0
        life = max(0.0, end - self._obtained)
        share = min(1.0, life / _HOUR)
        return end - self._clock() - share * (self._wanted_left + _HEAD_START)

    def _reason(self) -> Unavailable:
        asked = self._asking() if self._flying else ""
        if asked:
            return Unavailable("InteractionRequired", asked, person=True)
        if self._failure is not None and not self._flying:
            return Unavailable(self._failure.code, self._failure.message, self._failure.person)
        state = "have expired and are being renewed" if self._credentials else "are being obtained"
        return Unavailable(
            "CredentialsBeingRenewed",
            f"the credentials {state}; runas may be asking for it in its terminal",
        )

    def _launch(self, asked: bool) -> None:
        """Begin an attempt unless one is under way or it is too early; holds the lock."""
        now = time.monotonic()
        early = now < self._not_before
        if asked and not self._refused and not self._valid():
            early = self._failure is not None and now < self._failed_at + _AGAIN_ON_DEMAND
            early = early and now < self._not_before
        if not (self._flying or self._closed or early):
            self._flying = True
            self._changed.notify_all()
            try:
                threading.Thread(target=self._fly, name="login", daemon=True).start()
            except RuntimeError:  # the system has no more: a container's limit, say
                self._flying = False
                self._settle(None, Unavailable("ServiceUnavailable", "no thread can be had"), False)

    def _fly(self) -> None:
        failure: Unavailable | None = Unavailable("InternalError", "the login helper broke down")
        credentials, refused = None, False
        try:
            credentials, failure = self._obtain(), None
        except RunasError as error:
            refused = error.status in _REFUSALS
            failure = _explained(error)
            log.debug("renewal failed with %s: %s", error.status, error.fact)
        except OSError as error:
            failure = Unavailable("ServiceUnavailable", f"the login helper: {error.strerror}")
        finally:
            with self._changed:
                self._flying = False
                self._settle(credentials, failure, refused)
                self._changed.notify_all()
            self._tell()

    def _settle(
        self, credentials: Credentials | None, failure: Unavailable | None, refused: bool
    ) -> None:
        """Take in how an attempt ended; holds the lock."""
        self._failure = failure
        if credentials is not None and credentials != self._credentials:
            self._credentials, self._obtained = credentials, self._clock()
        if failure is None and not self._due():
            self._failures, self._refused, self._not_before = 0, False, 0.0
            return
        # What was obtained is due already (the same as before, say): as good as a failure.
        first, longest = _REFUSED if refused else _BACK_OFF
        self._failures = 0 if refused and not self._refused else self._failures
        self._refused = refused
        self._failed_at = time.monotonic()
        self._not_before = self._failed_at + min(longest, first * 2**self._failures)
        self._failures = min(self._failures + 1, 30)

    def _watch(self) -> None:
        with self._changed:
            while not self._closed:
                if self._due():
                    self._launch(asked=False)
                self._changed.wait(self._nap())

    def _nap(self) -> float:
        left = self._left_until_due()
        if left > 0:
            return min(left, _LONGEST_SLEEP)
        if self._flying:
            return _LONGEST_SLEEP
        return min(max(self._not_before - time.monotonic(), 0.05), _LONGEST_SLEEP)


def _explained(error: RunasError) -> Unavailable:
    if error.status == _PERSON_NEEDED:
        return Unavailable("InteractionRequired", str(error), person=True)
    code = "AccessDenied" if error.status in _REFUSALS else "ServiceUnavailable"
    return Unavailable(code, str(error))
