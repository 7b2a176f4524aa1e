"""Duo's host beside a made-up org: the frame's pages, and Okta's callback."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from runas_okta.testing.exchange import Reply, Request
from runas_okta.testing.factors import Duo
from runas_okta.testing.people import SignIn

if TYPE_CHECKING:
    from runas_okta.testing.org import OktaOrg


def verification(org: OktaOrg, sign_in: SignIn, factor: Duo) -> dict[str, object]:
    """Return the signed request that Okta hands to Duo's frame."""
    request, app = f"TX|{secrets.token_hex(6)}", f"APP|{secrets.token_hex(6)}"
    org.duo.asked[request] = (sign_in, factor, app)
    path = f"/api/v1/authn/factors/{factor.id}/lifecycle/duoCallback"
    complete = {"href": f"{org.url}{path}?via={sign_in.link_key}"}
    host = org.url.partition("//")[2]
    links = {"complete": complete, "script": {"href": org.url + "/duo.js"}}
    return {"host": host, "signature": f"{request}:{app}", "_links": links}


def callback(org: OktaOrg, request: Request) -> Reply:
    """Take Duo's signed response."""
    form = request.form
    sign_in = org.sign_in(form.get("stateToken", ""))
    cookie, _, app = form.get("sig_response", "").partition(":")
    asked = sign_in.factor if sign_in else None
    followed = sign_in is not None and request.query.get("via") == sign_in.link_key
    if sign_in is None or asked is None or not followed or form.get("id") != asked.id:
        return Reply.of({"errorCode": "E0000079", "errorSummary": "not allowed"}, 403)
    if org.duo.cookies.pop(cookie, None) != (sign_in, app):
        return Reply.of({"errorCode": "E0000079", "errorSummary": "not allowed"}, 403)
    sign_in.verified = True
    org.remember(sign_in)
    return Reply(200, b"", "text/html")


_BROWSER = (
    "parent",
    "java_version",
    "flash_version",
    "screen_resolution_width",
    "screen_resolution_height",
    "color_depth",
)
"""What a browser tells of itself as it opens the frame; each may be empty."""


class DuoHost:
    """The frame: one ``sid`` a visit, another once it was allowed; one ``txid`` a try."""

    def __init__(self) -> None:
        self.asked: dict[str, tuple[SignIn, Duo, str]] = {}
        self.cookies: dict[str, tuple[SignIn, str]] = {}
        self._visits: dict[str, tuple[SignIn, Duo, str]] = {}
        self._tries: dict[str, str] = {}

    def answer(self, request: Request) -> Reply:
        """Answer one call of the frame."""
        if request.path == "/frame/web/v1/auth":
            return self._open(request)
        if request.method == "GET" and request.query.get("sid") in self._visits:
            return Reply.page("<p>Choose a way to sign in</p>")
        return self._answer(request)

    def _answer(self, request: Request) -> Reply:
        visit = self._visits.get(request.form.get("sid", ""))
        if visit is None:
            return Reply.of({"stat": "FAIL", "message": "Unknown session"})
        match request.path:
            case "/frame/prompt":
                return self._prompt(request, visit[1])
            case "/frame/status":
                return self._status(request, visit[1])
            case "/frame/result" if self._tries.pop(request.form["sid"], "") == "allow":
                cookie = f"AUTH|{secrets.token_hex(6)}"
                self.cookies[cookie] = (visit[0], visit[2])
                return _fine({"cookie": cookie})
        return Reply.of({"stat": "FAIL", "message": "Not found"}, 404)

    def _open(self, request: Request) -> Reply:
        asked = self.asked.pop(request.query.get("tx", ""), None)
        parent = request.query.get("parent", "").endswith("/signin/verify/duo/web")
        told = request.form.keys() >= set(_BROWSER) and request.query.get("v") == "2.8"
        if asked is None or not (parent and told):
            return Reply.page("<p>Access denied</p>", 403)
        if asked[1].endpoint_check:
            return Reply.page('<form id="endpoint-health-form"><input name="sid" value="x"></form>')
        sid = self._named(asked)
        if asked[1].redirects:
            return Reply.redirect("/frame/prompt?" + urlencode({"sid": sid}))
        shown = sid.replace("|=", "&#x7c;&#x3d;")
        return Reply.page(f'<form><input type="hidden" name="sid" value="{shown}"></form>')

    def _named(self, asked: tuple[SignIn, Duo, str]) -> str:
        sid = f"{secrets.token_hex(8)}|="
        self._visits[sid] = asked
        return sid

    def _prompt(self, request: Request, factor: Duo) -> Reply:
        form = request.form
        txid = secrets.token_hex(4)
        if form.get("factor") == "Passcode":
            code = form.get("passcode", "")
            fine = factor.accepts(code) and code not in factor.used
            factor.used.add(code)
            self._tries[txid] = "allow" if fine else "deny"
        else:
            factor.looks = 0
            self._tries[txid] = "pushed"
        return _fine({"txid": txid})

    def _status(self, request: Request, factor: Duo) -> Reply:
        state = self._tries.get(request.form.get("txid", ""), "")
        if state == "pushed":
            factor.looks += 1
            if factor.looks <= factor.after:
                return _fine({"status_code": "pushed", "status": "Pushed a login request"})
            state = {"approve": "allow", "reject": "deny"}.get(factor.outcome, "timeout")
        if state == "allow":
            result = {"result": "SUCCESS", "status_code": "allow", "result_url": "/frame/result"}
            # The visit has another name from here on, and the old one is void.
            result["sid"] = self._named(self._visits.pop(request.form["sid"]))
            self._tries[result["sid"]] = "allow"
            return _fine(result)
        return _fine({"result": "FAILURE", "status_code": state or "error"})


def _fine(response: dict[str, str]) -> Reply:
    return Reply.of({"stat": "OK", "response": response})
