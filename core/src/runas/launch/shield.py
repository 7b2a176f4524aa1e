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

from runas.config.keys import EVIDENCE
from runas.config.options import BY_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.config.aws_files import AwsFile, Section
    from runas.profile import Profile

    Settings = dict[str, str | dict[str, str]]

_DECIDING = EVIDENCE | {"role_arn", "source_profile"}
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

    None where nothing is in the way and the profile has no settings of its own. The copy lies in
    *folder* and is made once for each content of the files.
    """
    variables = _past_boto(environ)
    default, keys = config.profile("default"), credentials.profile("default")
    own = {} if profile.name == "default" else own_settings(config, credentials, profile.name)
    stated = _settings(keys)
    hide = _decides(keys) or any(name in stated for name in own)
    if hide:
        variables[_CREDENTIALS] = variables[_CREDENTIALS_OF_OLD_JAVA] = os.devnull
    if not (hide or own or _decides(default)):
        return variables
    from .shielded import copy

    settings = _harmless(default)
    _lay_over(settings, stated)
    _lay_over(settings, own)
    variables[_CONFIG] = copy(config, credentials if hide else None, settings, folder)
    return variables


def own_settings(config: AwsFile, credentials: AwsFile, name: str) -> Settings:
    """Return what a profile says about clients, not about credentials or signing in.

    Its region is not among them: that reaches the command in AWS_REGION.
    """
    settings: Settings = {}
    for section in (config.profile(name), credentials.profile(name)):
        harmless = _harmless(section)
        ours = {key for key in harmless if key in BY_KEY and key != "ca_bundle"}
        _lay_over(settings, {key: harmless[key] for key in harmless if key not in ours})
    return settings


def leads_to_credentials(key: str) -> bool:
    """Tell a key that says where a profile's credentials come from, or whose they are."""
    return key in _DECIDING or key == "role_session_name" or key.startswith(("aws_", "sso_"))


def _decides(section: Section | None) -> bool:
    if section is None:
        return False
    return any(key in _DECIDING or key.startswith("sso_") for key in section.lines)


def _settings(section: Section | None) -> Settings:
    return {} if section is None else {**section.values, **section.nested}


def _harmless(section: Section | None) -> Settings:
    settings = _settings(section)
    return {key: settings[key] for key in settings if not leads_to_credentials(key)}


def _lay_over(settings: Settings, upper: Settings) -> None:
    """Put *upper* on top; of nested settings, each one by itself."""
    for key, value in upper.items():
        below = settings.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            settings[key] = {**below, **value}
        elif not leads_to_credentials(key):
            settings[key] = value


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
