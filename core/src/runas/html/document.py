"""The parsed page, and which form each of its fields belongs to.

Pages are seldom well nested: ``<div><form></div><input></form>`` is common, and browsers take the
input for the form's. So the owner is noted while parsing, by the standard's *form element pointer*,
and not looked up in the tree afterwards.

A page is bounded by the sum of its elements' depths, so that whatever walks up or down from each
element of a hostile page still comes to an end.
Source: WHATWG HTML, 4.10.18.3 "Association of controls and forms" and 13.2.6.4.7.
"""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.exceptions import ParserRejectedMarkup

from runas.errors import PageNotRecognised

_BUDGET, _SHARE = 2_000_000, 20
_ENDED_BY = {"option": ("option",), "optgroup": ("option", "optgroup")}
"""Elements that need no end tag of their own: the next of their kind ends them."""
CONTROLS = ("input", "select", "textarea", "button")

_ZEROS = re.compile(r"(?<=&#)0{8,}")
_NO_CHARACTER = re.compile(r"&#0?[1-9][0-9]{7,};?")


class Document(BeautifulSoup):
    """A page whose controls know their forms."""

    _pointer: Tag | None = None
    _templates = 0
    _budget = _BUDGET

    def __init__(self, text: str) -> None:
        self._owners: dict[int, Tag | None] = {}
        self._forms: list[Tag] = []
        super().__init__(text, "html.parser")

    def handle_starttag(self, *args: Any, **options: Any) -> Tag | None:
        """Note where forms begin, and whose each control is."""
        self._budget -= len(self.tagStack) + _SHARE
        if self._budget < 0:
            raise PageNotRecognised("the sign-in page is nested beyond all reason")
        for name in _ENDED_BY.get(args[0], ()):
            super().handle_endtag(name)
        tag = super().handle_starttag(*args, **options)
        if tag is None:
            return tag
        if tag.name == "template":
            self._templates += 1
        elif not self._templates and tag.name == "form" and self._pointer is None:
            self._pointer = tag
            self._forms.append(tag)
        elif not self._templates and tag.name in CONTROLS:
            self._owners[id(tag)] = self._pointer
        return tag

    def handle_endtag(self, *args: Any, **options: Any) -> None:
        """Note where a form ends, however it is nested."""
        super().handle_endtag(*args, **options)
        name = args[0]
        if name == "form" and not self._templates:
            self._pointer = None
        elif name == "template" and self._templates:
            self._templates -= 1

    @property
    def forms(self) -> list[Tag]:
        """The forms in the order of the page; those within a form or a template are none."""
        return self._forms

    def controls(self) -> list[tuple[Tag, Tag | None]]:
        """List the controls with their forms: the one of their ``form=`` id, else the open one."""
        by_id: dict[str, Tag] = {}
        for form in self._forms:
            by_id.setdefault(attribute(form, "id"), form)
        found = []
        for tag in self.find_all(CONTROLS):
            if id(tag) in self._owners:
                named = tag.get("form")
                owner = self._owners[id(tag)] if named is None else by_id.get(str(named))
                found.append((tag, owner))
        return found


def parse(text: str) -> Document:
    """Parse a page, however malformed; raise PageNotRecognised where even that fails."""
    markup = _tamed(text)
    try:
        return Document(markup if "<" in markup else f"<p>{markup}")
    except (ParserRejectedMarkup, RecursionError, AssertionError):
        raise PageNotRecognised("the sign-in page is no HTML that can be read") from None


def _tamed(text: str) -> str:
    """Take the edges off that older versions of Python's parser are slow at, or bs4 warns about.

    The parser looks for the end of everything that begins, each time to the end of the page: what
    cannot end is therefore no markup (CVE-2025-6069). ``<?`` is no HTML, and ``<![`` begins what
    the standard calls a bogus comment. A number beyond all characters stands for U+FFFD; Python
    reads none of thousands of digits.
    """
    text = _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", _ZEROS.sub("0", text))
    text = text.replace("\0", "").replace("<?", "&lt;?").replace("<![", "<!x")
    commented = text.rfind("-->") + 1
    text = text[:commented] + text[commented:].replace("<!--", "&lt;!--")
    closed = text.rfind(">") + 1
    return text[:closed] + text[closed:].replace("<", "&lt;")


def attribute(tag: Tag, name: str) -> str:
    """Return an attribute's text, empty where it is missing."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def words(tag: Tag) -> str:
    """Return the text of an element in one line, without scripts and styles."""
    return " ".join(tag.get_text(" ").split())
