"""The HTTP side: what the emulator and `Loopback` say of requests and answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate

from runas.testing.aws.signature import HttpRequest
from runas.testing.loopback import Loopback, Reply, Request


@dataclass(frozen=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = "text/xml"
    request_id: str = ""


#: What answers requests; None breaks the connection instead.
Responder = Callable[[HttpRequest], Answer | None]


def serving(respond: Responder, clock: Callable[[], float], port: int) -> Loopback:
    """Make the server; answers are dated by AWS's clock, by which clients correct their own."""

    def reply(asked: Request) -> Reply | None:
        request = HttpRequest(asked.method, asked.path, asked.search, asked.headers, asked.body)
        answer = respond(request)
        if answer is None:
            return None
        headers = [
            ("Content-Type", answer.content_type),
            ("Date", formatdate(clock(), usegmt=True)),
        ]
        if answer.request_id:
            headers.append(("x-amzn-RequestId", answer.request_id))
        return Reply(answer.status, answer.body, headers)

    return Loopback(reply, port)
