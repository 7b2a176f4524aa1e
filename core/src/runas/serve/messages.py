"""What goes in and out of an application of the local server."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message


class Request:
    """What a client asks for. The path has no query: no client of ours has any use for one."""

    __slots__ = ("headers", "method", "path")

    def __init__(self, method: str, path: str, headers: Message) -> None:
        self.method = method
        self.path = path
        self.headers = headers

    def header(self, name: str) -> str:
        """Return a header that came once; '' where it is missing or ambiguous."""
        texts = self.headers.get_all(name, [])
        return texts[0].strip() if len(texts) == 1 else ""


class Reply:
    """A status, a body and what is special about its headers."""

    __slots__ = ("body", "headers", "kind", "status")

    def __init__(
        self,
        body: str,
        status: int = 200,
        kind: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.body = body.encode()
        self.status = status
        self.kind = kind
        self.headers = dict(headers or {})


class Refusal(Exception):
    """A request is refused; becomes ``{"code", "message"}`` in both spellings that SDKs read."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers

    def reply(self) -> Reply:
        """Say it in JSON; nothing that the client sent is repeated.

        Go's SDK reads ``code`` and ``message``, JavaScript's the capitalised ones; botocore shows
        the whole body.
        """
        import json

        both = {"code": self.code, "message": self.message}
        text = json.dumps({**both, **{name.capitalize(): both[name] for name in both}})
        return Reply(text, self.status, headers=self.headers)
