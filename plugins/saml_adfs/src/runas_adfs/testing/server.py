"""Serve a fake on loopback: requests taken apart, replies put together, faults on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from runas.testing import loopback
from runas.testing.loopback import Fake, Loopback, Request

__all__ = ["Fault", "Reply", "Request", "Server", "redirect"]

_PRODUCT = ("Server", "Microsoft-HTTPAPI/2.0")


@dataclass
class Reply:
    """What goes back. Headers are pairs, since Set-Cookie comes more than once."""

    body: str = ""
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "text/html; charset=utf-8"

    def cookie(self, name: str, value: str, *, lasting: bool = False) -> Reply:
        """Set a cookie the way AD FS does: for its own folder, never for scripts."""
        life = "; expires=Fri, 31 Dec 2077 23:59:59 GMT" if lasting else ""
        self.headers.append(("Set-Cookie", f"{name}={value}; path=/adfs; HttpOnly{life}"))
        return self


def redirect(where: str) -> Reply:
    """Send the browser elsewhere."""
    return Reply("", 302, [("Location", where)])


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong instead of an answer.

    ``kind`` is ``drop`` (the connection closes), ``hang`` (nothing comes for ``seconds``) or
    ``answer`` (``body`` with ``status`` and ``headers``).
    """

    kind: str = "answer"
    body: bytes = b""
    status: int = 200
    seconds: float = 1.0
    content_type: str = "text/html; charset=utf-8"
    location: str = ""
    headers: tuple[tuple[str, str], ...] = ()


class Server(Fake):
    """A threaded HTTP server on 127.0.0.1; *answer* turns each Request into a Reply.

    ``faults`` maps a request's number, counted from 1, to what goes wrong with it and with all
    that follow.
    """

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self.faults: dict[int, Fault] = {}
        self._answer = answer
        self._lock = threading.Lock()
        self._server = Loopback(
            lambda request: _sent(self.handle(request)), methods="GET POST HEAD"
        )
        self.url = self._server.url
        self.host = self.url.partition("//")[2]

    def handle(self, request: Request) -> Reply | Fault:
        """Log the request and answer it, one at a time."""
        with self._lock:
            self.requests.append(request)
            broken = [fault for n, fault in self.faults.items() if len(self.requests) >= n]
            return broken[-1] if broken else self._answer(request)


def _sent(outcome: Reply | Fault) -> loopback.Reply | None:
    if isinstance(outcome, Fault):
        return _failed(outcome)
    headers = [_PRODUCT, ("Content-Type", outcome.kind), *outcome.headers]
    return loopback.Reply(outcome.status, outcome.body.encode(), headers)


def _failed(fault: Fault) -> loopback.Reply | None:
    if fault.kind == "hang":
        time.sleep(fault.seconds)
    if fault.kind in ("hang", "drop"):
        return None
    headers = [_PRODUCT, ("Content-Type", fault.content_type), *fault.headers]
    if fault.location:
        headers.append(("Location", fault.location))
    return loopback.Reply(fault.status, fault.body, headers)
