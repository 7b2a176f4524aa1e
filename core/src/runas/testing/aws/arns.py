"""Amazon resource names, partitions, and identifiers of the kinds that AWS hands out.

Source: IAM User Guide, "IAM identifiers" (prefixes AIDA, AROA, AKIA, ASIA, ...).
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_REGIONS = {
    "aws": re.compile(r"(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+"),
    "aws-cn": re.compile(r"cn-\w+-\d+"),
    "aws-us-gov": re.compile(r"us-gov-\w+-\d+"),
}
PARTITIONS = tuple(_REGIONS)


def region_in(partition: str, region: str) -> bool:
    """Tell whether a region's name belongs to a partition."""
    return _REGIONS[partition].fullmatch(region) is not None


def partition_of(region: str) -> str | None:
    """Name the partition that a region belongs to."""
    return next((name for name in PARTITIONS if region_in(name, region)), None)


@dataclass(frozen=True)
class Arn:
    """`arn:partition:service:region:account:resource`, taken apart."""

    partition: str
    service: str
    region: str
    account_id: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn:
        """Take an ARN apart; ValueError when it is none."""
        parts = text.split(":", 5)
        if len(parts) != 6 or parts[0] != "arn" or not parts[5]:
            raise ValueError(f"not an ARN: {text}")
        return cls(*parts[1:])

    def __str__(self) -> str:
        return ":".join(
            ("arn", self.partition, self.service, self.region, self.account_id, self.resource)
        )


def unique_id(prefix: str) -> str:
    """Make an identifier such as `AROA` plus 17 characters; access keys have 16."""
    length = 16 if prefix in {"AKIA", "ASIA"} else 17
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def secret_key() -> str:
    """Make a secret access key: 40 characters of base64."""
    return base64.b64encode(secrets.token_bytes(30)).decode()


def session_token() -> str:
    """Make a session token: opaque, some hundred characters, with `/`, `+` and `=` in it."""
    return "IQoJb3JpZ2luX2VjE" + base64.b64encode(secrets.token_bytes(310)).decode()
