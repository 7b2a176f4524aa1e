"""Talk JSON with one Okta org: one origin, every answer judged before anybody reads it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import runas
from runas.http.addresses import origin
from runas_okta.reading import Json, shown, text

if TYPE_CHECKING:
    from requests import Response, Session

AGENT = "runas-okta"
"""Okta weighs a changed User-Agent as a new device, so this one carries no version."""

__all__ = ["AGENT", "Answer", "NotJson", "Org", "RateLimited", "host", "judged", "origin"]

LARGEST = 1_000_000
"""No answer of Okta's comes near this many bytes."""

SHORTLY = (3.0, 5.0)
"""The time-out of a request that nobody waits for, such as cancelling."""


class RateLimited(runas.ServiceUnavailable):
    """Okta asks to wait; ``wait`` is how long, in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(
            "okta refuses further requests for now (its rate limit)",
            f"try again in {max(round(wait), 1)} seconds",
        )
        self.wait = wait


class NotJson(runas.ServiceUnavailable):
    """The answer is no JSON object, so whatever answered is not Okta's API."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer with a JSON object in it."""

    status: int
    body: Json = field(repr=False)

    @property
    def fine(self) -> bool:
        """Tell whether the request was granted."""
        return self.status < 400


def host(url: str) -> str:
    """Return the host of an address, with its port where it has one."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


@dataclass(frozen=True)
class Org:
    """One Okta org. ``origin`` is that of the sign-in page; nothing is posted anywhere else."""

    http: Session = field(repr=False)
    origin: str

    def post(
        self, href: str, body: Json, media: str = "application/json", *, hurry: bool = False
    ) -> Answer:
        """Post JSON to a link that the org gave; *hurry* where nobody waits for the answer.

        Redirects are not followed: none belongs here, and a body may hold the password.
        """
        self.own(href)
        headers = {"Accept": media, "Content-Type": "application/json", "User-Agent": AGENT}
        options: dict[str, Any] = {"timeout": SHORTLY} if hurry else {}
        response = self.http.post(
            href, data=json.dumps(body), headers=headers, allow_redirects=False, **options
        )
        return judged(response)

    def get(self, path: str) -> Answer:
        """Read a JSON document of the org."""
        headers = {"Accept": "application/json", "User-Agent": AGENT}
        response = self.http.get(self.origin + path, headers=headers, allow_redirects=False)
        return judged(response)

    def safe(self, words: str, *secrets: str) -> str:
        """Return a server's words without what it was sent, should it have echoed that."""
        known = {*secrets, *getattr(self.http, "answers", ())}
        for secret in sorted(known, key=len, reverse=True):
            # Fewer characters than this are no secret, and in half the words there are.
            words = words.replace(secret, "***") if len(secret) > 2 else words
        return shown(words)

    def own(self, href: str) -> str:
        """Return a link of the org itself; raise ServiceUnavailable for any other."""
        try:
            same = origin(href) == self.origin
        except runas.ConfigurationError:
            same = False
        if not same:
            raise runas.ServiceUnavailable(
                f"{host(self.origin)} answered with a link that leads elsewhere",
                "runas follows links of the sign-in page's own origin only",
            )
        return href


def judged(response: Response) -> Answer:
    """Return a JSON answer; raise RateLimited or ServiceUnavailable for what is none."""
    name = host(response.url)
    if response.status_code == 429 and not _says_resent(response):
        raise RateLimited(_until_reset(response))
    if response.status_code >= 500:
        raise runas.ServiceUnavailable(
            f"{name} answered with a fault of its own (HTTP {response.status_code})",
            "try again later; https://status.okta.com tells whether Okta is ill",
        )
    body = _object(response)
    if body is None:
        raise NotJson(
            f"{name} answered with something that is not Okta's JSON (HTTP {response.status_code})",
            "check saml_auth_url; a proxy or a sign-in portal may be in the way",
        )
    return Answer(response.status_code, body)


def _object(response: Response) -> Json | None:
    content = response.content
    if len(content) > LARGEST:
        return None
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _says_resent(response: Response) -> bool:
    # Also 429, but about one text message or call: the factor's own business.
    return text(_object(response), "errorCode") in ("E0000109", "E0000133")


def _until_reset(response: Response) -> float:
    """Return the seconds until the limit is lifted: X-Rate-Limit-Reset is in epoch seconds.

    https://developer.okta.com/docs/reference/rl-best-practices/
    """
    for name, start in (("X-Rate-Limit-Reset", time.time()), ("Retry-After", 0.0)):
        value = response.headers.get(name, "")
        if value.isascii() and value.isdigit() and len(value) < 12:
            return min(max(int(value) - start, 1.0), 3600.0)
    return 60.0
