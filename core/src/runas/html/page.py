"""A page as a browser would show it: its address, its forms, its words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runas.errors import PageNotRecognised, ServiceUnavailable
from runas.html.charset import decode
from runas.html.complaint import complaint
from runas.html.document import Document, parse, words
from runas.html.forms import Form, forms_in

if TYPE_CHECKING:
    from requests import Response

LARGEST = 2 << 20
"""Bytes; a sign-in page with everything in it has some hundred kilobytes."""

_QUOTED = 200  # characters of a fault's own words
_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "")


@dataclass(frozen=True)
class Page:
    """A page that was read. ``url`` is where the redirects ended: relative addresses start there.

    ``document`` is the parsed page (a ``bs4.BeautifulSoup``) for what the rest does not tell.
    ``secrets`` are the passwords and codes that were sent to get it: no text of the page that runas
    shows may repeat them.
    """

    url: str = field(repr=False)
    status: int
    document: Document = field(repr=False, compare=False)
    charset: str = "utf-8"
    forms: tuple[Form, ...] = ()
    secrets: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def host(self) -> str:
        """The host that the page came from, for messages."""
        return urlsplit(self.url).hostname or "the identity provider"

    def form_with(self, *names: str) -> Form | None:
        """Return the first form that has all these fields, hidden or visible; None without one."""
        return next((form for form in self.forms if form.holds(*names)), None)

    def form_of(self, *types: str) -> Form | None:
        """Return the first form with a visible field of a type, such as ``password``."""
        return next((form for form in self.forms if form.of_type(*types)), None)

    def text(self, *selectors: str) -> str:
        """Return the words of the first element that fits a CSS selector; of all without any.

        The selectors are tried in order, and one whose element is empty is passed over. Nothing
        found is the empty text.
        """
        if not selectors:
            return self.safe(words(self.document))
        found = (words(tag) for each in selectors for tag in self.document.select(each))
        return self.safe(next(filter(None, found), ""))

    def safe(self, text: str) -> str:
        """Take what was sent in secret out of a text that the page shows."""
        for secret in sorted(self.secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def read(response: Response, secrets: frozenset[str] = frozenset()) -> Page:
    """Read the page in an answer.

    Raises PageNotRecognised for what is no HTML or larger than 2 MB, and ServiceUnavailable where
    the server answers with a fault of its own (5xx) or asks to slow down (429).
    """
    host = urlsplit(response.url).hostname or "the identity provider"
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status_code == 429 or response.status_code >= 500:
        raise ServiceUnavailable(
            f"{host} answers with status {response.status_code}{_reason(response, kind, secrets)}",
            "try again later",
        )
    if kind not in _TYPES:
        raise PageNotRecognised(
            f"{host} answers with {kind} where a sign-in page was expected",
            "check saml_auth_url: it must be the address that opens AWS in a browser",
        )
    if len(response.content) > LARGEST:
        raise PageNotRecognised(f"the sign-in page of {host} is larger than 2 MB")
    return _page(response, secrets)


def _page(response: Response, secrets: frozenset[str]) -> Page:
    text, charset = decode(response.content, response.headers.get("Content-Type", ""))
    document = parse(text)
    forms = forms_in(document, response.url, charset)
    return Page(response.url, response.status_code, document, charset, forms, secrets)


def _reason(response: Response, kind: str, secrets: frozenset[str]) -> str:
    """Quote what the page of a fault says, where it says anything."""
    if kind != "text/html" or len(response.content) > LARGEST:
        return ""
    try:
        page = _page(response, secrets)
    except PageNotRecognised:
        return ""
    said = page.safe(complaint(page.document))[:_QUOTED]
    return f": {said}" if said else ""
