"""Run the second factor that was chosen.

The adapter's page is the one on show, or is reached by the link to its method. A code that is
refused leaves a new page with a new Context behind: it is kept, for core calls again with the same
``pending``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import runas
from runas import html
from runas_adfs import approval, duo, factors, login, pages, refusals, typed
from runas_adfs.pages import Kind
from runas_adfs.visit import Visit, Waiting, forgetting, recalling

if TYPE_CHECKING:
    from requests import Session

Outcome = runas.Identity | runas.MfaRequired


def prove(
    profile: runas.Profile, http: Session, waiting: Waiting, factor: runas.Factor
) -> runas.Flow[Outcome]:
    """Satisfy *factor*, then walk on: a notice or another adapter may follow."""
    visit = Visit(profile, http, waiting.username, named=True, asked=True)
    shown = waiting.shown
    shown.page = recalling(shown.page, http)
    try:
        page = yield from _satisfy(visit, waiting, factor)
    finally:
        shown.page = forgetting(shown.page)
    if pages.kind(page) in (Kind.LOGIN, Kind.NAME):
        raise runas.Refused(f"the sign-in at {page.host} has run out of time", "run it again")
    return (yield from login.walk(visit, page))


def _satisfy(visit: Visit, waiting: Waiting, factor: runas.Factor) -> runas.Flow[html.Page]:
    shown = waiting.shown
    if shown.prompt is not None and factor in shown.prompt.factors:
        return (yield from shown.prompt.prove(visit.http, factor))
    if factors.method(shown.page) != factor.id:
        shown.page = _switch(visit, shown.page, factor.id)
        shown.prompt = shown.way = None
    if duo.leads_there(shown.page):
        return (yield from _with_duo(visit, waiting))
    return (yield from _adapter(visit, waiting, factor))


def _switch(visit: Visit, page: html.Page, method: str) -> html.Page:
    """Follow the link to another method: the page's script posts its name and nothing else."""
    form = pages.switch_form(page)
    if form is None or method not in pages.methods(page):
        raise refusals.unknown(page)
    return html.submit(visit.http, page, form, {"AuthMethod": method})


def _with_duo(visit: Visit, waiting: Waiting) -> runas.Flow[html.Page]:
    """Open Duo, now that it was chosen, and let its own ways be chosen from; once."""
    shown = waiting.shown
    if shown.prompt is None:
        shown.prompt = duo.open_prompt(visit.http, shown.page)
    ways = shown.prompt.factors
    if shown.way not in ways:
        one = len(ways) == 1
        shown.way = ways[0] if one else (yield from runas.Choice("Which way with Duo?", ways))
    return (yield from shown.prompt.prove(visit.http, shown.way))


def _adapter(visit: Visit, waiting: Waiting, factor: runas.Factor) -> runas.Flow[html.Page]:
    """Answer an adapter's page by what is on it: fields for a code, or word of a push."""
    page = waiting.shown.page
    if pages.second_form(page) is None:
        return page  # the farm was satisfied, or has something else to say
    if not factors.code_fields(page) and not factors.waits(page):
        page = _first_page(visit, page)
        waiting.shown.page = page
    if factors.waits(page):
        page = yield from approval.wait(visit, page, factor)
        if pages.second_form(page) is None:
            return page
        waiting.shown.page = page
    return (yield from typed.prove(visit, waiting, factor))


def _first_page(visit: Visit, page: html.Page) -> html.Page:
    """Send an empty page back, as adapters want that only prepare something (RSA's second)."""
    form = pages.second_form(page)
    method = factors.method(page)
    if method == factors.CERTIFICATE:
        raise factors.no_certificate(page)
    assert form is not None
    onward = html.submit(visit.http, page, form, {})
    again = pages.second_form(onward)
    if again is not None and not (factors.code_fields(onward) or factors.waits(onward)):
        raise runas.ActionRequired(
            f"{page.host} wants something for {method} that runas cannot do:"
            f" {pages.complaint(onward) or onward.text('#authArea', 'form')[:200]}",
            "sign in once with a browser: an enrolment may be due",
        )
    return onward
