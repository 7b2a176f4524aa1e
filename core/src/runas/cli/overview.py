"""What the profiles are and which credentials are cached: for ``list profiles`` and ``status``."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from runas import formats
from runas.cache import Cache, Entry, Miss, key
from runas.errors import RunasError
from runas.model import RoleArn

if TYPE_CHECKING:
    from runas.config.resolver import Config
    from runas.profile import Profile

PURPOSES = ("role", "session")
_DAY = 20 * 3600  # seconds; from then on the hour alone might be read as today's


@dataclass(frozen=True)
class Row:
    """One profile. ``entry`` is what is cached for it; ``problem`` why it cannot be resolved."""

    name: str
    family: str = ""
    provider: str = ""
    account: str = ""
    role: str = ""
    entry: Entry | None = None
    problem: str = ""

    @property
    def state(self) -> str:
        """Say in a few words whether there are credentials."""
        if self.problem:
            return "broken"
        return "" if self.entry is None else ends(self.entry)

    def document(self) -> dict[str, str | None]:
        """Return the row for JSON: absent is null, the end in UTC."""
        end = self.entry.credentials.expiration if self.entry else None
        texts = {
            "name": self.name,
            "family": self.family,
            "provider": self.provider,
            "account": self.account,
            "role": self.role,
            "state": "broken" if self.problem else "cached" if self.entry else "none",
            "expiration": None if end is None else formats.rfc3339(end),
            "problem": self.problem,
        }
        return {name: text or None for name, text in texts.items()}


def ends(entry: Entry) -> str:
    """Say shortly when cached credentials end: ``until 14:05 (in 43 minutes)``."""
    end = entry.credentials.expiration
    if end is None:
        return "no end"
    away = formats.left(round(end - time.time()))
    if end <= time.time():
        return f"ended {away}"
    shape = "%H:%M" if end - time.time() < _DAY else "%a %H:%M"
    return f"until {time.strftime(shape, time.localtime(end))} ({away})"


def rows(config: Config, cache: Cache) -> Iterator[Row]:
    """Yield a row for every profile of the AWS files; a broken one does not hide the others."""
    name_of = Providers()
    for name in config.profile_names():
        try:
            profile = config.profile(name)
        except RunasError as error:
            yield Row(name, problem=str(error))
        else:
            account, role = place(profile.settings)
            entry = cached(cache, profile)
            yield Row(name, profile.family, name_of(profile), account, role, entry)


def cached(cache: Cache, profile: Profile) -> Entry | None:
    """Return the profile's cached credentials that have not ended: the role's, else a session's."""
    for purpose in PURPOSES:
        try:
            entry = cache.read(key(purpose, profile))
        except Miss:
            continue
        if entry.usable(time.time()):
            return entry
    return None


def place(settings: Mapping[str, str]) -> tuple[str, str]:
    """Return account and role of a profile, as far as its settings say."""
    try:
        arn = RoleArn.parse(settings.get("role_arn", ""))
    except ValueError:
        role = settings.get("role_name") or settings.get("sso_role_name") or ""
        return settings.get("sso_account_id", ""), role
    return arn.account_id, arn.path[1:] + arn.name


def label(config: Config) -> Callable[[str], str]:
    """Return what labels a profile for a picker: name, account and role, in columns.

    Only what the sections themselves say: of many profiles, none is resolved.
    """
    said: dict[str, Mapping[str, str]] = {}
    for file in (config.credentials, config.config):
        for section in file.sections([]):
            if section.kind == "profile":
                said[section.name] = {**said.get(section.name, {}), **section.values}
    return lambda name: "  ".join((name, *(text or "-" for text in place(said.get(name, {})))))


class Providers:
    """Name the provider of a profile without importing any; asks the metadata once a kind."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], str] = {}

    def __call__(self, profile: Profile) -> str:
        """Return the provider's name; empty where several may serve, or none."""
        kind = (profile.provider, profile.family)
        if kind not in self._known:
            self._known[kind] = self._look_up(profile)
        return self._known[kind]

    def _look_up(self, profile: Profile) -> str:
        from runas import plugins

        try:
            found = plugins.candidates(profile)
        except RunasError:
            return ""
        return found[0].name if len(found) == 1 else ""
