"""Open the user's configuration for one invocation: files, project file, environment, options."""

from __future__ import annotations

import os

from runas.config.keys import EVIDENCE
from runas.config.options import BY_KEY
from runas.config.project import find
from runas.config.resolver import Config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from runas.config.commandline import Invocation
    from runas.config.project import ProjectFile

_HARMLESS = frozenset(
    "role_prefix refresh_before_expiry profile_name_prefix default_profile region role_arn"
    " source_profile external_id role_session_name credentials_duration session_token_duration"
    " mfa_serial mfa_type sso_account_id sso_role_name output read_only".split()
)
"""What a project file may say unasked: nothing that runs a command or sends a secret anywhere."""


def open_config(invocation: Invocation, environ: Mapping[str, str] | None = None) -> Config:
    """Return the configuration; a project file's commands and addresses count only once trusted."""
    environ = os.environ if environ is None else environ
    home = os.path.expanduser("~")
    return Config(environ, invocation.given, home, _project(environ, home))


def needs_trust(key: str) -> bool:
    """Tell a project setting that names a command, an address or keys from a harmless one."""
    option = BY_KEY.get(key)
    return key in EVIDENCE or (option.name if option else key) not in _HARMLESS


def _project(environ: Mapping[str, str], home: str) -> ProjectFile | None:
    try:
        here = os.getcwd()
    except OSError:  # the working directory was removed
        return None
    project = find(here, home)
    if project is not None and any(needs_trust(key) for key in project.values):
        from runas.config.trust import trusted_part

        return trusted_part(project, needs_trust, environ, home)
    return project
