"""From a request to an answer: which operation, who calls, what comes of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from runas.testing.aws import answers, form, services, signature
from runas.testing.aws.callers import authenticate, check_kind
from runas.testing.aws.calls import Call, Operation
from runas.testing.aws.cloud import Cloud
from runas.testing.aws.errors import AwsError
from runas.testing.aws.form import Form
from runas.testing.aws.services import Service
from runas.testing.aws.signature import HttpRequest, Signed


@dataclass
class Exchange:
    """A request on its way; filled in as more becomes known, so that refusals are told well."""

    content_type: ClassVar[str] = "text/xml"
    request: HttpRequest
    form: Form = field(default_factory=dict, repr=False)
    signed: Signed | None = None
    service: Service = services.STS
    status: int = 200
    body: bytes = b""
    outcome: str = "OK"
    message: str = ""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    document: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def action(self) -> str:
        """The operation asked for."""
        return self.form.get("Action", "")

    def read(self) -> None:
        """Read the parameters and the signature, and find the service."""
        kind = self.request.headers.get("content-type", "")
        body = self.request.body if kind.startswith(form.CONTENT_TYPE) else b""
        self.form = form.read(self.request.query, body)
        self.signed = signature.read(self.request)
        self.service = services.speaking_for(self.signed.service if self.signed else None)
        self.service = services.find(self.action, self.form.get("Version", ""))

    def answer(self, cloud: Cloud) -> None:
        """Let the operation answer."""
        operation = self.service.operations[self.action]
        caller = None
        if operation.signed:
            if self.signed is None:
                message = "Request is missing Authentication Token"
                raise AwsError("MissingAuthenticationToken", message, 403)
            caller = authenticate(cloud, self.request, self.signed, self.service.name)
            check_kind(caller, self.service.name, self.action)
        region = self.signed.region if self.signed else ""
        value = operation.handler(Call(cloud, self.form, caller, self.document, region))
        self.body = self.write(operation, value)

    def refuse(self, error: AwsError) -> None:
        """Answer with an error."""
        self.status, self.outcome, self.message = error.status, error.code, error.message
        self.body = self.write_error(error)

    def write(self, operation: Operation, value: Any) -> bytes:
        """Write an answer in the protocol of the request."""
        return answers.result(self.action, self.service.xmlns, value, self.request_id)

    def write_error(self, error: AwsError) -> bytes:
        """Write an error in the protocol of the request."""
        return answers.failure(error, self.service.xmlns, self.request_id)
