"""Forms: where they go, what they send, what a person would fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bs4 import Tag

from runas.html.charset import form_charset
from runas.html.controls import read_controls
from runas.html.document import Document, attribute
from runas.html.entries import Pairs, Values, entry_list
from runas.html.fields import UNSEEN, Button, Control, Field
from runas.http.addresses import join

_MULTIPART = "multipart/form-data"


@dataclass(frozen=True)
class Form:
    """A form of a page, taken apart.

    ``action`` is absolute; a missing one is the page's own address. ``controls`` are those that
    are not disabled, in the order of the page, hidden ones and buttons among them.
    """

    action: str = field(repr=False)
    method: str = "get"
    enctype: str = "application/x-www-form-urlencoded"
    charset: str = "utf-8"
    id: str = ""
    name: str = ""
    controls: tuple[Control, ...] = field(default=(), repr=False)

    def entries(self, values: Values | None = None, press: Button | None = None) -> Pairs:
        """List all that a browser would send, in the order of the page; a name may come often.

        *values* is what is filled in, over what the page says: a text for a name, or several where
        it has several controls, or ``()`` to send none of them. *press* is the button pressed.
        """
        return entry_list(self.controls, values or {}, press)

    @property
    def fields(self) -> Mapping[str, str]:
        """What is sent when nobody touches anything, by name: the last value of each."""
        return dict(self.entries())

    @property
    def inputs(self) -> tuple[Field, ...]:
        """The visible fields: what a person fills in, ticks or picks."""
        fields = (each for each in self.controls if isinstance(each, Field))
        return tuple(each for each in fields if each.type not in UNSEEN)

    @property
    def buttons(self) -> tuple[Button, ...]:
        """The submit buttons."""
        return tuple(each for each in self.controls if isinstance(each, Button))

    def input(self, name: str) -> Field | None:
        """Return the visible field of a name; None where the form has none."""
        return next((each for each in self.inputs if each.name == name), None)

    def of_type(self, *types: str) -> tuple[Field, ...]:
        """List the visible fields of some types, such as ``password``."""
        return tuple(each for each in self.inputs if each.type in types)

    def holds(self, *names: str) -> bool:
        """Tell whether the form has fields of all these names, hidden or visible."""
        known = {each.name for each in self.controls if isinstance(each, Field)}
        return known.issuperset(names)


def base(document: Document, url: str) -> str:
    """Return where a page's relative addresses begin: at its ``<base>``, else at its own address.

    Source: WHATWG HTML, 4.2.3 "The base element"; one that cannot be used does not count.
    """
    tag = document.find("base", href=True)
    found = join(url, attribute(tag, "href")) if isinstance(tag, Tag) else url
    return found if urlsplit(found).scheme in ("http", "https") else url


def forms_in(document: Document, url: str, charset: str) -> tuple[Form, ...]:
    """Take all forms of a page apart; *url* is the page's address."""
    root = base(document, url)
    controls = read_controls(document, lambda reference: join(root, reference))
    return tuple(_form(tag, controls[id(tag)], url, root, charset) for tag in document.forms)


def _form(tag: Tag, controls: tuple[Control, ...], url: str, root: str, charset: str) -> Form:
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
        controls=controls,
    )
