"""What the farm knows: its users, and how far each browser has come."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass
class User:
    """One account.

    ``trouble`` is empty or one of ``locked``, ``expired``, ``must-change``, ``expiring``,
    ``expiring-form``, ``denied`` and ``forbidden`` (told by the status 403 alone). ``codes`` are
    good once each, in any order. ``answer`` is what the person does with a push: ``approve``,
    ``reject``, ``timeout`` (nothing, and AD FS gives up) or ``ignore`` (nothing, for ever);
    ``rejected-page`` and ``timeout-page`` tell it on AD FS's error page. ``polls`` is how often the
    browser has to look before the answer is there.
    """

    name: str
    password: str
    trouble: str = ""
    codes: list[str] = field(default_factory=lambda: ["123456", "234567", "345678"])
    answer: str = "approve"
    polls: int = 1
    passwords_tried: int = 0


@dataclass
class Login:
    """How far one browser has come. ``context`` is the one that the next request must carry."""

    relying_party: str = ""
    home: str = ""
    name: str = ""
    user: User | None = None
    method: str = ""
    methods: tuple[str, ...] = ()
    context: str = ""
    polls: int = 0
    stage: str = ""
    warned: bool = False
    satisfied: bool = False

    def renew(self) -> str:
        """Make a new Context, as every page of an adapter has; the one before is void."""
        token = secrets.token_urlsafe(96)
        self.context = f'<EncryptedData Id="_{token[:16]}"><CipherValue>{token}</CipherValue>'
        self.context += "</EncryptedData>"
        return self.context


def response(name: str, acs: str) -> str:
    """Build an unsigned SAML response for AWS, good for five minutes."""
    import base64
    import time

    def when(offset: int) -> str:
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))

    attribute = "https://aws.amazon.com/SAML/Attributes/"
    account = "arn:aws:iam::123456789012:"
    subject = name.rpartition("\\")[2]
    document = f"""<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1"
 Version="2.0" IssueInstant="{when(0)}" Destination="{acs}">
<Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">http://fs.example.com/adfs/services/trust</Issuer>
<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a1" Version="2.0"
 IssueInstant="{when(0)}"><Issuer>http://fs.example.com/adfs/services/trust</Issuer>
<Subject><NameID>{subject}</NameID>
<SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><SubjectConfirmationData
 NotOnOrAfter="{when(300)}" Recipient="{acs}"/></SubjectConfirmation></Subject>
<Conditions NotBefore="{when(-60)}" NotOnOrAfter="{when(3600)}"><AudienceRestriction>
<Audience>urn:amazon:webservices</Audience></AudienceRestriction></Conditions>
<AttributeStatement><Attribute Name="{attribute}RoleSessionName">
<AttributeValue>{subject}</AttributeValue></Attribute>
<Attribute Name="{attribute}Role">
<AttributeValue>{account}saml-provider/ADFS,{account}role/ADFS-Admin</AttributeValue>
<AttributeValue>{account}saml-provider/ADFS,{account}role/ADFS-Dev</AttributeValue></Attribute>
<Attribute Name="{attribute}SessionDuration"><AttributeValue>28800</AttributeValue></Attribute>
</AttributeStatement></Assertion></samlp:Response>"""
    return base64.b64encode(document.encode()).decode()
