"""ECR, private and public: GetAuthorizationToken.

Source: Amazon ECR API Reference; Amazon ECR Public API Reference.
"""

from __future__ import annotations

import base64
import secrets
from typing import Any

from runas.testing.aws.authorize import facts_about, permitted
from runas.testing.aws.calls import Call, Operation, Operations
from runas.testing.aws.errors import AwsError
from runas.testing.aws.policy import Decision

LIFE = 12 * 3600
_SUFFIX = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}


def get_authorization_token(call: Call) -> dict[str, Any]:
    """Hand out a password for the registries of the region."""
    caller = call.signer
    _allow(call, "ecr:GetAuthorizationToken")
    host = f"{caller.account_id}.dkr.ecr.{call.region}"
    suffix = _SUFFIX.get(caller.partition, "amazonaws.com")
    return {"authorizationData": [{**_token(call), "proxyEndpoint": f"https://{host}.{suffix}"}]}


def get_public_token(call: Call) -> dict[str, Any]:
    """Hand out a password for the public registry, which us-east-1 alone serves."""
    if call.region != "us-east-1":
        raise AwsError("UnsupportedCommandException", "Public registries are in us-east-1")
    _allow(call, "ecr-public:GetAuthorizationToken")
    return {"authorizationData": _token(call)}


def _token(call: Call) -> dict[str, Any]:
    password = f"{call.region}:{secrets.token_urlsafe(300)}"
    call.cloud.registry_passwords.add(password)
    token = base64.b64encode(f"AWS:{password}".encode()).decode()
    return {"authorizationToken": token, "expiresAt": call.cloud.now() + LIFE}


def _allow(call: Call, action: str) -> None:
    caller = call.signer
    decision = permitted(caller, action, "*", facts_about(caller, call.cloud.now()))
    if decision is not Decision.ALLOWED:
        message = f"User: {caller.arn} is not authorized to perform: {action} on resource: *"
        raise AwsError("AccessDeniedException", message)


OPERATIONS: Operations = {"GetAuthorizationToken": Operation(get_authorization_token)}
PUBLIC: Operations = {"GetAuthorizationToken": Operation(get_public_token)}
