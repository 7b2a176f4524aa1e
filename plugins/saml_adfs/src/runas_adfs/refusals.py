"""Say why AD FS said no.

*That* it did shows in the page's structure. *Why* is sometimes only in its words: for those there
is a list in some languages, and without a match the plainer error.
"""

from __future__ import annotations

import re

import runas
from runas.html import Page
from runas.http import origin
from runas_adfs import pages

_LOCKED = re.compile(
    r"\block(?:ed|out)|disabled|suspend|gesperrt|deaktiviert|verrouill|désactiv|bloque|bloccat|geblokkeerd"
    r"|ロック|無効|锁定|잠",
    re.IGNORECASE,
)
_EXPIRED = re.compile(
    r"expired|must (?:change|update)|abgelaufen|ändern|expiré|caducad|scadut|verlopen"
    r"|期限|过期|만료",
    re.IGNORECASE,
)
_SILENCE = re.compile(
    r"hear from you|tim(?:e|ed)[ -]?out|no response|zeitüberschreitung|abgelaufen|nichts von ihnen"
    r"|délai|expiré|agotado|tiempo|scadut|verlopen|タイムアウト|応答|超时|시간",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"denied|not authori[sz]ed|berechtigt|verweigert|autoris|autorizz|bevoegd|許可|拒否|拒绝|권한",
    re.IGNORECASE,
)
_DECLINED = re.compile(
    r"denied|declin|reject|abgelehnt|refus|rechaz|rifiut|geweigerd|拒否|拒绝|거부", re.IGNORECASE
)
_CHANGE = "#errorText a[href*=updatepassword i], #error a[href*=updatepassword i]"


def password(page: Page) -> runas.Refused:
    """Return the error for a login page that came back after the password."""
    said = pages.complaint(page)
    if page.document.select_one(_CHANGE) or _EXPIRED.search(said):
        return change_due(page, said)
    if _LOCKED.search(said):
        return runas.AccountLocked(f"{page.host} does not let you in: {said}", _ADMINISTRATOR)
    return runas.WrongPassword(
        f"{page.host} refused the name or password: {said}"
        if said
        else f"{page.host} asks for the password again",
        "check the name's form (user@domain or DOMAIN\\user); several wrong tries lock the account",
    )


def change_due(page: Page, said: str = "") -> runas.ActionRequired:
    """Return the error for a password that has to be changed first."""
    words = f": {said}" if said else ""
    return runas.ActionRequired(
        f"{page.host} wants a new password first{words}",
        "sign in there with a browser, or change it in Windows; then run this again",
    )


def code(page: Page) -> runas.Refused:
    """Return the error for a code that was not taken."""
    said = pages.complaint(page)
    if _LOCKED.search(said):
        return runas.AccountLocked(f"{page.host} does not take codes now: {said}", _ADMINISTRATOR)
    return runas.WrongCode(said or f"{page.host} refused the code", "type the newest one")


def approval(page: Page, device: str) -> runas.Refused:
    """Return the error for a push that came to nothing."""
    said = pages.complaint(page)
    words = f": {said}" if said else ""
    if _SILENCE.search(said):
        return silence(device, words)
    return runas.ApprovalRejected(f"the sign-in was declined on {device}{words}")


def attempt(page: Page, device: str) -> runas.RunasError:
    """Return the error for AD FS's error page while a device was waited for."""
    said = page.text("#errorMessage", "#errorArea")[:300]
    if _SILENCE.search(said):
        return silence(device, f": {said}")
    if _DECLINED.search(said):
        return runas.ApprovalRejected(f"the sign-in was declined on {device}: {said}")
    return failure(page, known=True)


def told(before: Page, page: Page, device: str) -> runas.Refused | None:
    """Return the error for a push whose end stands in the text of the page, as Silverfort has it.

    Only what the page did not say *before* counts: its instructions may name refusals too.
    """
    said = page.text("#authArea", "form")[:300]
    if said == before.text("#authArea", "form")[:300]:
        return None
    if _SILENCE.search(said):
        return silence(device, f": {said}")
    if _DECLINED.search(said):
        return runas.ApprovalRejected(f"the sign-in was declined on {device}: {said}")
    return None


def silence(device: str, words: str = "") -> runas.ApprovalExpired:
    """Return the error for a push that nobody answered."""
    return runas.ApprovalExpired(f"nobody answered on {device}{words}", "run it again")


def not_served(url: str) -> runas.ServiceUnavailable:
    """Return the error for a sign-in page that the farm does not serve: status 503.

    A farm does so while it is down, and for as long as IdP-initiated sign-on is switched off.
    """
    return runas.ServiceUnavailable(
        f"{origin(url)} does not serve its sign-in page (status 503)",
        "try again later; if it stays so, ask its administrator to enable the page of"
        " IdP-initiated sign-on (Set-AdfsProperties -EnableIdPInitiatedSignonPage $true)",
    )


def failure(page: Page, *, known: bool) -> runas.RunasError:
    """Return the error for AD FS's error page; *known* says that the user had been let in."""
    said = page.text("#errorMessage", "#errorArea")[:300] or "no reason given"
    activity = page.text("#activityId")[:80]
    if known and (_DENIED.search(said) or page.status in (401, 403)):
        return runas.AccessDenied(
            f"{page.host} signs you in, but not to AWS: {said}", _ADMINISTRATOR
        )
    if known:
        return runas.ServiceUnavailable(
            f"{page.host} cannot go on: {said}", f"its administrator can look it up: {activity}"
        )
    return runas.ConfigurationError(
        f"{page.host} cannot open AWS's sign-in: {said}",
        "check saml_auth_url and saml_entity_id (AD FS calls it the relying party's identifier);"
        " IdP-initiated sign-on must be enabled there",
    )


def unknown(page: Page) -> runas.PageNotRecognised:
    """Return the error for a page that is none of AD FS's."""
    return runas.PageNotRecognised(
        f"{page.host} answered with a page (status {page.status}) that is none of AD FS's",
        "look what it shows in a browser; another saml_provider may be the right one",
    )


_ADMINISTRATOR = "ask the administrator of AD FS"
