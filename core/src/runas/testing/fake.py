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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

__all__ = ["FakeRequest", "FakeServer", "Reply"]


@dataclass(frozen=True)
class FakeRequest:
    """What was asked. ``fields`` are the form's, the JSON document's or the query's."""

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


class FakeServer:
    """A server; define ``respond``. ``requests`` are all that came in. Requests come one by one."""

    def __init__(self) -> None:
        self.requests: list[FakeRequest] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def respond(self, request: FakeRequest) -> Reply:
        """Answer one request."""
        return Reply("not found", 404)

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, request: FakeRequest) -> Reply:
        """Note a request and answer it."""
        with self._lock:
            self.requests.append(request)
            return self.respond(request)


def _handler(server: FakeServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        wbufsize = 1 << 16  # an answer leaves in one piece
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode("utf-8", "replace") or parts.query
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = server.answer(FakeRequest(self.command, parts.path, _fields(text), headers))
            self._send(reply)

        do_GET = do_POST = do_PUT = do_DELETE = _answer

        def _send(self, reply: Reply) -> None:
            page = isinstance(reply.body, str)
            text = reply.body if page else json.dumps(reply.body)
            body = text.encode("utf-8", "surrogateescape")
            self.send_response(reply.status)
            self.send_header("Content-Type", "text/html" if page else "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing: the requests are kept."""

    return Handler


def _fields(text: str) -> dict[str, Any]:
    if text.lstrip().startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}
    return dict(parse_qsl(text, keep_blank_values=True))
