"""``runas status``: every set of cached credentials, every session, and when each ends."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from runas import formats
from runas.cache import Cache, key
from runas.cli.listing import Json
from runas.cli.overview import PURPOSES
from runas.cli.report import say
from runas.config.commandline import Invocation
from runas.config.folders import cache_folder, state_folder
from runas.config.load import open_config
from runas.errors import RunasError
from runas.prompters.words import plain

if TYPE_CHECKING:
    from runas.cache import Entry
    from runas.config.resolver import Config
    from runas.profile import Profile

_NAMED = 3

Clear = Annotated[bool, typer.Option("--clear", help="Drop everything that is cached.")]


def status(invocation: Invocation, as_json: Json = False, clear: Clear = False) -> int:
    """Show the cached credentials and sessions, and when each ends.

    \b
    Examples:
      runas status
      runas status --json
      runas status --clear
    """
    config = open_config(invocation)
    home = os.path.expanduser("~")
    cache = Cache(cache_folder(config.environ, home), say)
    state = state_folder(config.environ, home)
    if clear:
        return _clear(cache, state)
    found = [*credentials(config, cache), *sessions(config, home, state)]
    if as_json:
        print(json.dumps(found, indent=2))
    elif found:
        print("\n".join(map(_shown, found)))
    else:
        say("nothing is cached")
    return 0


def credentials(config: Config, cache: Cache) -> list[dict[str, Any]]:
    """Describe every cached set of credentials, the one that ends last first."""
    entries = dict(cache.entries())
    names = _names(config, set(entries))
    found = [_described(entry, names.get(name, [])) for name, entry in entries.items()]
    return sorted(found, key=lambda one: one["ends"] or 0, reverse=True)


def sessions(config: Config, home: str, state: str) -> list[dict[str, Any]]:
    """Describe what was signed in to, with the profiles that go there."""
    from runas.cli.tokens import sign_ins, tokens

    found = [*tokens(home), *sign_ins(state)]
    places: dict[str, list[str]] = {}
    for profile in _profiles(config) if found else ():
        for place in _places(profile):
            places.setdefault(place, []).append(profile.name)
    for one in found:
        one["profiles"] = places.get(one["subject"], [])
    return found


def _places(profile: Profile) -> Iterator[str]:
    """Name where a profile signs in: its portal's address, or its sign-in page's host."""
    if profile.get("sso_start_url"):
        yield profile.get("sso_start_url") or ""
    address = profile.get("saml_auth_url")
    if address:
        with suppress(ValueError):
            yield urlsplit(address).hostname or ""


def _profiles(config: Config) -> Iterator[Profile]:
    """Yield the profiles that can be resolved."""
    for name in config.profile_names():
        with suppress(RunasError):
            yield config.profile(name)


def _names(config: Config, keys: set[str]) -> dict[str, list[str]]:
    """Find the profiles whose credentials these are: an entry itself does not say."""
    names: dict[str, list[str]] = {}
    for profile in _profiles(config) if keys else ():
        for purpose in PURPOSES:
            one = key(purpose, profile)
            if one in keys:
                names.setdefault(one, []).append(profile.name)
    return names


def _described(entry: Entry, profiles: list[str]) -> dict[str, Any]:
    end = entry.credentials.expiration
    return {
        "kind": "role" if "role" in entry.facts else "session",
        "profiles": profiles,
        "role": entry.facts.get("role"),
        "subject": entry.facts.get("subject"),
        "ends": end,
        "expiration": None if end is None else formats.rfc3339(end),
        "usable": entry.usable(time.time()),
    }


def _shown(one: dict[str, Any]) -> str:
    """Write one in three short lines, which fit any terminal."""
    subject = plain(one["subject"] or "")
    kind, _, more = one["kind"].partition(", ")
    what = one["role"] or ", ".join(filter(None, (f"{kind} of {subject or 'somebody'}", more)))
    whose = f" as {subject}" if one["role"] and subject else ""
    return f"{_title(one['profiles'])}\n  {what}{whose}\n  {_when(one)}"


def _title(names: list[str]) -> str:
    """Name the profiles, the first few of many."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more or "(no profile)"


def _when(one: dict[str, Any]) -> str:
    if "used" in one:
        used = formats.seconds_of(one["used"])
        return f"used {formats.moment(used)} ({formats.left(used - round(time.time()))})"
    end = one["ends"]
    if end is None:
        return "does not end"
    away = end - round(time.time())
    word = "ends" if away > 0 else "ended"
    return f"{word} {formats.moment(end)} ({formats.left(away)})"


def _clear(cache: Cache, state: str) -> int:
    """Drop credentials, notes and the cookies of sign-in pages.

    Identity Center's tokens stay: they are the AWS CLI's as well.
    """
    from runas.cli.tokens import drop_cookies

    dropped, cookies = cache.clear(), drop_cookies(state)
    say(f"dropped {dropped} sets of credentials and {cookies} sign-in sessions")
    return 0
