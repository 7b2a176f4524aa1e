"""The IDX engine of a made-up org: strict about the latest handle, the order and the cookies."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from runas_okta.testing import policy
from runas_okta.testing.exchange import Reply, Request
from runas_okta.testing.factors import Enrolled, Push, Sms
from runas_okta.testing.forms import Forms, failed, message
from runas_okta.testing.people import SignIn

if TYPE_CHECKING:
    from runas_okta.testing.org import OktaOrg

_EXPIRED = "You have been logged out due to inactivity. Refresh or return to the sign in screen."
_DENIED = {
    "E0000068": ("api.authn.error.PASSCODE_INVALID", "Invalid code. Try again."),
    "E0000082": ("api.authn.error.PASSCODE_REPLAYED", "Each code can only be used once."),
}


class Idx:
    """Everything below ``/idp/idx``."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org
        self._forms = Forms(org)

    def answer(self, request: Request) -> Reply:
        """Answer one call."""
        if request.method != "POST" or not request.is_json:
            return self._org.violation("a body that is not JSON", failed("bad", "Bad request"))
        path = request.path.removeprefix("/idp/idx/")
        if path == "introspect":
            return self._introspect(request)
        sign_in = self._org.handles.get(str(request.json.get("stateHandle")))
        if sign_in is None or not sign_in.alive or not self._carries(request, sign_in):
            return failed("idx.session.expired", _EXPIRED, 401)
        if path not in self._forms.offered(sign_in):
            return self._org.violation(f"{path} at {sign_in.stage}", failed("bad", "Bad request"))
        steps = {
            "identify": self._identify,
            "challenge": self._challenge,
            "challenge/answer": self._answer,
            "challenge/poll": self._poll,
            "challenge/resend": self._resend,
            "authenticators/poll/cancel": self._probed,
            "keep-me-signed-in": self._keep,
            "skip": self._skip,
            "cancel": self._cancel,
        }
        return steps[path](request, sign_in)

    def _carries(self, request: Request, sign_in: SignIn) -> bool:
        return (
            request.cookies.get("oktaStateToken") == sign_in.token
            and "JSESSIONID" in request.cookies
        )

    def _introspect(self, request: Request) -> Reply:
        sign_in = self._org.sign_in(str(request.json.get("stateToken")))
        if sign_in is None or not self._carries(request, sign_in):
            return failed("idx.session.expired", _EXPIRED, 401)
        if sign_in.stage == "UNAUTHENTICATED":
            sign_in.stage = "PROBE" if self._org.policy.probe else "IDENTIFY"
        return self._show(sign_in)

    def _show(self, sign_in: SignIn, *messages: dict[str, object], status: int = 200) -> Reply:
        handle = f"{sign_in.token}~{secrets.token_hex(6)}"
        for old in [name for name, one in self._org.handles.items() if one is sign_in]:
            del self._org.handles[old]
        self._org.handles[handle] = sign_in
        body = self._forms.describe(sign_in, handle)
        if messages:
            body["messages"] = {"type": "array", "value": list(messages)}
        return Reply.of(body, status, "application/ion+json; okta-version=1.0.0")

    def _probed(self, request: Request, sign_in: SignIn) -> Reply:
        body = request.json
        if body.get("reason") != "OV_UNREACHABLE_BY_LOOPBACK" or "statusCode" not in body:
            return self._org.violation("no reason", failed("bad", "Bad request"))
        sign_in.stage = "IDENTIFY"
        return self._show(sign_in)

    def _identify(self, request: Request, sign_in: SignIn) -> Reply:
        body = request.json
        sign_in.user = self._org.users.get(str(body.get("identifier")))
        sign_in.warns = True
        if self._org.policy.identifier_first:
            if sign_in.user is None and self._org.policy.tells_unknown:
                words = "There is no account with that username."
                return self._show(sign_in, message("idx.unknown.user", words, "INFO"))
            only = self._org.policy.password_first
            sign_in.stage = "PASSWORD" if only else "PASSWORD_SELECT"
            return self._show(sign_in)
        return self._password(sign_in, body)

    def _password(self, sign_in: SignIn, body: dict[str, object]) -> Reply:
        self._org.primary_authentications += 1
        credentials = body.get("credentials")
        given = credentials.get("passcode") if isinstance(credentials, dict) else None
        user = sign_in.user
        right = policy.password_right(user, str(given))
        if user is not None and user.locked and user.shows_lock:
            return failed("errors.accountLocked", "Your account is locked.", 403)
        if not right or user is None or user.locked:
            words = message("incorrectPassword", "Password is incorrect")
            return self._show(sign_in, words, status=401)
        sign_in.password = True
        return self._advance(sign_in)

    def _advance(self, sign_in: SignIn) -> Reply:
        sign_in.factor = None
        stage = policy.due(sign_in, self._org.remembers(sign_in))
        if stage == "SUCCESS" and self._org.policy.keep_signed_in and sign_in.kept is None:
            stage = "KEEP"
        sign_in.stage = stage
        user = sign_in.user
        if stage == "SUCCESS" and user is not None and not user.assigned:
            return failed("idx.error.user.not.assigned.to.app", "User is not assigned.", 403)
        return self._show(sign_in)

    def _challenge(self, request: Request, sign_in: SignIn) -> Reply:
        wanted = request.json.get("authenticator")
        chosen = wanted if isinstance(wanted, dict) else {}
        if sign_in.stage == "PASSWORD_SELECT" and chosen.get("id") == "autpassword":
            sign_in.stage = "PASSWORD"
            return self._show(sign_in)
        factor = self._forms.chosen(sign_in, chosen)
        if factor is None:
            return failed("bad", "The authenticator enrollment could not be found", 400)
        if factor.key == "okta_email" and sign_in.stage != "MFA_METHOD":
            sign_in.stage, sign_in.factor = "MFA_METHOD", factor
            return self._show(sign_in)
        return self._begin(sign_in, factor)

    def _begin(self, sign_in: SignIn, factor: Enrolled) -> Reply:
        sign_in.stage, sign_in.factor = "MFA_CHALLENGE", factor
        if isinstance(factor, Push):
            factor.sent, factor.looks = factor.sent + 1, 0
        elif isinstance(factor, Sms):
            if factor.cooling:
                return failed("tooManyRequests", "Too many attempts", 429)
            factor.send()
        return self._show(sign_in)

    def _answer(self, request: Request, sign_in: SignIn) -> Reply:
        if sign_in.stage == "PASSWORD":
            return self._password(sign_in, request.json)
        user, factor = sign_in.user, sign_in.factor
        given = request.json.get("credentials")
        if user is None or factor is None or not isinstance(given, dict):
            return failed("bad", "Bad request")
        field = self._forms.field_of(factor)
        if field not in given:
            return self._org.violation(f"no field {field}", failed("bad", "Bad request"))
        refusal = policy.judge(user, factor, str(given[field]))
        if refusal in _DENIED:
            key, words = _DENIED[refusal]
            return self._show(sign_in, message(key, words), status=401)
        if refusal:
            return failed("errors.accountLocked", "Your account is locked.", 403)
        return self._verified(sign_in)

    def _verified(self, sign_in: SignIn) -> Reply:
        sign_in.verified = True
        self._org.remember(sign_in)
        return self._advance(sign_in)

    def _poll(self, request: Request, sign_in: SignIn) -> Reply:
        factor = sign_in.factor
        if not isinstance(factor, Push):
            return failed("bad", "Bad request")
        factor.looks += 1
        if factor.looks <= factor.after:
            return self._show(sign_in)
        if factor.outcome == "approve":
            return self._verified(sign_in)
        sign_in.result = "ENDED"
        key, words = "api.authn.poll.error.push_timeout", "Your push has expired."
        if factor.outcome == "reject":
            key, words = (
                "api.authn.poll.error.push_rejected",
                "You have chosen to reject this login.",
            )
        return self._show(sign_in, message(key, words), status=400)

    def _resend(self, request: Request, sign_in: SignIn) -> Reply:
        sign_in.result = ""
        factor = sign_in.factor
        return self._begin(sign_in, factor) if factor else failed("bad", "Bad request")

    def _keep(self, request: Request, sign_in: SignIn) -> Reply:
        sign_in.kept = bool(request.json.get("keepMeSignedIn"))
        sign_in.remember = sign_in.kept
        if sign_in.verified:
            self._org.remember(sign_in)
        return self._advance(sign_in)

    def _skip(self, request: Request, sign_in: SignIn) -> Reply:
        sign_in.skipped.add(sign_in.stage)
        return self._advance(sign_in)

    def _cancel(self, request: Request, sign_in: SignIn) -> Reply:
        sign_in.cancelled = True
        self._org.cancelled.append(sign_in)
        return Reply.of({"version": "1.0.0"})
