"""Ways in which a service fails: it is away, it is late, it talks nonsense.

``OUTAGES`` end in ServiceUnavailable and nothing else. ``REFUSALS`` and what ``nonsense`` yields
may end in whatever error of runas's the plugin finds fitting, but in no other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any, NoReturn

from runas.testing.wire import Call, Exchange, Fault

__all__ = ["OUTAGES", "REFUSALS", "nonsense"]

_PAGE = b"<html><body><h1>Something went wrong</h1></body></html>"
MANGLED = 15
"""How many values of one JSON answer are damaged at most."""


def answer(status: int, kind: str = "text/html", body: bytes = _PAGE) -> Fault:
    """Make a fault that answers with these words."""
    return lambda call: call.respond(status, kind, body)


def _late(call: Call) -> NoReturn:
    from urllib3.exceptions import ReadTimeoutError

    raise ReadTimeoutError(call.pool, call.url, "Read timed out.")


def _away(call: Call) -> NoReturn:
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    raise MaxRetryError(call.pool, call.url, NewConnectionError(call.pool, "Connection refused"))


OUTAGES: dict[str, Fault] = {
    "status 500": answer(500),
    "status 503 without a word": answer(503, body=b""),
    "no answer in time": _late,
    "a refused connection": _away,
}

REFUSALS: dict[str, Fault] = {
    "status 400": answer(400),
    "status 403": answer(403),
    "status 404": answer(404),
    "status 403 in JSON": answer(403, "application/json", b'{"error": "forbidden"}'),
    "status 429": answer(429, body=b"slow down"),
}

_BODIES: dict[str, tuple[str, bytes]] = {
    "another page": ("text/html", _PAGE),
    "an empty page": ("text/html", b""),
    "a page cut short": ("text/html", b"<html><form method=post action='/x'><input na"),
    "an image": ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "an empty JSON object": ("application/json", b"{}"),
    "a JSON list": ("application/json", b"[1, 2]"),
    "JSON null": ("application/json", b"null"),
    "JSON cut short": ("application/json", b'{"status": "SUCC'),
    "a page that says it is JSON": ("application/json", _PAGE),
}


def nonsense(exchange: Exchange) -> Iterator[tuple[str, Fault]]:
    """Yield answers that make no sense, among them the real one, damaged."""
    for name, (kind, body) in _BODIES.items():
        yield name, answer(200, kind, body)
    if "json" in exchange.kind:
        yield from _damaged_json(exchange.answer)
    elif "html" in exchange.kind:
        for name, damage in _PAGES.items():
            yield name, _damaging(damage)


def _damaging(damage: Callable[[bytes], bytes]) -> Fault:
    def fault(call: Call) -> Any:
        kind = call.real.headers.get("Content-Type", "")
        return call.respond(call.real.status, kind, damage(call.body))

    return fault


_PAGES: dict[str, Callable[[bytes], bytes]] = {
    "the page without its fields": lambda body: re.sub(rb"<input[^>]*>", b"", body),
    "the page without its forms": lambda body: re.sub(rb"</?form[^>]*>", b"", body),
    "the page with empty fields": lambda body: re.sub(rb'value="[^"]*"', b'value=""', body),
    "the page with other names": lambda body: re.sub(rb'name="', b'name="x-', body),
    "half of the page": lambda body: body[: len(body) // 2],
}


_GONE = object()


def _damaged_json(text: bytes) -> Iterator[tuple[str, Fault]]:
    try:
        paths = list(_paths(json.loads(text)))
    except ValueError:
        return
    wrong: Iterator[object] = cycle((7, None, "nonsense", [], {}))
    for path in paths[:: -(-len(paths) // MANGLED) or 1]:
        shown, instead = ".".join(map(str, path)), next(wrong)
        yield f"the answer without {shown}", _damaging(_changing(path, _GONE))
        yield f"{shown} = {json.dumps(instead)}", _damaging(_changing(path, instead))


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs: Any = ()
    if isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in pairs:
        yield (*above, key)
        yield from _paths(one, (*above, key))


def _changing(path: tuple[Any, ...], instead: object) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        document = place = json.loads(body)
        try:
            for key in path[:-1]:
                place = place[key]
            if instead is _GONE:
                del place[path[-1]]
            else:
                place[path[-1]] = instead
        except (LookupError, TypeError):
            return body  # another shape than last time
        return json.dumps(document).encode()

    return change
