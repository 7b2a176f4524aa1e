"""Forms: where they go, what they send, what a person would fill in.

Source: WHATWG HTML, 4.10.21.4 "Constructing the entry list".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from bs4 import Tag

from runas.html.charset import form_charset
from runas.html.document import Document, attribute, words

_BUTTONS = ("submit", "image")
_NEVER_SENT = ("button", "reset", "file")
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Field:
    """One visible control: what a person fills in, ticks or picks.

    ``type`` is the input's (``text`` where none is given), or ``select`` or ``textarea``. Radio
    buttons of one name are one field each, told apart by ``value`` and ``label``. ``options``
    are the values and texts of a select.
    """

    name: str
    type: str = "text"
    id: str = ""
    label: str = ""
    placeholder: str = ""
    autocomplete: str = ""
    value: str = field(default="", repr=False)
    checked: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def secret(self) -> bool:
        """Tell a password or one-time code by its markup."""
        tokens = self.autocomplete.lower().split()
        kinds = {"one-time-code", "current-password", "new-password"}
        return self.type == "password" or not kinds.isdisjoint(tokens)


@dataclass(frozen=True)
class Button:
    """A submit button; its name and value are sent when it is pressed, and only then."""

    name: str
    value: str = field(default="", repr=False)
    text: str = ""
    id: str = ""
    action: str = ""
    method: str = ""


@dataclass(frozen=True)
class Form:
    """A form of a page, taken apart.

    ``action`` is absolute; a missing one is the page's own address. ``fields`` holds what is sent
    when nobody touches anything: hidden inputs, default texts, ticked boxes, chosen options.
    """

    action: str = field(repr=False)
    method: str = "get"
    enctype: str = "application/x-www-form-urlencoded"
    charset: str = "utf-8"
    id: str = ""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)
    inputs: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()

    def input(self, name: str) -> Field | None:
        """Return the visible field of a name; None where the form has none."""
        return next((each for each in self.inputs if each.name == name), None)

    def of_type(self, *types: str) -> tuple[Field, ...]:
        """List the visible fields of some types, such as ``password``."""
        return tuple(each for each in self.inputs if each.type in types)

    def holds(self, *names: str) -> bool:
        """Tell whether the form has fields of all these names, hidden or visible."""
        known = {*self.fields, *(each.name for each in self.inputs)}
        return known.issuperset(names)


def forms_in(document: Document, url: str, charset: str) -> tuple[Form, ...]:
    """Take all forms of a page apart; *url* is the page's address."""
    base = document.find("base", href=True)
    root = join(url, attribute(base, "href")) if isinstance(base, Tag) else url
    labels = _labels(document)
    entries: dict[int, _Entries] = {id(form): _Entries() for form in document.forms}
    for tag, owner in document.controls():
        if owner is not None and not _disabled(tag):
            entries[id(owner)].add(tag, labels)
    return tuple(_form(tag, entries[id(tag)], url, root, charset) for tag in document.forms)


def join(base: str, reference: str) -> str:
    """Resolve an address as browsers do: white space around and line breaks within do not count."""
    cleaned = "".join(reference.split("\n")).replace("\r", "").replace("\t", "").strip()
    try:
        return urljoin(base, cleaned)
    except ValueError:
        return cleaned


def _form(tag: Tag, entries: _Entries, url: str, root: str, charset: str) -> Form:
    action = attribute(tag, "action").strip()
    method = attribute(tag, "method").strip().lower()
    enctype = attribute(tag, "enctype").strip().lower()
    return Form(
        action=join(root, action) if action else url.partition("#")[0],
        method="post" if method == "post" else "get",
        enctype=_MULTIPART if enctype == _MULTIPART else Form.enctype,
        charset=form_charset(charset, attribute(tag, "accept-charset")),
        id=attribute(tag, "id"),
        name=attribute(tag, "name"),
        fields=entries.fields,
        inputs=tuple(entries.inputs),
        buttons=tuple(
            Button(
                attribute(each, "name"),
                attribute(each, "value"),
                words(each) or attribute(each, "value"),
                attribute(each, "id"),
                join(root, attribute(each, "formaction")) if each.get("formaction") else "",
                attribute(each, "formmethod").lower(),
            )
            for each in entries.buttons
        ),
    )


class _Entries:
    """What one form sends, gathered control by control."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.inputs: list[Field] = []
        self.buttons: list[Tag] = []

    def add(self, tag: Tag, labels: Mapping[str, str]) -> None:
        kind = _kind(tag)
        name = attribute(tag, "name")
        if kind in _BUTTONS:
            self.buttons.append(tag)
        elif kind in _NEVER_SENT or kind == "hidden":
            if kind == "hidden" and name:
                self.fields[name] = attribute(tag, "value")
        else:
            made = _field(tag, kind, labels)
            self.inputs.append(made)
            if name and (made.checked or kind not in ("checkbox", "radio")):
                self.fields[name] = made.value


def _kind(tag: Tag) -> str:
    stated = attribute(tag, "type").strip().lower()
    if tag.name == "button":
        return stated if stated in ("button", "reset") else "submit"
    return (stated or "text") if tag.name == "input" else str(tag.name)


def _field(tag: Tag, kind: str, labels: Mapping[str, str]) -> Field:
    options = _options(tag) if kind == "select" else ()
    checked = tag.has_attr("checked")
    return Field(
        name=attribute(tag, "name"),
        type=kind,
        id=attribute(tag, "id"),
        label=_label(tag, labels),
        placeholder=attribute(tag, "placeholder"),
        autocomplete=attribute(tag, "autocomplete"),
        value=_value(tag, kind),
        checked=checked,
        options=options,
    )


def _value(tag: Tag, kind: str) -> str:
    if kind == "textarea":
        return tag.get_text()
    if kind == "select":
        options = tag.find_all("option")
        chosen = [each for each in options if each.has_attr("selected")] or options
        return _option(chosen[0])[0] if chosen else ""
    missing = "on" if kind in ("checkbox", "radio") and not tag.has_attr("value") else ""
    return attribute(tag, "value") or missing


def _options(tag: Tag) -> tuple[tuple[str, str], ...]:
    return tuple(_option(each) for each in tag.find_all("option"))


def _option(tag: Tag) -> tuple[str, str]:
    text = words(tag)
    return (attribute(tag, "value") if tag.has_attr("value") else text), text


def _disabled(tag: Tag) -> bool:
    return tag.has_attr("disabled") or tag.find_parent("fieldset", disabled=True) is not None


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
