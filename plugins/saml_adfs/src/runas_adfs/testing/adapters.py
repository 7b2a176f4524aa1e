"""The farm's second factors: what each adapter shows, and what it takes for an answer.

Every page has a new Context and only the newest one counts; every request names its AuthMethod.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from runas_adfs.testing.server import Reply, Request
from runas_adfs.testing.state import Login

if TYPE_CHECKING:
    from runas_adfs.testing.farm import AdfsFarm

TYPED = {
    "azure-code": ("AzureMfaAuthentication", ("VerificationCode",)),
    "vip": ("VIPAuthenticationProviderUPN", ("security_code",)),
    "vip-new": ("SymantecVipAdapter", ("SecurityCode",)),
    "rsa": ("SecurIDAuthentication", ("Passcode",)),
    "rsa-v2": ("SecurIDv2Authentication", ("ChallengeQuestionAnswer", "Passcode")),
    "safenet": ("SafeNet-MFA", ("SAFENET_PASSWORD",)),
    "defender": ("Defender AD FS Adapter", ("OathCode",)),
    "generic": ("ContosoOneTimeCode", ("pin_from_card",)),
}
"""Adapters that want a code: their AuthMethod and the fields that take it."""

PUSHED = {
    "azure-mfa": "AzureMfaAuthentication",
    "azure-server": "AzureMfaServerAuthentication",
    "silverfort": "SilverfortAdfs",
}
"""Adapters that wait for a phone."""

DUO = {"duo-frame": "DuoAdfsAdapter", "duo": "DuoAdfsAdapter", "duo-pwl": "DuoAdfsAdapter"}
ADAPTERS = (*TYPED, *PUSHED, *DUO, "certificate", "enrol")
_OTHERS = {"certificate": "CertificateAuthentication", "enrol": "ContosoEnrolment"}
NUMBER = "42"
BLOCKING = ("azure-server", "silverfort")


def method(adapter: str) -> str:
    """Return the AuthMethod of an adapter."""
    found = TYPED[adapter][0] if adapter in TYPED else None
    return found or {**PUSHED, **DUO, **_OTHERS}[adapter]


def methods(adapters: Sequence[str]) -> tuple[str, ...]:
    """Return the AuthMethods of several adapters."""
    return tuple(method(adapter) for adapter in adapters)


def start(farm: AdfsFarm, where: str, login: Login) -> Reply:
    """Show the only adapter's first page, or let the person choose one."""
    if len(farm.adapters) > 1:
        login.stage = "choice"
        return Reply(farm.pages.choice(where, login.methods))
    return _begin(farm, where, login, farm.adapters[0])


def posted(farm: AdfsFarm, request: Request, where: str, login: Login) -> Reply:
    """Take an answer to the page shown last."""
    form = request.form
    chosen = form.get("AuthMethod", form.get("authMethod", ""))
    adapter = next((name for name in farm.adapters if method(name) == chosen), None)
    if adapter is None:
        return farm.lost("MSIS7102")
    if set(form) <= {"AuthMethod"} and len(farm.adapters) > 1:
        return _begin(farm, where, login, adapter)
    if chosen != login.method or form.get("Context", form.get("context")) != login.context:
        return farm.lost("MSIS7055")
    if adapter in DUO:
        return farm.duo.returned(adapter, form, where, login)
    if adapter in TYPED:
        return _typed(farm, form, where, login, adapter)
    return _pushed(farm, where, login, adapter) if adapter in PUSHED else _enrol(farm, where, login)


def page(
    farm: AdfsFarm, where: str, login: Login, adapter: str, content: str, error: str = ""
) -> Reply:
    """Show an adapter's page with a new Context."""
    hidden = {"AuthMethod": method(adapter), "Context": login.renew()}
    others = tuple(name for name in login.methods if name != hidden["AuthMethod"])
    return Reply(farm.pages.second(where, hidden, content, error, others))


