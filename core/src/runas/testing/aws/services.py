"""The services that answer, each with its operations by name."""

from __future__ import annotations

from dataclasses import dataclass

from runas.testing.aws import iam, iam_policies, saml, sts, web_identity
from runas.testing.aws.calls import Operations
from runas.testing.aws.errors import AwsError


@dataclass(frozen=True)
class Service:
    """A service of the query protocol: its signing name, API version and operations."""

    name: str
    version: str
    operations: Operations

    @property
    def xmlns(self) -> str:
        """The namespace of the service's answers."""
        return f"https://{self.name}.amazonaws.com/doc/{self.version}/"


STS = Service("sts", "2011-06-15", {**sts.OPERATIONS, **saml.OPERATIONS, **web_identity.OPERATIONS})
IAM = Service("iam", "2010-05-08", {**iam.OPERATIONS, **iam_policies.OPERATIONS})


def find(action: str, version: str) -> Service:
    """Find the service that has an action in a version."""
    for service in (STS, IAM):
        if service.version == version and action in service.operations:
            return service
    if not action:
        raise AwsError("MissingAction", "Missing Action")
    raise AwsError("InvalidAction", f"Could not find operation {action} for version {version}")


def speaking_for(signed_for: str | None) -> Service:
    """Choose the service in whose name an unknown operation is refused."""
    return IAM if signed_for == IAM.name else STS
