"""Duo's newest prompt, under ``/prompt/{akey}``: JSON calls named by an ``authkey``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import runas
from runas import html
from runas.http import origin
from runas_adfs import duo, duo_api, duo_universal, refusals

if TYPE_CHECKING:
    from requests import Session

_KINDS = {"push": "push", "phone_call": "call", "mobile_otp": "totp"}
_FEATURES = '{"touch_supported":false,"webauthn_supported":false}'
_LANDING = "[data-authkey][data-akey]"


@dataclass(frozen=True)
class Newest:
    """An opened prompt. ``authkey`` names the sign-in in every call."""

    page: html.Page = field(repr=False)
    url: str
    authkey: str = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    factors: tuple[runas.Factor, ...] = ()

    def prove(self, http: Session, factor: runas.Factor) -> runas.Flow[html.Page]:
        """Ask for the push, call or passcode, wait, and go back to AD FS."""
        name, _, key = factor.id.partition("|")
        if name == "mobile_otp":
            code = yield from runas.Code(factor.device)
            said = self.post(http, "factors/mobile_otp", {"mobile_otp": code})
            if not duo_api.passed(_result(said) or "fail", factor):
                raise duo_api.wrong_code()
        elif name == "push":
            yield from self._push(http, key, factor)
        else:
            yield from self._call(http, key, factor)
        where = duo_api.text(self.get(http, "auth/finalize_auth"), "url")
        duo.check_host(self.page, where)
        return duo_universal.returned(http, html.read(http.get(where)))

    def _push(self, http: Session, key: str, factor: runas.Factor) -> runas.Flow[None]:
        sent = self.post(http, "factors/push/auth", {"pkey": key})
        number = duo_api.text(sent, "step_up_code") or None
        query = {"push_txid": duo_api.text(sent, "push_txid"), "saw_good_news": "false"}
        yield from self._wait(http, "push/status", query, number, factor)

    def _call(self, http: Session, key: str, factor: runas.Factor) -> runas.Flow[None]:
        sent = self.post(http, "factors/phone_call", {"pkey": key})
        query = {"txid": duo_api.text(sent, "txid")}
        yield from self._wait(http, "phone_call/poll", query, None, factor)

    def _wait(
        self,
        http: Session,
        path: str,
        query: dict[str, str],
        number: str | None,
        factor: runas.Factor,
    ) -> runas.Flow[None]:
        for _ in range(duo_api.LOOKS):
            yield from runas.Approval(factor.device, number, duo_api.POLL)
            if duo_api.passed(_result(self.get(http, f"auth/factors/{path}", **query)), factor):
                return
        raise refusals.silence(factor.device)

    def get(self, http: Session, path: str, **query: str) -> dict[str, Any]:
        """Read something."""
        params = {"authkey": self.authkey, **query}
        return duo_api.opened(http.get(f"{self.url}/{path}", params=params, headers=self.headers))

    def post(self, http: Session, path: str, content: dict[str, str]) -> dict[str, Any]:
        """Ask for something; a refusal is an empty answer."""
        sent = {"authkey": self.authkey, **content}
        response = http.post(f"{self.url}/auth/{path}", json=sent, headers=self.headers)
        return duo_api.opened(response, refusable=True)


def speaks(page: html.Page) -> bool:
    """Tell the page that starts this prompt."""
    return page.document.select_one(_LANDING) is not None


def open_prompt(http: Session, page: html.Page) -> Newest:
    """Start the prompt and read the factors off it."""
    tag = page.document.select_one(_LANDING)
    assert tag is not None
    url = f"{origin(page.url)}/prompt/{quote(str(tag.get('data-akey')), safe='')}"
    headers = {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"}
    headers["X-Duo-Req-Trace-Group"] = str(tag.get("data-req-trace-group") or "")
    prompt = Newest(page, url, str(tag.get("data-authkey")), headers)
    prompt.get(http, "pre_authn/initialization", is_ipad="false")  # without it there is no payload
    payload = prompt.get(http, "auth/payload", browser_features=_FEATURES)
    factors = duo_api.ways(_factors(payload))
    if not factors:
        raise runas.ActionRequired("Duo offers no way to sign in", "enrol a device with a browser")
    return Newest(page, url, prompt.authkey, headers, factors)


def _factors(payload: dict[str, Any]) -> list[runas.Factor]:
    found: dict[str, runas.Factor] = {}
    content: Any = payload
    for key in ("auth_factors_context", "available_unified_auth_factors", "factors"):
        content = content.get(key) if isinstance(content, dict) else None
    for each in content if isinstance(content, list) else ():
        name = duo_api.text(each, "factor_type")
        info = (each.get("device_info") or each.get("phone_info")) if name else None
        key = duo_api.text(info, "pkey")
        if name in _KINDS and (key or name == "mobile_otp"):
            identifier = name if name == "mobile_otp" else f"{name}|{key}"
            shown = "Duo" if name == "mobile_otp" else _device(info)
            found.setdefault(identifier, runas.Factor(_KINDS[name], shown, identifier))
    return list(found.values())


def _device(info: object) -> str:
    number = duo_api.text(info, "end_of_number")
    return duo_api.text(info, "name") or (f"phone ending in {number}" if number else "phone")


def _result(answer: dict[str, Any]) -> str:
    """Read an outcome: a bare word, or one in a dict of its own."""
    inner = answer.get("result")
    if isinstance(inner, str):
        return inner
    return duo_api.text(inner, "status_code") or duo_api.text(inner, "result")
