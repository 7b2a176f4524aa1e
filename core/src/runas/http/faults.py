"""What went wrong on the way to a provider, in words for a person; never its address's query."""

from __future__ import annotations

from requests import exceptions as raised

from runas import tls
from runas.errors import ConfigurationError, PageNotRecognised, RunasError, ServiceUnavailable

_REACH = "check the address, the network, HTTPS_PROXY and NO_PROXY"


def explain(error: Exception, host: str, proxied: bool = False) -> RunasError:
    """Turn an exception of requests into the error to raise; *proxied* says that a proxy is used.

    Then the address that cannot be read is the proxy's: the other has been read before.
    """
    if isinstance(error, raised.SSLError):
        return tls.explain(str(error), host, _REACH)
    if type(error) is OSError and "CA certificate bundle" in str(error):  # requests' own words
        return tls.no_certificates()
    if isinstance(error, _ADDRESS) and proxied:
        return _proxy(error, host)
    if isinstance(error, _ADDRESS):
        return ConfigurationError(f"an address at {host or 'the provider'} cannot be read", _CHECK)
    for kind, made, fact, hint in _MEANINGS:
        if isinstance(error, kind):
            return made(f"{fact.format(host=host)}{_why(error)}", hint)
    return ServiceUnavailable(
        f"the answer of {host} cannot be read ({type(error).__name__})", "try again later"
    )


def _proxy(error: Exception, host: str) -> RunasError:
    proxy = f"the proxy on the way to {host}"
    if "SOCKS" in str(error):
        return ConfigurationError(
            f"{proxy} is a SOCKS proxy, which needs the package PySocks",
            "install it beside runas, or set HTTPS_PROXY to a proxy with http://",
        )
    return ConfigurationError(
        f"the address of {proxy} cannot be read", "write HTTPS_PROXY as http://HOST:PORT"
    )


_CHECK = "check saml_auth_url"
_ADDRESS = (
    raised.InvalidURL,
    raised.MissingSchema,
    raised.InvalidSchema,
    raised.InvalidProxyURL,
    UnicodeError,
)


# A proxy's error and some time-outs are connection errors too: the special ones come first.
_MEANINGS: tuple[tuple[type[Exception], type[RunasError], str, str], ...] = (
    (
        raised.ProxyError,
        ServiceUnavailable,
        "the proxy on the way to {host} fails",
        "check HTTPS_PROXY and NO_PROXY",
    ),
    (
        raised.TooManyRedirects,
        PageNotRecognised,
        "{host} redirects in a circle",
        "check saml_auth_url; try once with -rr",
    ),
    (raised.Timeout, ServiceUnavailable, "{host} takes too long to answer", "try again later"),
    (raised.ConnectionError, ServiceUnavailable, "{host} cannot be reached", _REACH),
)


def _why(error: Exception) -> str:
    """Say whether the name or the port is the matter; the words are urllib3's classes."""
    text = str(error)
    if "NameResolutionError" in text or "getaddrinfo" in text:
        return ": there is no such host"
    return ": the connection is refused" if "refused" in text else ""
