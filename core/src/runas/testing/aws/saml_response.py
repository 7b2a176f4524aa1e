"""Read a SAML response as AWS does: structure, issuer, times, attributes."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError, fromstring

from runas.testing.aws.errors import AwsError

_NS = {
    "p": "urn:oasis:names:tc:SAML:2.0:protocol",
    "a": "urn:oasis:names:tc:SAML:2.0:assertion",
}
_AWS = "https://aws.amazon.com/SAML/Attributes/"
_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:"


def invalid(message: str) -> AwsError:
    """Refuse a response."""
    return AwsError("InvalidIdentityToken", message)


@dataclass(frozen=True)
class Statement:
    """What an assertion says; times are seconds since the epoch."""

    issuer: str
    subject: str
    subject_type: str
    recipient: str
    issued_at: float
    ends: tuple[float, ...]
    session_end: float | None
    attributes: dict[str, list[str]]

    def one(self, name: str) -> str | None:
        """Return the value of an attribute of AWS's that has one."""
        values = self.attributes.get(name)
        return values[0] if values else None

    def pairs(self) -> set[frozenset[str]]:
        """List the pairs of role and provider, in whichever order they stand."""
        values = self.attributes.get("Role", [])
        # A comma may be part of a role's name: the second ARN begins the second half.
        halves = (re.split(r",\s*(?=arn:)", value) for value in values)
        return {frozenset(half.strip() for half in pair) for pair in halves if len(pair) == 2}

    def tags(self) -> dict[str, str]:
        """Return the session tags."""
        found = self.attributes.items()
        return {
            name.removeprefix("PrincipalTag:"): values[0]
            for name, values in found
            if name.startswith("PrincipalTag:")
        }


def decode(text: str) -> bytes:
    """Undo the base64 (exact words of the refusal unverified)."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("Invalid base64 SAMLResponse") from None
    if re.search(rb"<!(DOCTYPE|ENTITY)", content):
        raise invalid("Response must not contain a document type")
    return content


def read(content: bytes) -> Statement:
    """Read the assertion; what is not as SAML has it is refused (exact words unverified)."""
    try:
        root = fromstring(content)  # noqa: S314 - there is no document type, see decode
    except ParseError:
        raise invalid("Invalid SAML response") from None
    one = root.find("a:Assertion", _NS)
    if root.tag != f"{{{_NS['p']}}}Response" or one is None:
        raise invalid("Response does not contain an assertion")
    try:
        return _statement(one)
    except (AttributeError, KeyError, ValueError):
        raise invalid("Assertion is missing required elements") from None


def _statement(one: Element) -> Statement:
    name = one.find("a:Subject/a:NameID", _NS)
    [confirmed] = one.findall("a:Subject/a:SubjectConfirmation/a:SubjectConfirmationData", _NS)
    conditions = one.find("a:Conditions", _NS)
    authn = one.find("a:AuthnStatement", _NS)
    until = authn.get("SessionNotOnOrAfter") if authn is not None else None
    ends = [_moment(confirmed.attrib["NotOnOrAfter"])]
    if conditions is not None and "NotOnOrAfter" in conditions.attrib:
        ends.append(_moment(conditions.attrib["NotOnOrAfter"]))
    return Statement(
        issuer=_text(one.find("a:Issuer", _NS)),
        subject=_text(name),
        subject_type=(name.get("Format") or "").removeprefix(_FORMAT) if name is not None else "",
        recipient=confirmed.attrib["Recipient"],
        issued_at=_moment(one.attrib["IssueInstant"]),
        ends=tuple(ends),
        session_end=_moment(until) if until else None,
        attributes=_attributes(one),
    )


def _attributes(one: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for attribute in one.iterfind("a:AttributeStatement/a:Attribute", _NS):
        name = attribute.get("Name", "")
        if name.startswith(_AWS):
            values = (_text(each) for each in attribute.iterfind("a:AttributeValue", _NS))
            found.setdefault(name.removeprefix(_AWS), []).extend(filter(None, values))
    return found


def _text(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
