"""What went wrong on the way to a provider, in words for a person; never its address's query."""

from __future__ import annotations

from requests import exceptions as raised

from runas.errors import ConfigurationError, PageNotRecognised, RunasError, ServiceUnavailable

_REACH = "check the address, the network, HTTPS_PROXY and NO_PROXY"


def explain(error: Exception, host: str) -> RunasError:
    """Turn an exception of requests into the error to raise."""
    if isinstance(error, raised.SSLError):
        return _tls(error, host)
    if isinstance(error, _ADDRESS):
        return ConfigurationError(f"an address at {host or 'the provider'} cannot be read", _CHECK)
    for kind, made, fact, hint in _MEANINGS:
        if isinstance(error, kind):
            return made(f"{fact.format(host=host)}{_why(error)}", hint)
    return ServiceUnavailable(
        f"the answer of {host} cannot be read ({type(error).__name__})", "try again later"
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


def _tls(error: Exception, host: str) -> RunasError:
    if "CERTIFICATE_VERIFY_FAILED" not in str(error):
        return ServiceUnavailable(f"no TLS connection to {host} could be made", _REACH)
    return ServiceUnavailable(
        f"the certificate of {host} is not trusted",
        "where a proxy inspects TLS, set ca_bundle or AWS_CA_BUNDLE to its certificate",
    )


def _why(error: Exception) -> str:
    """Say whether the name or the port is the matter; the words are urllib3's classes."""
    text = str(error)
    if "NameResolutionError" in text or "getaddrinfo" in text:
        return ": there is no such host"
    return ": the connection is refused" if "refused" in text else ""
