"""A service from its start to its end: the server, the profiles, the page, and signals."""

from __future__ import annotations

import queue
import signal
import sys
import threading
import time
import traceback
from typing import TYPE_CHECKING

from .base import Server
from .guard import only_our_page, only_programs
from .messages import Refusal
from .page.access import Access
from .page.site import Site

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from .ecs import Ecs
    from .imds import Imds
    from .journal import Journal
    from .messages import Reply, Request
    from .profiles import Profiles

_AT_ONCE = 512  # clients answered at the same time; each takes a thread
_LARGEST_BODY = 16 * 1024  # bytes: a password, a profile's name
_LAST_WORDS = 0.7  # seconds for logins to call off what they have begun

ENDED, INTERRUPTED = 0, 130


class Service:
    """An endpoint with its page. *programs* answers SDKs; all other paths are the page's."""

    def __init__(
        self,
        programs: Ecs | Imds,
        profiles: Profiles,
        journal: Journal,
        access: Access,
        title: str,
    ) -> None:
        self._programs = programs
        self._profiles = profiles
        self._journal = journal
        self._page = Site(profiles, journal, access, title)
        self._server: Server | None = None
        self._orders: queue.SimpleQueue[int] = queue.SimpleQueue()

    def open(self, listening: socket.socket, *names: str) -> None:
        """Answer from now on; *names* are hosts besides the address itself."""
        host, port = listening.getsockname()[:2]
        hosts = [f"{name}:{port}" for name in (host, *names)]
        if port == 80:
            hosts += [host, *names]
        self._server = Server(
            listening.detach(),
            self,
            hosts,
            guard=self.guard,
            largest_body=_LARGEST_BODY,
            at_once=_places(),
        )
        self._server.start()

    def guard(self, request: Request) -> None:
        """Let programs have credentials, and our page the rest; raises Refusal."""
        if self._programs.serves(request.path):
            only_programs(request)
        else:
            only_our_page(request)

    def __call__(self, request: Request) -> Reply:
        """Answer one request; raises Refusal."""
        if not self._programs.serves(request.path):
            return self._page(request)
        if request.body:
            raise Refusal(400, "BadRequest", "a body is not expected here")
        return self._programs(request)

    def wait(self, reread: Callable[[], None]) -> int:
        """Wait for a signal to end; *reread* is called at SIGHUP. Return the exit status."""
        numbers = [signal.SIGINT, signal.SIGTERM]
        if sys.platform != "win32":
            numbers.append(signal.SIGHUP)
        before = {number: signal.signal(number, self._order) for number in numbers}
        try:
            while True:
                number = self._next()
                if number == signal.SIGINT:
                    return INTERRUPTED
                if number == signal.SIGTERM:
                    return ENDED
                reread()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self.close()

    def _order(self, number: int, frame: object) -> None:
        self._orders.put(number)

    def _next(self) -> int:
        while True:
            try:
                # Windows delivers no signal to a main thread that waits without end.
                return self._orders.get(timeout=1.0 if sys.platform == "win32" else None)
            except queue.Empty:
                continue

    def close(self) -> None:
        """Stop; logins that wait get a moment to call off what they have begun."""
        if self._server is not None:
            self._server.close()
        self._journal.close()
        until = time.monotonic() + _LAST_WORDS
        held = self._profiles.all()
        self._profiles.close()
        for each in held:
            each.renewal.settle(lambda: False, max(0.0, until - time.monotonic()))


if sys.platform == "win32":

    def _places() -> int:
        """Return how many clients to answer at the same time."""
        return _AT_ONCE
else:
    import resource

    def _places() -> int:
        """Return how many clients to answer at the same time: half of the files we may open."""
        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return _AT_ONCE if most < 0 else max(1, min(_AT_ONCE, most // 2))


def report_bugs(say: Callable[[str], None], verbose: int) -> None:
    """Let an unexpected exception in a thread be one line, as everywhere; ``-vv`` shows it all."""

    def told(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is SystemExit:
            return
        say(f"unexpected {args.exc_type.__name__} in {_thread(args.thread)}; -vv shows where")
        if verbose >= 2:
            traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)

    threading.excepthook = told


def _thread(thread: threading.Thread | None) -> str:
    return f"a {thread.name} thread" if thread is not None else "a thread"
