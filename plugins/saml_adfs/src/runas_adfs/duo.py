"""Duo, in the three generations that AD FS farms use.

The iframe (``Duo.init`` in the page), the Universal Prompt, and its successor under ``/prompt``.
Each is opened to learn the devices, run by the factor chosen, and leads back to a page of AD FS.
Duo's services are ``*.duosecurity.com`` and, for governments, ``*.duofederal.com``: nothing else is
told a passcode.
Source: https://duo.com/docs/adfs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import runas
from runas import html
from runas.http import loopback, origin
from runas_adfs import pages

if TYPE_CHECKING:
    from requests import Session

HOSTS = (".duosecurity.com", ".duofederal.com")
FRAME = "Duo.init"


class Prompt(Protocol):
    """An opened Duo prompt."""

    @property
    def factors(self) -> tuple[runas.Factor, ...]:
        """What the person may choose from."""

    def prove(self, http: Session, factor: runas.Factor) -> runas.Flow[html.Page]:
        """Satisfy one of the factors and return AD FS's next page."""


def leads_there(page: html.Page) -> bool:
    """Tell a page of AD FS that goes on at Duo."""
    return pages.duo_form(page) is not None or FRAME in scripts(page)


def scripts(page: html.Page) -> str:
    """Return the page's scripts, which hold what Duo's iframe is opened with."""
    return "\n".join(tag.get_text() for tag in page.document.find_all("script"))


def open_prompt(http: Session, page: html.Page) -> Prompt:
    """Go to Duo and see which generation answers."""
    from runas_adfs import duo_frame, duo_newest, duo_universal

    form = pages.duo_form(page)
    if form is None:
        return duo_frame.open_frame(http, page)
    check_host(page, form.action)
    there = html.submit(http, page, form, {})
    if duo_newest.speaks(there):
        return duo_newest.open_prompt(http, there)
    return duo_universal.open_prompt(http, there)


def check_host(page: html.Page, url: str) -> str:
    """Return the origin of a Duo service; raise where an address is somebody else's."""
    found = origin(url)
    host = urlsplit(found).hostname or ""
    here = urlsplit(page.url).hostname or ""
    if host.endswith(HOSTS) or (loopback(host) and loopback(here)):
        return found
    raise runas.PageNotRecognised(
        f"{page.host} sends its second factor to {host}, which is not Duo's",
        "sign in with a browser and tell the administrator of AD FS",
    )
