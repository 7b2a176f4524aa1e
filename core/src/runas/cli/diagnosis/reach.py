"""The steps to a host, one by one, so that the one that fails can be named."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from runas.errors import ServiceUnavailable
from runas.profile import Profile

_PATIENCE = 5.0  # seconds for each step


def bundle(profile: Profile) -> str | None:
    """Return the file of certificates that the user has set."""
    return os.environ.get("AWS_CA_BUNDLE") or profile.get("ca_bundle") or None


def proxy(url: str) -> str | None:
    """Return host and port of the proxy on the way, if any; never its user and password."""
    from requests.utils import get_environ_proxies, select_proxy

    found = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    if not found:
        return None
    try:
        parts = urlsplit(found if "://" in found else f"http://{found}")
        return f"{parts.hostname}:{parts.port or 80}"
    except ValueError:
        return "(an address that cannot be read)"


def steps(url: str, certificates: str | None) -> Iterator[str]:
    """Look the name up, connect, shake hands; yield what each step found.

    Raises ServiceUnavailable at the first that fails.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    yield f"{host} is {_looked_up(host, port)}"
    with _connected(host, port) as connection:
        yield f"port {port} is open"
        if parts.scheme == "https":
            yield _shaken(connection, host, certificates)


def _looked_up(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        hint = "check its spelling, the region, the network and DNS (a VPN that is off?)"
        raise ServiceUnavailable(f"DNS knows no {host}", hint) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    more = f" and {len(addresses) - 2} more" if len(addresses) > 2 else ""
    return ", ".join(addresses[:2]) + more


def _connected(host: str, port: int) -> socket.socket:
    try:
        return socket.create_connection((host, port), _PATIENCE)
    except OSError as error:
        reason = "no answer" if isinstance(error, TimeoutError) else (error.strerror or "refused")
        hint = "check the network, a firewall on the way, HTTPS_PROXY and NO_PROXY"
        fact = f"no connection to {host}:{port} ({reason.lower()})"
        raise ServiceUnavailable(fact, hint) from None


def _shaken(connection: socket.socket, host: str, certificates: str | None) -> str:
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    context = ssl.create_default_context(cafile=certificates or DEFAULT_CA_BUNDLE_PATH)
    try:
        with context.wrap_socket(connection, server_hostname=host) as secure:
            return f"{secure.version()}, certificate by {_issuer(secure.getpeercert() or {})}"
    except ssl.SSLCertVerificationError as error:
        hint = "where a proxy inspects TLS, set ca_bundle or AWS_CA_BUNDLE to its certificate"
        fact = f"the certificate of {host} is not trusted ({error.verify_message})"
        raise ServiceUnavailable(fact, hint) from None
    except OSError as error:
        hint = "something on the way (a proxy, a firewall) does not let TLS through"
        fact = f"no TLS connection to {host} ({type(error).__name__})"
        raise ServiceUnavailable(fact, hint) from None


def _issuer(certificate: dict[str, Any]) -> str:
    names = {key: text for group in certificate.get("issuer", ()) for key, text in group}
    return names.get("organizationName") or names.get("commonName") or "an unnamed authority"
