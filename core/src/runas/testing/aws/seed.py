"""A small world to try things in: two accounts, a user, roles of every kind.

Account 111122223333 has the user `alice` (access key, virtual MFA device, group `developers`);
account 123456789012 has the roles `admin` (MFA, up to 4 h), `read-only` (no MFA, up to 1 h),
`deploy` (only from `admin`: a chain), `partner` (external id), `audit` (allowed by a wildcard)
and `payroll` (trusts alice, but her group is denied it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runas.testing.aws.account import Account
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.people import AccessKey, MfaDevice, User
from runas.testing.aws.roles import Role

PEOPLE = "111122223333"
WORK = "123456789012"
EXTERNAL_ID = "partner-7f3a"
_ROLES = f"arn:aws:iam::{WORK}:role/"


@dataclass(frozen=True)
class Seeds:
    """What was made."""

    user: User
    key: AccessKey
    device: MfaDevice
    admin: Role
    read_only: Role
    deploy: Role
    partner: Role
    audit: Role
    payroll: Role
    external_id: str = EXTERNAL_ID


@dataclass(frozen=True)
class AwsFiles:
    """Where the AWS configuration was written."""

    config: Path
    credentials: Path

    def environment(self) -> dict[str, str]:
        """Name the variables that point SDKs at the files."""
        return {
            "AWS_CONFIG_FILE": str(self.config),
            "AWS_SHARED_CREDENTIALS_FILE": str(self.credentials),
        }


def seed(aws: Cloud) -> Seeds:
    """Make the world's accounts, people and roles."""
    people = aws.account(PEOPLE, alias="people")
    work = aws.account(WORK, alias="work")
    user = people.user("alice", policies={"look-around": _allow(["iam:Get*", "iam:List*"], "*")})
    _developers(people, user)
    admin = work.role("admin", [user], mfa=True, max_session_duration=4 * 3600)
    return Seeds(
        user=user,
        key=user.access_key(),
        device=user.mfa_device(),
        admin=admin,
        read_only=work.role("read-only", [user]),
        deploy=work.role("deploy", [admin]),
        partner=work.role("partner", [user], external_id=EXTERNAL_ID),
        audit=work.role("audit", [PEOPLE], path="/audit/"),
        payroll=work.role("payroll", [user], path="/audit/"),
    )


def _developers(people: Account, user: User) -> None:
    """Make the group: an inline policy with names, an attached one with a wildcard and a Deny."""
    session = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    named = [_ROLES + name for name in ("admin", "read-only", "partner")]
    group = people.group("developers", policies={"take-roles": _allow(session, named)})
    denied = {"Effect": "Deny", "Action": "sts:*", "Resource": f"{_ROLES}audit/payroll"}
    wild = {"Effect": "Allow", "Action": session, "Resource": f"{_ROLES}audit/*"}
    document = {"Version": "2012-10-17", "Statement": [wild, denied]}
    group.attach(people.policy("take-audit-roles", document))
    user.join(group)


def _allow(action: object, resource: object) -> Mapping[str, Any]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}


def credentials_text(seeds: Seeds) -> str:
    """Write the credentials file: alice's long-term key."""
    return (
        "[default]\n"
        f"aws_access_key_id = {seeds.key.access_key_id}\n"
        f"aws_secret_access_key = {seeds.key.secret_access_key}\n"
    )


def config_text(seeds: Seeds, region: str = "eu-west-1") -> str:
    """Write the config file: one profile for each role."""
    mfa = {"mfa_serial": seeds.device.serial}
    profiles = {
        "read-only": _profile(seeds.read_only),
        "admin": _profile(seeds.admin, duration_seconds="3600", **mfa),
        "deploy": _profile(seeds.deploy, "admin"),
        "partner": _profile(seeds.partner, external_id=seeds.external_id),
        "audit": _profile(seeds.audit),
    }
    text = f"[default]\nregion = {region}\n"
    for name, settings in profiles.items():
        lines = "".join(f"{key} = {value}\n" for key, value in settings.items())
        text += f"\n[profile {name}]\nregion = {region}\n{lines}"
    return text


def _profile(role: Role, source: str = "default", **more: str) -> dict[str, str]:
    return {"role_arn": role.arn, "source_profile": source, **more}


def aws_files(seeds: Seeds, folder: Path) -> AwsFiles:
    """Write `config` and `credentials` (0600) into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = AwsFiles(folder / "config", folder / "credentials")
    texts = ((files.config, config_text(seeds)), (files.credentials, credentials_text(seeds)))
    for path, text in texts:
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
    return files
