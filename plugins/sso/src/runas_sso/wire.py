"""One request to Identity Center, and the judgement of its answer.

Both services speak rest-json: the fault's name stands in the header ``x-amzn-ErrorType``, else in
the body (OIDC: ``error``). What an answer holds goes into no message unchecked: it may be a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import runas

if TYPE_CHECKING:
    from requests import Response, Session

Answer = Mapping[str, Any]

_BEARER = "x-amz-sso_bearer_token"
_NAMES = ("code", "Code", "error", "__type")


class Fault(Exception):
    """What Identity Center answered instead. ``code`` has no spelling left: ``slowdown``.

    ``retry_after`` is in seconds, where the answer says so; ``reason`` is AWS's own word for what
    is behind it. Never leaves the plugin.
    """

    def __init__(
        self, code: str, status: int, retry_after: float | None = None, reason: str = ""
    ) -> None:
        super().__init__(f"{status} {code}")
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.reason = reason


def post(http: Session, url: str, body: Mapping[str, Any]) -> Answer:
    """Call an operation of the OIDC service."""
    return _judged(http.post(url, json=body, headers=_headers(), allow_redirects=False))


def get(http: Session, url: str, token: str, parameters: Mapping[str, str]) -> Answer:
    """Call an operation of the portal."""
    headers = _headers() | {_BEARER: token}
    return _judged(http.get(url, params=parameters, headers=headers, allow_redirects=False))


def post_empty(http: Session, url: str, token: str) -> None:
    """Call an operation of the portal that is asked, and answered, without a body."""
    headers = _headers() | {_BEARER: token}
    response = http.post(url, headers=headers, allow_redirects=False)
    if response.status_code >= 300:
        raise _refusal(response)


def text(answer: Answer, name: str, host: str) -> str:
    """Return a text that must be there, and must be fit for a header."""
    value = answer.get(name)
    if not isinstance(value, str) or not plain(value):
        raise strange(host)
    return value


def number(answer: Answer, name: str, host: str) -> int:
    """Return a whole number that must be there, from 1 to the year 2286 in milliseconds."""
    value = answer.get(name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10**13:
        raise strange(host)
    return value


def plain(value: str) -> bool:
    """Tell a text that may stand in a header or a question: visible ASCII, not absurdly long."""
    return bool(value) and len(value) < 65536 and all("!" <= one <= "~" for one in value)


def strange(host: str) -> runas.ServiceUnavailable:
    """Say that an answer is none of Identity Center's; its content is not shown."""
    return runas.ServiceUnavailable(
        f"{urlsplit(host).hostname} does not answer as Identity Center does",
        "check sso_region, AWS_ENDPOINT_URL and HTTPS_PROXY",
    )


def _headers() -> dict[str, str]:
    return {"Accept": "application/json", "User-Agent": "runas"}


def _judged(response: Response) -> Answer:
    if response.status_code != 200:
        raise _refusal(response)
    answer = _content(response)
    if answer is None:
        raise strange(response.url)
    return answer


def _refusal(response: Response) -> Exception:
    """Return the fault, or the error where it is the service, or no service at all, that fails."""
    status, host = response.status_code, urlsplit(response.url).hostname
    name = _name(response)
    if status >= 500:
        return runas.ServiceUnavailable(
            f"{host} fails at the moment (status {status})", "try later"
        )
    if status == 429:
        return Fault("toomanyrequests", status, _seconds(response.headers.get("Retry-After", "")))
    if status < 400 or not name:
        return strange(response.url)
    return Fault(name, status, reason=_reason(response))


def _name(response: Response) -> str:
    """Read the fault's name: ``SlowDownException:http://...`` and ``slow_down`` are one."""
    body = _content(response) or {}
    texts = [response.headers.get("x-amzn-ErrorType"), *(body.get(name) for name in _NAMES)]
    found = next((one for one in texts if isinstance(one, str) and one), "")
    word = found.partition(":")[0].rpartition("#")[2].removesuffix("Exception")
    name = word.replace("_", "").lower()
    return name if name.isalnum() and len(name) < 64 else ""


def _reason(response: Response) -> str:
    found = (_content(response) or {}).get("reason")
    return found if isinstance(found, str) and re.fullmatch(r"[A-Za-z_]{1,63}", found) else ""


def _content(response: Response) -> Answer | None:
    try:
        content = response.json()
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else None
