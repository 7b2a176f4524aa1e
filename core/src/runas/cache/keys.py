"""The name under which an answer is remembered: everything that would change it, hashed."""

from __future__ import annotations

from .document import VERSION, digest, encoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from runas.profile import Profile

# Settings that say how to ask, how to show the answer, or are stood for by another setting. All
# others, a plugin's own included, are taken to change the answer: a login too many is a nuisance,
# the credentials of another role are a disaster. `endpoint_url*` stays keyed: a test endpoint's
# credentials are not AWS's.
UNKEYED = frozenset(
    {
        # how the person or the machine answers
        "mfa_process",
        "mfa_type",
        "no_browser",
        "no_input",
        "otp",
        "password",
        "password_process",
        "redirect_port",
        "remember_device",
        "use_device_code",
        # how credentials are handed on, and for how long they are trusted
        "env_credentials",
        "output",
        "output_format",
        "profile_name_prefix",
        "refresh_before_expiry",
        "write_credentials",
        # how to talk
        "account_id_endpoint_mode",
        "api_versions",
        "ca_bundle",
        "defaults_mode",
        "disable_request_compression",
        "max_attempts",
        "metadata_service_num_attempts",
        "metadata_service_timeout",
        "parameter_validation",
        "record",
        "request_checksum_calculation",
        "request_min_compression_size_bytes",
        "response_checksum_validation",
        "retry_mode",
        "sdk_ua_app_id",
        "sigv4a_signing_region_set",
        "tcp_keepalive",
        "verbose",
        # what the command does with the credentials; AWS credentials know no region
        "region",
        "s3",
        "services",
        # stood for by the access key id, and by the hop that the name leads to
        "aws_credential_expiration",
        "aws_secret_access_key",
        "aws_session_token",
        "source_profile",
    }
)
_UNKEYED_PREFIX = "cli_"


def key(purpose: str, profile: Profile, names: Collection[str] | None = None) -> str:
    """Return 40 hex digits for *purpose* and every setting of the chain that changes the answer.

    With *names*, only those settings count: what proves an identity is shared by all the profiles
    that take a role with it. A profile's own name never counts: two names for the same settings
    share their credentials.
    """
    parts = [_framed(str(VERSION)), _framed(purpose)]
    for hop in profile.hops():
        kept = [name for name in sorted(hop.settings) if _counts(name, names)]
        parts.append(b"%d;" % len(kept))
        for name in kept:
            parts += (_framed(name), _framed(hop.settings[name]))
    return digest(b"".join(parts))


def _counts(name: str, names: Collection[str] | None) -> bool:
    if names is not None:
        return name in names
    return name not in UNKEYED and not name.startswith(_UNKEYED_PREFIX)


def _framed(text: str) -> bytes:
    """Put the length before a text, so that ('ab', 'c') and ('a', 'bc') differ."""
    content = encoded(text)
    return b"%d:%b" % (len(content), content)
