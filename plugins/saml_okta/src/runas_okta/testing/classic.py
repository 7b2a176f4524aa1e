"""The Classic authentication API of a made-up org, strict about states, links and codes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from runas_okta.testing import duo, policy
from runas_okta.testing.exchange import Reply, Request
from runas_okta.testing.factors import Coded, Duo, Enrolled, Push, Question, Sms, WebAuthn
from runas_okta.testing.people import SignIn, User

if TYPE_CHECKING:
    from runas_okta.testing.org import OktaOrg

API = "/api/v1/authn"

ERRORS = {
    "E0000001": (400, "Api validation failed: authRequest"),
    "E0000004": (401, "Authentication failed"),
    "E0000011": (401, "Invalid token provided"),
    "E0000068": (403, "Invalid Passcode/Answer"),
    "E0000069": (403, "User Locked"),
    "E0000079": (403, "This operation is not allowed in the current authentication state."),
    "E0000082": (403, "Each code can only be used once. Please wait for a new code and try again."),
    "E0000109": (429, "An SMS message was recently sent. Please wait 30 seconds."),
}


def error(code: str) -> Reply:
    """Return one of Okta's errors."""
    status, summary = ERRORS[code]
    causes = [{"errorSummary": "Your passcode doesn't match our records. Please try again."}]
    body = {
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": "oae1",
        "errorCauses": causes if code == "E0000068" else [],
    }
    return Reply.of(body, status)


