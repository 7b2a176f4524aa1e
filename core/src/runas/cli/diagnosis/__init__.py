"""What ``runas diagnose`` looks at, a module for each part of a login.

Every check is a generator of findings over one `Case`; it asks nobody and changes nothing. `walk`
runs them in the order in which a login would meet what they look at.
"""

from __future__ import annotations

from collections.abc import Iterator

from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.errors import RunasError

__all__ = ["Case", "Finding", "Mark", "walk"]


def walk(case: Case) -> Iterator[Finding]:
    """Run every check that applies; one that cannot go on says why."""
    from runas.cli.diagnosis import (
        cached,
        conflicts,
        files,
        keys,
        network,
        passwords,
        plugins,
        provider,
        values,
    )

    checks = [files.check, plugins.check]
    if case.profile is not None:
        checks += [values.check, conflicts.check, values.region, keys.check, provider.check]
        checks += [] if case.offline else [network.check]
        checks += [passwords.check, cached.check]
    for check in checks:
        try:
            yield from check(case)
        except RunasError as error:
            topic = check.__module__.rpartition(".")[2]
            yield Finding(Mark.WRONG, topic, error.fact, error.hint)
