"""Settings that get into each other's way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runas.cli.diagnosis.case import Case, Finding, Mark
from runas.config.keys import EVIDENCE
from runas.config.layers import GivenLayers, Layer, family_of

if TYPE_CHECKING:
    from runas.config.aws_files import Section

_TOPIC = "conflicts"


def check(case: Case) -> Iterator[Finding]:
    """Look for what contradicts itself."""
    looks = (_environment, _two_sources, _both_files, _no_source, _no_section)
    found = [finding for look in looks for finding in look(case)]
    if not found:
        yield Finding(Mark.FINE, _TOPIC, "none")
    yield from found


def _environment(case: Case) -> Iterator[Finding]:
    """Find what the environment says beside the profile, and who wins."""
    assert case.profile is not None
    environ = case.config.environ
    if environ.get("AWS_ACCESS_KEY_ID"):
        if case.first.origin("aws_access_key_id") == "$AWS_ACCESS_KEY_ID":
            fact = "the keys of $AWS_ACCESS_KEY_ID prove the identity: the profile has none"
        else:
            fact = f"$AWS_ACCESS_KEY_ID is set, but profile '{case.first.name}' has its own source"
        hint = "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN where not meant"
        yield Finding(Mark.LOOK, _TOPIC, fact, hint)
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        name = environ.get(variable)
        if name and name != case.profile.name:
            fact = f"${variable} is '{name}': without a profile's name, runas means that one"
            yield Finding(Mark.LOOK, _TOPIC, fact, f"unset {variable} where not meant")
    given = case.invocation.given.get("no_input")
    if given is not None and given.text == "true":
        fact = f"{given.origin} forbids questions: a login that needs a person ends with 75"
        yield Finding(Mark.LOOK, _TOPIC, fact)


def _two_sources(case: Case) -> Iterator[Finding]:
    """Find a profile that says twice who the user is."""
    by_name: dict[str, dict[str, str]] = {}
    for section in case.sections():
        for key, text in section.values.items():
            proof = _proof(key)
            if proof and not (key == "credential_process" and _hands_over(text, section.name)):
                said = f"{key} ({section.origin(key)})"
                by_name.setdefault(section.name, {}).setdefault(proof, said)
    for name, sources in by_name.items():
        if len(sources) > 1:
            both = " and ".join(sources.values())
            fact = f"profile '{name}' says twice who you are: {both}"
            yield Finding(Mark.WRONG, _TOPIC, fact, "remove all but one of them")
    for section in case.sections():
        if {"source_profile", "credential_source"} <= section.values.keys():
            fact = f"{section.origin('credential_source')}: credential_source beside source_profile"
            yield Finding(Mark.WRONG, _TOPIC, fact, "remove one of them: they exclude each other")


def _hands_over(command: str, name: str) -> bool:
    """Tell a command that asks for the profile itself: it serves programs that cannot sign in."""
    return name in command.split() or f'"{name}"' in command


def _proof(key: str) -> str:
    """Name the kind of proof that a key alone would make of a profile; empty for most keys."""
    if key in EVIDENCE:
        return "keys" if key.startswith("aws_") else key
    alone = Layer()
    alone.put(key, "", "")
    family = family_of(GivenLayers(), alone, None, Layer())
    return "" if family == "keys" else family


def _both_files(case: Case) -> Iterator[Finding]:
    """Find a key that stands in both files: the credentials file wins."""
    first: dict[str, Section] = {}
    for section in case.sections():
        other = first.setdefault(section.name, section)
        for key in section.values.keys() & other.values.keys() if other is not section else ():
            if section.values[key] != other.values[key]:
                fact = f"{key} stands in {other.origin(key)} and in {section.origin(key)}"
                hint = "the credentials file wins; remove the other"
                yield Finding(Mark.LOOK, _TOPIC, fact, hint)


def _no_source(case: Case) -> Iterator[Finding]:
    """See whether anything says who the user is."""
    first = case.first
    if first.family != "keys" or EVIDENCE & first.settings.keys():
        return
    yield Finding(
        Mark.WRONG,
        _TOPIC,
        f"nothing says who you are: profile '{first.name}' has no keys, source_profile or sign-in",
        "set source_profile, saml_auth_url or sso_session; for keys: aws configure",
    )


def _no_section(case: Case) -> Iterator[Finding]:
    """Find a section of another kind that is named, and is not there."""
    for section in case.sections():
        for key, kind in (("sso_session", "sso-session"), ("services", "services")):
            name = section.values.get(key)
            if name and case.config.config.section(kind, name) is None:
                fact = f"{section.origin(key)}: there is no section [{kind} {name}]"
                mark = Mark.WRONG if key == "sso_session" else Mark.LOOK
                yield Finding(mark, _TOPIC, fact, f"add it, or correct {key}")
