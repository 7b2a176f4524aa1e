"""The HTTP side: a thread per connection; all judgement is elsewhere."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from runas_sso.testing.wire import Answer, Request

_LARGEST = 1 << 20
Responder = Callable[[Request], Answer]


class Server(ThreadingHTTPServer):
    """A loopback server."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, respond: Responder, port: int) -> None:
        self.respond = respond
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self) -> None:
        """Serve on a thread of its own."""
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that hang up."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    timeout = 30

    def do_POST(self) -> None:
        """Answer a request."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            self._send(Answer(413))
            return
        path, _, query = self.path.partition("?")
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(length))
        self._send(self.server.respond(Request(self.command, path, fields, headers, body)))

    def do_GET(self) -> None:
        """Answer a request."""
        self.do_POST()

    def do_HEAD(self) -> None:
        """Answer a request, without the body."""
        self.do_POST()

    def _send(self, answer: Answer) -> None:
        if answer.status == 0:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Write no log: `IdentityCenter.asked` tells more."""
