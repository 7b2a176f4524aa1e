"""Tell what a page wants by its forms.

The order matters: what forbids going on (a new password, an enrolment, a captcha) comes before what
can be filled in, and that before what needs a click only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from runas import html
from runas_form import fields, push, words
from runas_form.clicks import confirm, picker
from runas_form.scenes import CodeEntry, Confirm, Scene, SignIn, Wall
from runas_form.words import clue

_ANOTHER_WAY = "try another way"


def recognise(page: html.Page, signed_in: bool = False) -> Scene | None:
    """Say what the page wants; None where nothing in it is known.

    *signed_in* says that the password has been sent: then a lonely field is for a code.
    """
    forms = [form for form in page.forms if _of_the_login(form)]
    return (
        _wall(page, forms)
        or _entry(page, forms, signed_in)
        or _key(page, forms)
        or next((Confirm(form, None) for form in forms if form.holds(push.PROBE)), None)
        or push.waits(page, forms)
        or push.devices(page, forms)
        or picker(page, forms)
        or confirm(forms)
    )


def _of_the_login(form: html.Form) -> bool:
    """Leave out what is no login: search, language, error reports, the way to another method."""
    if form.of_type("search", "textarea") or re.search(
        r"search|lang|logout", clue(form.id, form.name)
    ):
        return False
    names = clue(*form.fields)
    return _ANOTHER_WAY not in names or bool(form.inputs)


def _wall(page: html.Page, forms: Sequence[html.Form]) -> Wall | None:
    for form in forms:
        typed = fields.typed(page, form)
        secret = [each for each in typed if each.type == "password"]
        new = [each for each in secret if fields.is_new_password(each)]
        chosen = len(secret) > 1 and len(new) >= max(1, len(secret) - 1)
        if chosen and not _login_beside(forms, form):
            return Wall("password")
        own = clue(*form.fields)
        if re.search(r"totp secret|secret key|qr code", own) and fields.code(typed):
            return Wall("enrolment")
    captcha = _captcha(page, forms)
    return Wall("captcha", captcha) if captcha else None


def _login_beside(forms: Sequence[html.Form], other: html.Form) -> bool:
    """Tell whether the form for a new password only stands beside the login (registration)."""
    return any(form is not other and len(form.of_type("password")) == 1 for form in forms)


def _captcha(page: html.Page, forms: Sequence[html.Form]) -> str:
    for form in forms:
        for each in form.inputs:
            if words.CAPTCHA.search(clue(each.name, each.id)):
                return each.label or "captcha"
    marks = "[data-sitekey], .g-recaptcha, .h-captcha, .cf-turnstile, iframe[src*=captcha]"
    return "captcha" if page.document.select_one(marks) else ""


def _entry(page: html.Page, forms: Sequence[html.Form], signed_in: bool) -> Scene | None:
    """Find the form to type into: with a password, else a code, else a name alone."""
    by_size = sorted(forms, key=lambda form: len(form.of_type("password")))
    typed = {id(form): fields.typed(page, form) for form in forms}
    found = [_sign_in(form, typed[id(form)], signed_in) for form in by_size]
    for login in found:
        if login is not None and login.password is not None:
            return login
    for form in forms:
        scene = _code_entry(form, typed[id(form)], signed_in)
        if scene is not None:
            return scene
    return next((login for login in found if login is not None), None)


def _sign_in(form: html.Form, typed: Sequence[html.Field], signed_in: bool) -> SignIn | None:
    secret, name = fields.password(typed, signed_in), fields.username(typed)
    if secret is None and name is None:
        return None
    return SignIn(form, name, secret, fields.code([e for e in typed if e not in (secret, name)]))


def _code_entry(form: html.Form, typed: Sequence[html.Field], signed_in: bool) -> CodeEntry | None:
    if not signed_in and fields.username(typed) is not None:
        return None
    code = fields.code(typed) or (_lonely(typed) if signed_in else None)
    return CodeEntry(form, code, _devices(form)) if code is not None else None


def _lonely(typed: Sequence[html.Field]) -> html.Field | None:
    """Return the only field of a form, unless it asks for a name or password once more."""
    if len(typed) != 1 or fields.username(typed) or words.PASSWORD.search(fields.named(typed[0])):
        return None
    return typed[0]


def _devices(form: html.Form) -> tuple[html.Field, ...]:
    found = list(fields.groups(form).values())
    return tuple(found[0]) if found else ()


def _key(page: html.Page, forms: Sequence[html.Form]) -> Scene | None:
    """Leave a page that waits for a security key by its other way, where it has one."""
    if not any(form.holds("clientDataJSON") or form.holds("authenticatorData") for form in forms):
        return None
    for form in page.forms:
        if _ANOTHER_WAY in clue(*form.fields):
            return Confirm(form, None)
    return Wall("key")
