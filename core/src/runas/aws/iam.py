"""The few questions that logging in asks IAM."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runas.aws.clients import call, client, complete
from runas.errors import RunasError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runas.model import Credentials, Profile, RoleArn


def pages(iam: Any, operation: str, profile: Profile, key: str, **parameters: Any) -> Iterator[Any]:
    """Yield the entries of a list operation, page by page; a page may be short or empty.

    Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListMFADevices.html (Marker)
    """
    marker: str | None = None
    while True:
        answer = call(iam, operation, profile, Marker=marker, **parameters)
        yield from answer.get(key, ())
        marker = answer.get("Marker")
        if not answer.get("IsTruncated") or not marker:
            return


def find_devices(profile: Profile, credentials: Credentials) -> list[str]:
    """Return the serials of the caller's MFA devices that show codes.

    Security keys are left out: STS takes codes only. Needs iam:ListMFADevices, and keys that may
    call IAM: a user's own, or session tokens won with MFA.
    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    """
    iam = client("iam", profile, credentials)
    found = pages(iam, "list_mfa_devices", profile, "MFADevices")
    serials = [str(device.get("SerialNumber", "")) for device in found]
    return [serial for serial in serials if _shows_codes(serial)]


def longest_session(profile: Profile, credentials: Credentials, role: RoleArn) -> int | None:
    """Return the MaxSessionDuration of a role of the caller's own account, where it may be read."""
    try:
        iam = client("iam", profile, credentials, role.partition)
        answer = call(iam, "get_role", profile, RoleName=role.name)
        with complete():
            found = answer["Role"]
            return int(found["MaxSessionDuration"]) if found.get("Arn") == str(role) else None
    except RunasError:
        return None


def _shows_codes(serial: str) -> bool:
    """Tell a virtual or hardware token (whose serial is no ARN) from a security key."""
    return bool(serial) and (not serial.startswith("arn:") or ":mfa/" in serial)
