"""Adapters that want a code: Azure MFA, RSA SecurID, Symantec VIP, SafeNet, and any other."""

from __future__ import annotations

import re

import runas
from runas import html
from runas_adfs import factors, pages, refusals
from runas_adfs.visit import Visit, Waiting

_CODE = re.compile(r"code|passcode|otp|challenge|password|token|pin", re.IGNORECASE)
_NEW_PIN = re.compile(r"new.{0,4}pin|confirm|pin.{0,4}new", re.IGNORECASE)
CODES = 3
"""The most codes that one sign-in asks for in a row: RSA wants the next one when in doubt."""


def prove(visit: Visit, waiting: Waiting, factor: runas.Factor) -> runas.Flow[html.Page]:
    """Ask for a code and send it; return the page that follows the last one."""
    names: set[str] = set()
    device = factor.device
    for _ in range(CODES):
        page = waiting.shown.page
        fields = _fields(page)
        if names:
            # Another field than before, and no complaint: the token's next code.
            device = f"{factor.device}, the next code"
        code = yield from runas.Code(device)
        names = {field.name for field in fields}
        page = _send(visit, page, names, code)
        if pages.second_form(page) is None:
            return page
        waiting.shown.page = page
        if factors.method(page) != factor.id and factors.method(page):
            return page
        again = {field.name for field in factors.code_fields(page)}
        if not again or again == names or pages.complaint(page):
            raise refusals.code(page)
    raise refusals.code(waiting.shown.page)


def _send(visit: Visit, page: html.Page, names: set[str], code: str) -> html.Page:
    form = pages.second_form(page)
    assert form is not None
    values = dict.fromkeys(names, code)
    press = next(iter(form.buttons), None)
    return html.submit(visit.http, page, form, values, press=press, secrets=names)


def _fields(page: html.Page) -> list[html.Field]:
    """Choose the fields that take the code: the only one, or all that are called so."""
    fields = list(factors.code_fields(page))
    if any(_NEW_PIN.search(field.name) for field in fields):
        raise runas.ActionRequired(
            f"{page.host} wants a new PIN for the token",
            "sign in once with a browser and set it",
        )
    if len(fields) > 1:
        fields = [field for field in fields if _CODE.search(f"{field.name} {field.id}")]
    if not fields:
        raise refusals.unknown(page)
    return fields
