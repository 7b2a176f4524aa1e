"""Somebody at a browser, for tests without one: opens an address and presses the button."""

from __future__ import annotations

import urllib.error
import urllib.request
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin

_TIMEOUT = 10


class Person:
    """Allows, or denies, whatever sign-in is put before them. ``opened`` lists the addresses."""

    def __init__(self, decision: str = "allow") -> None:
        self.decision = decision
        self.opened: list[str] = []
        # Proxies are for the world; this browser knows loopback only.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def open(self, url: str) -> str:
        """Open an address, press the button, and return the page that the browser ends on."""
        self.opened.append(url)
        page = self._fetch(url)
        form = _Form()
        form.feed(page)
        if form.action is None:
            return page
        fields = form.fields | {"decision": self.decision}
        return self._fetch(urljoin(url, form.action), urlencode(fields).encode())

    def ends_at(self, url: str) -> str:
        """Open an address as on another machine, and return the one that opens nothing there."""
        stay, elsewhere = _Stay(), Person(self.decision)
        elsewhere._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), stay)
        elsewhere.open(url)
        self.opened.append(url)
        return stay.location

    def _fetch(self, url: str, body: bytes | None = None) -> str:
        if not url.startswith("http://127.0.0.1:"):
            raise ValueError(f"not on loopback: {url}")
        try:
            with self._opener.open(url, body, _TIMEOUT) as response:
                return str(response.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return error.read().decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Goes where no redirect leads, and remembers it."""

    location = ""

    def redirect_request(self, *given: Any) -> None:
        """Note the address."""
        self.location = given[-1]


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a tag."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = given.get("action", "")
        elif tag == "input" and given.get("type") == "hidden":
            self.fields[given.get("name", "")] = given.get("value", "")
