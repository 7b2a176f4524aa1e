"""Instances that Session Manager may reach, and how EC2 describes them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Machine:
    """An EC2 instance. ``managed`` says whether its SSM agent is connected.

    ``login_keys`` are the public keys that EC2 Instance Connect brought, by user.
    """

    account_id: str
    region: str
    name: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    private_ip: str = ""
    public_ip: str = ""
    state: str = "running"
    managed: bool = True
    instance_id: str = field(default_factory=lambda: "i-" + secrets.token_hex(8)[:17])
    login_keys: dict[str, str] = field(default_factory=dict)

    @property
    def all_tags(self) -> dict[str, str]:
        """The tags, with the name among them."""
        return {**({"Name": self.name} if self.name else {}), **self.tags}

    @property
    def private_dns(self) -> str:
        """The name that EC2 gives by the private address."""
        dashed = self.private_ip.replace(".", "-")
        return f"ip-{dashed}.{self.region}.compute.internal" if dashed else ""

    @property
    def public_dns(self) -> str:
        """The name that EC2 gives by the public address."""
        dashed = self.public_ip.replace(".", "-")
        return f"ec2-{dashed}.{self.region}.compute.amazonaws.com" if dashed else ""

    def fits(self, name: str, values: list[str]) -> bool:
        """Tell whether one filter of DescribeInstances lets the instance through.

        Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
        """
        if name.startswith("tag:"):
            return self.all_tags.get(name[4:]) in values
        known = {
            "instance-state-name": self.state,
            "private-ip-address": self.private_ip,
            "ip-address": self.public_ip,
            "private-dns-name": self.private_dns,
            "dns-name": self.public_dns,
            "instance-id": self.instance_id,
        }
        return known[name] in values
