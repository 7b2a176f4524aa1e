"""Duo's Universal Prompt: pages under ``/frame/v4`` between two forms of AD FS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import runas
from runas import html
from runas.http import origin
from runas_adfs import duo_api, refusals

if TYPE_CHECKING:
    from requests import Session

_FEATURE_PAGES = 3
_NAMES = {"Duo Mobile Passcode": "totp", "Hardware Token": "token"}


@dataclass(frozen=True)
class Universal:
    """An opened prompt. ``sid`` and ``xsrf`` name Duo's session."""

    url: str
    sid: str = field(repr=False)
    xsrf: str = field(repr=False)
    factors: tuple[runas.Factor, ...]

    def prove(self, http: Session, factor: runas.Factor) -> runas.Flow[html.Page]:
        """Ask for the push, call or passcode, wait, and go back to AD FS."""
        name, _, device = factor.id.partition("|")
        data = {"sid": self.sid, "factor": name, "device": device or "null", "_xsrf": self.xsrf}
        if name == "Passcode":
            data["passcode"] = yield from runas.Code(factor.device)
        begun = duo_api.opened(self._post(http, "prompt", data), refusable=True)
        txid = duo_api.text(begun, "txid")
        if not txid:
            duo_api.passed("fail", factor)
        yield from self._wait(http, txid, factor)
        return self._leave(http, txid, name)

    def _wait(self, http: Session, txid: str, factor: runas.Factor) -> runas.Flow[None]:
        asked = {"sid": self.sid, "txid": txid}
        for _ in range(duo_api.LOOKS):
            state = duo_api.opened(self._post(http, "status", asked))
            code = duo_api.text(state, "status_code") or duo_api.text(state, "result")
            if duo_api.passed(code, factor):
                return
            chosen = state.get("risk_based_factor_selection_data")
            number = duo_api.text(chosen, "step_up_code") or None
            yield from runas.Approval(factor.device, number, duo_api.POLL)
        raise refusals.silence(factor.device)

    def _leave(self, http: Session, txid: str, name: str) -> html.Page:
        data = {
            "sid": self.sid,
            "txid": txid,
            "factor": name,
            "device_key": "",
            "_xsrf": self.xsrf,
            "dampen_choice": "False",
        }
        return returned(http, html.read(self._post(http, "oidc/exit", data)))

    def _post(self, http: Session, path: str, data: dict[str, str]) -> Any:
        headers = {"X-Xsrftoken": self.xsrf}
        return http.post(f"{self.url}/frame/v4/{path}", data=data, headers=headers)


def returned(http: Session, page: html.Page) -> html.Page:
    """Post the form that Duo's last page holds for AD FS."""
    form = page.form_with("duo_code")
    if form is None:
        onward = html.follow(http, page)
        if onward is page:
            raise refusals.unknown(page)
        return onward
    return html.submit(http, page, form, {})


def open_prompt(http: Session, page: html.Page) -> Universal:
    """Answer Duo's question about the browser's features, and read the devices."""
    for _ in range(_FEATURE_PAGES):
        form = page.form_with("tx", "_xsrf")
        if form is None:
            break
        page = html.submit(http, page, form, {"parent": "None"})
    form = page.form_with("_xsrf")
    sid = parse_qs(urlsplit(page.url).query).get("sid", [""])[0]
    if form is None or not sid:
        raise refusals.unknown(page)
    url, xsrf = origin(page.url), form.fields.get("_xsrf", "")
    factors = _listed(http, url, sid, xsrf) or _preferred(page)
    if not factors:
        raise runas.ActionRequired("Duo offers no way to sign in", "enrol a device with a browser")
    return Universal(url, sid, xsrf, factors)


def _listed(http: Session, url: str, sid: str, xsrf: str) -> tuple[runas.Factor, ...]:
    """Read the ways to sign in, in the order that Duo suggests."""
    query = {"post_auth_action": "OIDC_EXIT", "sid": sid}
    headers = {"X-Xsrftoken": xsrf}
    response = http.get(f"{url}/frame/v4/auth/prompt/data", params=query, headers=headers)
    try:
        data = duo_api.opened(response)
    except runas.ServiceUnavailable:
        return ()  # the page itself names the preferred one
    phones = {duo_api.text(each, "key"): each for each in _dicts(data.get("phones"))}
    found: dict[str, runas.Factor] = {}
    for way in _dicts(data.get("auth_method_order")):
        name = duo_api.text(way, "factor")
        phone = phones.get(duo_api.text(way, "deviceKey"), {})
        factor = _factor(name, duo_api.text(phone, "index"), _device(phone))
        if factor is not None:
            found.setdefault(factor.id, factor)
    return duo_api.ways(found.values())


def _preferred(page: html.Page) -> tuple[runas.Factor, ...]:
    fields = {name: text for form in page.forms for name, text in form.fields.items()}
    name, device = fields.get("preferred_factor", ""), fields.get("preferred_device", "")
    first = _factor(name, device, device or "phone")
    passcode = runas.Factor("totp", "Duo", "Passcode")
    return tuple(each for each in (first, passcode) if each and each is not first) + (
        (first,) if first and first.id != "Passcode" else ()
    )


def _factor(name: str, index: str, device: str) -> runas.Factor | None:
    if name in ("Passcode", *_NAMES):
        return runas.Factor(_NAMES.get(name, "totp"), "Duo", "Passcode")
    if name in duo_api.KINDS and index:
        return runas.Factor(duo_api.KINDS[name], device, f"{name}|{index}")
    return None


def _device(phone: dict[str, Any]) -> str:
    number = duo_api.text(phone, "end_of_number")
    return duo_api.text(phone, "name") or (f"phone ending in {number}" if number else "phone")


def _dicts(entries: object) -> list[dict[str, Any]]:
    return [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
