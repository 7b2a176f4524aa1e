"""Which Identity Center is meant, where it was not named in full.

The search is the one that aws-sso-util documents, so that its users' habits and variables keep
working: a full address with a region is taken as it is; otherwise the instances in the config are
filtered by address (in full, or a pattern) and region, and exactly one must remain.
Source: https://github.com/benkehoe/aws-sso-util/blob/master/docs/configure.md
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import runas

notice = logging.getLogger("runas.notice")


@dataclass(frozen=True)
class Instance:
    """One Identity Center; ``session`` is the ``[sso-session]`` it was found under, if any."""

    start_url: str
    region: str
    session: str | None = None

    def __str__(self) -> str:
        return f"{self.start_url} ({self.region})"


def find_instance(
    start_url: str | None, region: str | None, instances: Iterable[Instance]
) -> Instance:
    """Return the one instance that fits; raise ConfigurationError listing them otherwise.

    ``start_url`` is a full address where it begins with ``http``, else a regular expression that
    may match anywhere. None leaves the address, or the region, open.
    """
    if start_url and region and _full(start_url):
        return Instance(start_url, region)
    known = list(_unique(instances))
    fitting = [
        one
        for one in known
        if _address_fits(start_url, one) and (not region or one.region == region)
    ]
    if len(fitting) == 1:
        return fitting[0]
    raise _undecided(start_url, region, fitting, known)


def read_instances(text: str) -> Iterator[Instance]:
    """Read what core found in the config: ``URL REGION [SESSION]``, one instance a line."""
    for line in text.splitlines():
        parts = line.split(None, 2)
        if len(parts) > 1:
            yield Instance(parts[0], parts[1], parts[2].strip() if len(parts) == 3 else None)


def _full(start_url: str) -> bool:
    return start_url.startswith("http")


def _address_fits(start_url: str | None, instance: Instance) -> bool:
    if not start_url:
        return True
    if _full(start_url):
        return instance.start_url == start_url
    try:
        return re.search(start_url, instance.start_url) is not None
    except re.error as error:
        raise runas.ConfigurationError(
            f"sso_start_url: {start_url!r} is neither an address nor a pattern: {error}",
            "write the whole address: https://...",
        ) from error


def _unique(instances: Iterable[Instance]) -> Iterator[Instance]:
    """Name each address once; the first region counts, another one is a slip in the config."""
    seen: dict[str, Instance] = {}
    for one in instances:
        first = seen.get(one.start_url)
        if first is None:
            seen[one.start_url] = one
            yield one
        elif first.region != one.region:
            notice.warning(
                "the config has %s in two regions: %s and %s; using the first",
                one.start_url,
                first.region,
                one.region,
            )


def _undecided(
    start_url: str | None, region: str | None, fitting: list[Instance], known: list[Instance]
) -> runas.ConfigurationError:
    asked = " in ".join(part for part in (start_url, region) if part)
    listed = ", ".join(str(one) for one in (fitting or known)) or "none"
    if fitting:
        fact = f"several Identity Centers fit {asked}" if asked else "there are several instances"
        return runas.ConfigurationError(f"{fact}: {listed}", "give --sso-start-url, --sso-region")
    fact = f"no Identity Center in the config fits {asked}" if asked else "no Identity Center known"
    return runas.ConfigurationError(
        f"{fact}; found: {listed}", "give the full --sso-start-url and --sso-region"
    )
