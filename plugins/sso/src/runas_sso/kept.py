"""The tokens and registrations that the AWS tools share: ``~/.aws/sso/cache``.

A token's file is named by the SHA-1 of the session's name, or of the start URL as it is spelt in
the config; a registration's by that of what it is for. `runas` registers under its own name, so
that nobody is asked to approve "botocore", and keeps one registration for each kind of login.
Source: aws-cli v2, ``awscli/botocore/utils.py`` (``SSOTokenFetcher``).
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha1
from typing import Any

from runas.cache.files import publish
from runas.cache.locks import Lock
from runas_sso.place import Place, is_alias
from runas_sso.token import Client, Token, moment, read_client, read_token

notice = logging.getLogger("runas.notice")

_LARGEST = 1 << 20


def folder() -> str:
    """Return the folder of tokens; the AWS tools know no other than the one in the home folder."""
    return os.path.join(os.path.expanduser("~"), ".aws", "sso", "cache")


def token_path(place: Place) -> str:
    """Return the file of a place's token."""
    return os.path.join(folder(), _digest(place.name) + ".json")


def token(place: Place) -> Token | None:
    """Read the token of a place; None where there is none, or one of another instance."""
    found = read_token(_content(token_path(place)))
    if found is None or not place.region or found.region not in ("", place.region):
        return None
    return None if _differs(found.start_url, place) else found


def region(place: Place) -> str:
    """Return the region that a place's login was made in; '' where that is not known."""
    found = read_token(_content(token_path(place)))
    return found.region if found and not _differs(found.start_url, place) else ""


def keep_token(place: Place, token: Token) -> None:
    """Write a token; where that cannot be, say so: the login itself has succeeded."""
    _keep(token_path(place), token.content())


def forget_token(place: Place, access: str) -> None:
    """Remove the token's file, unless another login has replaced that token."""
    found = read_token(_content(token_path(place)))
    if found is None or found.access == access:
        with suppress(OSError):
            os.unlink(token_path(place))


def client(place: Place, grant: str, margin: int = 900) -> Client | None:
    """Read the registration for a kind of login, unless it ends within *margin* seconds."""
    found = read_client(_content(_client_path(place, grant)))
    return found if found and found.expires_at - margin > time.time() else None


def keep_client(place: Place, grant: str, client: Client, grants: list[str]) -> None:
    """Write a registration."""
    content = {
        "clientId": client.id,
        "clientSecret": client.secret,
        "expiresAt": moment(client.expires_at),
        "scopes": list(place.scopes),
        "grantTypes": grants,
    }
    _keep(_client_path(place, grant), content)


def forget_client(place: Place, grant: str) -> None:
    """Remove a registration that the service does not know any more."""
    with suppress(OSError):
        os.unlink(_client_path(place, grant))


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Let one process at a time renew a place's token.

    The lock lies beside the folder: ``aws sso logout`` trips over files there that are not its own.
    """
    path = os.path.join(os.path.dirname(folder()), "runas", _digest(place.name) + ".lock")
    with Lock(path, lambda text: notice.warning("%s", text), lambda error: None):
        yield


def writable() -> bool:
    """Tell whether a renewed token could be kept."""
    try:
        os.makedirs(folder(), 0o700, exist_ok=True)
    except OSError:
        return False
    return os.access(folder(), os.W_OK | os.X_OK)


def forget_role_credentials() -> None:
    """Remove the role credentials that the AWS CLI has cached, as its own logout does."""
    cache = os.path.join(os.path.expanduser("~"), ".aws", "cli", "cache")
    with suppress(OSError):
        for name in os.listdir(cache):
            path = os.path.join(cache, name)
            if name.endswith(".json") and _content(path).get("ProviderType") == "sso":
                with suppress(OSError):
                    os.unlink(path)


def _client_path(place: Place, grant: str) -> str:
    arguments = {
        "region": place.region,
        "scopes": list(place.scopes),
        "session_name": place.session,
        "startUrl": place.start_url,
        "tool": f"runas {grant}",
    }
    return os.path.join(folder(), _digest(json.dumps(arguments, sort_keys=True)) + ".json")


def _digest(text: str) -> str:
    return sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _content(path: str) -> Mapping[str, Any]:
    """Read a file of ours or of others; one that cannot be read counts as none."""
    try:
        with open(path, "rb") as file:
            content = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _keep(path: str, content: Mapping[str, Any]) -> None:
    try:
        publish(path, json.dumps(content).encode())
    except OSError as error:
        notice.warning(
            "the sign-in cannot be kept in %s: %s", os.path.dirname(path), error.strerror
        )


def _differs(found: str, place: Place) -> bool:
    """Tell the address of another instance; for an alias, tools may note where it led."""
    if not found or _bare(found) == _bare(place.start_url):
        return False
    return is_alias(found) or not is_alias(place.start_url)


def _bare(url: str) -> str:
    return url.partition("#")[0].rstrip("/")
