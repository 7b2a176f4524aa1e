"""AWS's sign-in addresses: where a SAML response is posted, and which partition that means.

An assertion consumer service (ACS) of AWS is ``https://[REGION.]signin.aws.amazon.com/saml``, with
``/acs/ID`` behind it for providers that encrypt, and its likes in the other partitions.
Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-saml.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_HOSTS = {
    "signin.aws.amazon.com": ("aws", "us-east-1"),
    "signin.amazonaws.cn": ("aws-cn", "cn-north-1"),
    "signin.amazonaws-us-gov.com": ("aws-us-gov", "us-gov-east-1"),
    "signin.amazonaws-eusc.eu": ("aws-eusc", "eusc-de-east-1"),
}
_HOST = re.compile(r"(?:([a-z]{2,4}(?:-[a-z]+)+-\d{1,2})\.)?(signin\.[a-z.-]+)")
_PATH = re.compile(r"/saml(?:/acs/[^/?#]+)?/?")


@dataclass(frozen=True, slots=True)
class SignIn:
    """The partition and the region that an ACS belongs to."""

    partition: str
    region: str


def sign_in(url: str) -> SignIn | None:
    """Tell what an ACS address of AWS means; None where the address is not AWS's.

    The comparison is exact: ``signin.aws.amazon.com.example.com`` is somebody else.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() != "https" or port not in (None, 443) or "@" in parts.netloc:
        return None
    found = _HOST.fullmatch((parts.hostname or "").lower())
    if found is None or found[2] not in _HOSTS or not names_acs(parts.path):
        return None
    partition, home = _HOSTS[found[2]]
    return SignIn(partition, found[1] or home)


def names_acs(path: str) -> bool:
    """Tell whether a path is that of an ACS: ``/saml`` or ``/saml/acs/ID``."""
    return _PATH.fullmatch(path) is not None
