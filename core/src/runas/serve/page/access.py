"""Who may see and use the page: whoever opened the link printed at start, or sends the token.

The link carries a key, which is traded for a cookie at once, so that it stays in no address bar.
The cookie is HttpOnly and SameSite=Strict. Other ports of this machine are the same *site*, though
not the same *origin*: so what changes anything needs a token too that only our page can read.
Source: https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from runas.serve.limits import Failures, same
from runas.serve.listener import random_token
from runas.serve.messages import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.serve.messages import Request

CSRF = "X-Runas-CSRF"


class Access:
    """The secrets of one server's page. Cookies know no ports: the name has it in it."""

    def __init__(self, port: int, token: str | None, failures: Failures) -> None:
        self.key = random_token()
        self.csrf = random_token()
        self._cookie = random_token()
        self._name = f"runas-{port}"
        self._token = token or self.key
        self._failures = failures

    def enter(self, request: Request) -> Reply | None:
        """Trade the link's key for the cookie; None where the request brings no key."""
        given = parse_qs(request.query).get("key")
        if given is None:
            return None
        if len(given) != 1 or not same(given[0], self.key):
            raise self._failures.refusal("the key is wrong: open the link that runas has printed")
        cookie = f"{self._name}={self._cookie}; Path=/; HttpOnly; SameSite=Strict"
        return Reply("", 303, "text/plain", {"Location": "/", "Set-Cookie": cookie})

    def admit(self, request: Request) -> None:
        """Refuse who has neither cookie nor token."""
        given = request.header("Authorization")
        if given and same(given, self._token):
            return
        cookies = [same(text, self._cookie) for text in self._cookies(request)]
        if not any(cookies):
            raise self._failures.refusal("open the link that runas has printed")

    def admit_change(self, request: Request, fields: Mapping[str, str]) -> None:
        """Refuse who may not look, and what our own page has not sent."""
        self.admit(request)
        given = request.header(CSRF) or fields.get("csrf", "")
        if not same(given, self.csrf):
            raise self._failures.refusal(f"the CSRF token is missing or wrong ({CSRF})")

    def _cookies(self, request: Request) -> list[str]:
        """Return what came under our cookie's name; another port may have set one as well."""
        pairs = [pair.strip().partition("=") for pair in request.header("Cookie").split(";")]
        return [text for name, _, text in pairs if name == self._name]
