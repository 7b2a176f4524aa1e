"""Requests and replies, and the loopback server between them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from runas.testing import loopback
from runas.testing.loopback import Loopback


class Request(loopback.Request):
    """One request as it arrived."""

    @property
    def content(self) -> bytes:
        """The body."""
        return self.body

    @property
    def json(self) -> dict[str, object]:
        """The JSON object in the body; empty where there is none."""
        try:
            body = json.loads(self.content)
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}

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


def serving(respond: Callable[[Request], Reply], port: int) -> Loopback:
    """Make the server."""

    def answer(asked: loopback.Request) -> loopback.Reply | None:
        reply = respond(Request(**vars(asked)))
        if reply.wait is not None:
            reply.wait.wait(10)
        headers = [("Content-Type", reply.kind), *reply.headers]
        return None if reply.dropped else loopback.Reply(reply.status, reply.body, headers)

    return Loopback(answer, port, methods="GET POST HEAD")
