"""Do what a browser does by itself, until a page wants something from a person.

Three kinds of page lead on: a form that is submitted by script, a meta refresh, and a script that
sets ``location``. Nothing is executed: a script is looked at for these few words only.
Source: OASIS SAML 2.0 Bindings, 3.5 (HTTP POST); OAuth 2.0 Form Post Response Mode;
WS-Federation 1.2, 13.2.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bs4 import Tag

from runas.errors import PageNotRecognised
from runas.html.document import attribute
from runas.html.forms import Form, base
from runas.html.page import Page, read
from runas.html.signs import assertion, goes_to_aws
from runas.html.submit import submit
from runas.http.addresses import join

if TYPE_CHECKING:
    from requests import Session

# Fields that hand a sign-in over from one party to the next.
_HANDED_OVER = (
    {"SAMLRequest"},
    {"SAMLResponse"},
    {"wresult"},
    {"wa", "wctx"},
    {"id_token"},
    {"code", "state"},
    {"access_token", "state"},
)
_SUBMITS = re.compile(r"submit", re.IGNORECASE)
_SHORT = 2000  # characters of script: those that only submit a form have less than hundred
_REFRESH = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?(['\"]?)(.*)", re.I | re.S)
_SOON = 5  # seconds; what refreshes later is a time-out, not a redirect
_LOCATION = re.compile(
    r"(?<![\w.$])(?:(?:window|document|self|top|parent)\.)?location"
    r"(?:(?:\.href)?\s{0,9}=\s{0,9}|\.(?:replace|assign)\(\s{0,9})"
    r"(?:\"([^\"\n]{1,8000})\"|'([^'\n]{1,8000})')\s{0,9}(?=[;)}\n<]|$)"
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")


def follow(http: Session, page: Page, limit: int = 20) -> Page:
    """Follow a page to the one that holds the response for AWS, or that a person must answer.

    Raises PageNotRecognised for a circle and for a chain of more than *limit* pages.
    """
    seen: set[tuple[object, ...]] = set()
    for _ in range(limit):
        if assertion(page) is not None:
            return page
        form, url = _onward_form(page), ""
        if form is None:
            url = _refresh(page) or _location(page)
            if not url or url.partition("#")[0] == page.url.partition("#")[0]:
                return page
        step = (form.action, *form.entries()) if form else (url,)
        if step in seen:
            raise PageNotRecognised(f"the sign-in at {page.host} goes round in a circle")
        seen.add(step)
        if form is not None:
            page = submit(http, page, form, {})
        else:
            page = replace(read(http.get(url), page.secrets))
    raise PageNotRecognised(f"the sign-in at {page.host} leads through more than {limit} pages")


def _onward_form(page: Page) -> Form | None:
    """Find the form that the page submits by itself, if it does."""
    if any(form.inputs for form in page.forms):
        return None
    for form in page.forms:
        if _hands_over(form) and not goes_to_aws(form.action):
            return form
    if len(page.forms) == 1 and _scripted(page) and not goes_to_aws(page.forms[0].action):
        return page.forms[0]
    return None


def _hands_over(form: Form) -> bool:
    filled = {name for name, text in form.fields.items() if text}
    return filled == {"RelayState"} or any(names <= filled for names in _HANDED_OVER)


def _scripted(page: Page) -> bool:
    """Tell whether a short script, or the body's ``onload``, submits the form."""
    body = page.document.find("body")
    if isinstance(body, Tag) and _SUBMITS.search(attribute(body, "onload")):
        return True
    script = _scripts(page)
    return len(script) <= _SHORT and ".submit(" in script


def _refresh(page: Page) -> str:
    """Return where a meta refresh leads, unless it is for browsers without scripts."""
    if any(form.inputs for form in page.forms):
        return ""
    for meta in page.document.find_all("meta", attrs={"http-equiv": re.compile("^refresh$", re.I)}):
        found = _REFRESH.fullmatch(attribute(meta, "content")[:8000])
        if found is None or int(found[1]) > _SOON or meta.find_parent(("noscript", "template")):
            continue
        target = found[3].partition(found[2])[0] if found[2] else found[3]
        if target.strip():
            return _absolute(page, target)
    return ""


def _location(page: Page) -> str:
    """Return where a script sends the browser, where there is but one such place."""
    if page.forms:
        return ""
    found = {first or second for first, second in _LOCATION.findall(_scripts(page))}
    return _absolute(page, _unescaped(found.pop())) if len(found) == 1 else ""


def _scripts(page: Page) -> str:
    return "\n".join(script.get_text() for script in page.document.find_all("script"))


def _unescaped(text: str) -> str:
    """Undo the escapes of a JavaScript string."""
    return _ESCAPE.sub(
        lambda found: chr(int(found[1] or found[2], 16)) if not found[3] else found[3], text
    )


def _absolute(page: Page, target: str) -> str:
    """Resolve an address; what is none of the web (``javascript:``, ``about:``) leads nowhere."""
    url = join(base(page.document, page.url), target)
    return url if urlsplit(url).scheme in ("http", "https") else ""
