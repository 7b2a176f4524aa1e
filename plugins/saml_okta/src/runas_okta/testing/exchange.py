"""Requests, replies and the loopback server between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    cookies: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def json(self) -> dict[str, object]:
        """The JSON object in the body; empty where there is none."""
        try:
            body = json.loads(self.content)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form in the body."""
        return dict(parse_qsl(self.content.decode("utf-8", "replace"), keep_blank_values=True))

    @property
    def is_json(self) -> bool:
        """Whether the body says that it is JSON."""
        return self.headers.get("content-type", "").startswith(
            ("application/json", "application/ion+json")
        )


@dataclass
class Reply:
    """What goes back; ``dropped`` breaks the connection instead, ``after`` seconds later."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: list[tuple[str, str]] = field(default_factory=list)
    dropped: bool = False
    wait: threading.Event | None = None

    @classmethod
    def of(cls, value: object, status: int = 200, kind: str = "application/json") -> Reply:
        """Make a reply with JSON in it."""
        return cls(status, json.dumps(value).encode(), kind)

    @classmethod
    def page(cls, markup: str, status: int = 200) -> Reply:
        """Make a reply with a page in it."""
        return cls(status, markup.encode(), "text/html; charset=utf-8")

    @classmethod
    def redirect(cls, url: str) -> Reply:
        """Make a reply that leads elsewhere."""
        return cls(302, b"", "text/html", [("Location", url)])

    def cookie(self, name: str, value: str, rest: str = "Path=/; HttpOnly") -> Reply:
        """Set a cookie along with the reply."""
        self.headers.append(("Set-Cookie", f"{name}={value}; {rest}"))
        return self


Responder = Callable[[Request], Reply]


class Server(ThreadingHTTPServer):
    """A thread per connection, on a loopback port that the system picks."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, respond: Responder, port: int) -> None:
        self.respond = respond
        super().__init__(("127.0.0.1", port), Handler)

    def start(self) -> None:
        """Serve on a thread of its own."""
        options = {"poll_interval": 0.02}
        threading.Thread(target=self.serve_forever, kwargs=options, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    """Reads requests and writes replies; all judgement is elsewhere."""

    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        """Answer any method."""
        length = self.headers.get("Content-Length", "0")
        content = self.rfile.read(int(length) if length.isdigit() else 0)
        reply = self.server.respond(self._request(content))
        if reply.wait is not None:
            reply.wait.wait(10)
        if reply.dropped:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    do_POST = do_HEAD = do_GET

    def _request(self, content: bytes) -> Request:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            jar.clear()
        cookies = {name: morsel.value for name, morsel in jar.items()}
        fields = dict(parse_qsl(query, keep_blank_values=True))
        return Request(self.command, path, fields, headers, cookies, content)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: the org's `requests` tell more."""
