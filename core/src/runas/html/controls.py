"""Read the controls of a page: which there are for each form, and what they hold.

Those that browsers leave out of what they send are left out here: disabled ones, those within a
``datalist``, buttons that do not submit.
Source: WHATWG HTML, 4.10.22.4 "Constructing the entry list", 4.10.19.5 "disabled", 4.10.7 "select".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeGuard

from bs4 import Tag

from runas.html.document import Document, attribute, words
from runas.html.fields import Button, Control, Field

_BUTTONS = ("submit", "image")
_INERT = ("button", "reset")
_TICKED = ("checkbox", "radio")

Options = tuple[tuple[str, str], ...]


def read_controls(
    document: Document, resolve: Callable[[str], str]
) -> dict[int, tuple[Control, ...]]:
    """Return the controls of each form, by the ``id()`` of its element, in the page's order."""
    labels = _labels(document)
    found: dict[int, list[Control]] = {id(form): [] for form in document.forms}
    for tag, owner in document.controls():
        kind = _kind(tag)
        if owner is None or kind in _INERT or _barred(tag):
            continue
        if kind in _BUTTONS:
            found[id(owner)].append(_button(tag, kind, resolve))
        else:
            found[id(owner)].append(_field(tag, kind, labels))
    return {form: _one_of_each_group(controls) for form, controls in found.items()}


def _kind(tag: Tag) -> str:
    stated = attribute(tag, "type").strip().lower()
    if tag.name == "button":
        return stated if stated in _INERT else "submit"
    return (stated or "text") if tag.name == "input" else str(tag.name)


def _barred(tag: Tag) -> bool:
    """Tell what is disabled; the legend of a disabled group is not."""
    if tag.has_attr("disabled") or tag.find_parent("datalist") is not None:
        return True
    for group in tag.find_parents("fieldset", disabled=True):
        legend = group.find("legend", recursive=False)
        if legend is None or not any(each is legend for each in tag.parents):
            return True
    return False


def _one_of_each_group(controls: list[Control]) -> tuple[Control, ...]:
    """Untick all radio buttons of a name but the last that is ticked."""
    ticked = {each.name: each for each in controls if _is_radio(each) and each.checked}
    return tuple(
        replace(each, checked=False, sends=())
        if _is_radio(each) and each.checked and ticked[each.name] is not each
        else each
        for each in controls
    )


def _is_radio(control: Control) -> TypeGuard[Field]:
    return isinstance(control, Field) and control.type == "radio"


def _button(tag: Tag, kind: str, resolve: Callable[[str], str]) -> Button:
    value = attribute(tag, "value")
    return Button(
        name=attribute(tag, "name"),
        value=value,
        text=words(tag) or value,
        id=attribute(tag, "id"),
        action=resolve(attribute(tag, "formaction")) if tag.get("formaction") else "",
        method=attribute(tag, "formmethod").lower(),
        type=kind,
    )


def _field(tag: Tag, kind: str, labels: Mapping[str, str]) -> Field:
    options: Options = ()
    ticked = kind in _TICKED and tag.has_attr("checked")
    if kind == "select":
        options, sends = _select(tag)
        value = next(iter(sends), "")
    else:
        value = _value(tag, kind)
        sends = (value,) if ticked or kind not in _TICKED else ()
    return Field(
        name=attribute(tag, "name"),
        type=kind,
        id=attribute(tag, "id"),
        label=_label(tag, labels),
        placeholder=attribute(tag, "placeholder"),
        autocomplete=attribute(tag, "autocomplete"),
        value=value,
        checked=ticked,
        options=options,
        sends=sends,
    )


def _value(tag: Tag, kind: str) -> str:
    if kind == "textarea":
        return tag.get_text().removeprefix("\r").removeprefix("\n")
    if kind == "file":
        return ""
    missing = "on" if kind in _TICKED and not tag.has_attr("value") else ""
    return attribute(tag, "value") or missing


def _select(tag: Tag) -> tuple[Options, tuple[str, ...]]:
    """Return the options that may be chosen, and the values of those that are.

    Where none is marked as chosen, a drop-down shows its first; a list shows none.
    """
    found = tag.find_all("option")
    usable = [each for each in found if not _closed(each)]
    chosen = [each for each in found if each.has_attr("selected")]
    if not tag.has_attr("multiple"):
        drops = attribute(tag, "size").strip() in ("", "0", "1")
        chosen = chosen[-1:] or (usable[:1] if drops else [])
    kept = [each for each in chosen if not _closed(each)]
    return tuple(map(_option, usable)), tuple(_option(each)[0] for each in kept)


def _closed(option: Tag) -> bool:
    return option.has_attr("disabled") or option.find_parent("optgroup", disabled=True) is not None


def _option(tag: Tag) -> tuple[str, str]:
    text = words(tag)
    return (attribute(tag, "value") if tag.has_attr("value") else text), text


def _labels(document: Document) -> dict[str, str]:
    """Map ids to the texts of the labels that name them."""
    found: dict[str, str] = {}
    for label in document.find_all("label"):
        if label.get("for"):
            found.setdefault(attribute(label, "for"), words(label))
    return found


def _label(tag: Tag, labels: Mapping[str, str]) -> str:
    own = labels.get(attribute(tag, "id")) if tag.get("id") else None
    around = None if own else tag.find_parent("label")
    return own or (words(around) if around is not None else attribute(tag, "aria-label"))
