"""Is a sign-in address Okta's? By the address where that tells, else by its page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from runas_okta import pages

if TYPE_CHECKING:
    from runas.html import Page

DOMAINS = (
    ".okta.com",
    ".oktapreview.com",
    ".okta-emea.com",
    ".okta-gov.com",
    ".okta.mil",
    ".okta-miltest.com",
    ".trexcloud.com",
)

# An app's embed link on a domain of the customer's own: Okta's ids begin with 0oa or exk.
_PATH = re.compile(r"/(?:home/\w+/0oa\w+/\w+|app/\w+/exk\w+/sso/saml)/?")


def is_okta(settings: Mapping[str, str], page: Callable[[], Page]) -> bool | None:
    """Say True where the address, or the page that it leads to, shows Okta; None where unsure."""
    if by_address(settings.get("saml_auth_url", "")):
        return True
    found = page()
    return by_address(found.url) or pages.looks_okta(found.document) or None


def by_address(url: str) -> bool:
    """Tell whether an address is Okta's, or that of one of its apps."""
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").lower()
    except ValueError:
        return False
    return bool(name) and (name.endswith(DOMAINS) or _PATH.fullmatch(parts.path) is not None)
