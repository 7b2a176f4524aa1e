"""The errors that AWS answers with: a code, a message, an HTTP status.

Messages are those that AWS's services send; where the exact words could not be verified in a
public source, the function's docstring says so.
"""

from __future__ import annotations


class AwsError(Exception):
    """A refusal, as it goes over the wire."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def access_denied(message: str) -> AwsError:
    """Refuse with the one code that AWS has for most reasons."""
    return AwsError("AccessDenied", message, 403)


def not_authorized(arn: str, action: str, resource: str) -> AwsError:
    """Say that a principal may not do something.

    A missing role, a trust policy that names others, a wrong external id and a missing MFA code
    all look alike.
    """
    return access_denied(
        f"User: {arn} is not authorized to perform: {action} on resource: {resource}"
    )


def invalid_token() -> AwsError:
    """Refuse an unknown access key or session token."""
    message = "The security token included in the request is invalid."
    return AwsError("InvalidClientTokenId", message, 403)


def expired_token() -> AwsError:
    """Refuse temporary credentials past their end (exact words unverified)."""
    message = "The security token included in the request is expired"
    return AwsError("ExpiredToken", message, 403)


def validation_error(message: str) -> AwsError:
    """Refuse a parameter."""
    return AwsError("ValidationError", message)


def no_such_entity(message: str) -> AwsError:
    """Say that something asked of IAM does not exist."""
    return AwsError("NoSuchEntity", message, 404)


def malformed_policy(message: str) -> AwsError:
    """Refuse a session policy (exact words of the reasons unverified)."""
    return AwsError("MalformedPolicyDocument", message)
