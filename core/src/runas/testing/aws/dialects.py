"""The protocols beside the query protocol: JSON 1.1, and EC2's own query protocol."""

from __future__ import annotations

import json
from typing import Any

from runas.testing.aws import ec2, ecr, form, instance_connect, signature, ssm
from runas.testing.aws.calls import Operation
from runas.testing.aws.dispatch import Exchange
from runas.testing.aws.errors import AwsError
from runas.testing.aws.services import Service
from runas.testing.aws.signature import HttpRequest

EC2 = Service("ec2", ec2.VERSION, ec2.OPERATIONS)
TARGETS = {
    "AWSEC2InstanceConnectService": Service(
        "ec2-instance-connect", "2018-04-02", instance_connect.OPERATIONS
    ),
    "AmazonSSM": Service("ssm", "2014-11-06", ssm.OPERATIONS),
    "AmazonEC2ContainerRegistry_V20150921": Service("ecr", "2015-09-21", ecr.OPERATIONS),
    "SpencerFrontendService": Service("ecr-public", "2020-10-30", ecr.PUBLIC),
}


def exchange(request: HttpRequest) -> Exchange:
    """Choose the protocol that a request speaks."""
    if "x-amz-target" in request.headers:
        return JsonExchange(request)
    if "/ec2/aws4_request" in request.headers.get("authorization", ""):
        return Ec2Exchange(request)
    return Exchange(request)


class JsonExchange(Exchange):
    """JSON 1.1: the operation in a header, the parameters in the body.

    Source: Smithy, "AWS JSON 1.1 protocol".
    """

    content_type = "application/x-amz-json-1.1"

    def read(self) -> None:
        """Read target, body and signature."""
        prefix, _, action = self.request.headers["x-amz-target"].partition(".")
        self.form = {"Action": action}
        try:
            self.document = json.loads(self.request.body or b"{}")
        except ValueError:
            raise AwsError("SerializationException", "the body is no JSON") from None
        if not isinstance(self.document, dict):
            raise AwsError("SerializationException", "the body is no JSON object")
        told = {name: _text(value) for name, value in self.document.items()}
        self.form = {"Action": action, **told}
        self.signed = signature.read(self.request)
        service = TARGETS.get(prefix)
        if service is None or action not in service.operations:
            raise AwsError("UnknownOperationException", "")
        self.service = service
        if self.request.headers.get("content-type", "") != self.content_type:
            raise AwsError("UnknownOperationException", "")

    def write(self, operation: Operation, value: Any) -> bytes:
        """Write an answer."""
        return json.dumps(value).encode()

    def write_error(self, error: AwsError) -> bytes:
        """Write an error."""
        return json.dumps({"__type": error.code, "message": error.message}).encode()


class Ec2Exchange(Exchange):
    """EC2's query protocol."""

    def read(self) -> None:
        """Read parameters and signature."""
        self.form = form.read(self.request.query, self.request.body)
        self.signed = signature.read(self.request)
        self.service = EC2
        known = self.form.get("Version") == EC2.version and self.action in EC2.operations
        if not known:
            raise AwsError("InvalidAction", f"The action {self.action} is not valid")

    def write(self, operation: Operation, value: Any) -> bytes:
        """Write an answer."""
        return ec2.result(self.action, value, self.request_id)

    def write_error(self, error: AwsError) -> bytes:
        """Write an error."""
        return ec2.failure(error, self.request_id)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
