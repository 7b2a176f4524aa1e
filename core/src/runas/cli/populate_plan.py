"""What `configure populate` would change: which sections come, change, go, and are left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runas.config.keys import EVIDENCE
from runas.config.writing import header_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from runas.cli.populate_names import Named
    from runas.cli.populate_source import Source
    from runas.config.aws_files import AwsFile, Section

MARK = "runas_populated"
"""The key of sections that runas generated, and may change and remove."""

_OURS = ("sso_auto_populated", "sso_util_populate")  # aws-sso-util's marks: ours to go on with
_SIGN_IN = frozenset(
    "sso_session sso_start_url sso_region sso_account_id sso_account_name sso_role_name"
    " role_arn source_profile jump_role_arn saml_auth_url saml_username saml_provider"
    " web_identity_auth_url".split()
)
"""Keys that say who signs in and as which role: what we do not write there must not stay."""


@dataclass(frozen=True)
class Wishes:
    """What the options say about the sections' content."""

    extras: Mapping[str, str] = field(default_factory=dict)
    existing: str = "keep"
    credential_process: bool | None = None
    prune: bool = False
    account: str = ""


@dataclass
class Plan:
    """Changes by section header, headers to remove, and what is said about the rest."""

    changes: dict[str, dict[str, str | None]] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    left: list[str] = field(default_factory=list)
    needed: list[str] = field(default_factory=list)
    before: dict[str, dict[str, str]] = field(default_factory=dict)

    def summary(self) -> str:
        """Say in a few words what there is to do."""
        counts = {
            "new": self.added,
            "changed": self.changed,
            "removed": len(self.remove),
            "as before": self.unchanged,
            "left alone": len(self.left),
        }
        parts = [f"{count} {word}" for word, count in counts.items() if count]
        return "profiles: " + (", ".join(parts) or "nothing to do")

    def diff(self, shown: str) -> Iterator[str]:
        """Yield the lines of a diff by sections: what is there, what goes and what comes."""
        if self.changes or self.remove:
            yield from (f"--- {shown}", f"+++ {shown}")
        for header, changes in self.changes.items():
            old = self.before.get(header)
            yield from ("", f"{'+' if old is None else ' '}[{header}]")
            for key, text in changes.items():
                was = (old or {}).get(key)
                if was != text:
                    yield from [f"-{key} = {was}"] if was is not None else []
                    yield from [f"+{key} = {text}".rstrip(" ")] if text is not None else []
        for header in self.remove:
            yield from ("", f"-[{header}]")
            yield from (f"-{key} = {text}" for key, text in self.before[header].items())


def plan(
    source: Source, named: Iterable[Named], config: AwsFile, elsewhere: Collection[str], w: Wishes
) -> Plan:
    """Compare the profiles wanted with the sections there are.

    *elsewhere* are the names of profiles in the credentials file, which would win over ours.
    """
    sections = list(config.sections([]))
    profiles = {one.name: one for one in sections if one.kind == "profile"}
    made = Plan()
    if source.session:
        made.changes[header_for("sso-session", source.session[0])] = {**source.session[1]}
    names = set()
    for one in named:
        names.add(one.name)
        wanted = _wanted(source, one, w)
        _place(made, one.name, wanted, profiles.get(one.name), one.name in elsewhere, w)
    if w.prune:
        _prune(made, source, sections, names, w)
    return made


def _wanted(source: Source, one: Named, w: Wishes) -> dict[str, str]:
    wanted = source.of(one.role)
    if one.region:
        wanted["region"] = one.region
    if w.credential_process:
        wanted["credential_process"] = process_of(one.name)
    return {**wanted, MARK: "true"}


def process_of(name: str) -> str:
    """Return the command that gives AWS tools the credentials of a profile; it asks nobody."""
    return f"runas --no-input -O json --profile {_quoted(name)}"


def _quoted(name: str) -> str:
    plain = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"' if set(name) & set(" \t'\"\\") else name


def _place(
    made: Plan, name: str, wanted: dict[str, str], old: Section | None, elsewhere: bool, w: Wishes
) -> None:
    """Decide what happens to one profile."""
    header = header_for("profile", name)
    if old is None and not elsewhere:
        made.changes[header] = {**wanted, **w.extras}
        made.added += 1
        return
    values = old.values if old else {}
    if not _own(values) and w.existing == "keep":  # somebody's own; it may say the same as ours
        made.unchanged += _says(values, wanted)
        made.left += [] if _says(values, wanted) else [name]
        return
    changes = _changes(wanted, values, w)
    if all(values.get(key) == text for key, text in changes.items()):
        made.unchanged += 1
        return
    made.changes[header] = changes
    if old is None:
        made.added += 1
        return
    made.before[header] = {**values, **dict.fromkeys(old.nested, "...")}
    made.changed += 1


def _changes(wanted: dict[str, str], values: Mapping[str, str], w: Wishes) -> dict[str, str | None]:
    """Return the keys to set and, as None, those to remove."""
    stale = _SIGN_IN | (EVIDENCE - {"credential_process"})
    if w.credential_process is False:
        stale |= {"credential_process"}
    if w.existing == "discard":
        stale |= set(values)
    extras = {
        key: text for key, text in w.extras.items() if w.existing != "keep" or key not in values
    }
    asked = {**wanted, **extras}
    gone: dict[str, str | None] = {key: None for key in values if key in stale and key not in asked}
    return {**gone, **asked}


def _says(values: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    same = all(values.get(key) == text for key, text in wanted.items() if key != MARK)
    return same and not (_SIGN_IN & values.keys()) - wanted.keys()


def _own(values: Mapping[str, str]) -> bool:
    return any(values.get(mark, "").lower() == "true" for mark in (MARK, *_OURS))


def _prune(made: Plan, source: Source, sections: list[Section], names: set[str], w: Wishes) -> None:
    """Remove what we generated for this place and would not generate any more."""
    sessions = {one.name: one for one in sections if one.kind == "sso-session"}
    gone = {
        one.name: one
        for one in sections
        if one.kind == "profile"
        and one.name not in names
        and one.values.get(MARK, "").lower() == "true"
        and _where(one, sessions) == source.place
        and w.account in ("", one.values.get("sso_account_id"), one.values.get("sso_account_name"))
    }
    needed = {
        one.values["source_profile"]
        for one in sections
        if "source_profile" in one.values and one.name not in gone
    }
    for name, one in gone.items():
        if name in needed:
            made.needed.append(name)
            continue
        header = header_for("profile", name)
        made.remove.append(header)
        made.before[header] = dict(one.values)


def _where(section: Section, sessions: Mapping[str, Section]) -> tuple[str, str]:
    """Return the place that a section signs in at, as `Source.place` has it."""
    values = section.values
    if "saml_auth_url" in values:
        return values["saml_auth_url"], values.get("saml_username", "")
    session = sessions.get(values.get("sso_session", ""))
    known = session.values if session else values
    return known.get("sso_start_url", ""), known.get("sso_region", "")
