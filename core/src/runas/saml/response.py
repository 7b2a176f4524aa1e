"""Read a SAML response: status, times, and AWS's attributes.

Attribute names are exact and case-sensitive.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from runas.errors import AccessDenied, Refused
from runas.model import Role, RoleArn
from runas.saml.assertion import Assertion
from runas.saml.document import clean, parse, text_of, unreadable

_AWS = "https://aws.amazon.com/SAML/Attributes/"
_TAG = "PrincipalTag:"
_SUCCESS = "status:Success"
_BETWEEN_ARNS = re.compile(r",\s*(?=arn:)")
_PROVIDER = re.compile(r"arn:aws[a-z0-9-]*:iam::\d{12}:saml-provider/[\w.-]{1,128}", re.ASCII)
_LONGEST_MESSAGE = 300


def read(text: str) -> Assertion:
    """Take a response apart, as it stood in the page or as bare base64.

    Raises ServiceUnavailable for what is no SAML response, Refused where the provider says no
    (its StatusMessage is told).
    """
    encoded = clean(text)
    root = parse(encoded)
    if root.tag != "Response":
        raise unreadable(f"it is a {_shown(root.tag)}" if root.tag else "it is empty")
    _check_status(root)
    assertions = root.findall("Assertion")
    attributes = _attributes(assertions)
    return Assertion(
        text=encoded,
        issuer=_first(root, assertions, "Issuer"),
        name_id=_first(root, assertions, "Subject/NameID"),
        session_name=_one(attributes, "RoleSessionName"),
        roles=_roles(attributes.get("Role", [])),
        session_duration=_number(_one(attributes, "SessionDuration")),
        source_identity=_one(attributes, "SourceIdentity"),
        tags=tuple(_tags(attributes)),
        transitive_tag_keys=tuple(attributes.get("TransitiveTagKeys", ())),
        issued=_moment(_stated(root, assertions, ".", "IssueInstant")),
        not_on_or_after=_earliest(assertions),
        session_end=_moment(_stated(root, assertions, "AuthnStatement", "SessionNotOnOrAfter")),
        destination=root.get("Destination", "").strip(),
        recipient=_stated(root, assertions, _CONFIRMED, "Recipient").strip(),
        audiences=tuple(
            text_of(each)
            for one in assertions
            for each in one.findall("Conditions/AudienceRestriction/Audience")
        ),
        encrypted=not assertions and root.find("EncryptedAssertion") is not None,
    )


_CONFIRMED = "Subject/SubjectConfirmation/SubjectConfirmationData"


def _check_status(root: Element) -> None:
    """Raise what the provider gives as its reason, when the sign-in failed.

    Source: OASIS SAML 2.0 Core, 3.2.2.
    """
    codes = [each.get("Value", "") for each in root.iterfind("Status//StatusCode")]
    if not codes or codes[0].endswith(_SUCCESS):
        return
    reason = codes[-1].rpartition(":")[2]
    words = _shown(text_of(root.find("Status/StatusMessage")))
    fact = f"the identity provider refused the sign-in: {words or _shown(reason)}"
    if reason == "RequestDenied":
        raise AccessDenied(fact, "ask the provider's administrator for access to AWS")
    raise Refused(fact, "log in again, or ask the provider's administrator")


def _attributes(assertions: list[Element]) -> dict[str, list[str]]:
    """Collect AWS's attributes by the end of their name; empty values are left out."""
    found: dict[str, list[str]] = {}
    for one in assertions:
        for attribute in one.iterfind("AttributeStatement/Attribute"):
            name = attribute.get("Name", "")
            if name.startswith(_AWS):
                values = (text_of(each) for each in attribute.iterfind("AttributeValue"))
                found.setdefault(name.removeprefix(_AWS), []).extend(filter(None, values))
    return found


def _roles(values: list[str]) -> tuple[Role, ...]:
    """Read pairs of role and provider, in either order, each once.

    A comma is legal in a role's name, so the pair is split where the second ARN begins.
    """
    found: dict[Role, None] = {}
    for value in values:
        ends = [part.strip() for part in _BETWEEN_ARNS.split(value)]
        role = next((part for part in ends if ":role/" in part), "")
        provider = next((part for part in ends if _PROVIDER.fullmatch(part)), "")
        if len(ends) == 2 and role and provider:
            try:
                found[Role(RoleArn.parse(role), provider)] = None
            except ValueError:
                continue
    return tuple(found)


def _tags(attributes: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name, values in attributes.items():
        if name.startswith(_TAG) and values:
            yield name.removeprefix(_TAG), values[0]


def _first(root: Element, assertions: list[Element], path: str) -> str:
    for place in (*assertions, root):
        text = text_of(place.find(path))
        if text:
            return text
    return ""


def _stated(root: Element, assertions: list[Element], path: str, name: str) -> str:
    """Return the first such XML attribute of the assertions, else of the response itself."""
    for place in (*assertions, root):
        for each in place.iterfind(path):
            if each.get(name):
                return each.get(name, "")
    return ""


def _earliest(assertions: list[Element]) -> int | None:
    texts = (
        each.get("NotOnOrAfter", "")
        for one in assertions
        for path in (_CONFIRMED, "Conditions")
        for each in one.iterfind(path)
    )
    return min((end for end in map(_moment, texts) if end is not None), default=None)


def _one(attributes: dict[str, list[str]], name: str) -> str:
    return next(iter(attributes.get(name, ())), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _moment(text: str) -> int | None:
    """Read an xs:dateTime as seconds since the epoch; SAML's times are UTC (Core, 1.3.3)."""
    try:
        moment = datetime.fromisoformat(text.strip())
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


def _shown(text: str) -> str:
    """Make the provider's words fit for one line of a terminal."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(plain.split())[:_LONGEST_MESSAGE]
