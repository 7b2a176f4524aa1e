"""Find the keys that a profile starts from.

A profile's own come first, then those of its `source_profile`, and so on. Core has already put
those of the environment and of both AWS files into the settings.
Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
"""

from __future__ import annotations

from collections.abc import Iterator

import runas
from runas.aws import metadata, process

_ID, _SECRET, _TOKEN = "aws_access_key_id", "aws_secret_access_key", "aws_session_token"


def find(profile: runas.Profile) -> runas.Credentials:
    """Return the first keys found; raise ConfigurationError where there are none."""
    for hop in nearest_first(profile):
        found = static(hop) or _fetched(hop)
        if found:
            return found
        if hop.get("login_session"):
            raise _console_session(hop)
    raise runas.ConfigurationError(
        f"profile '{profile.name}' has no access keys to start from",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or add the keys, a source_profile,"
        " credential_process or credential_source to the profile",
    )


def long_term(profile: runas.Profile) -> runas.Credentials | None:
    """Return the user's own keys where they stand in the settings; runs and asks nothing."""
    for hop in nearest_first(profile):
        found = static(hop)
        if found:
            return None if found.temporary else found
    return None


def nearest_first(profile: runas.Profile) -> Iterator[runas.Profile]:
    """Yield the profile, its source, the source's source; roles on the way are core's."""
    hop: runas.Profile | None = profile
    while hop is not None:
        yield hop
        hop = hop.source


def static(profile: runas.Profile) -> runas.Credentials | None:
    """Return the keys in a profile's settings; half a pair is an error."""
    key_id, secret = profile.get(_ID), profile.get(_SECRET)
    if not key_id and not secret:
        return None
    if not key_id or not secret:
        present, missing = (_ID, _SECRET) if key_id else (_SECRET, _ID)
        raise runas.ConfigurationError(
            f"{profile.origin(present)}: {present} without {missing}", f"add {missing}"
        )
    token = profile.get(_TOKEN) or profile.get("aws_security_token")
    return runas.Credentials(key_id, secret, token or None)


def _console_session(profile: runas.Profile) -> runas.ConfigurationError:
    """Say how to come by the keys of `aws login`, which only the AWS CLI reads and renews."""
    return runas.ConfigurationError(
        f"{profile.origin('login_session')}: the session of 'aws login' is the AWS CLI's own",
        "start from a profile with 'credential_process = aws configure export-credentials"
        f" --format process --profile {profile.name}'",
    )


def _fetched(profile: runas.Profile) -> runas.Credentials | None:
    command, place = profile.get("credential_process"), profile.get("credential_source")
    if command:
        return process.run(command, profile.origin("credential_process"))
    if place:
        return metadata.fetch(place, profile.origin("credential_source"))
    return None
