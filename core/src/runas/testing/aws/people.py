"""Who lives in an account: users with their keys and MFA devices, groups, managed policies."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from runas.testing.aws.arns import secret_key, unique_id
from runas.testing.aws.policy import Document, Statement
from runas.testing.aws.totp import PERIOD, hotp, step

Clock = Callable[[], float]
Written = Document | str | Mapping[str, Any]  # a policy as an author writes it

#: What a user or role may do when nothing else is said: read IAM, take any role that trusts it.
BASICS: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": [
            "sts:AssumeRole",
            "sts:TagSession",
            "sts:SetSourceIdentity",
            "iam:Get*",
            "iam:List*",
        ],
        "Resource": "*",
    },
}


@dataclass
class ManagedPolicy:
    """A policy of its own, attachable to many; `versions` maps `v1`, ... to documents."""

    arn: str
    name: str
    path: str
    versions: dict[str, Document]
    default_version_id: str = "v1"
    policy_id: str = field(default_factory=lambda: unique_id("ANPA"))

    @property
    def document(self) -> Document:
        """The default version's document."""
        return self.versions[self.default_version_id]

    def new_version(self, document: Written) -> str:
        """Add a version, make it the default one, and say its name."""
        self.default_version_id = f"v{len(self.versions) + 1}"
        self.versions[self.default_version_id] = Document.of(document)
        return self.default_version_id


@dataclass(kw_only=True)
class PolicyHolder:
    """What has inline policies by name and attached managed policies."""

    policies: dict[str, Document] = field(default_factory=dict)
    attached: list[ManagedPolicy] = field(default_factory=list)

    def inline(self, name: str, document: Written) -> None:
        """Put an inline policy."""
        self.policies[name] = Document.of(document)

    def attach(self, policy: ManagedPolicy) -> None:
        """Attach a managed policy."""
        self.attached.append(policy)

    def own_statements(self) -> list[Statement]:
        """Collect the statements of all policies held."""
        documents = [*self.policies.values(), *(each.document for each in self.attached)]
        return [each for document in documents for each in document.statements]


@dataclass
class AccessKey:
    """A long-term access key."""

    access_key_id: str = field(default_factory=lambda: unique_id("AKIA"))
    secret_access_key: str = field(default_factory=secret_key, repr=False)
    active: bool = True


@dataclass
class MfaDevice:
    """An MFA device of a user; a `secret` of None is a security key, which shows no codes."""

    serial: str
    secret: str | None = field(repr=False)
    clock: Clock = field(repr=False)
    enabled_at: float = 0.0
    _spent: set[int] = field(default_factory=set, repr=False)

    def code(self, steps: int = 0) -> str:
        """Give the code shown now (or some 30-second steps away from now)."""
        if self.secret is None:
            raise ValueError(f"a security key shows no codes: {self.serial}")
        return hotp(self.secret, step(self.clock()) + steps)

    def next_code(self) -> str:
        """Give the code of the following step, which AWS accepts already."""
        return self.code(1)

    def unused_code(self) -> str:
        """Give the first code that AWS would still accept: this step's, else the next one's."""
        return self.next_code() if step(self.clock()) in self._spent else self.code()

    def wrong_code(self) -> str:
        """Give six digits that are certainly not accepted now."""
        accepted = {self.code(steps) for steps in (-1, 0, 1)}
        return next(code for code in map("{:06d}".format, range(9)) if code not in accepted)

    def spend(self, code: str) -> bool:
        """Compare a code, one step of drift allowed each way; each step's code works once."""
        if self.secret is None:
            return False
        now = step(self.clock())
        for counter in (now - 1, now, now + 1):
            fresh = counter not in self._spent
            if fresh and hmac.compare_digest(code.encode(), hotp(self.secret, counter).encode()):
                self._spent.add(counter)
                return True
        return False

    @property
    def seconds_left(self) -> float:
        """How long the code shown now will be shown."""
        return PERIOD - self.clock() % PERIOD


def new_secret() -> str:
    """Make the base32 seed of a virtual MFA device: 64 characters, as AWS's QR codes carry."""
    return base64.b32encode(secrets.token_bytes(40)).decode()


@dataclass(kw_only=True)
class Group(PolicyHolder):
    """An IAM group."""

    arn: str
    name: str
    path: str = "/"
    group_id: str = field(default_factory=lambda: unique_id("AGPA"))


@dataclass(kw_only=True)
class User(PolicyHolder):
    """An IAM user."""

    partition: str
    account_id: str
    name: str
    clock: Clock = field(repr=False)
    path: str = "/"
    user_id: str = field(default_factory=lambda: unique_id("AIDA"))
    created_at: float = 0.0
    keys: list[AccessKey] = field(default_factory=list)
    devices: list[MfaDevice] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)

    @property
    def arn(self) -> str:
        """The user's ARN, its path included."""
        return f"arn:{self.partition}:iam::{self.account_id}:user{self.path}{self.name}"

    def access_key(self, access_key_id: str = "", secret_access_key: str = "") -> AccessKey:
        """Create an access key."""
        made = AccessKey()
        key = AccessKey(
            access_key_id or made.access_key_id, secret_access_key or made.secret_access_key
        )
        self.keys.append(key)
        return key

    def mfa_device(self, *, secret: str = "", serial: str = "") -> MfaDevice:
        """Enable a device that shows codes: a virtual one, or hardware with a serial of its own."""
        arn = f"arn:{self.partition}:iam::{self.account_id}:mfa/{self.name}"
        count = sum(each.serial.startswith(arn) for each in self.devices)
        serial = serial or (arn if not count else f"{arn}-{count + 1}")
        return self._add(MfaDevice(serial, secret or new_secret(), self.clock, self.clock()))

    def security_key(self) -> MfaDevice:
        """Enable a FIDO2 key: it is listed, but no API call can be made with it."""
        name = f"u2f/user/{self.name}/key-{unique_id('')}"
        serial = f"arn:{self.partition}:iam::{self.account_id}:{name}"
        return self._add(MfaDevice(serial, None, self.clock, self.clock()))

    def _add(self, device: MfaDevice) -> MfaDevice:
        self.devices.append(device)
        return device

    def join(self, group: Group) -> None:
        """Become a member of a group."""
        self.groups.append(group)

    def statements(self) -> list[Statement]:
        """Collect what the user's own and the groups' policies say."""
        groups = [each for group in self.groups for each in group.own_statements()]
        return self.own_statements() + groups
