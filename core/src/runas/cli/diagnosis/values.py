"""Every value that counts, and where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runas.aws.partitions import partition_in, partition_of
from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.cli.diagnosis.redact import value
from runas.config.keys import CLIENT
from runas.profile import Profile

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")
_DERIVED = {"session_policy_document", "runas_subject", "role_name", "sso_instances"}


def check(case: Case) -> Iterator[Finding]:
    """List the settings of every hop of the chain; what only tunes clients is for ``-v``."""
    names = [f"'{hop.name}'" for hop in case.hops]
    chain = " -> ".join(names)
    role = f", role {case.hops[-1].role_arn}" if case.hops[-1].role_arn else ""
    yield Finding(Mark.FINE, "profile", f"{chain}{role}")
    for hop in case.hops:
        yield from _hop(hop, several=len(case.hops) > 1)


def _hop(hop: Profile, several: bool) -> Iterator[Finding]:
    whose = f"{hop.name}: " if several else ""
    for name, text in sorted(hop.settings.items()):
        if name in _DERIVED or not text:
            continue
        said = f"{whose}{name} = {value(name, text)}  ({hop.origin(name)})"
        yield Finding(Mark.FINE, "values", said, detail=name in CLIENT)


def region(case: Case) -> Iterator[Finding]:
    """See whether there is a region, that looks like one and fits the role."""
    assert case.profile is not None
    name = case.profile.region
    if not name:
        hint = f"set region in profile '{case.profile.name}', or AWS_REGION"
        yield Finding(Mark.LOOK, "region", "no region: many commands will ask for one", hint)
        return
    where = case.profile.origin("region")
    if not _REGION.fullmatch(name):
        hint = "write one like eu-west-1"
        yield Finding(Mark.WRONG, "region", f"{name!r} is no region ({where})", hint)
        return
    partition = partition_in(case.profile.role_arn)
    if partition not in (None, partition_of(name)):
        fact = f"{name} ({where}) is not in the role's partition, {partition}"
        yield Finding(Mark.LOOK, "region", fact, "name a region of that partition")
    else:
        yield Finding(Mark.FINE, "region", f"{name} ({where})")
