"""The provider: a threaded loopback server that walks a login through its screens."""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from runas.testing import loopback
from runas.testing.loopback import Fake, Loopback
from runas_form.testing.screens import Screen

AWS = "https://signin.aws.amazon.com/saml"


@dataclass(frozen=True)
class Request:
    """What was asked of the provider. ``fields`` has the last of ``pairs`` of each name."""

    method: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    pairs: tuple[tuple[str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Answer:
    """What it says."""

    body: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass
class _Visit:
    step: int = 0
    token: str = ""
    user: str = ""
    looks: int = 0
    instead: Screen | None = None


class FormIdp(Fake):
    """An identity provider made of screens. ``trouble`` may answer any request in its place."""

    def __init__(
        self,
        issue: Callable[[str], str],
        screens: Sequence[Screen],
        trouble: Callable[[Request], Answer | None] | None = None,
        acs: str = AWS,
    ) -> None:
        self.screens = list(screens)
        self.requests: list[Request] = []
        self.trouble = trouble
        self._issue = issue
        self._acs = acs
        self._visits: dict[str, _Visit] = {}
        self._sessions: dict[str, str] = {}
        self._server = Loopback(lambda asked: _sent(self.answer(_read(asked))), version="HTTP/1.0")

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return self._server.url

    @property
    def url(self) -> str:
        """The address that opens AWS: for ``saml_auth_url``."""
        return f"{self.origin}/sso"

    def posted(self, name: str) -> list[str]:
        """List what was posted in a field, in order."""
        return [each.fields[name] for each in self.requests if name in each.fields]

    def forget(self) -> None:
        """End all sessions, as a restart would; the users' cookies stay."""
        self._sessions.clear()

    def answer(self, request: Request) -> Answer:
        """Say what a request gets."""
        self.requests.append(request)
        answered = self.trouble(request) if self.trouble else None
        if answered is not None:
            return answered
        user = self._sessions.get(request.cookies.get("session", ""))
        if user is not None:
            return self._through(user)
        visit = self._visits.get(request.cookies.get("visit", ""))
        if request.path == "/sso" or visit is None:
            return self._welcome()
        return self._step(visit, request)

    def _welcome(self) -> Answer:
        if not self.screens:
            return self._through("nobody")
        key = secrets.token_hex(8)
        self._visits[key] = _Visit()
        return self._show(self._visits[key], cookie=("visit", key))

    def _step(self, visit: _Visit, request: Request) -> Answer:
        screen = self._screen(visit)
        if screen.instead is not None and request.path.endswith("/usecode"):
            visit.instead = screen.instead
            return self._show(visit)
        sent = request.fields.get("one_time_token", "")
        if not secrets.compare_digest(sent.encode(), visit.token.encode()):
            return Answer('<p class="error">This page has expired.</p>', 400)
        if screen.statuses and request.path.endswith("/status") and request.method == "GET":
            return _status(visit, screen.statuses)
        return self._taken(visit, screen, request)

    def _taken(self, visit: _Visit, screen: Screen, request: Request) -> Answer:
        visit.user = request.fields.get(screen.user, visit.user)
        if not screen.accepts(request.pairs):
            if screen.final:
                return Answer(f"<html><body>{screen.refusal}</body></html>")
            return self._show(visit, screen.refusal)
        visit.step, visit.looks, visit.instead = visit.step + 1, 0, None
        if visit.step < len(self.screens):
            return self._show(visit)
        key = secrets.token_hex(8)
        self._sessions[key] = visit.user
        return self._through(visit.user, ("session", key))

    def _screen(self, visit: _Visit) -> Screen:
        return visit.instead or self.screens[visit.step]

    def _show(
        self, visit: _Visit, error: str = "", cookie: tuple[str, str] | None = None
    ) -> Answer:
        visit.token = secrets.token_hex(8)
        markup = self._screen(visit).shown(f"/step/{visit.step}", visit.token, error)
        return _with(cookie, markup)

    def _through(self, user: str, cookie: tuple[str, str] | None = None) -> Answer:
        response = html.escape(self._issue(user))
        return _with(
            cookie,
            f'<body onload="document.forms[0].submit()"><form method="post" action="{self._acs}">'
            f'<input type="hidden" name="SAMLResponse" value="{response}"></form></body>',
        )


def _status(visit: _Visit, statuses: Sequence[str]) -> Answer:
    """Say how a push stands; the last word is said again and again."""
    said = statuses[min(visit.looks, len(statuses) - 1)]
    visit.looks += 1
    headers = (("Content-Type", "application/json"),)
    return Answer(json.dumps({"status": said}), headers=headers)


def _with(cookie: tuple[str, str] | None, body: str) -> Answer:
    if cookie is None:
        return Answer(body)
    said = ("Set-Cookie", f"{cookie[0]}={cookie[1]}; Path=/; HttpOnly")
    return Answer(body, headers=(*Answer.headers, said))


def _read(asked: loopback.Request) -> Request:
    text = asked.body.decode("utf-8", "replace") or asked.search
    pairs = tuple(parse_qsl(text, keep_blank_values=True))
    return Request(asked.method, asked.path, dict(pairs), asked.cookies, pairs)


def _sent(answer: Answer) -> loopback.Reply:
    body = answer.body.encode("utf-8", "surrogateescape")
    return loopback.Reply(answer.status, body, answer.headers)
