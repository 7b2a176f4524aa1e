"""The HTTP session that providers are handed: timeouts, retries, verified certificates.

Certificates are always verified, and plain ``http://`` is refused unless the host is this machine.
Proxies come from ``HTTPS_PROXY`` and ``NO_PROXY``, as in every other program.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from runas.errors import ConfigurationError, ServiceUnavailable

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

    from runas.profile import Profile

log = logging.getLogger(__name__)

TIMEOUT = (5.0, 20.0)
"""Seconds to wait for a connection, and for an answer."""


class Session(requests.Session):
    """A ``requests.Session`` that refuses plain http and raises runas's errors."""

    def __init__(self, ca_bundle: str | None = None) -> None:
        super().__init__()
        if ca_bundle:
            self.verify = ca_bundle
        retries = Retry(total=2, backoff_factor=0.3, status_forcelist=(502, 503, 504))
        self.mount("https://", HTTPAdapter(max_retries=retries))
        self.mount("http://", HTTPAdapter(max_retries=retries))

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send one request; redirects pass here again, so each hop is checked."""
        parts = urlsplit(request.url or "")
        _refuse_plain_http(parts.scheme, parts.hostname or "")
        options["timeout"] = options.get("timeout") or TIMEOUT
        started = time.monotonic()
        try:
            response = super().send(request, **options)
        except requests.exceptions.SSLError as error:
            raise ServiceUnavailable(
                f"the certificate of {parts.hostname} is not trusted",
                "set AWS_CA_BUNDLE or ca_bundle to your organisation's certificates",
            ) from error
        except requests.exceptions.RequestException as error:
            raise ServiceUnavailable(
                f"{parts.hostname} cannot be reached ({type(error).__name__})",
                "check the address, the network and HTTPS_PROXY",
            ) from error
        taken = (time.monotonic() - started) * 1000
        log.debug("%s %s%s %s %.0f ms", request.method, parts.hostname, parts.path,
                  response.status_code, taken)  # fmt: skip
        return response


def session(profile: Profile) -> Session:
    """Make the session of one login."""
    return Session(os.environ.get("AWS_CA_BUNDLE") or profile.get("ca_bundle"))


def _refuse_plain_http(scheme: str, host: str) -> None:
    if scheme == "https" or _loopback(host):
        return
    raise ConfigurationError(f"refusing plain {scheme}:// to {host}", "use the https:// address")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
