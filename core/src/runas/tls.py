"""Why no TLS connection came about, from the words of OpenSSL that all HTTP libraries pass on."""

from __future__ import annotations

import re

from runas.errors import ConfigurationError, RunasError, ServiceUnavailable

# What OpenSSL and the system say of a file of certificates, before anything is sent.
_NO_CERTIFICATES = re.compile(r"NO_CERTIFICATE|NO_START_LINE|\[Errno (?:2|13|21)\]")


def explain(words: str, host: str, reach: str) -> RunasError:
    """Return the error for what a library says; *reach* is the hint where nothing is known."""
    if _NO_CERTIFICATES.search(words):
        return no_certificates()
    if "CERTIFICATE_VERIFY_FAILED" not in words:
        return ServiceUnavailable(f"no TLS connection to {host} could be made", reach)
    return ServiceUnavailable(
        f"the certificate of {host} is not trusted",
        "where a proxy inspects TLS, set ca_bundle or AWS_CA_BUNDLE to its certificate",
    )


def no_certificates() -> RunasError:
    """Return the error for a file of certificates that is missing or holds none."""
    return ConfigurationError(
        "the file of certificates to trust cannot be used",
        "check ca_bundle, AWS_CA_BUNDLE and REQUESTS_CA_BUNDLE: a readable file in PEM format",
    )
