"""From the text of a SAMLResponse field to an XML tree, without trusting a byte of it.

The parser is expat, driven directly: a DOCTYPE ends the reading before anything in it is looked
at, so there are no entities to expand and none to fetch. Elements lose their namespaces, for every
provider uses other prefixes (``saml:``, ``saml2:``, ``ns0:``, none).
Source: OASIS SAML 2.0 Core; https://cheatsheetseries.owasp.org/cheatsheets/SAML_Security_Cheat_Sheet.html
"""

from __future__ import annotations

import base64
import binascii
from html import unescape
from urllib.parse import unquote
from xml.etree.ElementTree import Comment, Element, ProcessingInstruction, TreeBuilder
from xml.parsers import expat

from runas.errors import ServiceUnavailable

_LONGEST = 1 << 20
"""Characters that are looked at. AWS takes a tenth of it, but roles can be listed without AWS."""


def clean(text: str) -> str:
    """Return the bare base64: no line breaks, no HTML or URL escapes."""
    if len(text) > _LONGEST:
        raise unreadable("it is longer than a million characters")
    try:
        plain = unescape(text)
    except ValueError:  # an escape of more digits than Python takes for a number
        raise unreadable("it is not base64") from None
    plain = unquote(plain) if "%" in text else plain
    return "".join(plain.split())


def parse(encoded: str) -> Element:
    """Decode and parse a response; the tree's tags are local names."""
    try:
        content = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise unreadable("it is not base64") from None
    return _Reader().read(content)


def unreadable(why: str) -> ServiceUnavailable:
    """Return the error for an answer that is no SAML response; it repeats none of it."""
    return ServiceUnavailable(
        f"the identity provider's SAML response cannot be read: {why}",
        "try again; if it stays so, tell the provider's administrator",
    )


class _Reader:
    """Build a tree from expat's events, keeping comments: `text_of` refuses values with them."""

    def __init__(self) -> None:
        self._builder = TreeBuilder(insert_comments=True, insert_pis=True)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.CommentHandler = self._builder.comment
        parser.ProcessingInstructionHandler = self._builder.pi
        self._parser = parser

    def read(self, content: bytes) -> Element:
        try:
            self._parser.Parse(content, True)
            root: Element = self._builder.close()
        except (expat.ExpatError, AssertionError, ValueError, LookupError):
            # Not chained: expat's words may quote the document.
            raise unreadable("it is not XML") from None
        return root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._builder.start(_local(name), {_local(key): text for key, text in attributes.items()})

    def _end(self, name: str) -> None:
        self._builder.end(_local(name))

    def _refuse(self, *declaration: object) -> None:
        raise unreadable("it declares a document type, which SAML forbids")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def text_of(element: Element | None) -> str:
    """Return an element's text, trimmed.

    Raises for a comment or processing instruction inside: programs differ in where they stop to
    read ``admin@example.com<!-- -->.evil.example``, and the signature covers both readings.
    """
    if element is None:
        return ""
    for child in element:
        kind: object = child.tag
        if kind is Comment or kind is ProcessingInstruction:
            raise unreadable("a value in it is interrupted by a comment")
    return (element.text or "").strip()
