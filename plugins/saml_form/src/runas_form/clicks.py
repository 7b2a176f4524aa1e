"""Pages that want a click: a choice between ways on, consent, a notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bs4 import Tag

from runas import html
from runas_form import fields, words
from runas_form.scenes import Confirm, Option, Picker, Scene, Wall
from runas_form.words import clue


def picker(page: html.Page, forms: Sequence[html.Form]) -> Picker | None:
    """Find what to choose from: radio buttons, a list, several buttons."""
    options = _radios(forms) or _selects(forms) or _buttons(page, forms)
    if len(options) < 2:
        return None
    return Picker(page.text("h1", "h2", "legend", "title") or "Which one?", tuple(options))


def _radios(forms: Sequence[html.Form]) -> list[Option]:
    for form in forms:
        for name, radios in fields.groups(form).items():
            if not words.CONSENT.search(clue(name)):
                return [
                    Option(each.label or each.value, form, name, each.value, go(form))
                    for each in radios
                ]
    return []


def _selects(forms: Sequence[html.Form]) -> list[Option]:
    for form in forms:
        for each in form.of_type("select"):
            if words.LANGUAGE.search(clue(each.name)):
                continue
            values = [(value, text) for value, text in each.options if value and value != "-"]
            return [Option(text, form, each.name, value, go(form)) for value, text in values]
    return []


def _buttons(page: html.Page, forms: Sequence[html.Form]) -> list[Option]:
    """Read buttons as options: several in a form, or several forms of one button each."""
    for form in forms:
        pressed = [each for each in form.buttons if _means(each) != "no"]
        if len(pressed) > 1 and not words.CONSENT.search(_says(form)):
            return [Option(_text(page, each), form, press=each) for each in pressed]
    alone = [form for form in forms if len(form.buttons) == 1 and not form.inputs]
    plain = [form for form in alone if _means(form.buttons[0]) == "choice"]
    return [Option(_text(page, form.buttons[0]), form, press=form.buttons[0]) for form in plain]


def confirm(forms: Sequence[html.Form]) -> Scene | None:
    """Find the form that only wants to be sent: the one with a button that agrees."""
    for form in forms:
        if any(each.type in fields.TYPED for each in form.inputs):
            continue
        own = _says(form)
        if words.TERMS.search(own) or _unticked_terms(form):
            return Wall("terms")
        yes = next((each for each in form.buttons if _means(each) == "yes"), None)
        no = next((each for each in form.buttons if _means(each) == "no"), None)
        usual = form.buttons[0] if len(form.buttons) == 1 and no is None else None
        if yes or usual:
            stay = bool(words.REMEMBER.search(own)) and not words.CONSENT.search(own)
            return Confirm(form, yes or usual, no, stay)
    return None


def _says(form: html.Form) -> str:
    return clue(form.id, form.name, *form.fields, *(each.name for each in form.buttons))


def _unticked_terms(form: html.Form) -> bool:
    return any(words.TERMS.search(clue(each.name, each.id)) for each in form.of_type("checkbox"))


def go(form: html.Form) -> html.Button | None:
    """Return the button that sends the form as filled in: one that agrees, else does not refuse."""
    said = {_means(each): each for each in reversed(form.buttons)}
    return said.get("yes") or said.get("choice")


def _means(button: html.Button) -> Literal["yes", "no", "choice"]:
    """Tell what a button says: by its value, else by its name, else by its words."""
    for said in (clue(button.value), clue(button.name, button.id), clue(button.text)):
        if words.NO.search(said):
            return "no"
        if words.YES.search(said):
            return "yes"
    return "choice"


def _text(page: html.Page, button: html.Button) -> str:
    """Return what a person reads on a button: its words, else its picture's, else its value."""
    if button.text:
        return button.text
    for tag in page.document.find_all("button", attrs={"value": button.value}):
        picture = tag.find("img", alt=True)
        if isinstance(picture, Tag):
            return str(picture["alt"])
    return button.value or button.name
