"""Keys that the machine itself has: `credential_source`.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from runas.aws.keys import sendable
from runas.errors import ConfigurationError, ServiceUnavailable
from runas.model import Credentials

if TYPE_CHECKING:
    from datetime import datetime

_HOUR = 3600
_PLACES = ("Environment", "Ec2InstanceMetadata", "EcsContainer")


def fetch(place: str, origin: str) -> Credentials:
    """Return the keys of one of AWS's three places; its name may be in any case."""
    found = {name.lower(): name for name in _PLACES}.get(place.lower())
    if found is None:
        raise ConfigurationError(
            f"credential_source ({origin}): {place!r} is not known",
            "use one of " + ", ".join(_PLACES),
        )
    try:
        keys = _load(found)
    except _UNREADABLE:
        # Not chained: the words may quote the answer, and so perhaps keys.
        raise ConfigurationError(
            f"credential_source ({origin}): the keys of {found} cannot be read", _CHECKS[found]
        ) from None
    if keys is None:
        raise ConfigurationError(
            f"credential_source ({origin}): {found} has no keys here", _HINTS[found]
        )
    return keys


_UNREADABLE = (LookupError, TypeError, ValueError, OverflowError, RuntimeError, OSError)
"""What botocore raises for variables and answers of another shape than promised."""

_CHECKS = {
    "Environment": "check AWS_CREDENTIAL_EXPIRATION and the keys",
    "Ec2InstanceMetadata": "check AWS_EC2_METADATA_SERVICE_ENDPOINT and what answers there",
    "EcsContainer": "check the variables AWS_CONTAINER_* and what answers there",
}
_HINTS = {
    "Environment": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "Ec2InstanceMetadata": "this works on EC2 instances that have an instance profile",
    "EcsContainer": "this works where AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI is set",
}


def _load(place: str) -> Credentials | None:
    from botocore import credentials as places
    from botocore.exceptions import BotoCoreError, PartialCredentialsError

    try:
        loaded = _provider(place, places).load()
    except PartialCredentialsError:
        return None
    except BotoCoreError as fault:
        raise ServiceUnavailable(
            f"the credentials of {place} cannot be fetched: {fault}", _HINTS[place]
        ) from fault
    if loaded is None:
        return None
    keys = loaded.get_frozen_credentials()
    # botocore tells the end of credentials to nobody but itself.
    end: datetime | None = getattr(loaded, "_expiry_time", None)
    expiration = int(end.timestamp()) if end else None
    if not (keys.access_key and keys.secret_key and all(map(_plain, keys))):
        raise ValueError
    return Credentials(keys.access_key, keys.secret_key, keys.token, expiration)


def _plain(key: object) -> bool:
    """Tell a text that can go into headers and variables, or that there is none."""
    return key is None or (isinstance(key, str) and sendable(key))


def _provider(place: str, places: Any) -> Any:
    if place == "Environment":
        return places.EnvProvider()
    if place == "EcsContainer":
        return places.ContainerProvider()
    from botocore.utils import InstanceMetadataFetcher

    settings = {
        "ec2_metadata_service_endpoint": os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
        "ec2_metadata_service_endpoint_mode": os.environ.get(
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
        ),
        "ec2_metadata_v1_disabled": os.environ.get("AWS_EC2_METADATA_V1_DISABLED", "").lower()
        == "true",
        # botocore makes up a later end for keys that end soon. Ours are handed on: tell the truth.
        "ec2_credential_refresh_window": -_HOUR,
    }
    fetcher = InstanceMetadataFetcher(timeout=2, num_attempts=2, config=settings)
    return places.InstanceMetadataProvider(iam_role_fetcher=fetcher)
