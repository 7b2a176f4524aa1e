"""The pages of a made-up org: the app, the sign-in page, the sessions."""

from __future__ import annotations

import secrets
from html import escape
from typing import TYPE_CHECKING

from runas_okta.testing.exchange import Reply, Request
from runas_okta.testing.people import Session

if TYPE_CHECKING:
    from runas_okta.testing.org import OktaOrg

_SIGN_IN = """<!DOCTYPE html><html><head><title>Sign In</title>
<script src="{url}/okta-signin-widget.js"></script></head><body>
<div id="okta-sign-in"></div><script nonce="n0">{script}
var oktaData = {{"signIn": {{"el": "#okta-sign-in"}}}};</script>
<noscript>Javascript is required</noscript></body></html>"""
_POST = """<html><body><form id="appForm" action="{action}" method="POST">
<input name="SAMLResponse" type="hidden" value="{response}"/>
<input name="RelayState" type="hidden" value=""/></form>
<script type="text/javascript">document.getElementById("appForm").submit();</script>
</body></html>"""
_ERROR = '<html><body><div class="error-content"><h2>{words}</h2></div></body></html>'


def _entities(text: str) -> str:
    """Escape as Okta does, signs of addresses and base64 included."""
    for sign in ":/+=":
        text = text.replace(sign, f"&#x{ord(sign):x};")
    return text


class Web:
    """Everything that a browser would see."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        rooms = {
            "/.well-known/okta-organization": self._well_known,
            self._org.app_path: self._app,
            "/login/login.htm": self._sign_in_page,
            "/login/step-up/redirect": self._stepped_up,
            "/login/token/redirect": self._redeemed,
            "/api/v1/sessions": self._sessions,
        }
        return rooms.get(request.path, _nowhere)(request)

    def _well_known(self, request: Request) -> Reply:
        pipeline = "idx" if self._org.engine == "identity" else "v1"
        return Reply.of({"id": "00o1", "cell": "ok3", "pipeline": pipeline, "_links": {}})

    def session(self, request: Request) -> Session | None:
        """Return the browser's session, if it lives."""
        for name in ("sid", "idx"):
            if found := self._org.sessions.get(request.cookies.get(name, "")):
                return found
        return None

    def _app(self, request: Request) -> Reply:
        org, session = self._org, self.session(request)
        token = request.query.get("sessionToken")
        # An org that sees a session's cookie, live or not, ignores the token.
        if token and "sid" not in request.cookies:
            sign_in = org.redeem(token)
            if sign_in is not None and sign_in.user is not None:
                return Reply.redirect(org.app_url).cookie("sid", org.open_session(sign_in.user))
        if session is None:
            if org.engine == "identity":
                return self._sign_in_page(request)
            return Reply.redirect(f"{org.url}/login/login.htm?fromURI=app")
        if not session.user.assigned:
            return Reply.page(_ERROR.format(words="User is not assigned to this application"), 403)
        if org.policy.step_up and not session.stepped_up:
            sign_in = org.begin(for_app=True)
            sign_in.user, sign_in.stage = session.user, "MFA_REQUIRED"
            script = f"var x='/login/step-up/';var stateToken = '{_js(sign_in.token)}';"
            reply = Reply.page(_SIGN_IN.format(url=org.url, script=script))
            return reply.cookie("oktaStateToken", sign_in.token)
        response = _entities(org.assertion(session.user.name))
        return Reply.page(_POST.format(action=_entities(org.acs), response=response))

    def _sign_in_page(self, request: Request) -> Reply:
        org, script, token = self._org, "", ""
        device = request.cookies.get("DT") or "DI" + secrets.token_hex(8)
        if org.engine == "identity" or org.policy.page_token or org.policy.app_token:
            sign_in = org.begin(for_app=org.policy.app_token)
            sign_in.device = device
            token = sign_in.token
            script = f"var stateToken = '{_js(token)}';"
        reply = Reply.page(_SIGN_IN.format(url=escape(org.url), script=script))
        reply.cookie("JSESSIONID", secrets.token_hex(8))
        if token:
            reply.cookie("oktaStateToken", token)
        if "DT" not in request.cookies:
            reply.cookie("DT", device, "Path=/; Max-Age=63072000; HttpOnly")
        return reply

    def _sessions(self, request: Request) -> Reply:
        if not self._org.policy.sessions_api:
            return _nowhere(request)
        if not request.is_json:
            return self._org.violation("a body that is not JSON", Reply.of({}, 400))
        sign_in = self._org.redeem(str(request.json.get("sessionToken")))
        if sign_in is None or sign_in.user is None:
            return Reply.of({"errorCode": "E0000004", "errorSummary": "failed"}, 401)
        return Reply.of({"id": self._org.open_session(sign_in.user), "status": "ACTIVE"})

    def _stepped_up(self, request: Request) -> Reply:
        sign_in = self._org.tokens.get(request.query.get("t", ""))
        session = self.session(request)
        if sign_in is None or sign_in.stage != "SUCCESS" or sign_in.user is None:
            return Reply.page(_ERROR.format(words="Session expired"), 403)
        reply = Reply.redirect(self._org.app_url)
        if session is None and sign_in.password:
            name = self._org.open_session(sign_in.user)
            session = self._org.sessions[name]
            reply.cookie("sid", name)
        if session is None:
            return Reply.page(_ERROR.format(words="Session expired"), 403)
        session.stepped_up = True
        return reply

    def _redeemed(self, request: Request) -> Reply:
        sign_in = self._org.handles.get(request.query.get("stateToken", ""))
        if sign_in is None or sign_in.stage != "SUCCESS" or sign_in.user is None:
            return Reply.page(_ERROR.format(words="Session expired"), 403)
        if not sign_in.user.assigned:
            return Reply.page(_ERROR.format(words="User is not assigned to this application"), 403)
        sign_in.stage = "SPENT"
        begun = self.session(request)
        if sign_in.for_app and begun is not None:
            begun.stepped_up = True
            return Reply.redirect(self._org.app_url)
        session = self._org.open_session(sign_in.user)
        return Reply.redirect(self._org.app_url).cookie("idx", session)


def _js(text: str) -> str:
    return text.replace("-", "\\x2D")


def _nowhere(request: Request) -> Reply:
    return Reply.page(_ERROR.format(words="Page not found"), 404)
