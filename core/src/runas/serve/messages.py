"""What goes in and out of an application of the local server."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Generator, Mapping
    from email.message import Message
    from typing import Protocol

    Application = Callable[["Request"], "Reply"]
    Guard = Callable[["Request"], None]

    class Site(Protocol):
        """What a connection has to know of the server it came to."""

        application: Application
        guard: Guard
        hosts: frozenset[str]
        largest_body: int
        patience: float

        @property
        def busy(self) -> bool:
            """Tell whether a client should make place for the next one after its answer."""

        def idle(self, connection: socket.socket) -> None:
            """Note that a connection waits for its client: it may be closed to make room."""

        def working(self, connection: socket.socket) -> None:
            """Note that a connection's client has said all and waits for us."""


class Request:
    """What a client asks for: a method, a path without its query, headers and perhaps a body."""

    __slots__ = ("body", "headers", "method", "path", "query")

    def __init__(self, method: str, target: str, headers: Message) -> None:
        self.method = method
        self.path, _, self.query = target.partition("?")
        self.headers = headers
        self.body = b""

    def header(self, name: str) -> str:
        """Return a header that came once; '' where it is missing or ambiguous."""
        texts = self.headers.get_all(name, [])
        return texts[0].strip() if len(texts) == 1 else ""


class Reply:
    """A status, a body and what is special about its headers.

    With a *stream* the body goes on, piece by piece, until that ends or the client has gone.
    """

    __slots__ = ("body", "headers", "kind", "status", "stream")

    def __init__(
        self,
        body: str,
        status: int = 200,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
        stream: Generator[bytes, None, None] | None = None,
    ) -> None:
        self.body = body.encode()
        self.status = status
        self.kind = kind
        self.headers = dict(headers or {})
        self.stream = stream


class Refusal(Exception):
    """A request is refused; becomes ``{"code", "message"}`` in both spellings that SDKs read."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = {name.replace("_", "-"): text for name, text in headers.items()}

    def reply(self) -> Reply:
        """Say it in JSON; nothing that the client sent is repeated.

        Go's SDK reads ``code`` and ``message``, JavaScript's the capitalised ones; botocore shows
        the whole body.
        """
        import json

        both = {"code": self.code, "message": self.message}
        text = json.dumps({**both, **{name.capitalize(): both[name] for name in both}})
        return Reply(text, self.status, headers=self.headers)
