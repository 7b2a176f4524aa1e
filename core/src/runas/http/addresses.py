"""Addresses: origins, and which hosts are this machine."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from runas.errors import ConfigurationError

_PORTS = {"http": 80, "https": 443}
_UNSAFE = ' <>"\\^`{|}'
_NOWHERE = "about:invalid"


def origin(url: str) -> str:
    """Return scheme, host and port as browsers compare them; the standard port is left out.

    Raises ConfigurationError for what is no address of the web.
    Source: RFC 6454, "The Web Origin Concept".
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError("an address cannot be read", "check saml_auth_url") from None
    if not _unambiguous(url, parts.netloc):
        raise ConfigurationError("an address cannot be read", "check saml_auth_url")
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower()
    if scheme not in _PORTS or not host:
        raise ConfigurationError(
            f"not an address of the web: {scheme or 'no scheme'}://{host}", "write https://HOST/..."
        )
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" if port in (None, _PORTS[scheme]) else f"{scheme}://{shown}:{port}"


def join(base: str, reference: str) -> str:
    """Resolve an address as browsers do: white space around and line breaks within do not count.

    What cannot be read becomes ``about:invalid``, so that all of ``urllib`` can read the result.
    """
    cleaned = "".join(reference.split("\n")).replace("\r", "").replace("\t", "").strip()
    try:
        joined = urljoin(base, cleaned)
        urlsplit(joined)
    except ValueError:
        return _NOWHERE
    return joined


def _unambiguous(url: str, netloc: str) -> bool:
    r"""Tell a host, with user and port perhaps, that all parsers find at the same place.

    ``https://a\@b/`` is b's for urllib, and a's for browsers and for urllib3, which sends; urllib
    passes over line breaks and tabs that others take for a part of the host. Half a character
    (a lone surrogate) cannot be sent at all.
    """
    steers = any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in url)
    return not (steers or any(one in _UNSAFE or not one.isprintable() for one in netloc))


def loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_plain_http(url: str) -> None:
    """Raise ConfigurationError for an address that is neither https nor on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise ConfigurationError("an address cannot be read", "check saml_auth_url") from None
    if not host.isascii() or any(letter in _UNSAFE + "%" for letter in host):
        raise ConfigurationError("an address cannot be read", "check saml_auth_url")
    if parts.scheme != "https" and not loopback(host):
        raise ConfigurationError(
            f"refusing plain {parts.scheme}:// to {host}", "use the https:// address"
        )
