"""A web site on a loopback port: pages in, requests out. What a plugin's fake is made of.

    with Site() as site:
        site.page("/login", "<form method=post action=/in><input name=user></form>")
        site.on("POST", "/in", lambda request: Answer(302, {"Location": "/app"}))
        ...
        assert site.requests[-1].form == {"user": "alice"}

Two sites are two origins. Unknown paths answer 404.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it arrived. Header names are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that was posted."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that came along."""
        parts = (part.strip().partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in parts if name}


@dataclass(frozen=True)
class Answer:
    """An answer; a header that is to come several times has a list of values."""

    status: int = 200
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)
    body: bytes | str = b""


Handler = Callable[[Asked], Answer]


class Site:
    """The site; a context manager."""

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self._handlers: dict[tuple[str, str], Handler] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The site's origin."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def on(self, method: str, path: str, handler: Handler | Answer) -> None:
        """Say what a path answers: always the same, or what the handler makes of the request."""
        fixed = handler
        self._handlers[method, path] = (lambda asked: fixed) if isinstance(fixed, Answer) else fixed

    def page(self, path: str, text: str, status: int = 200, **headers: str) -> None:
        """Serve a page of HTML for GET and POST."""
        kind = {"Content-Type": "text/html; charset=utf-8"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for method in ("GET", "POST"):
            self.on(method, path, Answer(status, kind | named, text))

    def calls(self, path: str) -> list[Asked]:
        """List the requests for a path."""
        return [each for each in self.requests if each.path == path]

    def _answer(self, asked: Asked) -> Answer:
        self.requests.append(asked)
        handler = self._handlers.get((asked.method, asked.path))
        return handler(asked) if handler else Answer(404, {"Content-Type": "text/plain"}, b"no")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class OneRequest(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                size = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                query = dict(parse_qsl(parts.query, keep_blank_values=True))
                body = self.rfile.read(size)
                answer = site._answer(Asked(self.command, parts.path, query, headers, body))
                content = answer.body.encode() if isinstance(answer.body, str) else answer.body
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    for each in [value] if isinstance(value, str) else value:
                        self.send_header(name, each)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Keep quiet."""

        return OneRequest
