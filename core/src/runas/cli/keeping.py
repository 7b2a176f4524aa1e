"""``-c``: write the credentials to the AWS credentials file, for programs that read only that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runas import formats
from runas.config.writing import write_section
from runas.errors import ConfigurationError

if TYPE_CHECKING:
    from runas.cache import Entry
    from runas.config.resolver import Config
    from runas.profile import Profile

_IN_NAMES = "-_.+@"


def write_credentials(config: Config, profile: Profile, entry: Entry) -> str:
    """Write them to a section of their own, and return its name; no other section is touched.

    The section is ``PROFILE-runas``; with the project's ``profile_name_prefix`` it is
    ``PREFIX-ROLE``, as assume-role-cli named it.
    """
    keys = entry.credentials
    name = section_name(config, profile)
    _spare(config, name, keys.session_token)
    end = None if keys.expiration is None else formats.rfc3339(keys.expiration)
    changes = {
        "aws_access_key_id": keys.access_key_id,
        "aws_secret_access_key": keys.secret_access_key,
        "aws_session_token": keys.session_token,
        "expiration": end,
    }
    write_section(config.credentials.path, name, changes)
    return name


def section_name(config: Config, profile: Profile) -> str:
    """Return the name of the section that ``-c`` writes."""
    prefix = config.setting("profile_name_prefix")
    role = (profile.role_arn or profile.get("role_name") or profile.name).rpartition("/")[2]
    if not prefix:
        return f"{profile.name}-runas"
    if not all(letter.isalnum() or letter in _IN_NAMES for letter in prefix):
        # A project file may come with a clone: nothing but a name comes out of it.
        where = config.project.origin("profile_name_prefix") if config.project else "runas.toml"
        raise ConfigurationError(
            f"{where}: profile_name_prefix {prefix!r} is no part of a profile's name",
            f"use letters, digits and {_IN_NAMES}",
        )
    return f"{prefix}-{role}"


def _spare(config: Config, name: str, token: str | None) -> None:
    """Refuse to write over long-term keys: what is not ours cannot be had again."""
    section = config.credentials.profile(name)
    kept = section.values if section is not None else {}
    if token and kept.get("aws_access_key_id") and not kept.get("aws_session_token"):
        raise ConfigurationError(
            f"[{name}] of {config.credentials.shown} holds long-term keys, which -c leaves alone",
            "rename that section, or choose another profile_name_prefix",
        )
