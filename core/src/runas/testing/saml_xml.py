"""The XML of SAML responses, in the ways that providers write it.

Source: OASIS SAML 2.0 Core, 2 (assertions) and 3.2.2 (responses).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

AWS = "https://aws.amazon.com/SAML/Attributes/"
_URIS = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
_STATUS = "urn:oasis:names:tc:SAML:2.0:status:"

PREFIXES: Mapping[str, Mapping[str, str]] = {
    "saml2": {"p": "saml2p", "a": "saml2"},
    "saml": {"p": "samlp", "a": "saml"},
    "ns0": {"p": "ns0", "a": "ns1"},
    "plain": {"p": "", "a": ""},
    "mixed": {"p": "samlp", "a": ""},
}
"""How providers call the two namespaces; an empty prefix makes it the default one."""


@dataclass
class Element:
    """An element whose name is `space:local`, with a key of `_URIS` as its space."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def add(
        self, name: str, attributes: Mapping[str, str] | None = None, text: str = ""
    ) -> Element:
        """Append a child and return it."""
        child = Element(name, attributes or {}, text=text)
        self.children.append(child)
        return child

    @staticmethod
    def sealed(prefix: bytes, cipher: bytes) -> bytes:
        """Write what stands in place of an encrypted assertion."""
        uri = _URIS["a"].encode()
        space = prefix.rstrip(b":")
        declared = b'xmlns:%b="%b"' % (space, uri) if space else b'xmlns="%b"' % uri
        return (
            b'<%bEncryptedAssertion %b><ds:EncryptedData xmlns:ds="%b"><ds:CipherValue>%b'
            b"</ds:CipherValue></ds:EncryptedData></%bEncryptedAssertion>"
            % (prefix, declared, _URIS["ds"].encode(), cipher, prefix)
        )


def stamp(seconds: float) -> str:
    """Write a time as an xs:dateTime in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


@dataclass
class Assertion:
    """What is to be said."""

    issuer: str
    issued: float
    lifetime: float = 300
    name_id: str | None = "alice"
    recipient: str = ""
    audience: str = ""
    session_end: float | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: object) -> None:
        """Add a value to one of AWS's attributes; None adds nothing."""
        if value is not None:
            self.attributes.setdefault(AWS + name, []).append(str(value))

    def tag(
        self,
        tags: Mapping[str, str],
        transitive: Sequence[str],
        others: Mapping[str, Sequence[str]],
    ) -> None:
        """Add session tags, and attributes that are not AWS's."""
        for key, value in tags.items():
            self.add(f"PrincipalTag:{key}", value)
        for key in transitive:
            self.add("TransitiveTagKeys", key)
        self.attributes |= {name: list(values) for name, values in others.items()}

    def response(self, destination: str) -> Element:
        """Make the response of a sign-in that worked."""
        root = self._root("Success", destination)
        one = root.add("a:Assertion", self._identified())
        one.add("a:Issuer", text=self.issuer)
        self._subject(one.add("a:Subject"))
        conditions = one.add(
            "a:Conditions",
            {"NotBefore": stamp(self.issued - 300), "NotOnOrAfter": stamp(self._end)},
        )
        conditions.add("a:AudienceRestriction").add("a:Audience", text=self.audience)
        until = {} if self.session_end is None else {"SessionNotOnOrAfter": stamp(self.session_end)}
        one.add("a:AuthnStatement", {"AuthnInstant": stamp(self.issued), **until})
        statement = one.add("a:AttributeStatement")
        for name, values in self.attributes.items():
            attribute = statement.add("a:Attribute", {"Name": name})
            for value in values:
                attribute.add("a:AttributeValue", text=value)
        return root

    def refusal(self, code: str, message: str, destination: str) -> Element:
        """Make the response of a sign-in that failed."""
        root = self._root("Responder", destination)
        status = root.children[-1]
        status.children[0].add("p:StatusCode", {"Value": _STATUS + code})
        if message:
            status.add("p:StatusMessage", text=message)
        return root

    @property
    def _end(self) -> float:
        return self.issued + self.lifetime

    def _identified(self) -> dict[str, str]:
        return {
            "ID": "_" + secrets.token_hex(16),
            "Version": "2.0",
            "IssueInstant": stamp(self.issued),
        }

    def _root(self, code: str, destination: str) -> Element:
        root = Element("p:Response", {**self._identified(), "Destination": destination})
        root.add("a:Issuer", text=self.issuer)
        root.add("ds:Signature").add("ds:SignatureValue")
        root.add("p:Status").add("p:StatusCode", {"Value": _STATUS + code})
        return root

    def _subject(self, subject: Element) -> None:
        if self.name_id is not None:
            kind = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
            subject.add("a:NameID", {"Format": kind}, self.name_id)
        bearer = {"Method": "urn:oasis:names:tc:SAML:2.0:cm:bearer"}
        subject.add("a:SubjectConfirmation", bearer).add(
            "a:SubjectConfirmationData",
            {"NotOnOrAfter": stamp(self._end), "Recipient": self.recipient},
        )


def written(root: Element, prefixes: Mapping[str, str], *, pretty: bool = False) -> bytes:
    """Write a document with these prefixes, on one line or indented."""
    names = {**prefixes, "ds": "ds"}
    return _written(root, names, "", 0 if pretty else None).encode()


def _written(element: Element, names: Mapping[str, str], outer: str, depth: int | None) -> str:
    space, _, local = element.name.partition(":")
    prefix = names[space]
    tag = f"{prefix}:{local}" if prefix else local
    declared = ""
    if prefix == "" and outer != space:
        declared = f' xmlns="{_URIS[space]}"'
    elif prefix and (not outer or local in ("Assertion", "Issuer", "Signature")):
        declared = f' xmlns:{prefix}="{_URIS[space]}"'
    attributes = "".join(f" {name}={quoteattr(text)}" for name, text in element.attributes.items())
    inside = space if prefix == "" else outer or "-"
    below = None if depth is None else depth + 1
    indent = "" if depth is None else "\n" + "  " * depth
    text = f"{indent}  {escape(element.text)}{indent}" if depth and element.text else ""
    if element.name == "ds:SignatureValue":
        text = ""
    inner = text or escape(element.text)
    inner += "".join(_written(child, names, inside, below) for child in element.children)
    end = indent if element.children else ""
    return f"{indent}<{tag}{declared}{attributes}>{inner}{end}</{tag}>".lstrip("\n")
