"""The environment that the command gets."""

from __future__ import annotations

from runas.config.aws_files import unshielded
from runas.config.options import SECRET_VARIABLES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.profile import Profile

# Anything that an SDK would take credentials from before, or instead of, those of runas.
# Source: the provider chains of botocore, the AWS SDKs for JavaScript v3, Go v2 and Java v2, and
# of their predecessors (AWS_ACCESS_KEY, AWS_SECRET_KEY, AWS_SECURITY_TOKEN, AWS_CREDENTIAL_FILE).
_CREDENTIALS = frozenset(
    """
    AWS_PROFILE AWS_DEFAULT_PROFILE
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    AWS_ACCESS_KEY AWS_SECRET_KEY AWS_SECURITY_TOKEN AWS_CREDENTIAL_FILE
    AWS_CREDENTIAL_EXPIRATION AWS_SESSION_EXPIRATION
    AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN AWS_ROLE_SESSION_NAME
    """.split()
)
_CONTAINER = "AWS_CONTAINER_"

# RUNAS_COMMAND is told to this command's login; a runas inside it has a command of its own.
_WITHHELD = _CREDENTIALS | SECRET_VARIABLES | {"RUNAS_COMMAND"}


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """Return *environ* for a program that runas starts for itself."""
    return {name: text for name, text in environ.items() if name.upper() not in SECRET_VARIABLES}


def child_environment(
    environ: Mapping[str, str], profile: Profile, extra: Mapping[str, str]
) -> dict[str, str]:
    """Return *environ* for a command that has the profile's credentials and no others.

    *extra* holds the variables that lead to those credentials; nothing overrides them.
    """
    outside = unshielded(environ)
    child = {name: text for name, text in outside.items() if not _withheld(name.upper())}
    if profile.region:
        child["AWS_REGION"] = child["AWS_DEFAULT_REGION"] = profile.region
    child["RUNAS_PROFILE"] = child["AWSRUNAS_PROFILE"] = profile.name
    child.update(extra)
    return child


def _withheld(name: str) -> bool:
    return name in _WITHHELD or name.startswith(_CONTAINER)
