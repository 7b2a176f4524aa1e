"""``-c``: write the credentials to the AWS credentials file, for programs that read only that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runas import formats
from runas.config.writing import write_section

if TYPE_CHECKING:
    from runas.cache import Entry
    from runas.config.resolver import Config
    from runas.profile import Profile


def write_credentials(config: Config, profile: Profile, entry: Entry) -> str:
    """Write them to a section of their own, and return its name; no other section is touched.

    The section is ``PROFILE-runas``; with the project's ``profile_name_prefix`` it is
    ``PREFIX-ROLE``, as assume-role-cli named it.
    """
    keys = entry.credentials
    name = section_name(config, profile)
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
    return f"{prefix}-{role}" if prefix else f"{profile.name}-runas"
