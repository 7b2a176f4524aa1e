"""Write one line of JSON for every set of credentials that is issued, whichever provider won it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Sequence

import runas

Outcome = runas.Credentials | runas.MfaRequired | None


@runas.hookimpl
def settings() -> Sequence[runas.Setting]:
    """List the profile keys that this extension reads."""
    return [
        runas.Setting(
            "audit_log_file",
            "The file that the lines go to; without it nothing is written.",
            example="~/runas-audit.jsonl",
            identity=False,
        )
    ]


@runas.hookimpl(wrapper=True)
def assume(
    profile: runas.Profile, identity: runas.Identity, role: runas.Role
) -> Generator[None, Outcome, Outcome]:
    """Stand around the provider's own ``assume`` and note what came of it."""
    outcome = yield
    if isinstance(outcome, runas.Credentials) and profile.get("audit_log_file"):
        _write(profile, _line(profile, identity, role, outcome))
    return outcome


def _line(
    profile: runas.Profile,
    identity: runas.Identity,
    role: runas.Role,
    credentials: runas.Credentials,
) -> dict[str, object]:
    """Say who got what, until when and for which command; nothing in it opens anything."""
    return {
        "time": int(time.time()),
        "who": identity.subject,
        "profile": profile.name,
        "role": str(role),
        "provider": profile.provider,
        "command": profile.get("runas_command"),
        "access_key_id": credentials.access_key_id,
        "expires": credentials.expiration,
    }


def _write(profile: runas.Profile, line: dict[str, object]) -> None:
    """Append the line in one go; a log that cannot be written stops the login."""
    path = os.path.expanduser(profile.get("audit_log_file") or "")
    text = json.dumps(line, sort_keys=True) + "\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise runas.ConfigurationError(
            f"audit_log_file ({profile.origin('audit_log_file')}): {error.strerror}: {path}",
            "name another file, or correct its mode",
        ) from error