def _begin(farm: AdfsFarm, where: str, login: Login, adapter: str) -> Reply:
    login.method, login.stage, login.polls = method(adapter), "begun", 0
    words = farm.pages.words
    if adapter in DUO:
        return farm.duo.begin(adapter, where, login)
    if adapter in PUSHED:
        return page(farm, where, login, adapter, _waiting(farm, adapter))
    if adapter == "rsa-v2":
        login.stage = "empty"
        return page(farm, where, login, adapter, "")
    if adapter in TYPED:
        return page(farm, where, login, adapter, _code_fields(words["code"], TYPED[adapter][1]))
    if adapter == "certificate":
        text = '<a id="certLink" href="https://certauth.fs.example.com/adfs/ls/">...</a>'
        return page(farm, where, login, adapter, text)
    return _enrol(farm, where, login)


def _enrol(farm: AdfsFarm, where: str, login: Login) -> Reply:
    """Show a page that a browser is needed for."""
    content = (
        '<p id="enrol"><a href="https://mfa.example.com/enrol">https://mfa.example.com</a></p>'
    )
    return page(farm, where, login, farm.adapters[0], content)


def _waiting(farm: AdfsFarm, adapter: str) -> str:
    number = f'<p id="validEntropyNumber">{NUMBER}</p>' if adapter == "azure-mfa" else ""
    return f'<p id="instructions">{farm.pages.words["push"]}</p>{number}'


def _code_fields(text: str, names: Sequence[str]) -> str:
    fields = "".join(
        f'<input id="{name[0].lower()}{name[1:]}Input" name="{name}" type="password" '
        'autocomplete="off" placeholder="000000"/>'
        for name in names
    )
    button = '<input id="signInButton" type="submit" value="OK" name="SignIn"/>'
    return f'<p id="instructions">{text}</p>{fields}{button}'


def _typed(farm: AdfsFarm, form: dict[str, str], where: str, login: Login, adapter: str) -> Reply:
    """Check a code; RSA may want the next one as well (a user whose ``codes`` begin with next:)."""
    words, names = farm.pages.words, TYPED[adapter][1]
    user = login.user
    assert user is not None
    if login.stage == "empty":
        login.stage = "begun"
        return page(farm, where, login, adapter, _code_fields(words["code"], names))
    if login.stage == "next":
        return _next(farm, form.get("NextCode", ""), where, login, adapter)
    code = form.get(names[-1], "")
    if code in user.codes and all(form.get(name) == code for name in names):
        user.codes.remove(code)
        return _satisfied(farm, login)
    if adapter == "rsa" and f"next:{code}" in user.codes:
        user.codes.remove(f"next:{code}")
        login.stage = "next"
        return page(farm, where, login, adapter, _code_fields(words["next"], ("NextCode",)))
    if adapter == "rsa" and code == "new-pin":
        pins = '<input name="NewPin" type="password"/><input name="ConfirmPin" type="password"/>'
        return page(farm, where, login, adapter, pins)
    fields = _code_fields(words["code"], names)
    return page(farm, where, login, adapter, fields, words["badcode"])


def _next(farm: AdfsFarm, code: str, where: str, login: Login, adapter: str) -> Reply:
    user, words = login.user, farm.pages.words
    assert user is not None
    login.stage = "begun"
    if code in user.codes:
        user.codes.remove(code)
        return _satisfied(farm, login)
    fields = _code_fields(words["code"], TYPED[adapter][1])
    return page(farm, where, login, adapter, fields, words["badcode"])


def _pushed(farm: AdfsFarm, where: str, login: Login, adapter: str) -> Reply:
    user, words = login.user, farm.pages.words
    assert user is not None
    login.polls += 1
    if adapter in BLOCKING:
        time.sleep(0.05)
        login.polls = user.polls
    ended = {"reject": words["rejected"], "timeout": words["timeout"]}.get(user.answer, "")
    if ended and login.polls >= user.polls:
        if adapter == "silverfort":  # in the text of the page, where no error is shown
            return page(farm, where, login, adapter, f"<p>{ended}</p>")
        return page(farm, where, login, adapter, "", ended)
    if user.answer.endswith("-page") and login.polls >= user.polls:
        return Reply(farm.pages.failure(words[user.answer.removesuffix("-page")]))
    if user.answer == "approve" and login.polls >= user.polls:
        return _satisfied(farm, login)
    return page(farm, where, login, adapter, _waiting(farm, adapter))


def _satisfied(farm: AdfsFarm, login: Login) -> Reply:
    login.satisfied, login.stage = True, ""
    return farm.token(login)
