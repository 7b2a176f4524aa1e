"""A small SAML response of our own making, for an org that was given no builder."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
_FORM = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0"
 IssueInstant="{now}" Destination="{acs}">
<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">http://www.okta.com/exk1</Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0"
 IssueInstant="{now}"><Issuer>http://www.okta.com/exk1</Issuer>
<Subject><NameID>{user}</NameID>
<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">
<SubjectConfirmationData NotOnOrAfter="{end}" Recipient="{acs}"/></SubjectConfirmation></Subject>
<AttributeStatement>
<Attribute Name="{attributes}RoleSessionName"><AttributeValue>{user}</AttributeValue></Attribute>
<Attribute Name="{attributes}Role"><AttributeValue>{roles}</AttributeValue></Attribute>
</AttributeStatement></Assertion></samlp:Response>"""

ROLE = "arn:aws:iam::123456789012:role/dev"
PROVIDER = "arn:aws:iam::123456789012:saml-provider/Okta"


def issue(username: str, acs: str) -> str:
    """Return an unsigned response, good for five minutes, with one role in it."""
    now = datetime.now(UTC).replace(microsecond=0)
    stamp = "%Y-%m-%dT%H:%M:%SZ"
    text = _FORM.format(
        now=now.strftime(stamp),
        end=(now + timedelta(minutes=5)).strftime(stamp),
        acs=acs,
        user=username,
        roles=f"{ROLE},{PROVIDER}",
        attributes=_ATTRIBUTES,
    )
    return b64encode(text.encode()).decode()
