"""The wire between a plugin and its fake: what was sent is noted, what comes back may be spoilt.

It sits in urllib3, below ``requests`` and below boto3, so it works for every provider and needs
nothing from the fake.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

__all__ = ["Call", "Exchange", "Fault", "Wire"]

MOST = 150
"""Requests until a login counts as one that never ends."""

_SECRET_FIELD = re.compile(r"token|session|secret|passw|assert|saml|ticket|handle|state", re.I)
_SHORTEST = 12
_LEFT_OUT = ("content-length", "content-encoding", "transfer-encoding", "content-type")


@dataclass(frozen=True)
class Exchange:
    """One request, and the answer that really came."""

    method: str
    origin: str
    path: str
    sent: str = field(default="", repr=False)
    cookies: str = field(default="", repr=False)
    answer: bytes = field(default=b"", repr=False)
    kind: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path.partition('?')[0]}"

    def secrets(self) -> Iterator[str]:
        """Yield what was sent that nobody else may learn: cookies, tickets, tokens."""
        for cookie in filter(None, self.cookies.split("; ")):
            yield cookie.partition("=")[2]
        yield from (
            text
            for name, text in _fields(self.sent)
            if _SECRET_FIELD.search(name) and len(text) >= _SHORTEST
        )


@dataclass(frozen=True)
class Call:
    """A request on its way. ``real`` is the true answer, read into ``body``, where it was asked."""

    pool: Any
    method: str
    url: str
    options: dict[str, Any]
    real: Any = None
    body: bytes = b""

    def respond(self, status: int, kind: str, body: bytes) -> Any:
        """Make an answer; the headers of the real one (its cookies, its redirect) stay."""
        import io

        from urllib3 import HTTPResponse

        headers = {} if self.real is None else dict(self.real.headers)
        kept = {k: v for k, v in headers.items() if k.lower() not in _LEFT_OUT}
        return HTTPResponse(
            io.BytesIO(body),
            {**kept, "Content-Type": kind, "Content-Length": str(len(body))},
            status,
            preload_content=self.options.get("preload_content", True),
            original_response=getattr(self.real, "_original_response", None),
            request_method=self.method,
            request_url=self.url,
        )


Fault = Callable[[Call], Any]
"""Makes the answer that is given in place of the real one, or raises what urllib3 would."""


class Wire:
    """Note every request while the ``with`` block runs, and spoil some.

    From request number ``at`` on (counted from 0) ``fault`` answers; with ``once`` it spoils that
    one only.
    """

    def __init__(self, fault: Fault | None = None, at: int = 0, once: bool = False) -> None:
        self.exchanges: list[Exchange] = []
        self._fault = fault
        self._at = at
        self._once = once

    def __enter__(self) -> Self:
        from urllib3.connectionpool import HTTPConnectionPool

        self._original = HTTPConnectionPool.urlopen
        wire = self

        def urlopen(pool: Any, method: str, url: str, *args: Any, **more: Any) -> Any:
            return wire.pass_on(pool, method, url, args, more)

        HTTPConnectionPool.urlopen = urlopen  # type: ignore[method-assign, assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        from urllib3.connectionpool import HTTPConnectionPool

        HTTPConnectionPool.urlopen = self._original  # type: ignore[method-assign]

    def secrets(self) -> set[str]:
        """Return what went over the wire that may not show up anywhere else."""
        found = {text for each in self.exchanges for text in each.secrets()}
        return {text for text in found if len(text) >= _SHORTEST}

    def pass_on(
        self, pool: Any, method: str, url: str, args: tuple[Any, ...], more: dict[str, Any]
    ) -> Any:
        """Let one request through, or answer it ourselves."""
        number = len(self.exchanges)
        if number >= MOST:
            raise AssertionError(f"it sends requests without end: {method} {url}")
        noted = _noted(pool, method, url, args[0] if args else more.get("body"), more)
        self.exchanges.append(noted)
        call = Call(pool, method, url, more)
        if self._fault is not None and not self._once and number >= self._at:
            return self._fault(call)
        real = self._original(pool, method, url, *args, **more)
        call = replace(call, real=real, body=real.read(decode_content=True))
        kind = real.headers.get("Content-Type", "")
        self.exchanges[number] = replace(noted, answer=call.body, kind=kind)
        if self._fault is not None and number == self._at:
            return self._fault(call)
        return call.respond(real.status, kind, call.body)


def _noted(pool: Any, method: str, url: str, body: Any, more: dict[str, Any]) -> Exchange:
    headers = {str(k).lower(): _text(v) for k, v in dict(more.get("headers") or {}).items()}
    cookies = headers.get("cookie", "")
    keys = headers.get("authorization", "")
    if keys and not keys.startswith("AWS4"):  # a signature tells nothing
        cookies = "; ".join(filter(None, (cookies, f"authorization={keys}")))
    told = (f"{name}={text}" for name, text in headers.items() if _SECRET_FIELD.search(name))
    cookies = "; ".join(filter(None, (cookies, *told)))
    origin = f"{pool.scheme}://{pool.host}:{pool.port}"
    return Exchange(method, origin, url, _text(body), cookies)


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _fields(sent: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a form or of a JSON document, whatever its shape."""
    if not sent.lstrip().startswith(("{", "[")):
        yield from parse_qsl(sent)
        return
    try:
        yield from _leaves("", json.loads(sent))
    except ValueError:
        return


def _leaves(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _leaves(str(key), one)
    elif isinstance(value, list):
        for one in value:
            yield from _leaves(name, one)
    elif isinstance(value, str):
        yield name, value
