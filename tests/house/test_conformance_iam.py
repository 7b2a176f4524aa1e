"""The IAM provider keeps what every provider promises."""

from contextlib import contextmanager

from runas.testing import AwsEmulator, Case, ProviderConformance


class TestIam(ProviderConformance):
    """A user with an access key, and perhaps an MFA device."""

    provider = "iam"
    ways = ("keys", "totp")

    @contextmanager
    def identity_provider(self, way):
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
            )
