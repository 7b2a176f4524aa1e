"""Role sessions: how long they may last, how they are issued and told."""

from __future__ import annotations

from runas.testing.aws.answers import Node, timestamp
from runas.testing.aws.arns import Arn
from runas.testing.aws.calls import Call
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.constraints import Number, Rule, Text
from runas.testing.aws.errors import validation_error
from runas.testing.aws.issued import IssuedCredentials
from runas.testing.aws.roles import Role
from runas.testing.aws.session_options import NAME, Asked

RULES: tuple[Rule, ...] = (
    Text("RoleArn", 20, 2048, required=True),
    Number("DurationSeconds", 900, 43200),
)
NAME_RULE = Text("RoleSessionName", 2, 64, NAME, required=True)


def role_arn(call: Call) -> Arn:
    """Read RoleArn; what is no ARN of a role is invalid, not merely missing."""
    try:
        arn = Arn.parse(call.form["RoleArn"])
    except ValueError:
        raise validation_error(f"{call.form['RoleArn']} is invalid") from None
    if arn.service != "iam" or not arn.resource.startswith("role/") or arn.region:
        raise validation_error("Request ARN is invalid")
    return arn


def duration(call: Call, role: Role, *, chained: bool) -> int:
    """Read DurationSeconds (default 1 h) against the caps of chains and of the role."""
    seconds = int(call.form.get("DurationSeconds", "3600"))
    prefix = "The requested DurationSeconds exceeds the "
    if chained and seconds > 3600:
        raise validation_error(prefix + "1 hour session limit for roles assumed by role chaining.")
    if seconds > role.max_session_duration:
        raise validation_error(prefix + "MaxSessionDuration set for this role.")
    return seconds


def expiration(cloud: Cloud, seconds: int) -> float:
    """Say when credentials issued now for so many seconds end."""
    override = cloud.lifetime_override
    return cloud.now() + (seconds if override is None else override)


def issue(cloud: Cloud, credentials: IssuedCredentials) -> None:
    """Make credentials known to AWS."""
    cloud.issued[credentials.access_key_id] = credentials


def told(credentials: IssuedCredentials) -> Node:
    """Write the Credentials element."""
    return {
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key,
        "SessionToken": credentials.session_token,
        "Expiration": timestamp(credentials.expiration),
    }


def told_role(credentials: IssuedCredentials, asked: Asked) -> dict[str, Node]:
    """Write what all AssumeRole operations answer."""
    role = credentials.role
    assert role is not None
    return {
        "Credentials": told(credentials),
        "AssumedRoleUser": {
            "AssumedRoleId": f"{role.role_id}:{credentials.session_name}",
            "Arn": credentials.arn,
        },
        "PackedPolicySize": asked.packed,
        "SourceIdentity": credentials.options.source_identity,
    }
