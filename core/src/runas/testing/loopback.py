"""A web server on 127.0.0.1: what every fake listens with. It judges nothing.

class Acme(Fake):
    def __init__(self) -> None:
        self._server = Loopback(self._answer)

    def _answer(self, request: Request) -> Reply | None:
        return Reply(200, b"<form>...</form>", [("Content-Type", "text/html")])

with Acme() as acme:
    ...
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

__all__ = ["Fake", "Loopback", "Reply", "Request", "fields"]

_LARGEST = 1 << 20  # bytes of a request's body


@dataclass(frozen=True)
class Request:
    """A request as it arrived; ``search`` is what follows the question mark.

    Names of ``headers`` are in lower case, repeated ones joined by commas (RFC 9110, 5.3).
    """

    method: str
    path: str
    search: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def target(self) -> str:
        """Path and query."""
        return f"{self.path}?{self.search}" if self.search else self.path

    @property
    def query(self) -> dict[str, str]:
        """The fields of the query."""
        return fields(self.search)

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was posted."""
        return fields(self.body.decode("utf-8", "replace"))

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came along."""
        parts = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in parts if name}


def fields(text: str) -> dict[str, str]:
    """Read a form or a query; of a name that comes twice, the last counts."""
    return dict(parse_qsl(text, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What goes back. ``Server``, ``Date`` and ``Content-Length`` are added where not given."""

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    headers: Sequence[tuple[str, str]] = ()


Responder = Callable[[Request], Reply | None]
"""Answers a request on its connection's thread; None hangs up instead."""


class Loopback(ThreadingHTTPServer):
    """A server that is bound from the beginning (``port`` 0: a free one) and answers once started.

    Other ``methods`` get 501, bodies of more than a MiB 413. ``version`` HTTP/1.0 closes each
    connection after an answer.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(
        self,
        respond: Responder,
        port: int = 0,
        *,
        methods: str = "GET POST",
        version: str = "HTTP/1.1",
    ) -> None:
        self.respond = respond
        self._door = threading.Lock()
        self._open: set[Any] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        answered = {f"do_{method}": _Connection.serve for method in methods.split()}
        kind = type("_", (_Connection,), {"protocol_version": version, **answered})
        super().__init__(("127.0.0.1", port), kind)

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.server_port}"

    def start(self) -> None:
        """Serve: a thread for each connection."""
        self._thread.start()

    def stop(self) -> None:
        """Give the port back and hang up on everybody."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        with self._door:
            for connection in self._open:
                with suppress(OSError):  # it has hung up already
                    connection.shutdown(SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Note that a connection is open."""
        with self._door:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close a connection."""
        with self._door:
            self._open.discard(request)
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about clients that hang up."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Connection(BaseHTTPRequestHandler):
    server: Loopback
    timeout = 30  # seconds
    wbufsize = 1 << 16  # a reply leaves in one piece
    disable_nagle_algorithm = True

    def serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _LARGEST:
            self.send_error(413)
            return
        reply = self.server.respond(self._request(self.rfile.read(int(length))))
        if reply is None:
            self.close_connection = True
        else:
            self._send(reply)

    def _request(self, body: bytes) -> Request:
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        parts = urlsplit(self.path)
        return Request(self.command, parts.path, parts.query, headers, body)

    def _send(self, reply: Reply) -> None:
        self.send_response_only(reply.status)
        ours = {
            "Server": self.version_string(),
            "Date": self.date_time_string(),
            "Content-Length": str(len(reply.body)),
        }
        given = {name.title() for name, _ in reply.headers}
        added = [(name, value) for name, value in ours.items() if name not in given]
        for name, value in (*added, *reply.headers):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the fakes keep what was asked."""


class Fake:
    """A fake with a server of its own, which answers while a ``with`` block runs."""

    _server: Loopback

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._server.stop()
