"""EC2 Instance Connect: let an instance take a public key for a minute.

Source: https://docs.aws.amazon.com/ec2-instance-connect/latest/APIReference/API_SendSSHPublicKey.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas.aws.clients import call, client
from runas.errors import ConfigurationError, Refused, UsageError

if TYPE_CHECKING:
    from runas.model import Credentials, Profile

_USER = re.compile(r"[A-Za-z_][A-Za-z0-9@._-]{0,30}[A-Za-z0-9$_-]?")
_INSTANCE = re.compile(r"i-[0-9a-f]+")


@dataclass(frozen=True)
class LoginKey:
    """A public key, as in ``authorized_keys``, and the user of the instance who logs in with it.

    Raises UsageError for a user that no instance can have.
    """

    user: str
    text: str

    def __post_init__(self) -> None:
        if not _USER.fullmatch(self.user):
            raise UsageError(f"{self.user!r} is no user of an instance", "write USER@TARGET")

    def push(self, instance: str, profile: Profile, credentials: Credentials) -> None:
        """Let the instance take the key for 60 seconds.

        Raises ConfigurationError for a target that is no EC2 instance, Refused where AWS will not.
        """
        if not _INSTANCE.fullmatch(instance):
            hint = "leave --ec2ic out: the key has to be on the target already"
            raise ConfigurationError(f"{instance} is no EC2 instance that takes a key", hint)
        service = client("ec2-instance-connect", profile, credentials)
        sent = {"InstanceId": instance, "InstanceOSUser": self.user, "SSHPublicKey": self.text}
        try:
            call(service, "send_ssh_public_key", profile, **sent)
        except Refused as refused:
            if "EC2Instance" not in refused.fact:
                raise
            where = profile.region or "this region"
            fact = f"{instance} takes no key now: {refused.fact.rpartition(': ')[2]}"
            raise Refused(fact, f"is it running, in this account and {where}?") from refused
