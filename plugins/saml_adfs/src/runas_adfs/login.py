"""Walk through AD FS's pages, from the sign-in address to the second factor or the response.

Each page is answered once by what it is; the password goes out once in a sign-in, whatever comes
back. Where nothing is asked (a session is still good), the first page is already the response.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import runas
from runas import html, saml
from runas.http import origin
from runas_adfs import factors, integrated, names, pages, refusals, stops
from runas_adfs.address import sign_in_url
from runas_adfs.pages import Kind
from runas_adfs.visit import Visit

if TYPE_CHECKING:
    from requests import Session

Outcome = runas.Identity | runas.MfaRequired

PAGES = 20
"""More pages than any sign-in has; a farm that leads further leads in a circle."""


def sign_on(profile: runas.Profile, http: Session) -> runas.Flow[Outcome]:
    """Sign on from the start; where the cookies of last time lead astray, once more without."""
    url = sign_in_url(profile)
    kept = len(http.cookies) > 0
    visit = Visit(profile, http)
    try:
        return (yield from _opened(visit, url))
    except runas.RunasError:
        if not (kept and visit.astray) or visit.username:
            raise
    # runas's own session also forgets the cookies that it keeps on disk.
    forget: Callable[[], None] = getattr(http, "forget", http.cookies.clear)
    forget()
    return (yield from _opened(Visit(profile, http), url))


def _opened(visit: Visit, url: str) -> runas.Flow[Outcome]:
    """Open the sign-in address and walk on from there."""
    if visit.profile.enabled("adfs_integrated"):
        response = yield from integrated.open_page(visit, url)
    else:
        response = visit.http.get(url)
    if response.status_code == 401:
        raise integrated.wanted(response)
    if response.status_code == 503:
        raise refusals.not_served(response.url)
    return (yield from walk(visit, html.read(response)))


def walk(visit: Visit, page: html.Page) -> runas.Flow[Outcome]:
    """Answer page after page until one is the SAML response, or wants a second factor."""
    for _ in range(PAGES):
        text = html.assertion(page)
        if text is not None:
            return identity(text, visit.username)
        kind = pages.kind(page)
        if kind in (Kind.SECOND, Kind.DUO, Kind.METHODS):
            return factors.wanted(visit, page)
        if kind in _ASKING:
            page = yield from _ASKING[kind](visit, page)
        else:
            page = _PASSING[kind](visit, page)
    raise runas.PageNotRecognised(f"the sign-in at {page.host} leads in a circle")


def identity(text: str, username: str) -> runas.SamlIdentity:
    """Make the identity; the name typed stands in where the response hides its own."""
    proof = saml.identity(text)
    return proof if proof.subject else replace(proof, subject=username)


def _login(visit: Visit, page: html.Page) -> runas.Flow[html.Page]:
    """Fill in name and password, for the only time."""
    if visit.asked:
        raise refusals.password(page)
    form = pages.login_form(page)
    assert form is not None
    values: dict[str, str] = {}
    name = pages.name_field(form)
    if name is not None or not visit.username:
        username = yield from names.ask(visit, page)
        values = {name.name: username} if name else {}
    password = yield from runas.Password(origin(page.url), visit.username)
    visit.asked = True
    values[form.of_type("password")[0].name] = password
    keep = form.input("Kmsi")
    if keep and visit.profile.enabled("remember_device", default=True):
        values["Kmsi"] = keep.value or "true"
    return html.submit(visit.http, page, form, values, press=_submit(form))


def _submit(form: html.Form) -> html.Button | None:
    """Choose the button to press: web forms (AD FS 2.0) do nothing without its name."""
    named = (each for each in form.buttons if "submit" in f"{each.name} {each.id}".lower())
    return next(named, next(iter(form.buttons), None))


def _name(visit: Visit, page: html.Page) -> runas.Flow[html.Page]:
    """Fill in the name where it is asked for on a page of its own."""
    if visit.named or visit.asked:
        raise runas.Refused(
            f"{page.host} does not take the user name: {pages.complaint(page) or 'it asks again'}",
            "check saml_username: user@domain or DOMAIN\\user",
        )
    visit.named = True
    form = pages.name_form(page)
    assert form is not None
    field = pages.name_field(form)
    assert field is not None
    values = {field.name: (yield from names.ask(visit, page))}
    return html.submit(visit.http, page, form, values, press=_submit(form))


def _other(visit: Visit, page: html.Page) -> html.Page:
    """Go where a browser would go by itself; fail where it would stay."""
    onward = html.follow(visit.http, page)
    if onward is page:
        visit.astray = True
        raise refusals.unknown(page)
    return onward


def _failure(visit: Visit, page: html.Page) -> html.Page:
    visit.astray = True
    raise refusals.failure(page, known=visit.asked)


_ASKING: dict[Kind, Callable[[Visit, html.Page], runas.Flow[html.Page]]] = {
    Kind.LOGIN: _login,
    Kind.NAME: _name,
    Kind.HOMES: stops.home,
    Kind.SITES: stops.site,
}
_PASSING: dict[Kind, Callable[[Visit, html.Page], html.Page]] = {
    Kind.CHANGE: stops.new_password,
    Kind.NOTICE: stops.notice,
    Kind.FAILURE: _failure,
    Kind.OTHER: _other,
}
