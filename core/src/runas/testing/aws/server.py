"""The HTTP side: a thread per connection, one request at a time on each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from runas.testing.aws.signature import HttpRequest

_LARGEST = 1 << 20  # bytes of a request's body


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = "text/xml"
    request_id: str = ""


#: What answers requests; None breaks the connection instead.
Responder = Callable[[HttpRequest], Answer | None]


class Server(ThreadingHTTPServer):
    """A loopback server; `clock` dates its answers."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, respond: Responder, clock: Callable[[], float], port: int) -> None:
        self.respond = respond
        self.clock = clock
        super().__init__(("127.0.0.1", port), Handler)

    def start(self) -> None:
        """Serve on a thread of its own."""
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up."""


class Handler(BaseHTTPRequestHandler):
    """Reads requests and writes answers; all judgement is elsewhere."""

    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer leaves in one piece
    disable_nagle_algorithm = True
    timeout = 30

    def do_POST(self) -> None:
        """Answer an API call."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            self._send(Answer(413, b"request too large\n", "text/plain"))
            return
        answer = self.server.respond(self._request(self.rfile.read(int(length))))
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def do_GET(self) -> None:
        """Answer a presigned request, or the control path."""
        self.do_POST()

    def _request(self, body: bytes) -> HttpRequest:
        path, _, query = self.path.partition("?")
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            key = name.lower()
            headers[key] = f"{headers[key]},{value}" if key in headers else value
        return HttpRequest(self.command, path, query, headers, body)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.request_id:
            self.send_header("x-amzn-RequestId", answer.request_id)
        self.end_headers()
        self.wfile.write(answer.body)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Date answers by AWS's clock: clients correct their own by it."""
        return formatdate(self.server.clock() if timestamp is None else timestamp, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: the emulator's `requests` tell more."""
