"""Serve a fake on loopback: requests taken apart, replies put together, faults on demand."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Request:
    """One request as it arrived. ``form`` is the decoded body; ``target`` is path and query."""

    method: str
    target: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    cookies: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""


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


class Server:
    """A threaded HTTP server on 127.0.0.1; *answer* turns each Request into a Reply.

    ``faults`` maps a request's number, counted from 1, to what goes wrong with it and with all
    that follow.
    """

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.requests: list[Request] = []
        self.faults: dict[int, Fault] = {}
        self._answer = answer
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("_", (_Handler,), {"fake": self}))
        self._http.daemon_threads = True
        self.host = f"127.0.0.1:{self._http.server_address[1]}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.shutdown()
        self._http.server_close()

    def handle(self, request: Request) -> Reply | Fault:
        """Log the request and answer it, one at a time."""
        with self._lock:
            self.requests.append(request)
            broken = [fault for n, fault in self.faults.items() if len(self.requests) >= n]
            return broken[-1] if broken else self._answer(request)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    fake: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet: two of them wait 40 ms for each other
    server_version = "Microsoft-HTTPAPI/2.0"
    sys_version = ""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        outcome = self.fake.handle(self._request())
        if isinstance(outcome, Fault):
            self._fail(outcome)
        else:
            headers = [("Content-Type", outcome.kind), *outcome.headers]
            self._send(outcome.status, headers, outcome.body.encode())

    def _fail(self, fault: Fault) -> None:
        if fault.kind == "hang":
            time.sleep(fault.seconds)
        if fault.kind in ("hang", "drop"):
            self.close_connection = True
            return
        headers = [("Content-Type", fault.content_type), *fault.headers]
        if fault.location:
            headers.append(("Location", fault.location))
        self._send(fault.status, headers, fault.body)

    def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return Request(
            method=self.command,
            target=self.path,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form=_form(body),
            cookies=_cookies(self.headers.get("Cookie", "")),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _cookies(header: str) -> dict[str, str]:
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return {name: value for name, _, value in pairs if name}
