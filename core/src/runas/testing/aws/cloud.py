"""All that exists: accounts, issued credentials, trusted web tokens, and the time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runas.testing.aws.account import Account
from runas.testing.aws.arns import PARTITIONS
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.machines import Machine
from runas.testing.aws.people import AccessKey, Clock, ManagedPolicy, MfaDevice, User
from runas.testing.aws.policy import Document
from runas.testing.aws.roles import Role

_AWS_MANAGED = {
    "AdministratorAccess": "*",
    "ReadOnlyAccess": ["*:Get*", "*:List*", "*:Describe*"],
    "IAMReadOnlyAccess": ["iam:Get*", "iam:List*"],
}


@dataclass(frozen=True)
class WebIdentity:
    """What a trusted web identity token says."""

    subject: str
    issuer: str
    audience: str


class Cloud:
    """The state of the emulated AWS, and the words to furnish it with.

    `clock` tells AWS's time (seconds since the epoch); `advance` lets time pass. Signatures
    are dated by the caller's machine, which a test does not move along: they are judged by
    `signing_clock`, so that advancing by an hour ends credentials and not the conversation.
    `lifetime_override` (seconds) makes all credentials end that soon, whatever was asked;
    `page_size` makes IAM's lists come in pages of that many at most.
    """

    def __init__(self, clock: Clock = time.time, signing_clock: Clock = time.time) -> None:
        self.clock = clock
        self.signing_clock = signing_clock
        self.lifetime_override: float | None = None
        self.page_size: int | None = None
        self.accounts: dict[str, Account] = {}
        self.issued: dict[str, IssuedCredentials] = {}
        self.web_identities: dict[str, WebIdentity] = {}
        self.machines: list[Machine] = []
        self.sessions: dict[str, str] = {}
        self.sign_ins: dict[str, Any] = {}
        self.registry_passwords: set[str] = set()
        self.lock = threading.RLock()
        self._passed = 0.0

    def now(self) -> float:
        """Tell the time at AWS."""
        return self.clock() + self._passed

    def advance(self, seconds: float) -> None:
        """Let time pass: credentials age, MFA devices show other codes."""
        self._passed += seconds

    def account(
        self, account_id: str, *, partition: str | None = None, alias: str | None = None
    ) -> Account:
        """Get the account of a number, or create it."""
        if account_id not in self.accounts:
            if not (len(account_id) == 12 and account_id.isdigit()):
                raise ValueError(f"an account number has 12 digits: {account_id}")
            if (partition or "aws") not in PARTITIONS:
                raise ValueError(f"unknown partition: {partition}")
            self.accounts[account_id] = Account(account_id, partition or "aws", self.now, alias)
        account = self.accounts[account_id]
        if partition not in (None, account.partition):
            raise ValueError(f"account {account_id} is in partition {account.partition}")
        account.alias = alias or account.alias
        return account

    def trust_web_identity(
        self,
        token: str,
        subject: str,
        *,
        issuer: str = "https://idp.example.com",
        audience: str = "runas",
    ) -> None:
        """Take a web identity token (any text shaped like a JWT) for genuine."""
        self.web_identities[token] = WebIdentity(subject, issuer, audience)

    def machine(self, account_id: str, region: str, **more: Any) -> Machine:
        """Start an instance that Session Manager can reach (see `Machine`)."""
        self.machines.append(Machine(account_id, region, **more))
        return self.machines[-1]

    def users(self) -> Iterator[User]:
        """Go through the users of all accounts."""
        for account in list(self.accounts.values()):
            yield from list(account.users.values())

    def find_key(self, access_key_id: str) -> tuple[User, AccessKey] | None:
        """Find a long-term key and whose it is."""
        for user in self.users():
            for key in user.keys:
                if key.access_key_id == access_key_id and key.active:
                    return user, key
        return None

    def find_role(self, arn: str) -> Role | None:
        """Find a role by its whole ARN, path included."""
        accounts = list(self.accounts.values())
        roles = [role for account in accounts for role in list(account.roles.values())]
        return next((role for role in roles if role.arn == arn), None)

    def find_policy(self, account: Account, arn: str) -> ManagedPolicy | None:
        """Find a managed policy: one of the account, or one of AWS's own."""
        prefix, _, name = arn.partition(f"arn:{account.partition}:iam::aws:policy/")
        if not prefix and name in _AWS_MANAGED:
            allowed = {"Effect": "Allow", "Action": _AWS_MANAGED[name], "Resource": "*"}
            document = Document.of({"Version": "2012-10-17", "Statement": allowed})
            return ManagedPolicy(arn, name, "/", {"v1": document}, policy_id=f"ANPA{name}")
        return account.policies.get(arn)

    def find_device(self, user_name: str) -> MfaDevice | None:
        """Find the first device of a user of this name that shows codes."""
        for user in self.users():
            for device in user.devices:
                if user.name == user_name and device.secret is not None:
                    return device
        return None
