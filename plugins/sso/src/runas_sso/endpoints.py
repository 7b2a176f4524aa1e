"""Where the two services of Identity Center are: OIDC (logins) and the portal (roles).

Both live in the instance's own region, never in the profile's. An address set by the user wins,
the service's own before the one for all.
Source: botocore's endpoint rule sets of ``sso-oidc`` and ``sso``, 2019-06-10.
"""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

import runas
from runas.aws.partitions import partition_of

_SUFFIXES = {  # partition: plain, dual-stack
    "aws": ("amazonaws.com", "api.aws"),
    "aws-us-gov": ("amazonaws.com", "api.aws"),
    "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
    "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov"),
    "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud"),
    "aws-iso-e": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    "aws-iso-f": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
}
# The region becomes part of a host's name: nothing in it may end that name.
_REGION = re.compile(r"[a-z]{2,8}(-[a-z]{2,12}){1,3}-\d{1,2}")


def oidc(profile: runas.Profile, region: str) -> str:
    """Return the address of the OIDC service, without a slash at the end."""
    return _chosen(profile, "endpoint_url_sso_oidc") or _standard(profile, "oidc", region)


def portal(profile: runas.Profile, region: str) -> str:
    """Return the address of the portal's API, without a slash at the end."""
    return _chosen(profile, "endpoint_url_sso") or _standard(profile, "portal.sso", region)


def is_region(text: str) -> bool:
    """Tell whether a text looks like the name of a region."""
    return _REGION.fullmatch(text) is not None


def is_web(url: str) -> bool:
    """Tell a whole address of the web from anything else; no user name may hide the host in it."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and "@" not in parts.netloc
            and url.isascii()
            and url.isprintable()
            and " " not in url
        )
    except ValueError:
        return False


def _chosen(profile: runas.Profile, own: str) -> str | None:
    variable = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "")
    if variable.lower() == "true" or profile.enabled("ignore_configured_endpoint_urls"):
        return None
    name = own if profile.get(own) else "endpoint_url"
    url = profile.get(name)
    if url and not is_web(url):
        fact = f"{profile.origin(name)}: {shown(url)!r} is no address"
        raise runas.ConfigurationError(fact, "write https://HOST[:PORT]")
    return url.rstrip("/") if url else None


def shown(url: str) -> str:
    """Return an address without the name and the password that may stand before its host."""
    return url.rpartition("@")[2]


def _standard(profile: runas.Profile, host: str, region: str) -> str:
    partition = partition_of(region)
    plain, dual = _SUFFIXES[partition]
    fips = _wanted(profile, "use_fips_endpoint")
    if _wanted(profile, "use_dualstack_endpoint"):
        return f"https://{host}{'-fips' if fips else ''}.{region}.{dual}"
    # GovCloud's ordinary endpoints are the FIPS ones.
    marked = "-fips" if fips and partition != "aws-us-gov" else ""
    return f"https://{host}{marked}.{region}.{plain}"


def _wanted(profile: runas.Profile, name: str) -> bool:
    """Read a switch as the SDKs do: the variable before the profile."""
    text = os.environ.get("AWS_" + name.upper()) or profile.get(name) or ""
    return text.strip().lower() in ("1", "true", "yes", "on")
