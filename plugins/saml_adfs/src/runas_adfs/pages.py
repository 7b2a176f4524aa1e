"""Tell AD FS's pages apart by ids, field names and types; never by the words of a language.

The ids are those of AD FS's own templates; administrators restyle them by style sheet and script
(``onload.js``), which leaves them in place.
Source: https://learn.microsoft.com/windows-server/identity/ad-fs/operations/ad-fs-user-sign-in-customization
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto

from runas.html import Field, Form, Page, error_text

FORMS = "FormsAuthentication"
_TEXT = ("text", "email", "tel", "number", "password", "search")
_NAME = re.compile(r"user|email|login|account", re.IGNORECASE)
_NEW = re.compile(r"new|confirm|old", re.IGNORECASE)
_SKIP = re.compile(r"skip|later|not-?now|remind", re.IGNORECASE)
_GO_ON = re.compile(r"skip|later|not-?now|remind|continue|proceed", re.IGNORECASE)
_EXPIRY = "[id*=expir i], [class*=expir i], [id^=pwd i]"
_HOME = re.compile(r"HRD\.selection\(\s*['\"]([^'\"]+)['\"]")
_METHOD = re.compile(r"SelectOption\(\s*['\"]([^'\"]+)['\"]")
_ERRORS = "#errorText, [id$=ErrorTextLabel], #errorMessage"


class Kind(Enum):
    """What a page wants."""

    SECOND = auto()
    DUO = auto()
    CHANGE = auto()
    LOGIN = auto()
    NAME = auto()
    HOMES = auto()
    SITES = auto()
    METHODS = auto()
    NOTICE = auto()
    FAILURE = auto()
    OTHER = auto()


def kind(page: Page) -> Kind:
    """Say what a page wants; the order matters where a page has marks of several."""
    tests = (
        (Kind.DUO, duo_form(page)),
        (Kind.CHANGE, change_form(page)),
        (Kind.SECOND, second_form(page)),
        (Kind.LOGIN, login_form(page)),
        (Kind.HOMES, home_form(page)),
        (Kind.SITES, site_form(page)),
        (Kind.NAME, name_form(page)),
        (Kind.METHODS, methods(page)),
        (Kind.NOTICE, notice_form(page)),
        (Kind.FAILURE, page.text("#errorArea", "#errorMessage")),
    )
    return next((found for found, sign in tests if sign), Kind.OTHER)


def fillable(form: Form) -> tuple[Field, ...]:
    """List the fields that a person types into."""
    return tuple(each for each in form.inputs if each.type in _TEXT and each.name)


def duo_form(page: Page) -> Form | None:
    """Return the form that leads to Duo's Universal Prompt."""
    return page.form_with("adfs_context")


def second_form(page: Page) -> Form | None:
    """Return an MFA adapter's form: it names a method that is no password, and has a Context."""
    for form in page.forms:
        chosen = form.fields.get("AuthMethod", "")
        if chosen != FORMS and (chosen or form.fields.get("Context")) and form.id != "options":
            return _with_address(page, form)
    return None


def _with_address(page: Page, form: Form) -> Form:
    """Send an adapter's form where the method switch goes: most have no action of their own."""
    tag = page.document.find("form", id=form.id) if form.id else None
    options = switch_form(page)
    if options is None or (tag is not None and tag.get("action")):
        return form
    return replace(form, action=options.action, method="post")


def switch_form(page: Page) -> Form | None:
    """Return the form behind the links to other methods."""
    return next((form for form in page.forms if form.id == "options"), None)


def methods(page: Page) -> dict[str, str]:
    """List the methods that the page links to: AuthMethod and the words of the link."""
    if switch_form(page) is None:
        return {}
    found: dict[str, str] = {}
    for tag in page.document.select("[onclick*=SelectOption]"):
        called = _METHOD.search(str(tag.get("onclick")))
        if called:
            found[called[1]] = page.safe(" ".join(tag.get_text(" ").split())) or called[1]
    return found


def login_form(page: Page) -> Form | None:
    """Return the form for name and password."""
    for form in page.forms:
        if len(form.of_type("password")) == 1 and len(fillable(form)) <= 2:
            return form
    return None


def name_field(form: Form) -> Field | None:
    """Return the field for the user name: the one so called, else the only text field."""
    typed = [each for each in fillable(form) if each.type != "password"]
    named = [each for each in typed if _NAME.search(f"{each.name} {each.id}")]
    return next(iter(named or typed), None)


def name_form(page: Page) -> Form | None:
    """Return the form that asks for the name alone; the password comes on the next page."""
    for form in page.forms:
        field = name_field(form)
        if field and len(fillable(form)) == 1 and _NAME.search(f"{field.name} {field.id}"):
            return form
    return None


def home_form(page: Page) -> Form | None:
    """Return the form of home-realm discovery."""
    for form in page.forms:
        names = [each.name for each in form.of_type("select")]
        if form.id == "hrd" or any("IdentityProviders" in name for name in names):
            return form
    return None


def homes(page: Page, form: Form) -> dict[str, str]:
    """List where the account may be: identifier and name."""
    found: dict[str, str] = {}
    for tag in page.document.select("[onclick*='HRD.selection']"):
        called = _HOME.search(str(tag.get("onclick")))
        if called:
            shown = str(tag.get("aria-label") or "") or " ".join(tag.get_text(" ").split())
            found[called[1]] = shown or called[1]
    for field in form.of_type("select"):
        found |= dict(field.options)
    return {home: shown for home, shown in found.items() if home}


def site_form(page: Page) -> Form | None:
    """Return the form that asks which relying party is wanted."""
    return next((form for form in page.forms if site_list(form)), None)


def site_list(form: Form) -> Field | None:
    """Return the list of relying parties in a form."""
    lists = (each for each in form.of_type("select") if "RelyingParty" in each.name)
    return next(lists, None)


def change_form(page: Page) -> Form | None:
    """Return the form that wants a new password."""
    for form in page.forms:
        wanted = [each for each in form.of_type("password") if _NEW.search(each.name + each.id)]
        if len(form.of_type("password")) > 1 and wanted and second_form(page) is None:
            return form
    return None


def skip_button(form: Form, *, notice: bool = False) -> str | None:
    """Return the button that leads past; empty where the form goes there without one."""
    pattern = _GO_ON if notice else _SKIP
    for button in form.buttons:
        if pattern.search(f"{button.name} {button.id}"):
            return button.name or button.id
    return None


def notice_form(page: Page) -> Form | None:
    """Return the form that leads on from a notice about the password's end."""
    if not page.document.select_one(_EXPIRY):
        return None
    usable = (form for form in page.forms if not form.inputs and skip_button(form, notice=True))
    return next(usable, None)


def complaint(page: Page) -> str:
    """Return what the page complains about, in its words; empty where it does not."""
    return page.text(*_ERRORS.split(", "))[:300] or error_text(page)