class Classic:
    """Everything below ``/api/v1/authn``."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org

    def answer(self, request: Request) -> Reply:
        """Answer one call."""
        rest = request.path.removeprefix(API)
        if rest.endswith("/lifecycle/duoCallback"):
            return duo.callback(self._org, request)
        if request.method != "POST" or not request.is_json:
            return self._org.violation("a body that is not JSON", error("E0000001"))
        if not rest:
            return self._start(request)
        sign_in = self._org.sign_in(str(request.json.get("stateToken", "")))
        return self._moved(request, sign_in, rest) if sign_in else error("E0000011")

    def _moved(self, request: Request, sign_in: SignIn, rest: str) -> Reply:
        """Follow one of a transaction's links."""
        if request.query.get("via") != sign_in.link_key:
            return self._org.violation("an address that is no link", error("E0000001"))
        match rest.strip("/").split("/"):
            case ["cancel"]:
                return self._cancel(sign_in)
            case ["skip"]:
                return self._skip(sign_in)
            case ["primary"] if sign_in.stage == "UNAUTHENTICATED":
                return self._primary(request, sign_in)
            case ["factors", name, "verify", *more]:
                return self._verify(request, sign_in, name, resend=bool(more))
        return error("E0000079")

    def _start(self, request: Request) -> Reply:
        token = request.json.get("stateToken")
        if token is None:
            return self._primary(request, self._org.begin(classic=True))
        sign_in = self._org.sign_in(str(token))
        # Classic still answers beside Identity Engine, but takes up none of its sign-ins.
        foreign = str(token).startswith("02.")
        fresh = sign_in is None or (sign_in.stage == "UNAUTHENTICATED" and not sign_in.for_app)
        if sign_in is None or fresh or foreign:
            return error("E0000011")
        return self.state(sign_in)

    def _primary(self, request: Request, sign_in: SignIn) -> Reply:
        body = request.json
        self._org.primary_authentications += 1
        user = self._org.users.get(str(body.get("username")))
        options = body.get("options")
        sign_in.warns = isinstance(options, dict) and bool(options.get("warnBeforePasswordExpired"))
        right = policy.password_right(user, str(body.get("password")))
        if user is None or (user.locked and not user.shows_lock):
            return error("E0000004")
        if user.locked:
            return Reply.of({"status": "LOCKED_OUT", "_embedded": {}, "_links": {}})
        if not right:
            return error("E0000004")
        sign_in.user, sign_in.password = user, True
        sign_in.device = request.cookies.get("DT", "")
        return self.advance(sign_in)

    def advance(self, sign_in: SignIn) -> Reply:
        """Move on to whatever is due next."""
        sign_in.factor, sign_in.result = None, ""
        sign_in.stage = policy.due(sign_in, self._org.remembers(sign_in))
        return self.state(sign_in)

    def state(self, sign_in: SignIn) -> Reply:
        """Describe where the sign-in stands."""
        body: dict[str, object] = {
            "expiresAt": "2030-01-01T00:00:00.000Z",
            "status": sign_in.stage,
            "_embedded": self._embedded(sign_in),
            "_links": self._links(sign_in),
        }
        if sign_in.result:
            body["factorResult"] = sign_in.result
        if sign_in.stage == "SUCCESS":
            sign_in.cancelled = True
            if not sign_in.for_app:
                body["sessionToken"] = self._org.issue_session_token(sign_in)
        else:
            body["stateToken"] = sign_in.token
        return Reply.of(body)

    def _skip(self, sign_in: SignIn) -> Reply:
        user = sign_in.user
        optional = sign_in.stage == "PASSWORD_WARN" or (
            sign_in.stage == "MFA_ENROLL" and user is not None and user.enrolment == "optional"
        )
        if not optional:
            return error("E0000079")
        sign_in.skipped.add(sign_in.stage)
        return self.advance(sign_in)

    def _cancel(self, sign_in: SignIn) -> Reply:
        sign_in.cancelled = True
        self._org.cancelled.append(sign_in)
        return Reply.of({"relayState": None})

    def _verify(self, request: Request, sign_in: SignIn, name: str, resend: bool) -> Reply:
        user = sign_in.user
        factor = user.factor(name) if user else None
        busy = sign_in.stage == "MFA_CHALLENGE" and sign_in.factor is factor
        if user is None or factor is None or not (sign_in.stage == "MFA_REQUIRED" or busy):
            return error("E0000079")
        sign_in.remember = request.query.get("rememberDevice") == "true"
        code = request.json.get("answer" if isinstance(factor, Question) else "passCode")
        if isinstance(code, str):
            return self._code(sign_in, user, factor, code)
        if isinstance(factor, Push) and busy and sign_in.result == "WAITING":
            return self._look(sign_in, factor)
        if isinstance(factor, Duo) and busy and sign_in.verified:
            return self.advance(sign_in)
        return self._challenge(sign_in, factor, busy and not resend)

    def _code(self, sign_in: SignIn, user: User, factor: Enrolled, code: str) -> Reply:
        if isinstance(factor, Sms) and sign_in.stage != "MFA_CHALLENGE":
            return error("E0000079")
        refusal = policy.judge(user, factor, code)
        if refusal:
            return error(refusal)
        return self._verified(sign_in)

    def _verified(self, sign_in: SignIn) -> Reply:
        sign_in.verified = True
        self._org.remember(sign_in)
        return self.advance(sign_in)

    def _challenge(self, sign_in: SignIn, factor: Enrolled, again: bool) -> Reply:
        """Send the push, the message or the nonce."""
        sign_in.result = "CHALLENGE"
        if isinstance(factor, Push):
            factor.sent, factor.looks, sign_in.result = factor.sent + 1, 0, "WAITING"
        elif isinstance(factor, Sms):
            if factor.cooling or again:
                return error("E0000109")
            factor.send()
        elif isinstance(factor, Coded) and not isinstance(factor, Duo):
            return error("E0000068")
        sign_in.stage, sign_in.factor = "MFA_CHALLENGE", factor
        return self.state(sign_in)

    def _look(self, sign_in: SignIn, factor: Push) -> Reply:
        factor.looks += 1
        if factor.looks > factor.after:
            if factor.outcome == "approve":
                return self._verified(sign_in)
            sign_in.result = "REJECTED" if factor.outcome == "reject" else "TIMEOUT"
        return self.state(sign_in)

    def _embedded(self, sign_in: SignIn) -> dict[str, object]:
        user = sign_in.user
        if user is None:
            return {}
        found: dict[str, object] = {"user": {"id": user.id, "profile": {"login": user.name}}}
        if sign_in.stage in ("MFA_REQUIRED", "MFA_CHALLENGE"):
            found["policy"] = {"allowRememberDevice": self._org.policy.remember}
        if sign_in.stage == "PASSWORD_WARN":
            found["policy"] = {"expiration": {"passwordExpireDays": user.expires_in}}
        if sign_in.stage == "MFA_REQUIRED":
            found["factors"] = [self._factor(sign_in, one) for one in user.factors]
        if sign_in.stage == "MFA_CHALLENGE" and sign_in.factor is not None:
            found["factor"] = self._challenged(sign_in, sign_in.factor)
        return found

    def _factor(self, sign_in: SignIn, factor: Enrolled) -> dict[str, object]:
        href = self._href(sign_in, f"factors/{factor.id}/verify")
        return {
            "id": factor.id,
            "factorType": factor.kind,
            "provider": factor.provider,
            "vendorName": factor.provider,
            "profile": factor.profile,
            "_links": {"verify": href},
        }

    def _challenged(self, sign_in: SignIn, factor: Enrolled) -> dict[str, object]:
        body = self._factor(sign_in, factor)
        del body["_links"]
        if isinstance(factor, Push) and factor.number and 0 < factor.looks <= factor.after:
            body["_embedded"] = {"challenge": {"correctAnswer": int(factor.number)}}
        if isinstance(factor, Duo):
            body["_embedded"] = {"verification": duo.verification(self._org, sign_in, factor)}
        if isinstance(factor, WebAuthn):
            body["_embedded"] = {"challenge": {"challenge": "bm9uY2U"}}
        return body

    def _links(self, sign_in: SignIn) -> dict[str, object]:
        if sign_in.stage == "SUCCESS":
            href = self._org.url + "/login/step-up/redirect?" + urlencode({"t": sign_in.token})
            return {"next": {"name": "original", "href": href}} if sign_in.for_app else {}
        links: dict[str, object] = {"cancel": self._href(sign_in, "cancel")}
        user = sign_in.user
        if sign_in.stage == "UNAUTHENTICATED":
            links["next"] = self._href(sign_in, "primary")
        if sign_in.stage == "PASSWORD_WARN" or (
            sign_in.stage == "MFA_ENROLL" and user is not None and user.enrolment == "optional"
        ):
            links["skip"] = self._href(sign_in, "skip")
        if sign_in.stage == "MFA_CHALLENGE" and sign_in.factor is not None:
            verify = f"factors/{sign_in.factor.id}/verify"
            name = "poll" if sign_in.result == "WAITING" else "verify"
            links["next"] = {"name": name, **self._href(sign_in, verify)}
            links["resend"] = [{"name": "again", **self._href(sign_in, verify + "/resend")}]
        return links

    def _href(self, sign_in: SignIn, rest: str) -> dict[str, object]:
        href = f"{self._org.url}{API}/{rest}?via={sign_in.link_key}"
        return {"href": href, "hints": {"allow": ["POST"]}}
