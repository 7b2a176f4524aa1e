"""Which field of a form is which: by markup first, by name next, by label last.

Source: WHATWG HTML, 4.10.18.7 "Autofill" for the ``autocomplete`` tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bs4 import Tag

from runas import html
from runas_form import words
from runas_form.words import clue

TYPED = ("text", "email", "tel", "number", "password", "")
"""Types that a person types into; ``search`` and the like belong to the page, not to the login."""

_UNSEEN = ("display:none", "visibility:hidden")


def typed(page: html.Page, form: html.Form) -> list[html.Field]:
    """List what a person would type into, without what the page hides (traps for robots)."""
    fields = [each for each in form.inputs if each.name and each.type in TYPED]
    seen = [each for each in fields if not _hidden(page, each)]
    # Pages in steps hide the password until its turn, so a hidden one counts where no other is.
    return seen if any(each.type == "password" for each in seen) else [
        each for each in fields if each in seen or each.type == "password"
    ]  # fmt: skip


def username(fields: Sequence[html.Field]) -> html.Field | None:
    """Find the user's name: by autocomplete and type, by name, by label, by its place."""
    plain = [each for each in fields if each.type != "password" and not is_code(each)]
    return (
        _first(plain, lambda each: "username" in _tokens(each))
        or _first(plain, lambda each: bool(words.USERNAME.search(named(each))))
        or _first(plain, lambda each: each.type == "email" or "email" in _tokens(each))
        or _labelled(plain, "username")
        or _before_password(fields, plain)
    )


def password(fields: Sequence[html.Field], signed_in: bool) -> html.Field | None:
    """Find the field for the password: what hides its characters and is no one-time code."""
    hidden = [each for each in fields if each.type == "password"]
    real = [each for each in hidden if not is_code(each)]
    if not real and not signed_in:
        # SecurID and its like call the one secret of the first page a passcode.
        real = [each for each in hidden if "one-time-code" not in _tokens(each)]
    # A lonely "new-password" is a login that wants no browser to fill it in.
    old = [each for each in real if not is_new_password(each)]
    return next(iter(old or real), None)


def code(fields: Sequence[html.Field]) -> html.Field | None:
    """Find the field for a one-time code."""
    sure = _first(fields, lambda each: "one-time-code" in _tokens(each)) or _first(fields, is_code)
    others = [each for each in fields if each.type != "password"]
    return sure or _labelled(others, "code")


def is_code(field: html.Field) -> bool:
    """Tell a one-time code by what the programmer wrote."""
    tokens = _tokens(field)
    if "one-time-code" in tokens:
        return True
    if tokens & {"username", "current-password", "new-password", "email"}:
        return False
    own = named(field)
    if words.PASSWORD.search(own) and not words.CODE.search(own):
        return False
    return bool(words.CODE.search(own))


def is_new_password(field: html.Field) -> bool:
    """Tell a password that is being chosen from one that proves who signs in."""
    return "new-password" in _tokens(field) or bool(words.NEW.search(named(field)))


def named(field: html.Field) -> str:
    """Return a field's name as words; its id only where the name is none (``IDToken1``)."""
    return clue(field.name, field.id)


def label(field: html.Field) -> str:
    """Return what a person reads beside a field."""
    return " ".join(f"{field.label} {field.placeholder}".split())


def remember(form: html.Form) -> list[html.Field]:
    """List the boxes that make the provider remember the user or the device."""
    return [each for each in form.of_type("checkbox") if remembers(each.name, each.id)]


def remembers(*names: str) -> bool:
    """Tell a box that makes the provider remember from one that makes it forget."""
    own = clue(*names)
    return bool(words.REMEMBER.search(own)) and not words.FORGET.search(own)


def groups(form: html.Form) -> dict[str, list[html.Field]]:
    """Return the radio buttons by name, where there is something to choose."""
    found: dict[str, list[html.Field]] = {}
    for each in form.of_type("radio"):
        found.setdefault(each.name, []).append(each)
    return {name: radios for name, radios in found.items() if name and len(radios) > 1}


def _first(fields: Sequence[html.Field], fits: Callable[[html.Field], bool]) -> html.Field | None:
    return next((each for each in fields if fits(each)), None)


def _tokens(field: html.Field) -> set[str]:
    return set(field.autocomplete.lower().split())


def _labelled(fields: Sequence[html.Field], meaning: str) -> html.Field | None:
    pattern = words.LABELS[meaning]
    return _first(fields, lambda each: bool(pattern.search(label(each).lower())))


def _before_password(
    fields: Sequence[html.Field], plain: Sequence[html.Field]
) -> html.Field | None:
    """Return the last field before the password: that is where the name stands, unnamed or not."""
    for place, each in enumerate(fields):
        if each.type == "password":
            return next((one for one in reversed(fields[:place]) if one in plain), None)
    return None


def _hidden(page: html.Page, field: html.Field) -> bool:
    found = page.document.find("input", attrs={"name": field.name})
    if not isinstance(found, Tag):
        return False
    for tag in (found, *found.parents):
        style = str(tag.get("style") or "").replace(" ", "").lower()
        if tag.has_attr("hidden") or any(each in style for each in _UNSEEN):
            return True
    return False
