"""A web server for fakes: a method that answers requests, on a loopback port.

class Acme(FakeServer):
    def respond(self, request: FakeRequest) -> Reply:
        if request.path == "/sso":
            return Reply("<form>...</form>")
        return Reply({"error": "not found"}, 404)

with Acme() as acme:
    ...  # acme.url, acme.requests
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runas.testing import loopback
from runas.testing.loopback import Fake, Loopback, Request

__all__ = ["FakeRequest", "FakeServer", "Reply"]


@dataclass(frozen=True)
class FakeRequest:
    """What was asked. ``fields`` are the form's, the JSON document's or the query's.

    Names of ``headers`` are in lower case.
    """

    method: str
    path: str
    fields: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Reply:
    """What is answered: text is a page, anything else JSON."""

    body: Any = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeServer(Fake):
    """A server; define ``respond``. ``requests`` are all that came in. Requests come one by one.

    Where ``respond`` itself raised, leaving the ``with`` block raises AssertionError and says so.
    """

    def __init__(self) -> None:
        self.requests: list[FakeRequest] = []
        self._lock = threading.Lock()
        self._failures: list[str] = []
        self._server = Loopback(
            lambda asked: self._replied(_read(asked)),
            methods="GET POST PUT DELETE",
            version="HTTP/1.0",
        )

    def respond(self, request: FakeRequest) -> Reply:
        """Answer one request."""
        return Reply("not found", 404)

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return self._server.url

    def answer(self, request: FakeRequest) -> Reply:
        """Note a request and answer it."""
        with self._lock:
            self.requests.append(request)
            return self.respond(request)

    def _replied(self, request: FakeRequest) -> loopback.Reply | None:
        """Answer, or hang up and remember why: else it would look like a service that is away."""
        try:
            return _sent(self.answer(request))
        except Exception as error:  # noqa: BLE001 - the author's code: it may raise anything
            what = f"{request.method} {request.path}: {type(error).__name__}: {error}"
            self._failures.append(f"the fake itself failed at {what}")
            return None

    def __exit__(self, *raised: object) -> None:
        super().__exit__(*raised)
        if self._failures:
            raise AssertionError(self._failures[0])


def _read(asked: Request) -> FakeRequest:
    text = asked.body.decode("utf-8", "replace") or asked.search
    return FakeRequest(asked.method, asked.path, _fields(text), asked.headers)


def _sent(reply: Reply) -> loopback.Reply:
    page = isinstance(reply.body, str)
    text = reply.body if page else json.dumps(reply.body)
    kind = ("Content-Type", "text/html" if page else "application/json")
    body = text.encode("utf-8", "surrogateescape")
    return loopback.Reply(reply.status, body, [kind, *reply.headers.items()])


def _fields(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    return loopback.fields(text)
