"""``--record FILE``: the exchange with a provider, fit to be shown to a stranger.

One JSON object a line, one line for each request: ``method``, ``url``, ``sent`` (its headers and
body), ``status``, ``headers``, ``body``. Values of queries are left out; passwords, codes, cookies,
tokens and assertions are replaced by what they are: ``<password>``, ``<code>``, ``<cookie:NAME>``,
``<token>``, ``<assertion>``. `runas.testing.replay` plays such a file again in a test.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from runas.errors import UsageError
from runas.http import bodies
from runas.http.naming import kind_of
from runas.http.redaction import Redactor

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

_TEXT = ("text/", "json", "xml", "javascript", "x-www-form-urlencoded")
_ADDRESSES = ("location", "referer", "content-location", "refresh")
_PLAIN = ("content-type", "user-agent", "date", "server", "accept")
_ATTRIBUTES = ("path", "domain", "secure", "httponly", "samesite", "expires", "max-age")
if sys.platform == "win32":
    _CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
else:
    _CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW


class Transcript:
    """Write what was said to *path* (0600), as it happens."""

    def __init__(self, path: str) -> None:
        self._redactor = Redactor()
        self._path = path
        try:
            self._file = os.fdopen(os.open(path, _CREATE, 0o600), "w", encoding="utf-8")
            if sys.platform != "win32" and stat.S_ISREG(os.fstat(self._file.fileno()).st_mode):
                os.fchmod(self._file.fileno(), 0o600)  # not /dev/null's, which root could change
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> UsageError:
        return UsageError(f"--record: cannot write {self._path!r}: {error.strerror}")

    def guard(self, answer: str, kind: str = "password") -> None:
        """Keep an answer out of all that is written from now on."""
        self._redactor.guard(answer, kind)

    def record(self, request: PreparedRequest, response: Response) -> None:
        """Write one request and its answer."""
        for name, value in response.cookies.items():
            self._cookie(name, value or "")
        line = {
            "method": request.method or "GET",
            "url": bodies.address(request.url or "", self._redactor),
            "sent": self._sent(request),
            "status": response.status_code,
            "headers": self._headers(_pairs(response)),
            "body": self._body(response.content, response.headers, response.encoding),
        }
        try:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
        except OSError as error:
            with suppress(OSError):
                self._file.close()
            raise self._unwritable(error) from None

    def close(self) -> None:
        """End the transcript."""
        self._file.close()

    def _sent(self, request: PreparedRequest) -> dict[str, Any]:
        for part in (request.headers.get("Cookie") or "").split(";"):
            name, _, value = part.strip().partition("=")
            self._cookie(name, value)
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else bytes(body)
        shown = self._body(content, request.headers)
        return {"headers": self._headers(request.headers.items()), "body": shown}

    def _cookie(self, name: str, value: str) -> None:
        if len(value) > 3:
            self._redactor.guard(value, f"cookie:{name}")

    def _headers(self, pairs: Iterable[tuple[str, str | bytes]]) -> list[list[str]]:
        found = []
        for name, raw in pairs:
            value = raw.decode("latin-1") if isinstance(raw, bytes) else raw
            found.append([name, self._header(name.lower(), value)])
        return found

    def _header(self, name: str, value: str) -> str:
        if name == "set-cookie":
            return _set_cookie(value)
        if name == "cookie":
            names = (part.strip().partition("=")[0] for part in value.split(";"))
            return "; ".join(f"{each}=<cookie:{each}>" for each in names)
        if name in ("authorization", "proxy-authorization", "www-authenticate"):
            scheme, _, rest = value.partition(" ")
            return f"{scheme} <token>" if rest else "<token>"
        if name in _ADDRESSES:
            return bodies.address(value, self._redactor)
        if name not in _PLAIN and kind_of(name, value):
            return "<token>"
        return self._redactor.redact(value)

    def _body(
        self, content: bytes, headers: Mapping[str, str | bytes], charset: str | None = None
    ) -> str:
        kind = str(headers.get("Content-Type") or "")
        if not content:
            return ""
        if kind and not any(each in kind.lower() for each in _TEXT):
            return f"<{len(content)} bytes>"
        try:
            text = content.decode(charset or "utf-8", "replace")
        except (LookupError, ValueError):  # no charset at all, or a codec of another kind
            text = content.decode("utf-8", "replace")
        return bodies.body(text, kind, self._redactor)


def _pairs(response: Response) -> list[tuple[str, str]]:
    """List the headers one by one: requests joins cookies with commas."""
    return list(getattr(response.raw, "headers", response.headers).items())


def _set_cookie(value: str) -> str:
    first, *attributes = (part.strip() for part in value.split(";"))
    name = first.partition("=")[0]
    known = [each for each in attributes if each.partition("=")[0].lower() in _ATTRIBUTES]
    return "; ".join([f"{name}=<cookie:{name}>", *known])
