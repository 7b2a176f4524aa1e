"""What an IDX answer looks like: remediations and their forms.

The shapes are those that the open Okta Sign-In Widget is tested with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from runas_okta.testing.exchange import Reply
from runas_okta.testing.factors import Email, Enrolled, Push, Question, Sms
from runas_okta.testing.people import SignIn

if TYPE_CHECKING:
    from runas_okta.testing.org import OktaOrg

Shape = dict[str, object]

_PATHS = {
    "PROBE": ("authenticators/poll/cancel",),
    "IDENTIFY": ("identify",),
    "PASSWORD_SELECT": ("challenge",),
    "PASSWORD": ("challenge/answer",),
    "MFA_REQUIRED": ("challenge",),
    "MFA_METHOD": ("challenge",),
    "MFA_CHALLENGE": ("challenge", "challenge/answer", "challenge/poll", "challenge/resend"),
    "KEEP": ("keep-me-signed-in",),
    "PASSWORD_WARN": ("skip",),
    "MFA_ENROLL": ("skip",),
}
_PASSWORD = {"key": "okta_password", "type": "password", "id": "autpassword"}


def message(key: str, words: str, sort: str = "ERROR") -> Shape:
    """Return one message; *sort* is ``ERROR`` or ``INFO``."""
    return {"message": words, "i18n": {"key": key, "params": []}, "class": sort}


def failed(key: str, words: str, status: int = 400) -> Reply:
    """Return an answer that offers nothing but a message."""
    body = {"version": "1.0.0", "messages": {"type": "array", "value": [message(key, words)]}}
    return Reply.of(body, status)


class Forms:
    """Describes where a sign-in stands."""

    def __init__(self, org: OktaOrg) -> None:
        self._org = org

    def offered(self, sign_in: SignIn) -> tuple[str, ...]:
        """Return the paths that lead on from here."""
        return (*_PATHS.get(sign_in.stage, ()), "cancel")

    def describe(self, sign_in: SignIn, handle: str) -> Shape:
        """Return the whole answer."""
        body: Shape = {
            "version": "1.0.0",
            "stateHandle": handle,
            "intent": "LOGIN",
            "cancel": self._form("cancel", "cancel", handle),
        }
        if sign_in.stage == "SUCCESS":
            href = f"{self._org.url}/login/token/redirect?stateToken={handle}"
            return {**body, "success": {"name": "success-redirect", "href": href}}
        forms = [form for form in self._remediations(sign_in, handle) if form]
        body["remediation"] = {"type": "array", "value": forms}
        if sign_in.stage == "PROBE":
            cancel = self._form("authenticators/poll/cancel", "cancel", handle)
            body["authenticatorChallenge"] = {"value": {"cancel": cancel, "ports": ["2000"]}}
        body.update(self._about(sign_in, handle))
        return body

    def chosen(self, sign_in: SignIn, body: dict[str, object]) -> Enrolled | None:
        """Return the factor that an ``authenticator`` object means."""
        for factor in sign_in.user.factors if sign_in.user else ():
            if body.get("id") == "aut" + factor.key and (
                body.get("methodType") in (None, factor.method)
                and (sign_in.stage != "MFA_METHOD" or "methodType" in body)
                and body.get("enrollmentId") in (None, "pae" + factor.id)
            ):
                return factor
        return None

    def field_of(self, factor: Enrolled) -> str:
        """Return the name of the field that a factor's answer goes into."""
        if isinstance(factor, Question):
            return "answer"
        return "totp" if factor.method == "totp" else "passcode"

    def _remediations(self, sign_in: SignIn, handle: str) -> list[Shape]:
        ways: dict[str, Callable[[SignIn, str], list[Shape]]] = {
            "PROBE": self._probe,
            "IDENTIFY": self._identify,
            "PASSWORD_SELECT": lambda sign_in, handle: [self._select(sign_in, handle, True)],
            "PASSWORD": self._password,
            "MFA_REQUIRED": lambda sign_in, handle: [self._select(sign_in, handle)],
            "MFA_METHOD": self._method,
            "MFA_CHALLENGE": self._challenge,
            "KEEP": self._keep,
            "PASSWORD_WARN": self._warning,
            "PASSWORD_EXPIRED": self._expired,
            "MFA_ENROLL": self._enroll,
        }
        found = ways.get(sign_in.stage)
        return found(sign_in, handle) if found else [self._strange(sign_in, handle)]

    def _strange(self, sign_in: SignIn, handle: str) -> Shape:
        return self._form("nowhere", sign_in.stage.lower(), handle)

    def _probe(self, sign_in: SignIn, handle: str) -> list[Shape]:
        form = self._form("authenticators/poll", "device-challenge-poll", handle)
        return [{**form, "refresh": 2000}]

    def _password(self, sign_in: SignIn, handle: str) -> list[Shape]:
        field = _credentials("passcode", "Password")
        return [self._form("challenge/answer", "challenge-authenticator", handle, field)]

    def _keep(self, sign_in: SignIn, handle: str) -> list[Shape]:
        field: Shape = {"name": "keepMeSignedIn", "type": "boolean", "required": True}
        return [self._form("keep-me-signed-in", "keep-me-signed-in", handle, field)]

    def _warning(self, sign_in: SignIn, handle: str) -> list[Shape]:
        name = "reenroll-authenticator-warning"
        return [self._form("challenge/answer", name, handle), self._skip(handle)]

    def _expired(self, sign_in: SignIn, handle: str) -> list[Shape]:
        return [self._form("challenge/answer", "reenroll-authenticator", handle)]

    def _enroll(self, sign_in: SignIn, handle: str) -> list[Shape]:
        form = self._form("credential/enroll", "select-authenticator-enroll", handle)
        optional = sign_in.user is not None and sign_in.user.enrolment == "optional"
        return [form, *([self._skip(handle)] if optional else [])]

    def _identify(self, sign_in: SignIn, handle: str) -> list[Shape]:
        fields: list[Shape] = [
            {"name": "identifier", "label": "Username", "required": True},
            {"name": "rememberMe", "label": "Keep me signed in", "type": "boolean"},
        ]
        if not self._org.policy.identifier_first:
            fields.insert(1, _credentials("passcode", "Password"))
        form = self._form("identify", "identify", handle, *fields)
        return [form, self._form("enroll", "select-enroll-profile", "")]

    def _select(self, sign_in: SignIn, handle: str, password: bool = False) -> Shape:
        options = self._options(sign_in.user.factors if sign_in.user else [])
        if password:
            value = {"form": {"value": [{"name": "id", "value": "autpassword"},
                                        {"name": "methodType", "value": "password"}]}}  # fmt: skip
            options.append({"label": "Password", "value": value})
        field: Shape = {"name": "authenticator", "type": "object", "options": options}
        return self._form("challenge", "select-authenticator-authenticate", handle, field)

    def _options(self, factors: Sequence[Enrolled]) -> list[Shape]:
        """List what may be chosen; several ways to use one Okta Verify are one option."""
        app = [one for one in factors if one.key == "okta_verify"]
        if len(app) < 2:
            return [self._option(one) for one in factors]
        ways = [{"label": one.method, "value": one.method} for one in app]
        ways.insert(0, {"label": "Use Okta FastPass", "value": "signed_nonce"})
        fields: list[Shape] = [
            {"name": "id", "value": "autokta_verify", "mutable": False},
            {"name": "methodType", "type": "string", "options": ways},
        ]
        first: Shape = {"label": "Okta Verify", "value": {"form": {"value": fields}}}
        return [first, *(self._option(one) for one in factors if one not in app)]

    def _option(self, factor: Enrolled) -> Shape:
        fields: list[Shape] = [{"name": "id", "value": "aut" + factor.key, "mutable": False}]
        if not isinstance(factor, Sms):
            fields.append({"name": "methodType", "value": factor.method})
        elif not isinstance(factor, Email):
            methods = [{"label": factor.kind, "value": factor.method}]
            fields.append({"name": "methodType", "type": "string", "options": methods})
            fields.append({"name": "enrollmentId", "value": "pae" + factor.id})
        form = {"form": {"value": fields}}
        label = "Email" if isinstance(factor, Email) else factor.label or factor.key
        # The widget's own examples know both shapes.
        return {"label": label, **(form if isinstance(factor, Question) else {"value": form})}

    def _method(self, sign_in: SignIn, handle: str) -> list[Shape]:
        assert sign_in.factor is not None
        fields = [
            {"name": "id", "value": "aut" + sign_in.factor.key},
            {"name": "methodType", "options": [{"label": "E-mail", "value": "email"}]},
        ]
        field: Shape = {"name": "authenticator", "label": "E-mail", "form": {"value": fields}}
        form = self._form("challenge", "authenticator-verification-data", handle, field)
        return [form, self._select(sign_in, handle)]

    def _challenge(self, sign_in: SignIn, handle: str) -> list[Shape]:
        factor = sign_in.factor
        assert factor is not None
        others = self._select(sign_in, handle)
        resend = self._form("challenge/resend", "resend", handle)
        if isinstance(factor, Push):
            poll = {**self._form("challenge/poll", "challenge-poll", handle)}
            poll["refresh"] = self._org.policy.refresh
            return [resend if sign_in.result == "ENDED" else poll, others]
        field = _credentials(self.field_of(factor), "Enter code")
        form = self._form("challenge/answer", "challenge-authenticator", handle, field)
        return [form, others]

    def _skip(self, handle: str) -> Shape:
        return self._form("skip", "skip", handle)

    def _about(self, sign_in: SignIn, handle: str) -> Shape:
        user = sign_in.user
        described: Shape = {}
        if user is not None:
            rows = [self._enrolled(one) for one in user.factors]
            described["authenticatorEnrollments"] = {"type": "array", "value": rows}
            keys = {one.key: {"id": "aut" + one.key, "key": one.key} for one in user.factors}
            described["authenticators"] = {"type": "array", "value": list(keys.values())}
        current: Shape = {}
        if sign_in.stage == "PASSWORD":
            current = {**_PASSWORD, "methods": [{"type": "password"}]}
        elif sign_in.stage == "PASSWORD_WARN" and user is not None:
            current = {**_PASSWORD, "settings": {"daysToExpiry": user.expires_in}}
        elif sign_in.factor is not None:
            current = self._current(sign_in.factor)
        if isinstance(sign_in.factor, Sms) and sign_in.stage == "MFA_CHALLENGE":
            resend = self._form("challenge/resend", "resend", handle)
            enrolled = {**self._enrolled(sign_in.factor), "resend": resend}
            described["currentAuthenticatorEnrollment"] = {"type": "object", "value": enrolled}
        elif current:
            described["currentAuthenticator"] = {"type": "object", "value": current}
        return described

    def _enrolled(self, factor: Enrolled) -> Shape:
        name = "pae" + factor.id if isinstance(factor, Sms) else "aut" + factor.key
        profile = factor.profile
        if isinstance(factor, Push):
            profile = {"deviceName": factor.label}
        methods = [{"type": factor.method}]
        return {"id": name, "key": factor.key, "profile": profile, "methods": methods}

    def _current(self, factor: Enrolled) -> Shape:
        context: Shape = {}
        if isinstance(factor, Push) and factor.number and 0 < factor.looks <= factor.after:
            context["correctAnswer"] = factor.number
        if isinstance(factor, Question):
            context["enrolledQuestion"] = {"questionKey": "food", "question": factor.label}
        row = self._enrolled(factor)
        return {**row, "id": "aut" + factor.key, "contextualData": context}

    def _form(self, path: str, name: str, handle: str, *fields: Shape) -> Shape:
        own: Shape = {"name": "stateHandle", "required": True, "value": handle, "visible": False}
        return {
            "rel": ["create-form"],
            "name": name,
            "href": f"{self._org.url}/idp/idx/{path}",
            "method": "POST",
            "value": [*fields, own],
        }


def _credentials(field: str, label: str) -> Shape:
    fields = [{"name": field, "label": label, "secret": True}]
    return {"name": "credentials", "type": "object", "required": True, "form": {"value": fields}}
