"""Which instance is meant: by id, tag, address or name.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html (filters)
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from runas.aws.clients import call, client, complete
from runas.aws.txt import texts
from runas.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from runas.model import Credentials, Profile

_ID = re.compile(r"i-[0-9a-f]{8,17}|mi-[0-9a-f]{17}|ecs:\S{3,390}")
_NAME = re.compile(r"(?i)(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*\.?")


@dataclass(frozen=True)
class Found:
    """An instance: its id, and its ``Name`` tag where it has one."""

    id: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.id} ({self.name})" if self.name else self.id


def resolve(
    text: str,
    profile: Profile,
    credentials: Credentials,
    txt: Callable[[str], list[str]] = texts,
) -> str:
    """Return the id of the one running instance that *text* means.

    An id is taken as it is and asks nobody. ``name:value`` is a tag; an IP address is looked for
    among the private ones, then the public ones; a DNS name likewise, then its TXT record may hold
    the id. Raises ConfigurationError where none fits, or several do: those are listed.
    """
    if _ID.fullmatch(text):
        return text
    filters = _filters(text)
    ec2 = client("ec2", profile, credentials)
    for name, value in filters:
        found = _running(ec2, profile, name, value)
        if len(found) == 1:
            return found[0].id
        if found:
            listed = ", ".join(map(str, found[:10])) + (", ..." if found[10:] else "")
            raise ConfigurationError(f"{text!r} fits several instances: {listed}", "name one by id")
    recorded = [one for one in txt(text) if _ID.fullmatch(one)] if _NAME.fullmatch(text) else []
    if len(recorded) == 1:
        return recorded[0]
    where = profile.region or "this region"
    raise ConfigurationError(
        f"no running instance in {where} is {text!r}",
        "name it by id, tag (NAME:VALUE), IP address or DNS name; is the region right?",
    )


def _filters(text: str) -> list[tuple[str, str]]:
    """Say what to look for, in turn."""
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        pass
    else:
        return [("private-ip-address", text), ("ip-address", text)]
    name, colon, value = text.partition(":")
    if colon and name and value:
        return [(f"tag:{name}", value)]
    if _NAME.fullmatch(text):
        host = text.rstrip(".").lower()
        return [("private-dns-name", host), ("dns-name", host)]
    raise UsageError(
        f"{text!r} is no target", "write an instance id, NAME:VALUE of a tag, an IP or a DNS name"
    )


def _running(ec2: Any, profile: Profile, name: str, value: str) -> list[Found]:
    filters = [
        {"Name": name, "Values": [value]},
        {"Name": "instance-state-name", "Values": ["running"]},
    ]
    found: list[Found] = []
    token: str | None = None
    while True:
        answer = call(ec2, "describe_instances", profile, Filters=filters, NextToken=token)
        for reservation in answer.get("Reservations", ()):
            with complete():
                found += map(_instance, reservation.get("Instances", ()))
        token = answer.get("NextToken")
        if not token:
            return found


def _instance(described: dict[str, Any]) -> Found:
    names = [tag["Value"] for tag in described.get("Tags", ()) if tag.get("Key") == "Name"]
    return Found(described["InstanceId"], names[0] if names else "")
