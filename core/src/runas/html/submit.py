"""Send a form, and a secret nowhere but where it belongs.

The rule: a form that carries a password or code goes to the origin (scheme, host, port) of the page
that showed it, or to a host that the profile lists in ``trusted_hosts``. It holds for redirects
that repeat the body (307, 308) as well, and such a form is never sent in an address (GET).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from runas.errors import ConfigurationError, PageNotRecognised
from runas.html.entries import Pairs, Values
from runas.html.fields import Button
from runas.html.forms import Form
from runas.html.page import Page, read
from runas.http.addresses import origin

if TYPE_CHECKING:
    from requests import Response, Session

_REDIRECTS = 20
_BREAK = re.compile(r"\r\n?|\n")


def submit(
    http: Session,
    page: Page,
    form: Form,
    values: Values,
    *,
    press: str | Button | None = None,
    secrets: Collection[str] = (),
    trusted: Collection[str] = (),
) -> Page:
    """Fill a form of the page in, send it, and return the page that comes of it.

    *values* go over the form's own fields (see `Form.entries`). *press* is the button whose name is
    sent, if any.
    *secrets* names fields that carry a secret without saying so in their markup; *trusted* are
    hosts that may receive secrets, besides the session's ``trusted_hosts``.

    Example::

        page = submit(http, page, form, {"otp": code}, press="login", secrets={"otp"})
    """
    button = _button(form, press)
    sent = form.entries(values, button)
    private = _private(http, form, sent, secrets)
    action = (button.action if button else "") or form.action
    method = (button.method if button else "") or form.method
    if private:
        hosts = {*trusted, *getattr(http, "trusted_hosts", ())}
        _check(page, action, method, hosts)
        return read(_send_private(http, page, form, action, sent, hosts), page.secrets | private)
    return read(_send(http, page, form, action, method, sent), page.secrets)


def _button(form: Form, press: str | Button | None) -> Button | None:
    if press is None or isinstance(press, Button):
        return press
    found = next((each for each in form.buttons if press in (each.name, each.id)), None)
    return found or Button(press)


def _private(http: Session, form: Form, sent: Pairs, secrets: Collection[str]) -> frozenset[str]:
    """Return the values that are secret: so named, so marked up, or given as such before."""
    marked = {each.name for each in form.inputs if each.secret} | set(secrets)
    known: Collection[str] = getattr(http, "answers", ())
    return frozenset(text for name, text in sent if text and (name in marked or text in known))


def _check(page: Page, action: str, method: str, hosts: Collection[str]) -> None:
    if method != "post":
        raise PageNotRecognised(
            f"the sign-in page of {page.host} would send the password in an address",
            "it needs a plugin of its own, or a browser",
        )
    _same_origin(page, action, hosts)


def _same_origin(page: Page, target: str, hosts: Collection[str]) -> None:
    there = origin(target)
    if there == origin(page.url) or (
        there.startswith("https://") and _host(target) in {each.lower() for each in hosts}
    ):
        return
    raise ConfigurationError(
        f"the sign-in page of {page.host} would send the password or code to {there}",
        f"if that is right, add to the profile: trusted_hosts = {_host(target)}",
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _send(http: Session, page: Page, form: Form, action: str, method: str, sent: Pairs) -> Response:
    if method == "post":
        return http.post(action, **_body(form, sent), headers=_headers(page, action))
    parts = urlsplit(action)
    query = urlencode(_lines(sent), encoding=form.charset, errors="xmlcharrefreplace")
    url = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    return http.get(url, headers=_headers(page, action))


def _send_private(
    http: Session,
    page: Page,
    form: Form,
    action: str,
    sent: Pairs,
    hosts: Collection[str],
) -> Response:
    """Post a form, looking at each redirect before it is followed."""
    response = http.post(
        action, **_body(form, sent), headers=_headers(page, action), allow_redirects=False
    )
    for _ in range(_REDIRECTS):
        onward = response.next
        if onward is None:
            return response
        if onward.body is not None:
            _same_origin(page, onward.url or "", hosts)
        response = http.send(onward, allow_redirects=False)
    raise PageNotRecognised(f"the sign-in at {page.host} redirects in a circle")


def _lines(sent: Pairs) -> Pairs:
    """Write line breaks as forms do. Source: WHATWG HTML, 4.10.22.5."""
    return [(_BREAK.sub("\r\n", name), _BREAK.sub("\r\n", text)) for name, text in sent]


def _body(form: Form, sent: Pairs) -> dict[str, Any]:
    pairs = [
        tuple(text.encode(form.charset, "xmlcharrefreplace") for text in pair)
        for pair in _lines(sent)
    ]
    if form.enctype == "multipart/form-data":
        return {
            "files": [(name.decode(form.charset, "replace"), (None, text)) for name, text in pairs]
        }
    return {"data": pairs}


def _headers(page: Page, action: str) -> dict[str, str]:
    """Say where we come from as browsers do: in full to the same origin, else by origin only.

    Source: W3C Referrer Policy, ``strict-origin-when-cross-origin``.
    """
    here = origin(page.url)
    full = page.url.partition("#")[0]
    return {"Origin": here, "Referer": full if origin(action) == here else f"{here}/"}
