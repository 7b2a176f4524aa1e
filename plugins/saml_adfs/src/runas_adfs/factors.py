"""Which second factors a page offers, in the words of runas.

AD FS's MFA adapters are known by their AuthMethod. A page can show one adapter at once, with links
to others, or links alone; an adapter that nobody has heard of is one that wants a code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import runas
from runas import html
from runas_adfs import pages
from runas_adfs.visit import Shown, Visit, Waiting, forgetting

if TYPE_CHECKING:
    from runas_adfs.duo import Prompt

KNOWN = {
    "AzureMfaAuthentication": ("push", "Microsoft Authenticator"),
    "AzureMfaServerAuthentication": ("push", "phone"),
    "SilverfortAdfs": ("push", "Silverfort"),
    "DuoAdfsAdapter": ("duo", "Duo"),
    "SecurIDAuthentication": ("token", "RSA SecurID"),
    "SecurIDv2Authentication": ("token", "RSA SecurID"),
    "SymantecVipAdapter": ("totp", "Symantec VIP"),
    "VIPAuthenticationProviderUPN": ("totp", "Symantec VIP"),
    "VIPAuthenticationProviderWindowsAccountName": ("totp", "Symantec VIP"),
    "SafeNet-MFA": ("totp", "SafeNet"),
    "Defender AD FS Adapter": ("totp", "Defender"),
}
PUSHES = tuple(name for name, (kind, _) in KNOWN.items() if kind == "push")
UNNAMED = "second factor"
CERTIFICATE = "CertificateAuthentication"
TYPED = ("totp", "hotp", "token", "sms", "call", "email")
NUMBER = "#validEntropyNumber"
"""Where Azure MFA shows the number to choose on the phone."""

NOT_SECOND = (pages.FORMS, "WindowsAuthentication", "AzurePrimaryAuthentication")


def wanted(visit: Visit, page: html.Page) -> runas.MfaRequired:
    """List the factors and keep the page, without the password, for what comes next."""
    from runas_adfs import duo

    shown = Shown(forgetting(page))
    current = method(page)
    offered: list[runas.Factor] = []
    if duo.leads_there(page):
        if visit.profile.get("mfa_type") == "duo":
            offered = [runas.Factor("duo", "Duo", current)]
        else:
            shown.prompt = duo.open_prompt(visit.http, shown.page)
            offered = _of_prompt(visit, shown.prompt)
    elif current and current != CERTIFICATE:
        offered = [_factor(visit, current, bool(code_fields(page)) and not waits(page))]
    others = (name for name in pages.methods(page) if name not in (current, *NOT_SECOND))
    offered += [_factor(visit, name, None, page) for name in others if name != CERTIFICATE]
    if not offered:
        raise no_certificate(page)
    return runas.MfaRequired(tuple(offered), Waiting(visit.username, shown))


def _of_prompt(visit: Visit, prompt: Prompt) -> list[runas.Factor]:
    """List Duo's factors. Core counts a call among the codes; Duo's call is answered by a key."""
    codes_only = visit.profile.get("mfa_type") == "code"
    return [each for each in prompt.factors if not (codes_only and each.kind == "call")]


def method(page: html.Page) -> str:
    """Return the AuthMethod of the adapter on show; empty where there is none."""
    form = pages.second_form(page)
    if form is not None:
        return form.fields.get("AuthMethod", "") or UNNAMED
    form = pages.duo_form(page)
    return form.fields.get("adfs_auth_method", "DuoAdfsAdapter") if form else ""


def code_fields(page: html.Page) -> tuple[html.Field, ...]:
    """List the fields of the adapter's page that take a code."""
    form = pages.second_form(page)
    return pages.fillable(form) if form else ()


def waits(page: html.Page) -> bool:
    """Tell a page that waits for a device from one that wants something typed, or complains."""
    if page.text(NUMBER):
        return True  # even where a code could be typed instead
    return method(page) in PUSHES and not code_fields(page) and not pages.complaint(page)


def _factor(
    visit: Visit, name: str, typed: bool | None, page: html.Page | None = None
) -> runas.Factor:
    """Describe an adapter; *typed* says whether its page is known to want a code.

    Azure's page wants a code or waits for a tap, and does not say which device the code comes from:
    then the kind that the profile asks for is taken at its word.
    """
    kind, device = KNOWN.get(name, ("totp", ""))
    asked = visit.profile.get("mfa_type") or ""
    if typed and (asked in TYPED or kind not in TYPED):
        kind = asked if asked in TYPED else "totp"
    elif typed is False and kind == "push" and asked == "call":
        kind = "call"
    shown = pages.methods(page).get(name, "") if page else ""
    return runas.Factor(kind, device or shown or name, name)


def no_certificate(page: html.Page) -> runas.ConfigurationError:
    """Return the error for a page that accepts nothing but a certificate."""
    return runas.ConfigurationError(
        f"{page.host} accepts only a certificate or smart card as second factor",
        "runas has none to show; ask for another method",
    )
