"""The JSON API: the page's own requests, and those that clients of aws-runas know.

Where a login needs a person, the old requests answer 401 with ``X-AwsRunas-Authentication-Type``:
``AUTH`` for name and password, ``MFA`` for the second factor; ``/auth`` and ``/mfa`` go on with the
same login.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from runas.errors import Refused, RunasError, WrongCode, WrongPassword
from runas.prompters.web import Stale
from runas.serve.messages import Refusal, Reply

from .access import CSRF, Access
from .fields import fields
from .state import catalogue, described, legacy, state
from .stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from runas.serve.journal import Journal
    from runas.serve.messages import Request
    from runas.serve.profiles import Held, Profiles

_TYPE = "X-AwsRunas-Authentication-Type"
_WAIT = 20.0  # seconds that an old client waits for a login that needs nobody
_TYPED = {"username": "AUTH", "password": "AUTH", "code": "MFA", "choice": "MFA"}


class Api:
    """Answer what the page and its like may ask."""

    def __init__(self, profiles: Profiles, journal: Journal, access: Access) -> None:
        self._profiles = profiles
        self._access = access
        self._stream = Stream(journal, lambda: state(profiles, journal))
        self._gets: dict[str, Callable[[], Reply]] = {
            "/catalogue": lambda: _json(catalogue(profiles.config)),
            "/events": lambda: Reply("", kind="text/event-stream", stream=self._stream.open()),
            "/list-profiles": lambda: _json(profiles.config.profile_names()),
            "/list-roles": lambda: _json(self._with_roles()),
            "/profile": self._profile,
            "/state": lambda: _json(state(profiles, journal)),
        }
        self._posts: dict[str, tuple[str, Callable[[dict[str, str]], Reply]]] = {
            "/answer": ("answer", self._answer),
            "/auth": ("password", self._auth),
            "/cancel": ("", self._cancel),
            "/mfa": ("mfa", self._mfa),
            "/profile": ("profile", self._switch),
            "/refresh": ("", self._refresh),
        }

    def serves(self, path: str) -> bool:
        """Tell whether a path is the API's."""
        return path in self._gets or path in self._posts

    def __call__(self, request: Request) -> Reply:
        """Answer one request; raises Refusal."""
        path = request.path
        if request.method == "GET" and path in self._gets:
            self._access.admit(request)
            return self._gets[path]()
        if request.method == "POST" and path in self._posts:
            only, act = self._posts[path]
            given = fields(request, only)
            self._access.admit_change(request, given)
            return act(given)
        methods = ["GET"] * (path in self._gets) + ["POST"] * (path in self._posts)
        allowed = ", ".join(methods)
        raise Refusal(405, "MethodNotAllowed", f"only {allowed} is served here", Allow=allowed)

    def _with_roles(self) -> list[str]:
        return [one["name"] for one in catalogue(self._profiles.config) if one.get("role")]

    def _profile(self) -> Reply:
        """Describe the profile; a client without a page learns the CSRF token here."""
        reply = _json(_old(self._current()))
        reply.headers[CSRF] = self._access.csrf
        return reply

    def _switch(self, given: dict[str, str]) -> Reply:
        name = given.get("profile", "")
        try:
            if not self._profiles.config.has_profile(name):
                raise Refusal(404, "ProfileNotFound", "there is no such profile")
            held = self._profiles.switch(self._profiles.config.profile(name))
        except RunasError as error:
            raise Refusal(400, "ConfigurationError", str(error)) from error
        return _later() if "page" in given else _outcome(held)

    def _refresh(self, given: dict[str, str]) -> Reply:
        held = self._current()
        held.session.anew()
        held.renewal.renew()
        return _later() if "page" in given else _outcome(held)

    def _auth(self, given: dict[str, str]) -> Reply:
        return self._offer(username=given.get("username", ""), password=given.get("password", ""))

    def _mfa(self, given: dict[str, str]) -> Reply:
        return self._offer(code=given.get("mfa", ""))

    def _offer(self, **answers: str) -> Reply:
        held = self._current()
        held.web.offer(**{name: text for name, text in answers.items() if text})
        held.renewal.renew()
        return _outcome(held)

    def _answer(self, given: dict[str, str]) -> Reply:
        """Answer the one question that is meant, whichever profile asks it."""
        for held in self._profiles.all():
            try:
                held.web.put(given.get("id", ""), given.get("answer", ""))
            except Stale:
                continue
            except ValueError as error:
                raise Refusal(400, "BadRequest", "that is no answer to the question") from error
            return _later()
        raise Refusal(409, "Stale", "this question is no longer asked")

    def _cancel(self, given: dict[str, str]) -> Reply:
        for held in self._profiles.all():
            if given.get("profile", held.profile.name) == held.profile.name:
                held.web.cancel()
        return _later()

    def _current(self) -> Held:
        current = self._profiles.current
        if current is None:
            raise Refusal(503, "NoProfile", "no profile is selected")
        return current


def _json(content: object, status: int = 200) -> Reply:
    return Reply(json.dumps(content), status)


def _later() -> Reply:
    """Say that the page will see what comes of it."""
    return _json({}, 202)


def _old(held: Held) -> dict[str, Any]:
    keys = held.renewal.credentials
    more = described(held.profile)
    end = keys.expiration if keys else None
    return {**legacy(held.profile), "account": more["account"], "expiration": end}


def _outcome(held: Held) -> Reply:
    """Wait for what comes of a login, as far as that needs nobody, and say it in the old way."""

    def asked() -> bool:
        question = held.web.question
        return question is not None and question.kind in _TYPED

    held.renewal.settle(asked, _WAIT)
    question = held.web.question
    if question is not None and question.kind in _TYPED:
        return _wanted(_TYPED[question.kind], question.wanted, held.profile.get("username"))
    if held.renewal.flying:
        return _later()
    failure, problem = held.renewal.failure, held.session.problem
    if failure is None:
        return _json(_old(held))
    if isinstance(problem, (WrongPassword, WrongCode)):
        kind = "AUTH" if isinstance(problem, WrongPassword) else "MFA"
        return _wanted(kind, failure.message, held.profile.get("username"))
    status = 403 if isinstance(problem, Refused) else 503
    raise Refusal(status, failure.code, failure.message)


def _wanted(kind: str, message: str, username: str | None) -> Reply:
    body = {"code": "InteractionRequired", "message": message}
    if kind == "AUTH":
        body["username"] = username or ""
    reply = _json(body, 401)
    reply.headers[_TYPE] = kind
    return reply
