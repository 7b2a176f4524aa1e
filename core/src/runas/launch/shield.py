"""Keep a ``[default]`` with credentials from winning over the endpoint.

The SDKs ask the container endpoint last: keys, a role, SSO or a process of the active profile come
first, and without AWS_PROFILE that is ``[default]``. So the command is shown a copy of the config
file whose ``[default]`` says everything but where credentials come from, plus what the profile says
about output, retries and the like; and no credentials file, where that one has a ``[default]``.

Source: botocore.credentials.create_credential_resolver, and the chains of the AWS SDKs for
JavaScript v3 (credential-provider-node), Go v2 (config/resolve_credentials.go) and Java v2.
"""

from __future__ import annotations

import os

from runas.config.aws_files import SHIELDED
from runas.config.options import BY_KEY

from .settings import decides, harmless, lay_over, stated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.config.aws_files import AwsFile
    from runas.profile import Profile

    from .settings import Settings

_CONFIG = "AWS_CONFIG_FILE"
_CREDENTIALS = "AWS_SHARED_CREDENTIALS_FILE"
_CREDENTIALS_OF_OLD_JAVA = "AWS_CREDENTIAL_PROFILES_FILE"
_BOTO = "BOTO_CONFIG"


def shield(
    config: AwsFile,
    credentials: AwsFile,
    profile: Profile,
    folder: str,
    environ: Mapping[str, str],
) -> dict[str, str]:
    """Return the variables that lead the SDKs past what the user's files say about credentials.

    Empty where nothing is in the way and the profile has no settings of its own. The copy lies in
    *folder* and is made once for each content of the files.
    """
    variables = _past_boto(environ)
    default, keys = config.profile("default"), credentials.profile("default")
    own = {} if profile.name == "default" else own_settings(config, credentials, profile.name)
    said = stated(keys)
    hide = decides(keys) or any(name in said for name in own)
    if hide:
        variables[_CREDENTIALS_OF_OLD_JAVA] = os.devnull
        variables |= _hidden(_CREDENTIALS, os.devnull, credentials)
    if not (hide or own or decides(default)):
        return variables
    from .shielded import copy

    settings = harmless(default)
    lay_over(settings, said)
    lay_over(settings, own)
    shown = copy(config, credentials if hide else None, settings, folder)
    return variables | _hidden(_CONFIG, shown, config)


def _hidden(variable: str, shown: str, file: AwsFile) -> dict[str, str]:
    """Show one file instead of another; a runas inside the command still finds the other."""
    shield_name, behind_name = SHIELDED[variable]
    return {variable: shown, shield_name: shown, behind_name: os.path.abspath(file.path)}


def own_settings(config: AwsFile, credentials: AwsFile, name: str) -> Settings:
    """Return what a profile says about clients, not about credentials or signing in.

    Its region is not among them: that reaches the command in AWS_REGION.
    """
    settings: Settings = {}
    for section in (config.profile(name), credentials.profile(name)):
        for key, value in harmless(section).items():
            if key not in BY_KEY or key == "ca_bundle":
                lay_over(settings, {key: value})
    return settings


def _past_boto(environ: Mapping[str, str]) -> dict[str, str]:
    """Hide the file of botocore's ancestor where it holds keys: botocore still reads it.

    Source: botocore.credentials.BotoProvider
    """
    named = environ.get(_BOTO)
    for path in [named] if named else ["/etc/boto.cfg", "~/.boto"]:
        try:
            with open(os.path.expanduser(path), "rb") as file:
                if b"aws_access_key_id" in file.read():
                    return {_BOTO: os.devnull}
        except OSError:
            continue
    return {}
