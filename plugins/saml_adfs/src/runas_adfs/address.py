"""Sign-in addresses: what ``saml_auth_url`` means, and whether it is AD FS's at all.

IdP-initiated sign-on lives at ``/adfs/ls/IdpInitiatedSignOn.aspx``; its ``loginToRp`` names the
relying party, which for AWS is ``urn:amazon:webservices``.
Source: https://aws.amazon.com/blogs/security/enabling-federation-to-aws-using-windows-active-directory-adfs-and-saml-2-0/
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

import runas
from runas.http import origin

if TYPE_CHECKING:
    from runas.html import Page

PAGE = "/adfs/ls/IdpInitiatedSignOn.aspx"
AUDIENCES = {
    "aws": "urn:amazon:webservices",
    "aws-cn": "urn:amazon:webservices:cn-north-1",
    "aws-us-gov": "urn:amazon:webservices:govcloud",
}
_REGIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}
_HOST = re.compile(r"adfs\d*([.-]|$)", re.IGNORECASE)
_HINT = "write saml_auth_url = https://HOST/adfs/ls/IdpInitiatedSignOn.aspx"


def sign_in_url(profile: runas.Profile) -> str:
    """Return the address that opens AWS: a bare host is completed, ``loginToRp`` is added.

    An address that carries its own request (``SAMLRequest``, ``RelayState``) stays as it is.
    """
    where = profile.origin("saml_auth_url")
    parts = _parts(profile.get("saml_auth_url") or "")
    if parts is None or not parts.hostname or parts.scheme not in ("https", "http"):
        raise runas.ConfigurationError(f"{where}: saml_auth_url is no sign-in address", _HINT)
    query = parse_qsl(parts.query, keep_blank_values=True)
    names = {name.lower() for name, _ in query}
    if "wa" in names:
        raise runas.ConfigurationError(
            f"{where}: saml_auth_url is a WS-Federation address, which AWS cannot use", _HINT
        )
    path = PAGE if parts.path.rstrip("/").lower() in ("", "/adfs", "/adfs/ls") else parts.path
    if names & {"samlrequest", "relaystate"}:
        return urlunsplit((*parts[:2], parts.path, parts.query, ""))
    if "logintorp" not in names or profile.get("saml_entity_id"):
        query = [pair for pair in query if pair[0].lower() != "logintorp"]
        query.append(("loginToRp", audience(profile)))
    return urlunsplit((*parts[:2], path, urlencode(query, quote_via=quote), ""))


def audience(profile: runas.Profile) -> str:
    """Name AWS as AD FS does: by the setting, else by the partition of the role or region."""
    named = profile.get("saml_entity_id")
    if named:
        return named
    for key in ("jump_role_arn", "role_arn"):
        partition = (profile.get(key) or "").split(":")[1:2]
        if partition and partition[0] in AUDIENCES:
            return AUDIENCES[partition[0]]
    region = profile.region or ""
    partitions = (found for start, found in _REGIONS.items() if region.startswith(start))
    return AUDIENCES[next(partitions, "aws")]


def _parts(text: str) -> SplitResult | None:
    text = text.strip()
    url = text if "://" in text else f"https://{text}"
    try:
        origin(url)
    except runas.ConfigurationError:
        return None
    return urlsplit(url)


def ours(url: str, page: Callable[[], Page]) -> bool | None:
    """Tell AD FS by its address, else by the marks of its sign-in page; None where unsure."""
    parts = _parts(url)
    if parts is None:
        return None
    if parts.path.lower().startswith("/adfs/") or _HOST.match(parts.hostname or ""):
        return True
    document = page().document
    marks = (
        "form#loginForm input#userNameInput",
        "form#loginForm input#optionForms",
        "form#hrd input#hrdSelection",
        "form#idpForm #idp_RelyingPartyDropDownList",
        'form[action*="/adfs/ls" i]',
        'link[href^="/adfs/portal/"]',
    )
    return True if any(document.select_one(mark) for mark in marks) else None
