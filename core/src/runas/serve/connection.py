"""One connection to a server on this machine: how much a client may say, and how slowly.

Whether it may say anything at all is `guard`'s business, what is answered the application's.
"""

from __future__ import annotations

import io
import ipaddress
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler

from .guard import means_us
from .messages import Refusal, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from email.message import Message
    from http import HTTPStatus

    from .messages import Reply, Site

log = logging.getLogger(__name__)

_LARGEST = 16 * 1024  # bytes of a request
_LINGER = 0.5  # seconds for a refused client to hear why


class _TooLarge(Exception):
    """More came than any request of an SDK has."""


def _plain(headers: Message) -> bool:
    """Tell headers that every reader takes for the same ones.

    The parser of the standard library is one for mail: a line that is no header ends them, and what
    follows, an ``X-Forwarded-For`` perhaps, would not be seen. Nor is a name followed by a space
    one, nor a folded line. Source: RFC 9112, 5.1 and 5.2.
    """
    if headers.defects or headers.get_payload():
        return False
    return not any(steering in text for text in headers.values() for steering in "\0\r\n")


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
    server: Site  # type: ignore[assignment]

    def setup(self) -> None:
        """Put our limits between the connection and the parser."""
        self.connection = self.request
        self._inlet = _Inlet(self.connection)
        self.rfile = io.BufferedReader(self._inlet, 4096)
        self.wfile = io.BufferedWriter(socket.SocketIO(self.connection, "w"))

    def handle_one_request(self) -> None:
        """Answer a request; leave the connection open where all went well and nobody waits."""
        self.close_connection = True
        self.command = "-"
        self._inlet.open(self.server.patience, _LARGEST + self.server.largest_body)
        self.server.idle(self.connection)
        try:
            self.raw_requestline = self.rfile.readline(_LARGEST + 1)
            if self.raw_requestline and self._understood():
                self._answer()
        except TimeoutError:
            return
        except _TooLarge:
            self._refuse(Refusal(431, "RequestTooLarge", "the request is too large"))

    def _understood(self) -> bool:
        # Two words are HTTP/0.9, which has no headers and thus neither Host nor token.
        if len(self.raw_requestline.split()) != 3:
            self.send_error(400)
            return False
        if not self.parse_request():
            return False
        if not _plain(self.headers):
            self.send_error(400)
            return False
        return True

    def _answer(self) -> None:
        try:
            request = self._guarded()
            request.body = self._body()
        except Refusal as refusal:
            self._refuse(refusal)
            return
        self.server.working(self.connection)
        try:
            reply = self.server.application(request)
        except Refusal as refusal:
            reply = refusal.reply()
        if self.server.busy:
            self.close_connection = True
        self._send(reply)

    def _guarded(self) -> Request:
        """Return the request when it comes from this machine and means us; the body comes later."""
        if self.command == "OPTIONS":
            raise Refusal(405, "MethodNotAllowed", "only GET is served here", Allow="GET")
        # A link-local address of this machine talks to itself from that same address.
        peer = self.client_address[0]
        if not ipaddress.ip_address(peer).is_loopback and peer != self.connection.getsockname()[0]:
            raise Refusal(403, "ForbiddenClient", "this endpoint serves its own machine only")
        request = Request(self.command, self.path, self.headers)
        means_us(request, self.server.hosts)
        self.server.guard(request)
        if not self.path.startswith("/"):
            raise Refusal(400, "BadRequest", "the request's target is no path")
        return request

    def _body(self) -> bytes:
        lengths = self.headers.get_all("Content-Length", ["0"])
        if "Transfer-Encoding" in self.headers or len(lengths) != 1 or not lengths[0].isdecimal():
            raise Refusal(400, "BadRequest", "the length of the body is not plain")
        # Nine digits suffice to be too large; zeros before them are none of these.
        length, largest = int(lengths[0].lstrip("0")[:9] or "0"), self.server.largest_body
        if length and not largest:
            raise Refusal(400, "BadRequest", "a body is not expected here")
        if length > largest:
            raise Refusal(413, "RequestTooLarge", "the body is too large")
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise Refusal(400, "BadRequest", "the body is not complete")
        return body

    def _refuse(self, refusal: Refusal) -> None:
        """Say why and hang up: what else the client has sent may be part of a body."""
        self.close_connection = True
        self._send(refusal.reply())
        self._linger()

    def _send(self, reply: Reply) -> None:
        self.connection.settimeout(self.server.patience)
        self.request_version = self.protocol_version  # whatever a garbled request line left there
        self.send_response_only(reply.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", reply.kind)
        if reply.stream is None:
            self.send_header("Content-Length", str(len(reply.body)))
        else:
            self.close_connection = True
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        # Old browsers, and all of them at 169.254.169.254, do not say which page asks.
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        for name, text in reply.headers.items():
            self.send_header(name, text)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.wfile.flush()
        log.debug("answered %s with %s", self.command, reply.status)
        if reply.stream is not None:
            self._pour(reply.stream)

    def _pour(self, stream: Generator[bytes, None, None]) -> None:
        try:
            for piece in stream:
                self.wfile.write(piece)
                self.wfile.flush()
        finally:
            stream.close()

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
        self._refuse(Refusal(int(code), "BadRequest", "the request could not be understood"))

    def handle_expect_100(self) -> bool:
        """Wait for no body."""
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing of what a client sends."""
