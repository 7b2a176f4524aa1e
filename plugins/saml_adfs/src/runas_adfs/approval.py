"""Adapters that wait for a tap: Azure MFA in the cloud and on its server, Silverfort.

The browser asks by posting the page's own fields again. Azure in the cloud answers at once with a
page of a new Context; the others keep the request open until the phone has answered.
"""

from __future__ import annotations

import time

import runas
from runas import html
from runas_adfs import factors, pages, refusals
from runas_adfs.visit import Visit

BLOCKING = ("AzureMfaServerAuthentication", "SilverfortAdfs")
POLL = 1.0
LOOKS = 90
"""How often to look: Microsoft gives up after 60 s, and the front-end waits POLL in between."""

PATIENCE = (5.0, 55.0)
"""Seconds to wait for a connection, and for the answer of an adapter that blocks."""


def wait(visit: Visit, page: html.Page, factor: runas.Factor) -> runas.Flow[html.Page]:
    """Look again and again until the page is another one."""
    method = factors.method(page)
    for _ in range(LOOKS):
        number = page.text(factors.NUMBER) or None
        yield from runas.Approval(factor.device, number, POLL)
        before, page = page, _look(visit, page, factor)
        if pages.kind(page) is pages.Kind.FAILURE:
            raise refusals.attempt(page, factor.device)
        if pages.second_form(page) is None or factors.method(page) != method:
            return page
        if not factors.waits(page):
            if factors.code_fields(page):
                return page
            raise refusals.approval(page, factor.device)
        if method in BLOCKING and (ended := refusals.told(before, page, factor.device)):
            raise ended
    raise refusals.silence(factor.device)


def _look(visit: Visit, page: html.Page, factor: runas.Factor) -> html.Page:
    form = pages.second_form(page)
    assert form is not None
    if factors.method(page) not in BLOCKING:
        return html.submit(visit.http, page, form, {})
    started = time.monotonic()
    try:
        answer = visit.http.post(form.action, data=dict(form.fields), timeout=PATIENCE)
    except runas.ServiceUnavailable:
        if time.monotonic() - started < PATIENCE[1]:
            raise
        raise refusals.silence(factor.device) from None
    return html.read(answer, page.secrets)
