"""Keys that nobody reads, and what was probably meant."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.cli.populate_plan import MARK
from runas.config.keys import CLIENT, EVIDENCE
from runas.config.options import BY_KEY
from runas.plugins.narrow import SHARED

_OTHERS = frozenset(
    "expiration account_id cli_history plugins role_name sts_endpoint_url"
    " sso_account_name sso_auto_populated sso_util_populate".split()
)
"""Keys that other AWS tools write, which need no remark."""


def check(case: Case) -> Iterator[Finding]:
    """Compare every key of the chain's sections with those that core and the plugins read."""
    known = known_keys(case)
    found = False
    for key, origin in _keys(case):
        if key in known or "." in key or key.startswith(("endpoint_url", "x_", "granted_")):
            continue
        found = True
        close = get_close_matches(key, sorted(known), n=1, cutoff=0.75)
        hint = f"did you mean {close[0]}?" if close else "nothing reads it here"
        yield Finding(Mark.LOOK, "keys", f"unknown key {key!r} ({origin})", hint)
    if not found:
        yield Finding(Mark.FINE, "keys", "all of them are known")


def _keys(case: Case) -> Iterator[tuple[str, str]]:
    """Yield the keys of the chain's sections and of --set, each with its origin."""
    for section in case.sections():
        yield from ((key, section.origin(key)) for key in section.lines)
    if case.profile is not None:
        given = case.profile.settings
        yield from ((key, "--set") for key in given if case.profile.origin(key) == "--set")


def known_keys(case: Case) -> set[str]:
    """Return every key that means something to AWS, to core or to an installed plugin."""
    known = {*BY_KEY, *CLIENT, *EVIDENCE, *SHARED, *_OTHERS, MARK}
    for settings in case.settings.values():
        known.update(setting.name for setting in settings)
    return known
