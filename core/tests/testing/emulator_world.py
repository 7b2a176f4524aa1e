"""What the emulator's tests share: clients of a real SDK, and refusals told in one line."""

from __future__ import annotations

import functools
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from runas.testing import AwsEmulator
from runas.testing.aws import AccessKey, IssuedCredentials

PEOPLE, WORK = "111122223333", "123456789012"
Keys = AccessKey | IssuedCredentials | dict[str, Any] | None


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session()


def _arguments(keys: Keys) -> dict[str, Any]:
    if keys is None:
        return {}
    if isinstance(keys, dict):
        found = keys["AccessKeyId"], keys["SecretAccessKey"], keys.get("SessionToken")
    else:
        token = getattr(keys, "session_token", None)
        found = keys.access_key_id, keys.secret_access_key, token
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return dict(zip(names, found, strict=True))


def client(
    aws: AwsEmulator, keys: Keys, service: str = "sts", region: str = "eu-west-1", tries: int = 1
) -> Any:
    """Make a client that checks nothing by itself and, unless told otherwise, tries once."""
    config = Config(
        retries={"total_max_attempts": tries, "mode": "standard"},
        parameter_validation=False,
        signature_version=UNSIGNED if keys is None else None,
    )
    return _session().client(
        service, region_name=region, endpoint_url=aws.url, config=config, **_arguments(keys)
    )


def assume(sts: Any, role: Any, **more: Any) -> dict[str, Any]:
    """Take a role and give the whole answer."""
    return sts.assume_role(RoleArn=role.arn, RoleSessionName="alice", **more)


def refusal(call: Any, *args: Any, **parameters: Any) -> tuple[int, str, str]:
    """Make a call that has to fail; give the status, the code and the message."""
    with pytest.raises(ClientError) as caught:
        call(*args, **parameters)
    answer = caught.value.response
    error = answer["Error"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]


def not_authorized(arn: str, role: Any, action: str = "sts:AssumeRole") -> tuple[int, str, str]:
    """Say what AWS says when a role cannot be had."""
    message = f"User: {arn} is not authorized to perform: {action} on resource: {role.arn}"
    return 403, "AccessDenied", message


INVALID_TOKEN = (
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
)
EXPIRED = (403, "ExpiredToken", "The security token included in the request is expired")
