"""The calls of IDX: one state handle, always the latest."""

from __future__ import annotations

from collections.abc import Iterator

import runas
from runas_okta.idx.response import Form, Response
from runas_okta.reading import Json, table
from runas_okta.wire import Org

INTROSPECT = "/idp/idx/introspect"
"""The one address that is built; all others are in the answers."""

_ION = "application/ion+json; okta-version=1.0.0"
_JSON = "application/json; okta-version=1.0.0"


class Client:
    """The sign-in that goes on at one org."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self._latest: Response | None = None
        self._sent: set[str] = set()

    def introspect(self, token: str) -> Response:
        """Exchange the token in a sign-in page for the first answer."""
        self._sent.add(token)
        answer = self.org.post(self.org.origin + INTROSPECT, {"stateToken": token}, _ION)
        return self._read(answer.status, answer.body)

    def send(self, form: Form, **values: object) -> Response:
        """Fill a form and post it; a refusal is an answer too."""
        return self.post(form.href, form.filled(self._handle, **values))

    def post(self, href: str, body: Json) -> Response:
        """Post to an address of the org, with the latest handle."""
        self._sent.update(_secrets(body))
        answer = self.org.post(href, {**body, "stateHandle": self._handle}, _JSON)
        return self._read(answer.status, answer.body)

    def take_up(self, response: Response) -> None:
        """Go on from an answer: at a second factor each try begins there."""
        self._latest = response

    def cancel(self) -> None:
        """End the sign-in, and with it a push that waits on a phone."""
        latest, self._latest = self._latest, None
        if latest is not None and latest.cancel and latest.handle:
            body = {"stateHandle": latest.handle}
            self.org.post(latest.cancel, body, _JSON, hurry=True)

    def finish(self) -> None:
        """Remember that the sign-in is over: there is nothing left to cancel."""
        self._latest = None

    @property
    def _handle(self) -> str:
        if self._latest is None:
            raise runas.ServiceUnavailable("okta began no sign-in", "run the command again")
        return self._latest.handle

    def _read(self, status: int, body: Json) -> Response:
        response = Response.read(status, body, lambda words: self.org.safe(words, *self._sent))
        if response.handle:
            self._latest = response
        return response


def _secrets(body: Json) -> Iterator[str]:
    """Yield what a person typed, for no error may repeat it."""
    for value in table(body, "credentials").values():
        if isinstance(value, str):
            yield value
