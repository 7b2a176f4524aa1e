"""The page itself: three files that come from here and need nothing from anywhere else."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from runas.serve.messages import Refusal, Reply

from .access import Access
from .api import Api

if TYPE_CHECKING:
    from runas.serve.journal import Journal
    from runas.serve.messages import Request
    from runas.serve.profiles import Profiles

# Scripts and styles from this origin only, none inline; nobody may frame the page.
# Source: https://www.w3.org/TR/CSP3/
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_FILES = {
    "/page/app.js": ("app.js", "text/javascript; charset=utf-8"),
    "/page/dom.js": ("dom.js", "text/javascript; charset=utf-8"),
    "/page/style.css": ("style.css", "text/css; charset=utf-8"),
}
_HTML = "text/html; charset=utf-8"


class Site:
    """Answer for the page, its files and its API."""

    def __init__(self, profiles: Profiles, journal: Journal, access: Access, title: str) -> None:
        self._access = access
        self._api = Api(profiles, journal, access)
        self._title = title

    def __call__(self, request: Request) -> Reply:
        """Answer one request; raises Refusal."""
        if self._api.serves(request.path):
            reply = self._api(request)
        elif request.method != "GET":
            raise Refusal(405, "MethodNotAllowed", "only GET is served here", Allow="GET")
        elif request.path == "/":
            reply = self._front(request)
        elif request.path in _FILES:
            self._access.admit(request)
            name, kind = _FILES[request.path]
            reply = Reply(_text(name), kind=kind)
        else:
            raise Refusal(404, "NotFound", "there is nothing here")
        reply.headers = {**_HEADERS, **reply.headers}
        return reply

    def _front(self, request: Request) -> Reply:
        try:
            entered = self._access.enter(request)
            if entered is not None:
                return entered
            self._access.admit(request)
        except Refusal as refusal:
            return Reply(_text("locked.html"), refusal.status, _HTML, refusal.headers)
        text = _text("index.html").replace("{{title}}", self._title)
        return Reply(text.replace("{{csrf}}", self._access.csrf), kind=_HTML)


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")
