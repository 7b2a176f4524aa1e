"""Clients of AWS's services, independent of everything in the user's AWS files.

The profile's settings (already merged with the environment by core) say how to reach AWS:
``region``, ``endpoint_url`` and ``endpoint_url_<service>``, ``use_fips_endpoint``,
``use_dualstack_endpoint``, ``sts_regional_endpoints``, ``ca_bundle``. Proxies come from the
environment, as for every SDK.
Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""

from __future__ import annotations

import logging
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from runas.aws.faults import explain, not_aws
from runas.aws.partitions import partition_in, region_for
from runas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runas.model import Credentials, Profile

log = logging.getLogger(__name__)

_TIMEOUTS = {"connect_timeout": 5, "read_timeout": 20}
_RETRIES = {"mode": "standard", "total_max_attempts": 3}
_UNREADABLE = (LookupError, TypeError, AttributeError, ValueError, OverflowError, RuntimeError)
"""What botocore's parsers raise, and its answers, where values are of another shape than promised:
numbers, times and policies that are none, lists in place of objects, JSON without an end."""


def client(
    service: str,
    profile: Profile,
    credentials: Credentials | None,
    partition: str | None = None,
) -> Any:
    """Create a botocore client that acts with *credentials*, or unsigned where they are None.

    *partition* is where the call is meant to go; left out, the profile's role ARN and MFA serial
    tell it. Raises ConfigurationError for a region, endpoint or certificate file that cannot be.
    """
    import botocore.session
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    from runas.aws.data import ServiceData

    keys: dict[str, Any] = {}
    config: dict[str, Any] = {**_TIMEOUTS, "retries": _RETRIES, "user_agent_extra": "runas"}
    if credentials is None:
        config["signature_version"] = UNSIGNED
    else:
        keys["aws_access_key_id"] = credentials.access_key_id
        keys["aws_secret_access_key"] = credentials.secret_access_key
        keys["aws_session_token"] = credentials.session_token
    session = botocore.session.Session(session_vars=_variables(profile))
    session.register_component("data_loader", ServiceData(service))
    try:
        return session.create_client(
            service,
            region_name=_region(profile, partition),
            endpoint_url=_endpoint_url(service, profile),
            config=Config(**config),
            **keys,
        )
    except BotoCoreError as fault:
        raise explain(fault, profile) from fault
    except ValueError:  # botocore is stricter about hosts
        raise _no_address(service, profile) from None


def call(client: Any, operation: str, profile: Profile, **parameters: Any) -> dict[str, Any]:
    """Call one operation by its Python name; faults leave as errors of runas.

    Parameters that are None or empty are not sent.
    """
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    ask = getattr(client, operation)
    sent = {name: value for name, value in parameters.items() if value not in (None, "", [])}
    started, outcome = time.monotonic(), "no answer"
    try:
        answer: dict[str, Any] = ask(**sent)
        outcome = str(answer["ResponseMetadata"]["HTTPStatusCode"])
    except ClientError as fault:
        outcome = str(fault.response.get("Error", {}).get("Code"))
        raise explain(fault, profile) from fault
    except BotoCoreError as fault:
        raise explain(fault, profile) from fault
    except UnicodeEncodeError:
        # Not chained: the error holds the value, which may be a key.
        raise ConfigurationError(
            "a value for AWS is not text in UTF-8", "look at the profile's settings and keys"
        ) from None
    except (ResponseParserError, *_UNREADABLE):
        # Not chained: botocore's words hold the answer, and so perhaps keys.
        raise not_aws() from None
    finally:
        host = urlsplit(client.meta.endpoint_url).netloc.rpartition("@")[2]
        spent = (time.monotonic() - started) * 1000
        log.debug("%s %s %s in %.0f ms", host, operation, outcome, spent)
    return answer


@contextmanager
def complete() -> Iterator[None]:
    """Say that an answer lacks what every AWS answer has: something else must have sent it."""
    try:
        yield
    except _UNREADABLE:
        # Not chained: the words may quote the answer, and so perhaps keys.
        raise not_aws() from None


def _variables(profile: Profile) -> dict[str, tuple[Any, ...]]:
    """Say where botocore looks its settings up: (config key, variable, default, conversion).

    No file is read. The profile's values are defaults, so that the variables win over them.
    """
    from botocore.utils import ensure_boolean

    fips, dualstack = profile.get("use_fips_endpoint"), profile.get("use_dualstack_endpoint")
    regional = profile.get("sts_regional_endpoints", "regional")
    return {
        "profile": (None, None, None, None),
        "config_file": (None, None, os.devnull, None),
        "credentials_file": (None, None, os.devnull, None),
        "ca_bundle": (None, None, _certificates(profile), None),
        "use_fips_endpoint": (None, "AWS_USE_FIPS_ENDPOINT", fips, ensure_boolean),
        "use_dualstack_endpoint": (None, "AWS_USE_DUALSTACK_ENDPOINT", dualstack, ensure_boolean),
        "sts_regional_endpoints": (None, "AWS_STS_REGIONAL_ENDPOINTS", regional, None),
    }


def _certificates(profile: Profile) -> str | None:
    """Find the file of certificates to trust, and see that it is there: botocore's fault is dim."""
    variable = os.environ.get("AWS_CA_BUNDLE")
    path = os.path.expanduser(variable or profile.get("ca_bundle") or "")
    if path and not os.path.exists(path):
        origin = "$AWS_CA_BUNDLE" if variable else profile.origin("ca_bundle")
        raise ConfigurationError(f"{origin}: there is no certificate file {path!r}")
    return path or None


def _region(profile: Profile, partition: str | None) -> str:
    known = partition or partition_in(profile.role_arn) or partition_in(profile.get("mfa_serial"))
    return region_for(profile.region, known)


def _endpoint_url(service: str, profile: Profile) -> str | None:
    """Return the address that the user has set for a service; None leaves it to botocore.

    A service's own address goes before the one for all.
    """
    ignored = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true"
    if ignored or profile.enabled("ignore_configured_endpoint_urls"):
        return None
    url = profile.get(_endpoint_setting(service, profile))
    if url and not _plausible(url):
        raise _no_address(service, profile)
    return url or None


def _endpoint_setting(service: str, profile: Profile) -> str:
    own = "endpoint_url_" + service.replace("-", "_")
    return own if profile.get(own) else "endpoint_url"


def _no_address(service: str, profile: Profile) -> ConfigurationError:
    name = _endpoint_setting(service, profile)
    shown = (profile.get(name) or "").rpartition("@")[2]  # a name and a password may stand before
    fact = f"{profile.origin(name)}: {shown!r} is no address"
    return ConfigurationError(fact, "write https://HOST[:PORT]")


def _plausible(url: str) -> bool:
    try:
        parts = urlsplit(url)
        if not (url.isascii() and url.isprintable()):
            return False
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
