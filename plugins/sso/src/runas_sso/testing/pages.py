"""What a person sees in the browser: pages with one form and two buttons."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from runas_sso.testing.records import Redirect
from runas_sso.testing.wire import Answer, Request

if TYPE_CHECKING:
    from runas_sso.testing.center import IdentityCenter

_FRAME = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><main><h1>{title}</h1>{content}</main></html>
"""
_FORM = """<p>{text}</p>
<form method="post" action="{action}"><input type="hidden" name="{name}" value="{value}">
<button id="allow" name="decision" value="allow">Allow access</button>
<button id="deny" name="decision" value="deny">Deny access</button></form>
"""
_ENTER = """<form method="get" action="/device">
<label>Code <input name="user_code" autocomplete="off" required></label>
<button id="next">Next</button></form>
"""


def alias(center: IdentityCenter, request: Request) -> Answer:
    """Lead to the portal."""
    return Answer(302, headers={"Location": f"{center.start_url}/?from=alias#/"})


def authorize(center: IdentityCenter, request: Request) -> Answer:
    """Show the sign-in page of a login by redirect; what is wrong with it is shown, not sent on."""
    asked = request.query
    client = center.clients.get(asked.get("client_id", ""))
    if client is None or client.expires_at <= center.now():
        return _failure("unknown client")
    if not _registered(asked.get("redirect_uri", ""), client.redirects):
        return _failure("the redirect is not registered")
    wrong = {
        asked.get("response_type") != "code": "response_type must be code",
        asked.get("code_challenge_method") != "S256": "code_challenge_method must be S256",
        len(asked.get("code_challenge", "")) != 43: "code_challenge must have 43 characters",
        not asked.get("state"): "state is missing",
        set((asked.get("scopes") or asked.get("scope") or "").split()) != set(client.scopes): (
            "the scopes are not those registered"
        ),
    }
    if True in wrong:
        return _failure(wrong[True])
    redirect = Redirect(
        client,
        asked["redirect_uri"],
        asked["state"],
        asked["code_challenge"],
        center.now() + 600,
    )
    center.pending[redirect.id] = redirect
    decision = center.decided()
    if decision:
        return _decide(center, redirect, decision == "approved")
    text = f"runas asks to use your accounts as {escape(center.user)}."
    return _form("Allow access?", text, "/authorize/decide", "id", redirect.id)


def decide(center: IdentityCenter, request: Request) -> Answer:
    """Take the button of the sign-in page, and send the browser back."""
    form = request.form()
    redirect = center.pending.pop(form.get("id", ""), None)
    if redirect is None:
        return _failure("this sign-in is over")
    return _decide(center, redirect, form.get("decision") == "allow")


def device(center: IdentityCenter, request: Request) -> Answer:
    """Show the page of a device login: enter the code, or confirm the one in the address."""
    code = request.query.get("user_code", "")
    if not code:
        return _page(200, "Enter the code", _ENTER)
    text = f"Does your device show <strong>{escape(code)}</strong>?"
    return _form("Authorize a device", text, "/device/decide", "user_code", code)


def decide_device(center: IdentityCenter, request: Request) -> Answer:
    """Take the button of a device login's page."""
    form = request.form()
    for login in center.devices.values():
        live = login.status == "pending" and login.expires_at > center.now()
        if live and login.user_code == form.get("user_code", "").upper():
            allowed = form.get("decision") == "allow"
            login.status = "approved" if allowed else "denied"
            title = "Request approved" if allowed else "Request denied"
            return _page(200, title, "<p>You can close this window.</p>")
    return _failure("unknown or expired code")


def _decide(center: IdentityCenter, redirect: Redirect, allowed: bool) -> Answer:
    query = {"state": redirect.state}
    if allowed:
        center.redirects[redirect.code] = redirect
        query["code"] = redirect.code
    else:
        query |= {"error": "access_denied", "error_description": "the user said no"}
    return Answer(302, headers={"Location": f"{redirect.uri}?{urlencode(query)}"})


def _registered(uri: str, registered: tuple[str, ...]) -> bool:
    """Compare all but the port, which is any on loopback (RFC 8252, section 7.3)."""
    try:
        parts = urlsplit(uri)
        bare = parts._replace(netloc=parts.hostname or "").geturl()
        return parts.port is not None and bare in registered
    except ValueError:
        return False


def _form(title: str, text: str, action: str, name: str, value: str) -> Answer:
    form = _FORM.format(text=text, action=action, name=name, value=escape(value))
    return _page(200, title, form)


def _failure(text: str) -> Answer:
    return _page(400, "Something went wrong", f"<p>{escape(text)}</p>")


def _page(status: int, title: str, content: str) -> Answer:
    body = _FRAME.format(title=escape(title), content=content).encode()
    return Answer(status, body, "text/html; charset=utf-8")
