"""Duo's iframe: ``Duo.init`` names the host and a request signed by AD FS.

The request is ``TX|...:APP|...``; Duo takes the first half and gives an ``AUTH|...`` cookie for it,
which goes back to AD FS together with the second half.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import runas
from runas import html
from runas.http import join
from runas_adfs import duo, duo_api, pages, refusals

if TYPE_CHECKING:
    from requests import Session

_HOST = re.compile(r"['\"]host['\"]\s*:\s*['\"]([\w.:-]{1,250})['\"]")
_REQUEST = re.compile(
    r"['\"]sig_request['\"]\s*:\s*['\"](TX\|[^'\":]{1,4000}):(APP\|[^'\"]{1,4000})['\"]"
)
_NOTHING = ("java_version", "flash_version", "screen_resolution_width", "screen_resolution_height",
            "color_depth")  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """An opened iframe. ``sid`` is Duo's session, ``app`` AD FS's half of the request."""

    page: html.Page = field(repr=False)
    url: str
    sid: str = field(repr=False)
    app: str = field(repr=False)
    factors: tuple[runas.Factor, ...]
    cookie: str = field(default="", repr=False)

    def prove(self, http: Session, factor: runas.Factor) -> runas.Flow[html.Page]:
        """Ask for the push, call or passcode, wait for the cookie, and take it to AD FS."""
        cookie = self.cookie or (yield from self._cookie(http, factor))
        form = pages.second_form(self.page)
        assert form is not None
        values = {"sig_response": f"{cookie}:{self.app}"}
        return html.submit(http, self.page, form, values)

    def _cookie(self, http: Session, factor: runas.Factor) -> runas.Flow[str]:
        name, _, device = factor.id.partition("|")
        data = {"sid": self.sid, "factor": name, "device": device, "out_of_date": ""}
        if name == "Passcode":
            data["passcode"] = yield from runas.Code(factor.device)
        data["post_auth_action"] = ""
        begun = duo_api.opened(http.post(f"{self.url}/frame/prompt", data=data), refusable=True)
        txid = duo_api.text(begun, "txid")
        if not txid:
            duo_api.passed("fail", factor)
        asked = {"sid": self.sid, "txid": txid}
        for _ in range(duo_api.LOOKS):
            state = duo_api.opened(http.post(f"{self.url}/frame/status", data=asked))
            code = duo_api.text(state, "status_code") or duo_api.text(state, "result")
            if duo_api.passed(code, factor):
                return self._result(http, state)
            yield from runas.Approval(factor.device, None, duo_api.POLL)
        raise refusals.silence(factor.device)

    def _result(self, http: Session, state: dict[str, object]) -> str:
        """Fetch the cookie: it is in the answer, or where the answer says (at Duo)."""
        where = duo_api.text(state, "result_url")
        if where:
            url = join(f"{self.url}/frame/status", where)
            duo.check_host(self.page, url)
            state = duo_api.opened(http.post(url, data={"sid": self.sid}))
        cookie = duo_api.text(state, "cookie")
        if not cookie:
            raise duo_api.fault(200)
        return cookie


def open_frame(http: Session, page: html.Page) -> Frame:
    """Open the iframe and read the devices and their factors off it."""
    script = duo.scripts(page)
    host, request = _HOST.search(script), _REQUEST.search(script)
    if host is None or request is None or pages.second_form(page) is None:
        raise refusals.unknown(page)
    url = duo.check_host(page, f"{urlsplit(page.url).scheme}://{host[1]}")
    query = {"tx": request[1], "parent": page.url, "v": "2.3"}
    data = {"parent": page.url, **dict.fromkeys(_NOTHING, "")}
    inside = html.read(http.post(f"{url}/frame/web/v1/auth", params=query, data=data))
    done = inside.form_with("js_cookie")
    cookie = done.fields.get("js_cookie", "") if done else ""
    if cookie:  # Duo knows this device, and asks for nothing
        known = runas.Factor("duo", "Duo", "known")
        return Frame(page, url, "", request[2], (known,), cookie)
    sid = _sid(inside)
    factors = duo_api.ways(_factors(inside))
    if not sid or not factors:
        raise runas.ActionRequired("Duo offers no way to sign in", "enrol a device with a browser")
    return Frame(page, url, sid, request[2], factors)


def _sid(inside: html.Page) -> str:
    form = inside.form_with("sid")
    query = parse_qs(urlsplit(inside.url).query)
    return (form.fields.get("sid", "") if form else "") or query.get("sid", [""])[0]


def _factors(inside: html.Page) -> list[runas.Factor]:
    """List the devices' factors; a passcode belongs to no device."""
    listed = {str(tag.get("value")): " ".join(tag.get_text(" ").split())
              for tag in inside.document.select("select[name=device] option[value]")}  # fmt: skip
    found: dict[str, runas.Factor] = {}
    for box in inside.document.select("fieldset[data-device-index]"):
        device = str(box.get("data-device-index"))
        for tag in box.select("input[name=factor]"):
            name = str(tag.get("value"))
            if name in duo_api.KINDS:
                key = name if name == "Passcode" else f"{name}|{device}"
                shown = "Duo" if name == "Passcode" else listed.get(device, device)
                found.setdefault(key, runas.Factor(duo_api.KINDS[name], shown, key))
    return list(found.values())
