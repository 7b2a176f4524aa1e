"""The profile keys that this provider reads, for help, checks and the reference page."""

from __future__ import annotations

import runas

SETTINGS = (
    runas.Setting(
        "aws_access_key_id",
        "The access key id of an IAM user, or of temporary credentials.",
        example="AKIAIOSFODNN7EXAMPLE",
    ),
    runas.Setting("aws_secret_access_key", "The secret of that key.", identity=False),
    runas.Setting("aws_session_token", "The token of temporary credentials.", identity=False),
    runas.Setting(
        "credential_process",
        "A command that prints credentials as JSON, as for the AWS CLI.",
        example="aws-keys --user alice",
    ),
    runas.Setting(
        "credential_source",
        "Where this machine gets keys: Environment, Ec2InstanceMetadata or EcsContainer.",
        example="Ec2InstanceMetadata",
    ),
    runas.Setting(
        "web_identity_token_file",
        "A file with an OpenID Connect token that takes role_arn.",
        example="/var/run/secrets/token",
    ),
    runas.Setting(
        "mfa_serial",
        "The MFA device's ARN or serial number; 'auto' finds your own.",
        example="arn:aws:iam::111122223333:mfa/alice",
    ),
    runas.Setting(
        "session_token_duration",
        "How long one MFA code lasts: 15m to 36h.",
        default="12h",
        example="8h",
    ),
    runas.Setting(
        "credentials_duration",
        "How long role credentials last: 15m to 12h.",
        default="1h",
        example="4h",
        identity=False,
    ),
    runas.Setting(
        "external_id",
        "The external id that the role's trust policy asks for.",
        example="partner-7f3a",
        identity=False,
    ),
    runas.Setting(
        "role_session_name",
        "The session's name in CloudTrail; default: the IAM user's name.",
        example="alice",
        identity=False,
    ),
    runas.Setting(
        "source_identity",
        "Who is behind the session, kept along a chain of roles.",
        example="alice",
        identity=False,
    ),
    runas.Setting(
        "session_tags",
        "Tags of the session: NAME=VALUE, separated by commas.",
        example="team=red, stage=dev",
        identity=False,
    ),
    runas.Setting(
        "transitive_session_tags",
        "Which of the tags go on along a chain, separated by commas.",
        example="team",
        identity=False,
    ),
    runas.Setting(
        "session_policy",
        "A file with a policy that narrows what the session may do.",
        example="~/only-s3.json",
        identity=False,
    ),
    runas.Setting(
        "session_policy_arns",
        "Managed policies that narrow it, separated by commas.",
        example="arn:aws:iam::aws:policy/job-function/ViewOnlyAccess",
        identity=False,
    ),
    runas.Setting(
        "read_only",
        "Narrow the session by AWS's ReadOnlyAccess policy.",
        default="false",
        example="true",
        identity=False,
    ),
)
