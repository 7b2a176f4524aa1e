"""What to say where a page leads no further."""

from __future__ import annotations

import re

import runas
from runas import html
from runas_form.scenes import Wall
from runas_form.words import LOCKED

_WALLS = {
    "password": "wants a new password to be chosen",
    "enrolment": "wants a second factor to be set up",
    "terms": "wants its terms to be accepted",
}
_ELSEWHERE = (
    (re.compile(r"\bokta|oktacdn"), "is made by Okta"),
    (re.compile(r"\$config\s*=|login\.microsoftonline|aadcdn"), "is Microsoft Entra's"),
    (re.compile(r"accounts\.google\.|gaia"), "is Google's"),
    (re.compile(r"auth0"), "is made by Auth0"),
    (re.compile(r"onelogin"), "is made by OneLogin"),
    (re.compile(r"jumpcloud"), "is made by JumpCloud"),
)
"""Pages that a script builds, by the words in their source."""


def refused(page: html.Page) -> runas.Refused:
    """Make the error for a sign-in form that comes back."""
    said = html.error_text(page)
    if LOCKED.search(said.lower()):
        return runas.AccountLocked(
            _quoting(f"{page.host} has locked the account", said), "ask the help desk to unlock it"
        )
    return runas.WrongPassword(
        _quoting(f"{page.host} refused the username or password", said),
        "check both; a stored password is replaced with 'runas password'",
    )


def again(page: html.Page) -> runas.Refused:
    """Make the error for a second provider that wants a password too."""
    return runas.Refused(
        f"{page.host} asks for a password after another host has taken one",
        "sign in with a browser once",
    )


def unknown_user(page: html.Page) -> runas.Refused:
    """Make the error for a username that leads to no password."""
    return runas.Refused(
        _quoting(f"{page.host} refused the username", html.error_text(page)),
        "check saml_username",
    )


def wrong_code(page: html.Page) -> runas.WrongCode:
    """Make the error for a code that may be typed again."""
    return runas.WrongCode(_quoting(f"{page.host} refused the code", html.error_text(page)))


def code_ends_it(page: html.Page) -> runas.Refused:
    """Make the error for a provider that starts over after a wrong code."""
    return runas.Refused(
        _quoting(f"{page.host} refused the code and ended the sign-in", html.error_text(page)),
        "run the command again",
    )


def not_approved(page: html.Page, device: str) -> runas.ApprovalRejected:
    """Make the error for a push that was turned down."""
    return runas.ApprovalRejected(
        _quoting(f"{page.host} was told not to let this sign-in pass", html.error_text(page)),
        f"run the command again, and approve it on {device}",
    )


def not_in_time(page: html.Page, device: str) -> runas.ApprovalExpired:
    """Make the error for a push that nobody answered."""
    return runas.ApprovalExpired(
        f"nobody approved the sign-in at {page.host} in time",
        f"run the command again, and approve it on {device}",
    )


def wall(page: html.Page, scene: Wall) -> runas.RunasError:
    """Make the error for a page that only a person with a browser gets past."""
    if scene.why == "captcha":
        return runas.PageNotRecognised(
            f"the sign-in page of {page.host} asks for a captcha",
            "sign in with a browser once, or from a network that it trusts",
        )
    if scene.why == "key":
        return runas.PageNotRecognised(
            f"{page.host} wants a security key, which needs a browser",
            "choose another second factor there",
        )
    return runas.ActionRequired(
        f"{page.host} {_WALLS[scene.why]} first", "sign in with a browser once to do it"
    )


def unknown(page: html.Page, signed_in: bool) -> runas.RunasError:
    """Make the error for a page in which nothing is known."""
    said = html.error_text(page)
    if said and LOCKED.search(said.lower()):
        return refused(page)
    if signed_in and (said or page.status >= 400):
        return runas.Refused(
            _quoting(f"{page.host} refused the sign-in", said), "log in again, or ask the help desk"
        )
    if page.status in (401, 403):
        return runas.AccessDenied(_quoting(f"{page.host} denies access", said), _CHECK)
    if page.status >= 400:
        return runas.PageNotRecognised(
            _quoting(f"{page.host} answers with status {page.status}", said), _CHECK
        )
    if html.is_script_only(page):
        return _scripted(page)
    return runas.PageNotRecognised(
        _quoting(
            f"the sign-in page of {page.host} has no form that runas knows",
            said or page.text("h1", "h2", "title"),
        ),
        "name its provider with saml_provider, or report the page: --record FILE",
    )


_CHECK = "check saml_auth_url: it must be the address that opens AWS in a browser"


def _scripted(page: html.Page) -> runas.PageNotRecognised:
    source = str(page.document).lower()
    maker = next((name for mark, name in _ELSEWHERE if mark.search(source)), "")
    kind = f"{maker} and " if maker else ""
    return runas.PageNotRecognised(
        f"the sign-in page of {page.host} {kind}needs a browser to run its script",
        "name a provider made for it with saml_provider (see 'runas plugin list')",
    )


def _quoting(fact: str, said: str) -> str:
    """Add the page's own words to a fact."""
    return f"{fact}: {said.rstrip('. ')}" if said else fact
