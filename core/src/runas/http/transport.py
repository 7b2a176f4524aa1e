"""One request, one answer: checked, timed, tried again, read to a limit, recorded."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any, Self
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException
from requests.utils import select_proxy
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Retry

from runas.errors import ServiceUnavailable
from runas.http.addresses import refuse_plain_http
from runas.http.faults import explain

log = logging.getLogger(__name__)

TIMEOUT = (5.0, 20.0)
"""Seconds to wait for a connection, and for an answer."""

LARGEST = 16 << 20
"""Bytes of an answer, unpacked: some kilobytes of gzip can become gigabytes."""

_DEADLINE = 60.0  # seconds for a whole answer: one byte in ten seconds is no answer
_PATIENCE = 20.0  # seconds; a server that wants us to wait for longer is told to the person
_CHUNK = 1 << 16
_EPOCH = re.compile(r"[0-9]{1,12}")


class Patience(Retry):
    """Retry what is safe to repeat, after the time that the server asks for; not for ever.

    Source: RFC 9110, 9.2.2 "Idempotent Methods" and 10.2.3 "Retry-After".
    """

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Read the header; one that is malformed does not count."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None

    def increment(self, *args: Any, **options: Any) -> Self:
        """Give up where the server asks for more patience than a person has."""
        response = options.get("response")
        if response is not None and (self.get_retry_after(response) or 0) > _PATIENCE:
            raise MaxRetryError(options["_pool"], "", None)
        return super().increment(*args, **options)


def retries() -> Patience:
    """Try twice again, after a second at first; a refusal for good is handed on as it is."""
    return Patience(
        total=2,
        backoff_factor=0.5,
        status_forcelist=(429, 502, 503, 504),
        respect_retry_after_header=True,
        raise_on_status=False,
    )


Observer = Callable[[PreparedRequest, Response], None]


class Transport(HTTPAdapter):
    """Send single requests; a redirect's next hop is another one and is checked anew."""

    def __init__(self, observe: Observer) -> None:
        self._observe = observe
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_without_query)
        super().__init__(max_retries=retries())

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Send a request and read its answer; raise errors of runas."""
        refuse_plain_http(request.url or "")
        # The first option by position is `stream`: answers are always read here, to their limit.
        options = {**dict(zip(_OPTIONS, args, strict=False)), **options, "stream": True}
        options["timeout"] = options.get("timeout") or TIMEOUT
        parts = urlsplit(request.url or "")
        started, outcome = time.monotonic(), "no answer"
        try:
            response = super().send(request, **options)
            wait = _until_reset(response)
            if wait is not None:
                response.close()
                time.sleep(wait)
                started = time.monotonic()
                response = super().send(request, **options)
            outcome = str(response.status_code)
            _read(response, started + _DEADLINE)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            # Not chained: these errors quote the address, tokens in its query included.
            proxied = select_proxy(request.url or "", options.get("proxies")) is not None
            raise explain(error, parts.hostname or "", proxied) from None
        finally:
            taken = (time.monotonic() - started) * 1000
            log.debug(
                "%s %s%s %s %.0f ms", request.method, parts.hostname, parts.path, outcome, taken
            )
        self._observe(request, response)
        return response


def _without_query(record: logging.LogRecord) -> bool:
    """Cut the queries off what urllib3 logs: whoever uses runas as a library may show it."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            each.partition("?")[0] if isinstance(each, str) else each for each in record.args
        )
    return True


def _until_reset(response: Response) -> float | None:
    """Return the seconds to wait where a rate limit says when it ends, and that is soon.

    A request that was refused so has had no effect: whatever its method, it may be repeated, once.
    X-Rate-Limit-Reset is in epoch seconds by the server's clock, which ``Date`` tells.
    """
    text = response.headers.get("X-Rate-Limit-Reset", "")
    if response.status_code != 429 or not _EPOCH.fullmatch(text):
        return None
    try:
        now = parsedate_to_datetime(response.headers["Date"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError):
        now = time.time()
    wait = int(text) - now
    return max(wait, 0.0) if wait <= _PATIENCE else None


_OPTIONS = ("stream", "timeout", "verify", "cert", "proxies")


def _read(response: Response, deadline: float) -> None:
    """Read the body as requests would, but not beyond the limits."""
    parts, size = [], 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        if size > LARGEST or time.monotonic() > deadline:
            response.close()
            what = "is too large" if size > LARGEST else "takes too long"
            host = urlsplit(response.url or "").hostname
            raise ServiceUnavailable(f"the answer of {host} {what}", "try again later")
        parts.append(chunk)
    response._content = b"".join(parts)
