"""Pages on the way that ask neither for a password nor for a factor.

Home-realm discovery (where is the account?), the selection of the relying party (which site?), and
what is said about the password's end.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

import runas
from runas import html
from runas_adfs import names, pages, refusals
from runas_adfs.address import audience
from runas_adfs.visit import Visit

say = logging.getLogger("runas.notice")

LOCAL = "AD AUTHORITY"
"""The identifier of the farm's own Active Directory."""


def home(visit: Visit, page: html.Page) -> runas.Flow[html.Page]:
    """Say where the account is: by the setting, else in the farm's own directory."""
    form = pages.home_form(page)
    assert form is not None
    homes = pages.homes(page, form)
    if not homes:
        return (yield from _home_by_mail(visit, page, form))
    chosen = _named_home(visit, homes) or _own_home(page, homes)
    if chosen is None:
        chosen = yield from runas.Choice("Where is your account?", list(homes), homes.__getitem__)
    listed = next(iter(form.of_type("select")), None)
    if listed is None:
        return html.submit(visit.http, page, form, {"HomeRealmSelection": chosen})
    button = next(iter(form.buttons), None)
    return html.submit(visit.http, page, form, {listed.name: chosen}, press=button)


def _named_home(visit: Visit, homes: Mapping[str, str]) -> str | None:
    """Find the home that the setting names, by identifier or by the name shown."""
    wanted = visit.profile.get("adfs_home_realm")
    if not wanted:
        return None
    for key, shown in homes.items():
        if wanted.lower() in (key.lower(), shown.lower()):
            return key
    raise runas.ConfigurationError(
        f"AD FS does not offer the home realm '{wanted}'; it offers: {', '.join(homes.values())}",
        f"change adfs_home_realm ({visit.profile.origin('adfs_home_realm')})",
    )


def _own_home(page: html.Page, homes: Mapping[str, str]) -> str | None:
    own = (LOCAL, f"http://{urlsplit(page.url).hostname}/adfs/services/trust")
    if len(homes) == 1:
        return next(iter(homes))
    return next((key for key in homes if key in own), None)


def _home_by_mail(visit: Visit, page: html.Page, form: html.Form) -> runas.Flow[html.Page]:
    """Let AD FS find the home by the domain of the user's address."""
    if form.input("Email") is None or visit.named:
        raise refusals.unknown(page)
    visit.named = True
    address = yield from names.ask(visit, page)
    return html.submit(visit.http, page, form, {"Email": address}, press="HomeRealmByEmail")


def site(visit: Visit, page: html.Page) -> runas.Flow[html.Page]:
    """Choose AWS among the relying parties."""
    form = pages.site_form(page)
    listed = pages.site_list(form) if form else None
    assert form is not None and listed is not None
    sites = {value: shown for value, shown in listed.options if value}
    if not sites:
        raise refusals.unknown(page)
    chosen = _aws(sites, audience(visit.profile))
    if chosen is None:
        chosen = yield from runas.Choice("Which of these is AWS?", list(sites), sites.__getitem__)
    radios = form.of_type("radio")
    other = [each for each in radios if "Other" in f"{each.id} {each.value}"]
    values: dict[str, str | Sequence[str]] = {each.name: () for each in radios}
    values |= {each.name: each.value for each in other[:1]} | {listed.name: chosen}
    press = next((each for each in form.buttons if "Out" not in each.name + each.id), None)
    return html.submit(visit.http, page, form, values, press=press)


def _aws(sites: Mapping[str, str], entity: str) -> str | None:
    """Find AWS: by its identifier, else as the only site with such a name."""
    for key, shown in sites.items():
        if entity in (key, shown):
            return key
    named = [
        key
        for key, shown in sites.items()
        if {"aws", "amazon"} & set(shown.lower().replace("-", " ").replace("(", " ").split())
    ]
    return named[0] if len(named) == 1 else None


def new_password(visit: Visit, page: html.Page) -> html.Page:
    """Go past a page that offers to change the password; fail where it insists."""
    form = pages.change_form(page)
    assert form is not None
    said = page.text("[id*=expir i]", "#errorText")[:200]
    button = pages.skip_button(form)
    if button is None:
        raise refusals.change_due(page, said)
    return _past(visit, page, form, button, said)


def notice(visit: Visit, page: html.Page) -> html.Page:
    """Hand a notice about the password's end on to the person, and go on."""
    form = pages.notice_form(page)
    assert form is not None
    said = page.text("[id*=expiryNotif i]", "[id*=expir i]")[:200]
    return _past(visit, page, form, pages.skip_button(form, notice=True), said)


def _past(
    visit: Visit, page: html.Page, form: html.Form, button: str | None, said: str
) -> html.Page:
    say.warning("%s says: %s", page.host, said or "your password will expire soon")
    return html.submit(visit.http, page, form, {}, press=button)
