"""One connection to a server on this machine: its limits, and who may ask.

Any web page can make a browser send requests to 127.0.0.1, from the page's own origin or under a
name that its owner has pointed there (DNS rebinding). No SDK sends the headers that give those
away. What comes is one small GET at a time, without a body, and not slowly.
"""

from __future__ import annotations

import io
import ipaddress
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler

from .messages import Refusal, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from http import HTTPStatus

    from .base import Server
    from .messages import Reply

log = logging.getLogger(__name__)

_LARGEST = 16 * 1024  # bytes of a request
_LINGER = 0.5  # seconds for a refused client to hear why

# Headers of browsers and proxies. The first is harmless when it says that a person typed the URL.
_BROWSER = "Sec-Fetch-Site"
_FOREIGN = ("Origin", "Referer", "X-Forwarded-For", "Forwarded", "Via")


class _TooLarge(Exception):
    """More came than any request of an SDK has."""


class _Inlet(io.RawIOBase):
    """A connection's input that ends a request which is too slow or too large."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._until = 0.0
        self._left = 0

    def open(self, patience: float, largest: int) -> None:
        """Begin to wait for the next request."""
        self._until = time.monotonic() + patience
        self._left = largest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        patience = self._until - time.monotonic()
        if patience <= 0:
            raise TimeoutError
        if self._left <= 0:
            raise _TooLarge
        self._connection.settimeout(patience)
        count = self._connection.recv_into(buffer, min(len(buffer), self._left))
        self._left -= count
        return count


class Handler(BaseHTTPRequestHandler):
    """One connection: plumbing and the guard."""

    protocol_version = "HTTP/1.1"
    server: Server  # type: ignore[assignment]

    def setup(self) -> None:
        """Put our limits between the connection and the parser."""
        self.connection = self.request
        self._inlet = _Inlet(self.connection)
        self.rfile = io.BufferedReader(self._inlet, 4096)
        self.wfile = io.BufferedWriter(socket.SocketIO(self.connection, "w"))

    def handle_one_request(self) -> None:
        """Answer a request; leave the connection open where all went well and nobody waits."""
        self.close_connection = True
        self._inlet.open(self.server.patience, _LARGEST)
        try:
            self.raw_requestline = self.rfile.readline(_LARGEST)
            if self.raw_requestline and self.parse_request():
                self._answer()
        except TimeoutError:
            return
        except _TooLarge:
            self._refuse(Refusal(431, "RequestTooLarge", "the request is too large"))

    def _answer(self) -> None:
        try:
            request = self._guarded()
        except Refusal as refusal:
            self._refuse(refusal)
            return
        try:
            reply = self.server.application(request)
        except Refusal as refusal:
            reply = refusal.reply()
        if self.server.busy:
            self.close_connection = True
        self._send(reply)

    def _guarded(self) -> Request:
        """Return the request when it comes from a program on this machine that means us."""
        if self.command == "OPTIONS":
            raise Refusal(405, "MethodNotAllowed", "only GET is served here", Allow="GET")
        if not ipaddress.ip_address(self.client_address[0]).is_loopback:
            raise Refusal(403, "ForbiddenClient", "this endpoint serves its own machine only")
        request = Request(self.command, self.path.partition("?")[0], self.headers)
        if request.header("Host").lower() not in self.server.hosts:
            raise Refusal(403, "ForbiddenHost", "the Host header is not the address served")
        if any(name in self.headers for name in _FOREIGN):
            raise Refusal(403, "ForbiddenOrigin", "requests of web pages and proxies are refused")
        if request.header(_BROWSER) != "none" and _BROWSER in self.headers:
            raise Refusal(403, "ForbiddenOrigin", "requests of web pages are refused")
        if not self.path.startswith("/"):
            raise Refusal(400, "BadRequest", "the request's target is no path")
        if "Transfer-Encoding" in self.headers or self.headers.get("Content-Length", "0") != "0":
            raise Refusal(400, "BadRequest", "a body is not expected here")
        return request

    def _refuse(self, refusal: Refusal) -> None:
        """Say why and hang up: what else the client has sent may be part of a body."""
        self.close_connection = True
        self._send(refusal.reply())
        self._linger()

    def _send(self, reply: Reply) -> None:
        self.connection.settimeout(self.server.patience)
        self.send_response_only(reply.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, text in reply.headers.items():
            self.send_header(name, text)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()
        log.debug("answered %s with %s", self.command, reply.status)

    def _linger(self) -> None:
        """Read on a little: to close with input unread takes the answer back (RFC 9112, 9.6)."""
        self.connection.shutdown(socket.SHUT_WR)
        self._inlet.open(_LINGER, 4 * _LARGEST)
        try:
            while self.rfile.read1(4096):
                continue
        except (TimeoutError, _TooLarge):
            return

    def send_error(
        self, code: HTTPStatus | int, message: str | None = None, explain: str | None = None
    ) -> None:
        """Answer what is no HTTP, without repeating it."""
        self.command = self.command or "-"
        self._refuse(Refusal(int(code), "BadRequest", "the request could not be understood"))

    def handle_expect_100(self) -> bool:
        """Wait for no body."""
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing of what a client sends."""
