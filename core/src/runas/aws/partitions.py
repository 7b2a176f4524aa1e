"""The partitions of AWS: separate clouds, each with regions, hosts and identities of its own.

Source: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
"""

from __future__ import annotations

_PREFIXES = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}
_HOME = {
    "aws": "us-east-1",
    "aws-cn": "cn-northwest-1",
    "aws-us-gov": "us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1",
    "aws-iso-b": "us-isob-east-1",
    "aws-iso-e": "eu-isoe-west-1",
    "aws-iso-f": "us-isof-south-1",
}


def partition_of(region: str) -> str:
    """Name the partition that a region belongs to."""
    fitting = (name for prefix, name in _PREFIXES.items() if region.startswith(prefix))
    return next(fitting, "aws")


def partition_in(arn: str | None) -> str | None:
    """Read the partition off an ARN; None where the text is no ARN."""
    parts = (arn or "").split(":", 5)
    return parts[1] if len(parts) == 6 and parts[0] == "arn" else None


def region_for(region: str | None, partition: str | None) -> str:
    """Choose the region to sign for: the user's own where it lies in the partition.

    A role's ARN decides the partition, so a profile with ``region = eu-west-1`` still reaches a
    role in China.
    """
    if region and partition in (None, partition_of(region)):
        return region
    return _HOME.get(partition or "aws", "us-east-1")
