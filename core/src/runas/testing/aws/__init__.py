"""A strict AWS (STS and IAM) on a loopback port, written from AWS's documents alone.

    with AwsEmulator() as aws:
        user = aws.account("111122223333").user("alice")
        key, device = user.access_key(), user.mfa_device()
        role = aws.account("123456789012").role("admin", trusts=[user], mfa=True)
        ...  # point an SDK at aws.url (or at aws.environment()) and call AssumeRole

It uses the standard library only: it judges code that is built on an SDK, so it shares nothing
with one. The rooms, from the bottom up: `arns`, `totp`, `patterns`, `conditions`, `policy` (the
policy language), `people`, `roles`, `issued`, `account`, `cloud` (what exists), `form`,
`constraints`, `answers`, `signature`, `callers`, `authorize` (what a request must pass), one
module per group of operations (`sts`, `web_identity`, `iam`, `iam_policies`; beside them `ec2`,
`ssm`, `ecr`, `federation` for the console), `services`, `dispatch` with its `dialects`, `server`,
`emulator`; and `seed`, a small world ready to try things in.
"""

from runas.testing.aws.account import Account
from runas.testing.aws.callers import Caller
from runas.testing.aws.emulator import AwsEmulator
from runas.testing.aws.errors import AwsError
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.machines import Machine
from runas.testing.aws.people import AccessKey, Group, ManagedPolicy, MfaDevice, User
from runas.testing.aws.records import Request
from runas.testing.aws.roles import OidcProvider, Role
from runas.testing.aws.totp import totp

__all__ = [
    "AccessKey",
    "Account",
    "AwsEmulator",
    "AwsError",
    "Caller",
    "Group",
    "IssuedCredentials",
    "Machine",
    "ManagedPolicy",
    "MfaDevice",
    "OidcProvider",
    "Request",
    "Role",
    "User",
    "totp",
]
