"""The conformance kit's cases for this plugin; `runas plugin check iam` finds them here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from runas.testing.aws import AwsEmulator
from runas.testing.case import Case
from runas.testing.conformance import ProviderConformance


class Conformance(ProviderConformance):
    """Every promise, kept for a user with an access key, with and without an MFA device."""

    provider = "iam"
    ways: Sequence[str] = ("keys", "totp")

    @contextmanager
    def identity_provider(self, way: str) -> Iterator[Case]:
        """Start an AWS."""
        with AwsEmulator() as aws:
            user = aws.account("111122223333").user("alice")
            role = aws.account("123456789012").role("dev", trusts=[user])
            key, device = user.access_key(), user.mfa_device()
            settings = {
                "endpoint_url": aws.url,
                "region": "eu-west-1",
                "aws_access_key_id": key.access_key_id,
                "aws_secret_access_key": key.secret_access_key,
            }
            if way == "totp":
                settings["mfa_serial"] = device.serial
            yield Case(
                settings,
                code=device.unused_code,
                wrong_code=device.wrong_code(),
                role=role.arn,
                secrets=[key.secret_access_key],
            )
