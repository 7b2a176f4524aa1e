"""A web site on a loopback port: pages in, requests out. What a plugin's fake is made of.

    with Site() as site:
        site.page("/login", "<form method=post action=/in><input name=user></form>")
        site.on("POST", "/in", lambda request: Answer(302, {"Location": "/app"}))
        ...
        assert site.requests[-1].form == {"user": "alice"}

Two sites are two origins. Unknown paths answer 404.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from runas.testing.loopback import Fake, Loopback, Reply, Request


@dataclass(frozen=True)
class Answer:
    """An answer; a header that is to come several times has a list of values."""

    status: int = 200
    headers: Mapping[str, str | list[str]] = field(default_factory=dict)
    body: bytes | str = b""


Handler = Callable[[Request], Answer]


class Site(Fake):
    """The site; a context manager."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self._handlers: dict[tuple[str, str], Handler] = {}
        self._server = Loopback(self._answer)

    @property
    def url(self) -> str:
        """The site's origin."""
        return self._server.url

    def on(self, method: str, path: str, handler: Handler | Answer) -> None:
        """Say what a path answers: always the same, or what the handler makes of the request."""
        fixed = handler
        self._handlers[method, path] = (lambda asked: fixed) if isinstance(fixed, Answer) else fixed

    def page(self, path: str, text: str, status: int = 200, **headers: str) -> None:
        """Serve a page of HTML for GET and POST."""
        kind = {"Content-Type": "text/html; charset=utf-8"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for method in ("GET", "POST"):
            self.on(method, path, Answer(status, kind | named, text))

    def calls(self, path: str) -> list[Request]:
        """List the requests for a path."""
        return [each for each in self.requests if each.path == path]

    def _answer(self, asked: Request) -> Reply:
        self.requests.append(asked)
        handler = self._handlers.get((asked.method, asked.path))
        answer = handler(asked) if handler else Answer(404, {"Content-Type": "text/plain"}, b"no")
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        several = {k: [v] if isinstance(v, str) else v for k, v in answer.headers.items()}
        headers = [(name, value) for name, values in several.items() for value in values]
        return Reply(answer.status, body, headers)
