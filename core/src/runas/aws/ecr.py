"""Passwords for container registries.

Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas.aws.clients import call, client
from runas.aws.faults import not_aws
from runas.aws.partitions import partition_of
from runas.errors import UsageError

if TYPE_CHECKING:
    from runas.model import Credentials, Profile

PUBLIC = "public.ecr.aws"
_PUBLIC_REGION = "us-east-1"  # the only one that hands out the public registry's passwords
_HOST = re.compile(
    r"(?P<account>\d{12})\.dkr(?:\.ecr|-ecr)(?:-fips)?\.(?P<region>[a-z0-9-]+)"
    r"\.(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|on\.aws)"
)
_SUFFIXES = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}


@dataclass(frozen=True)
class Registry:
    """A registry's host, and the region whose password opens it."""

    host: str
    region: str

    @classmethod
    def named(cls, text: str, region: str) -> Registry:
        """Read what a person calls a registry: its host, an account's number, ``public``.

        A repository behind the host, and ``https://`` before it, do not matter.
        """
        host = text.removeprefix("https://").partition("/")[0].lower()
        if host in (PUBLIC, "public"):
            return cls(PUBLIC, _PUBLIC_REGION)
        if re.fullmatch(r"\d{12}", host):
            return cls.of(host, region)
        found = _HOST.fullmatch(host)
        if found is None:
            raise UsageError(
                f"{text!r} is no ECR registry",
                f"write an account's number, {PUBLIC}, or ACCOUNT.dkr.ecr.REGION.amazonaws.com",
            )
        return cls(host, found["region"])

    @classmethod
    def of(cls, account: str, region: str) -> Registry:
        """Return an account's own registry."""
        suffix = _SUFFIXES.get(partition_of(region), "amazonaws.com")
        return cls(f"{account}.dkr.ecr.{region}.{suffix}", region)


def password(profile: Profile, credentials: Credentials, registry: Registry) -> str:
    """Fetch the password of user ``AWS``; it works for all registries of the region, for 12 h."""
    service = "ecr-public" if registry.host == PUBLIC else "ecr"
    there = profile.having(region=registry.region)
    ecr = client(service, there, credentials, partition_of(registry.region))
    found = call(ecr, "get_authorization_token", there).get("authorizationData") or {}
    try:
        token = (found[0] if isinstance(found, list) else found)["authorizationToken"]
        user, _, secret = base64.b64decode(token).decode().partition(":")
    except (LookupError, TypeError, ValueError):
        raise not_aws() from None
    if user != "AWS" or not secret:
        raise not_aws()
    return secret
