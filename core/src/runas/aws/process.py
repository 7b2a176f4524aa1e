"""Keys from a program: `credential_process`.

What it prints on stdout is secret and never repeated; its stderr goes to the user's own, so that
it can explain itself.
Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
"""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from typing import Any

from runas.aws.keys import sendable
from runas.cache.locks import inside_login
from runas.errors import ConfigurationError
from runas.model import Credentials

# With AWS_PROFILE a program that itself uses the AWS CLI could call this profile, and so itself,
# for ever. The others are secrets that were meant for runas alone.
_WITHHELD = frozenset(
    "AWS_PROFILE AWS_DEFAULT_PROFILE MFA_CODE RUNAS_PASSWORD SAML_PASSWORD WEB_PASSWORD".split()
)


def run(command: str, origin: str) -> Credentials:
    """Run the command, without a shell, and read the credentials it prints."""
    words = _split(command, origin)
    environ = {name: value for name, value in os.environ.items() if name.upper() not in _WITHHELD}
    try:
        # The command's stdin stays closed: what is piped into runas belongs to the user's command.
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=inside_login(environ),
            check=False,
        )
    except OSError as error:
        raise _failed(origin, f"cannot run {words[0]!r}: {error.strerror}") from error
    except ValueError:
        raise _failed(origin, "the command holds a NUL") from None
    if done.returncode:
        raise _failed(origin, f"{words[0]!r} ended with status {done.returncode}")
    return _read(done.stdout, origin)


def _split(command: str, origin: str) -> list[str]:
    from botocore.compat import compat_shell_split

    try:
        words: list[str] = compat_shell_split(command)
    except ValueError as error:
        raise _failed(origin, f"the command cannot be split: {error}") from error
    if not words:
        raise _failed(origin, "the command is empty")
    return words


def _read(text: bytes, origin: str) -> Credentials:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        # Not chained: the error would carry the text.
        raise _failed(origin, "its output is not JSON") from None
    if not isinstance(answer, dict) or answer.get("Version") != 1:
        raise _failed(origin, 'its output lacks "Version": 1')
    key_id, secret = answer.get("AccessKeyId"), answer.get("SecretAccessKey")
    token = answer.get("SessionToken")
    if not isinstance(key_id, str) or not isinstance(secret, str) or not key_id or not secret:
        raise _failed(origin, "its output lacks AccessKeyId or SecretAccessKey")
    if token is not None and not isinstance(token, str):
        raise _failed(origin, "its SessionToken is no text")
    if not all(map(sendable, (key_id, secret, token or ""))):
        raise _failed(origin, "its keys hold what no key does")
    return Credentials(key_id, secret, token or None, _expiration(answer, origin))


def _expiration(answer: dict[str, Any], origin: str) -> int | None:
    text = answer.get("Expiration")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise _failed(origin, "its Expiration is no ISO 8601 time") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if aware <= datetime.now(UTC):
        raise _failed(origin, "its credentials have expired already")
    return int(aware.timestamp())


def _failed(origin: str, fact: str) -> ConfigurationError:
    return ConfigurationError(
        f"credential_process ({origin}): {fact}", "run the command by itself to see what it says"
    )
