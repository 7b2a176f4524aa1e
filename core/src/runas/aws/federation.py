"""AssumeRoleWithSAML: credentials of a role for a SAML response.

The call is not signed: the response is the proof. AWS takes the session's name, its tags and its
source identity out of it, so the profile's do not count here.
Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runas.aws.clients import call, client
from runas.aws.faults import DurationRefused
from runas.aws.limits import granted
from runas.aws.parameters import narrowing
from runas.aws.sts import credentials_in
from runas.errors import Refused, RoleNotOffered, RunasError
from runas.html import read as read_page
from runas.http.addresses import loopback, origin
from runas.saml import Assertion, read, sign_in
from runas.saml.identity import session_life

if TYPE_CHECKING:
    from requests import Session

    from runas.model import Credentials, Profile, Role, SamlIdentity

_LONGEST = 100_000  # characters of base64, AWS's own limit
_ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
_ADMIN = "the provider's administrator must"
_HINTS = (
    (
        "redeemed within 5 minutes",
        (
            "log in again; if it happens at once, this machine took too long or the provider's"
            " clock is wrong"
        ),
    ),
    ("Response has expired", "log in again; if it happens at once, lengthen the assertion's life"),
    ("signature invalid", f"{_ADMIN} upload the current metadata to the IAM identity provider"),
    (
        "RoleSessionName",
        f"{_ADMIN} send {_ATTRIBUTES}RoleSessionName with 2 to 64 letters, digits and _+=,.@-",
    ),
    (
        "Source Identity",
        f"{_ADMIN} send {_ATTRIBUTES}SourceIdentity with 2 to 64 letters, digits and _+=,.@-",
    ),
    (
        "required audience",
        (
            f"{_ADMIN} set the audience to urn:amazon:webservices and the recipient to AWS's"
            " sign-in address"
        ),
    ),
    (
        "provider doesn't exist",
        (
            "the IAM identity provider named in the assertion is gone: see saml_principal_arn and"
            f" the attribute {_ATTRIBUTES}Role"
        ),
    ),
    ("Issuer not present", f"{_ADMIN} upload the provider's own metadata to IAM: issuers differ"),
    (
        "Not authorized to perform sts:AssumeRoleWithSAML",
        (
            "the role's trust policy must name the identity provider, the SAML:aud of the assertion"
            " and sts:AssumeRoleWithSAML, with sts:TagSession and sts:SetSourceIdentity where the"
            " assertion carries tags or a source identity"
        ),
    ),
)
_ACCOUNT = re.compile(r":\s*(\S.*?)\s*\((\d{12})\)\s*$")


def assume_with_saml(profile: Profile, identity: SamlIdentity, role: Role) -> Credentials:
    """Take a role with a SAML response.

    It lasts as long as the profile asks, else as the assertion's SessionDuration says; what the
    role does not allow is lowered (see `runas.aws.limits`). Raises Refused where AWS does not
    accept the response, with what to change and who must.
    """
    assertion = read(identity.assertion)
    if role.principal_arn is None:
        raise RoleNotOffered(f"the SAML response does not say which provider may take {role}")
    if not assertion.encrypted and not assertion.session_name:
        raise Refused("the SAML response has no RoleSessionName", _HINTS[3][1])
    if len(assertion.text) > _LONGEST:
        raise Refused(
            f"the SAML response is {len(assertion.text)} characters long; AWS accepts {_LONGEST}",
            f"{_ADMIN} send fewer roles for this user",
        )
    arn, principal = role.arn, role.principal_arn
    sts = client("sts", profile, None, arn.partition)
    narrowed = narrowing(profile, arn.partition)

    def attempt(life: int | None) -> Credentials:
        try:
            answer = call(
                sts,
                "assume_role_with_saml",
                profile,
                RoleArn=str(arn),
                PrincipalArn=principal,
                SAMLAssertion=assertion.text,
                DurationSeconds=life,
                **narrowed,
            )
        except RunasError as error:
            # Not chained: AWS quotes a value that it finds malformed, and this one is a proof.
            raise _explained(error) from None
        return credentials_in(answer)

    return granted(arn, session_life(profile, identity), attempt)


def account_names(http: Session, assertion: Assertion) -> dict[str, str]:
    """Look up the names of the accounts, as AWS's own page for picking a role shows them.

    For show only: whatever fails, and an assertion that is not made for AWS, gives no names.
    """
    acs = assertion.acs
    if len(assertion.roles) < 2 or not _is_aws(acs):
        return {}
    try:
        response = http.post(
            acs,
            data={"SAMLResponse": assertion.text, "RelayState": ""},
            headers={"Accept-Language": "en"},
            allow_redirects=False,
        )
        page = read_page(response)
    except RunasError:
        return {}
    texts = (tag.get_text(" ", strip=True) for tag in page.document.select(".saml-account-name"))
    return {found[2]: found[1] for text in texts if (found := _ACCOUNT.search(text))}


def _is_aws(acs: str) -> bool:
    try:
        return sign_in(acs) is not None or loopback(urlsplit(origin(acs)).hostname or "")
    except RunasError:
        return False


def _explained(error: RunasError) -> RunasError:
    """Give a refusal the hint that fits SAML."""
    if isinstance(error, DurationRefused):
        return error
    for words, hint in _HINTS:
        if words in error.fact:
            return type(error)(error.fact, hint)
    return error
