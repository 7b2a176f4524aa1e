"""Play a transcript of ``runas --record`` again: a bug report becomes a test.

    http = session(profile)
    http.mount("https://", Replay("transcript.jsonl"))
    drive(runas_acme.authenticate(profile, http), answer)

Each request is answered with the next recorded answer for its method, host and path; queries and
bodies are not compared, because the transcript does not have their values.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict, deque
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

Key = tuple[str, str, str]


class Replay(BaseAdapter):
    """A transport that answers from a transcript; a request that is not in it fails the test."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._answers: dict[Key, deque[dict[str, Any]]] = defaultdict(deque)
        with open(path, encoding="utf-8") as file:
            for line in file:
                read = json.loads(line)
                self._answers[_key(read["method"], read["url"])].append(read)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """Answer a request with what was recorded."""
        key = _key(request.method or "GET", request.url or "")
        if not self._answers[key]:
            raise AssertionError(f"not in the transcript, or not once more: {' '.join(key)}")
        recorded = self._answers[key].popleft()
        left_out = ("content-length", "content-encoding", "transfer-encoding")
        headers = HTTPHeaderDict()
        for name, value in recorded["headers"]:
            if name.lower() not in left_out:
                headers.add(name, value)
        body = io.BytesIO(recorded["body"].encode())
        raw = HTTPResponse(body, headers, recorded["status"], preload_content=False)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def _key(method: str, url: str) -> Key:
    parts = urlsplit(url)
    return method, parts.netloc.lower(), parts.path
